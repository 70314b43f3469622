"""From a call in Python to a command of the program, and back."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from ._errors import SpikernnError, SpikernnWarning, UsageError
from ._process import process
from ._progress import open_progress
from ._words import in_python, shown

logger = logging.getLogger("spikernn")

#: A path as Python's own functions take it.
StrPath = str | os.PathLike[str]

Event = dict[str, Any]
T = TypeVar("T")

_program = "spikernn: "
_failed = 1
_interrupted = 130


@dataclass
class Outcome:
    """What a command said."""

    command: str
    events: list[Event] = field(default_factory=list)
    interrupted: bool = False
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Paths that the caller did not name, and what messages call them."""
    settings: Mapping[str, object] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[Event]:
        """Events of some kinds, in order."""
        return [event for event in self.events if event.get("kind") in kinds]

    @property
    def saved(self) -> list[Path]:
        """Files that the command wrote."""
        return [Path(event["path"]) for event in self.of("saved")]


def argument(name: str, value: object) -> str:
    """A setting as the command line takes it.

    Raises:
        TypeError: the value is of a type that no setting has.

    """
    return f"--{name}={_text(name, value)}"


def _text(name: str, value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return repr(float(value))
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, str):
        return value
    if isinstance(value, bytes | bytearray):
        raise _untold(name, value)
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    if hasattr(value, "__array__"):
        # An array of NumPy, a column of pandas, a tensor: also one without axes.
        listed = np.asarray(value).tolist()
        if not isinstance(listed, list):
            return _text(name, listed)
        value = listed
    if isinstance(value, Mapping):
        return ",".join(f"{key}={_text(name, each)}" for key, each in value.items())
    if isinstance(value, Sequence):
        # An empty list is what the settings call none.
        return ",".join(_text(name, each) for each in value) or "none"
    raise _untold(name, value)


def _untold(name: str, value: object) -> TypeError:
    return TypeError(
        f"Cannot use {name}={shown(value)}: it is a {type(value).__name__}, allowed "
        "are numbers, truth values, texts, paths and lists of them"
    )


class Events(Iterator[Event], Generic[T]):
    """Events of a command while it runs; at their end `result` is what it gave.

    Leaving the loop early stops the command. `close()` does too, and so does the
    end of a `with` block.
    """

    def __init__(
        self, run: Callable[[], Iterator[Event]], finish: Callable[[], T]
    ) -> None:
        self._events = run()
        self._finish = finish
        self._result: T | None = None
        self._done = False
        self._stopped = False

    def __iter__(self) -> Events[T]:
        return self

    def __next__(self) -> Event:
        try:
            return next(self._events)
        except StopIteration:
            if not self._done and not self._stopped:
                self._done = True
                self._result = self._finish()
            raise
        except BaseException:
            self._stopped = True
            raise

    def __enter__(self) -> Events[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the command, unless it has come to its end."""
        self._stopped = True
        close = getattr(self._events, "close", None)
        if close is not None:
            close()

    @property
    def result(self) -> T:
        """What the command gave; the events that are left are passed over."""
        for _ in self:
            pass
        if not self._done:
            raise SpikernnError(
                "Cannot give a result: the command did not come to its end"
            )
        return self._result  # type: ignore[return-value]


def events_of(
    outcome: Outcome,
    operands: Sequence[str],
    settings: Mapping[str, object],
    *,
    progress: bool | None = None,
) -> Iterator[Event]:
    """Run a command; gives its events as they come and keeps them in `outcome`.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: the command failed.
        KeyboardInterrupt: it was interrupted and left no file.

    """
    command = outcome.command
    flags = [
        argument(name, value) for name, value in settings.items() if value is not None
    ]
    # What stands behind -- is no flag, whatever it looks like.
    line = [command, "--json", *flags, *(["--", *operands] if operands else [])]
    outcome.settings = settings
    bar = open_progress(progress)
    problems: list[str] = []
    with process() as deno:
        answers = deno.ask({"run": line, "cwd": os.getcwd()})
        code = 0
        text = ""
        try:
            while True:
                try:
                    answer = next(answers)
                except KeyboardInterrupt:
                    if outcome.interrupted:
                        raise
                    outcome.interrupted = True
                    deno.interrupt()
                    answers = deno.rest(command)
                    continue
                if "status" in answer:
                    bar.show(answer["status"])
                elif "err" in answer:
                    _remark(answer["err"], problems, outcome)
                elif "out" in answer:
                    *lines, text = (text + answer["out"]).split("\n")
                    for each in lines:
                        event: Event = json.loads(each)
                        outcome.events.append(event)
                        if event.get("kind") == "warning":
                            _warn(_said(str(event.get("message")), outcome))
                        yield event
                if "done" in answer:
                    code = int(answer["done"])
                    break
        except GeneratorExit:
            deno.interrupt()
            with contextlib.suppress(Exception):
                for _ in deno.rest(command):
                    pass
            raise
        finally:
            bar.close()
    _conclude(outcome, code, problems)


def _conclude(outcome: Outcome, code: int, problems: list[str]) -> None:
    if code == _interrupted:
        outcome.interrupted = True
        if not outcome.saved:
            raise KeyboardInterrupt(problems[-1] if problems else "interrupted")
        _warn(problems.pop() if problems else "Interrupted: what there is, is kept")
    elif code == _failed and outcome.of("analysed"):
        # The analyses that could be made are there, and the result says the others.
        _warn(problems.pop())
    elif code != 0:
        message = problems[-1] if problems else f"Cannot {outcome.command}"
        raise (UsageError if code == 2 else SpikernnError)(message)
    for problem in problems:
        _warn(problem)


def _remark(text: str, problems: list[str], outcome: Outcome) -> None:
    for line in text.splitlines():
        if line.startswith(_program):
            problems.append(_said(line.removeprefix(_program), outcome))
        elif line.strip():
            logger.info(_said(line, outcome))


def _said(message: str, outcome: Outcome) -> str:
    return in_python(message, outcome.settings, outcome.hidden)


def _warn(message: str) -> None:
    # Points at the caller's own line.
    level = 1
    frame = sys._getframe()
    while (
        frame.f_back is not None and frame.f_globals.get("__package__") == __package__
    ):
        frame = frame.f_back
        level += 1
    warnings.warn(message, SpikernnWarning, stacklevel=level)


def request(data: Mapping[str, object]) -> dict[str, Any]:
    """Ask for something that is not a command.

    Raises:
        SpikernnError: it could not be done.

    """
    problems: list[str] = []
    outcome = Outcome("")
    answer: dict[str, Any] = {"done": 1}
    with process() as deno:
        for answer in deno.ask({"cwd": os.getcwd(), **data}):
            if "err" in answer:
                _remark(answer["err"], problems, outcome)
    if answer["done"] != 0:
        raise SpikernnError(problems[-1] if problems else "Cannot answer")
    return answer


def command(
    outcome: Outcome,
    operands: Sequence[str],
    settings: Mapping[str, object],
    finish: Callable[[Outcome], T],
    *,
    progress: bool | None,
    stream: bool,
    temporary: Path | None = None,
) -> T | Events[T]:
    """Run a command to its end, or give its events.

    A temporary folder is removed if the command does not come to its end.
    """

    def run() -> Iterator[Event]:
        try:
            yield from events_of(outcome, operands, settings, progress=progress)
        except BaseException:
            if temporary is not None:
                shutil.rmtree(temporary, ignore_errors=True)
            raise

    events = Events(run, lambda: finish(outcome))
    return events if stream else events.result
