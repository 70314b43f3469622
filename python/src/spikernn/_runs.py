"""Commands that take no network: those that make one, and all the others."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ._call import Events, Outcome, StrPath, command
from ._network import Network, check_numbers, copied, load, result_of
from ._process import temporary_folder


def plain(
    name: str,
    operands: Sequence[object],
    settings: Mapping[str, object],
    *,
    progress: bool | None = None,
    stream: bool = False,
) -> Any:
    """Run a command that takes no network; what it writes unnamed is temporary."""
    given = dict(settings)
    outcome = Outcome(name)
    temporary = None
    if given.get("output_dir", "") is None:
        temporary = given["output_dir"] = temporary_folder(name)
        outcome.hidden = {str(temporary): "the temporary folder"}
    return command(
        outcome,
        [_operand(each) for each in operands],
        given,
        result_of,
        progress=progress,
        stream=stream,
        temporary=temporary,
    )


def _operand(value: object) -> str:
    if isinstance(value, Network):
        return str(value._current())
    if isinstance(value, Mapping):
        path = temporary_folder("plan") / "plan.json"
        path.write_text(json.dumps(value, default=_plain), "utf-8")
        return str(path)
    if isinstance(value, str | os.PathLike):
        return os.fspath(value)
    raise TypeError(
        f"Cannot use {value!r}: it is a {type(value).__name__}, allowed are texts, "
        "paths, networks and, for a plan, mappings"
    )


def _plain(value: object) -> object:
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return os.fspath(value)  # type: ignore[call-overload]


def call(
    name: str,
    *operands: object,
    progress: bool | None = None,
    stream: bool = False,
    **settings: object,
) -> Any:
    """Run any command as the command line does: files that it names are written.

    Args:
        name: of the command: `map`.
        *operands: what stands behind it: models, folders.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come.
        **settings: its flags.

    Returns:
        What the command gives; a `Result` for most.

    Raises:
        UsageError: there is no such command or setting.
        SpikernnError: it could not be done.

    Example:
        >>> import spikernn as sp
        >>> sp.call("map", "models", trials=200)  # doctest: +SKIP

    """
    done = plain(name, operands, settings, progress=progress, stream=stream)
    return done


def as_network(model: Network | StrPath) -> Network:
    """A network, or that of a file."""
    return model if isinstance(model, Network) else load(model)


def trained(
    settings: Mapping[str, object],
    *,
    progress: bool | None = None,
    stream: bool = False,
) -> Network | Events[Network]:
    """Train a network; without `output_dir` no file is left."""
    given = dict(settings)
    named = any(given.get(each) is not None for each in ("output_dir", "resume"))
    task = _own_task(given)
    outcome = Outcome("train")
    temporary = None
    if not named:
        temporary = given["output_dir"] = temporary_folder("train")
        given["plots"] = given.get("plots") or False
    if not named and given.get("output") is None:
        outcome.hidden = {str(temporary): "the network"}
        given["checkpoints"] = given.get("checkpoints") or False

    def finish(outcome: Outcome) -> Network:
        path = outcome.saved[-1].absolute()
        network = Network(
            copied(path, temporary_folder("model")),
            path=None if outcome.hidden else path,
            task=task,
        )
        network.interrupted = outcome.interrupted
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)
        return network

    return command(
        outcome,
        [],
        given,
        finish,
        progress=progress,
        stream=stream,
        temporary=temporary,
    )


def _own_task(given: dict[str, object]) -> str | None:
    """The file of a task that is not built in, by its whole path."""
    task = given.get("task")
    if isinstance(task, os.PathLike):
        task = os.fspath(task)
    if not isinstance(task, str):
        return None
    if os.sep not in task and not task.endswith((".ts", ".js")):
        return None
    given["task"] = os.path.abspath(task)
    return os.path.abspath(task)


#: Settings of `import_` that may be arrays.
_imported = ("w", "w_in", "w_out", "b_out", "taus", "taus_gaus", "mask", "inh")


def imported(
    operands: Sequence[object],
    settings: Mapping[str, object],
    *,
    progress: bool | None = None,
    stream: bool = False,
) -> Network | Events[Network]:
    """Make a network of arrays; without `output` no file is left."""
    given = dict(settings)
    task = _own_task(given)
    folder = temporary_folder("import")
    packed = folder / "arrays.npz"
    arrays = {
        name: np.asarray(given[name])
        for name in _imported
        if given.get(name) is not None
        and not isinstance(given[name], str | os.PathLike)
    }
    for name, array in arrays.items():
        check_numbers(name, array)
        given[name] = f"{packed}:{name}"
    if arrays:
        np.savez(packed, **arrays)  # type: ignore[arg-type]
    files = [_operand(each) for each in operands]
    named = given.get("output") is not None
    if not named:
        given["output"] = folder / f"{Path(files[0]).stem if files else 'network'}.mat"
    hidden = {str(packed): "the arrays", str(folder): "the network"}

    def finish(outcome: Outcome) -> Network:
        path = outcome.saved[-1].absolute()
        network = Network(
            copied(path, temporary_folder("model")),
            path=path if named else None,
            task=task,
        )
        shutil.rmtree(folder, ignore_errors=True)
        return network

    return command(
        Outcome("import", hidden=hidden),
        files,
        given,
        finish,
        progress=progress,
        stream=stream,
        temporary=folder,
    )
