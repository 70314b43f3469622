"""Messages of the program in the words of Python: parameters in place of flags."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping

_flag = re.compile(r"(?<![\w-])--([A-Za-z]\w*(?:-\w+)*)")
_refused = re.compile(r'^Cannot use --([A-Za-z][\w-]*) "(?:[^"\\]|\\.)*"')
_help = re.compile(r"see (?:spikernn (\S+) )?--help")

_again = re.compile(r"(: they are kept)?, run the same command (to go on|again)$")

#: The longest value that a message shows, in characters.
_longest = 60

#: Functions that have other names than their commands.
_functions = {"eval": "evaluate", "import": "import_"}


def shown(value: object) -> str:
    """A value as Python writes it, in one line that is not too long."""
    text = " ".join(repr(value).split())
    return text if len(text) <= _longest else f"{text[: _longest - 1]}…"


def in_python(
    message: str,
    settings: Mapping[str, object],
    hidden: Mapping[str, str],
) -> str:
    """A message with parameters, values and names as the caller knows them.

    Args:
        message: as the program has it.
        settings: what was set, by the program's names.
        hidden: paths that the caller did not name, and what to call them.

    """

    def refused(match: re.Match[str]) -> str:
        name = match[1]
        if name not in settings:
            return match[0]
        return f"Cannot use {_parameter(name)}={shown(settings[name])}"

    def help_of(match: re.Match[str]) -> str:
        name = match[1]
        return f"see help(spikernn{f'.{_functions.get(name, name)}' if name else ''})"

    for path, name in hidden.items():
        # A model that the program named itself lies below the folder.
        there = re.escape(path) + r"(?:[\\/][^\s:]*\.\w+)?"
        message = re.sub(f"was saved as {there}", "is the result", message)
        message = re.sub(there, name, message)
    if hidden:
        # What is there is gone by then.
        message = _again.sub("", message)
    message = _refused.sub(refused, message)
    message = _help.sub(help_of, message)
    return _flag.sub(lambda match: _parameter(match[1]), message)


def _parameter(name: str) -> str:
    plain = name.replace("-", "_")
    return f"{plain}_" if keyword.iskeyword(plain) else plain
