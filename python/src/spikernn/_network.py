"""A network: its model file as arrays, and the commands that take it."""

from __future__ import annotations

import os
import re
import shutil
import threading
import uuid
import weakref
import zipfile
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._call import Outcome, StrPath, command, request
from ._errors import SpikernnError, UsageError
from ._methods import ModelCommands, task_commands
from ._process import discard, temporary_folder
from ._results import (
    Analysis,
    Evaluation,
    Figures,
    Floats,
    Perturbation,
    Report,
    Result,
    Run,
    Score,
    Sweep,
    from_json,
)

#: How many folders above a file of another program may say what it is.
_telling = 4


@dataclass(frozen=True)
class Layer:
    """What a layer's parameters amount to; see docs/how-it-works/model.md."""

    weights: Floats
    """Effective recurrent weights, N×N: rectified, signed and masked. A row is a
    postsynaptic unit, a column a presynaptic one."""
    taus: Floats
    """Decay time constants, N, in steps of the rate network."""
    excitatory: NDArray[np.bool_]
    """Whether a unit is excitatory, N."""


class Fields(MutableMapping[str, Any]):
    """Variables of the model file by name; arrays can be edited in place."""

    def __init__(self, arrays: dict[str, NDArray[Any]], texts: dict[str, str]) -> None:
        self.arrays = arrays
        self.texts = texts
        self._before = {name: array.copy() for name, array in arrays.items()}

    def edited(self) -> dict[str, NDArray[Any]]:
        """Arrays that are not as they were read."""
        return {
            name: array
            for name, array in self.arrays.items()
            if name not in self._before
            or not np.array_equal(array, self._before[name], equal_nan=True)
        }

    def __getitem__(self, name: str) -> Any:
        return self.arrays[name] if name in self.arrays else self.texts[name]

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self.texts:
            raise TypeError(f"Cannot set {name}: it is text")
        array = np.atleast_2d(np.asarray(value))
        if array.dtype.kind not in "fiub":
            raise TypeError(
                f"Cannot set {name}: received an array of {array.dtype}, numbers are "
                "needed"
            )
        old = self._before.get(name)
        if old is not None and array.shape != old.shape:
            raise TypeError(
                f"Cannot set {name}: received {'x'.join(map(str, array.shape))}, "
                f"needed is {'x'.join(map(str, old.shape))}"
            )
        self.arrays[name] = array if old is None else array.astype(old.dtype)

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"Cannot remove {name}: fields can be edited and added")

    def __iter__(self) -> Iterator[str]:
        yield from self.arrays
        yield from self.texts

    def __len__(self) -> int:
        return len(self.arrays) + len(self.texts)

    def __repr__(self) -> str:
        said = (
            f"{name} {'×'.join(map(str, array.shape))}"
            for name, array in self.arrays.items()
        )
        return f"<Fields: {', '.join([*said, *self.texts])}>"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)


class Network(ModelCommands):
    """A network.

    It is a value: commands leave it as it is and give a new one, and no file
    changes but by `save()`. Arrays (`w`, `fields["w_out"]`, …) can be edited in
    place; what comes next computes with what they hold then.
    """

    def __init__(
        self, file: Path, *, path: Path | None = None, task: str | None = None
    ) -> None:
        self._file = file
        self._task = task
        self.path = path
        """Where the network is saved, if it is."""
        self.interrupted = False
        """Whether Ctrl-C ended its training."""
        self._fields: Fields | None = None
        self._layers: list[Layer] | None = None
        self._end = weakref.finalize(self, discard, file, os.getpid())
        # Threads may share a network.
        self._lock = threading.RLock()

    # Arrays

    @property
    def fields(self) -> Fields:
        """Variables of the model file by name (docs/reference/model-file.md).

        Arrays have two dimensions or more, as in MATLAB.
        """
        with self._lock:
            if self._fields is None:
                self._read()
            assert self._fields is not None
            return self._fields

    @property
    def layers(self) -> list[Layer]:
        """Weights and time constants in effect, layer by layer; read-only."""
        with self._lock:
            self._current()
            if self._layers is None:
                self._read()
            assert self._layers is not None
            return self._layers

    @property
    def w(self) -> Floats:
        """Recurrent weights as trained, N×N; under Dale's principle not negative."""
        return self._field("w")

    @w.setter
    def w(self, value: Floats) -> None:
        self.fields["w"] = value

    @property
    def w_in(self) -> Floats:
        """Input weights, N×channels."""
        return self._field("w_in")

    @w_in.setter
    def w_in(self, value: Floats) -> None:
        self.fields["w_in"] = value

    @property
    def w_out(self) -> Floats:
        """Readout weights, 1×N."""
        return self._field("w_out")

    @w_out.setter
    def w_out(self, value: Floats) -> None:
        self.fields["w_out"] = value

    @property
    def b_out(self) -> Floats:
        """Offset of the readout, 1×1."""
        return self._field("b_out")

    @b_out.setter
    def b_out(self, value: Floats) -> None:
        self.fields["b_out"] = value

    @property
    def weights(self) -> Floats:
        """Effective recurrent weights of the one layer, N×N; edit `w` instead."""
        return self._only().weights

    @property
    def taus(self) -> Floats:
        """Decay time constants of the one layer's units, N, in steps; read-only."""
        return self._only().taus

    @property
    def excitatory(self) -> NDArray[np.bool_]:
        """Whether a unit of the one layer is excitatory, N; read-only."""
        return self._only().excitatory

    @property
    def losses(self) -> Floats:
        """Loss of every update of the training."""
        return np.ravel(self._field("losses"))

    @property
    def scaling_factor(self) -> float | None:
        """The scaling factor that `map` chose; None before."""
        value = self.fields.arrays.get("opt_scaling_factor")
        return None if value is None or np.isnan(value).any() else float(value.item())

    @property
    def search(self) -> dict[str, Any] | None:
        """What `map` found, factor by factor; None before."""
        text = self.fields.texts.get("spikernn_search")
        return from_json(text) if text else None

    @property
    def provenance(self) -> dict[str, Any]:
        """Version, seed, backend, date and all settings of the training."""
        text = self.fields.texts.get("spikernn_provenance")
        return from_json(text) if text else {}

    def _field(self, name: str) -> Floats:
        if name not in self.fields.arrays:
            raise AttributeError(
                f"Cannot give {name}: the model has no such field; fields has those "
                "that there are"
            )
        array: Floats = self.fields.arrays[name]
        return array

    def _only(self) -> Layer:
        if len(self.layers) != 1:
            raise AttributeError(
                f"Cannot give them at once: the network has {len(self.layers)} layers; "
                "layers[0] has those of the first"
            )
        return self.layers[0]

    def _read(self) -> None:
        packed = temporary_folder("arrays") / "model.npz"
        answer = request({"arrays": str(self._file), "to": str(packed)})
        with np.load(packed) as read:
            # The file's order is that of its columns.
            loaded = {name: read[name] for name in read.files}
        shutil.rmtree(packed.parent, ignore_errors=True)
        count = int(answer["layers"])
        arrays = {
            name: array.T
            for name, array in loaded.items()
            if not name.startswith("effective/")
        }
        self._layers = [
            Layer(
                loaded[f"effective/w_{at}"],
                loaded[f"effective/taus_{at}"],
                ~np.ravel(loaded["inh" if count == 1 else f"inh_{at}"]).astype(bool)
                if ("inh" if count == 1 else f"inh_{at}") in loaded
                else np.diag(loaded["m" if count == 1 else f"m_{at}"]) > 0,
            )
            for at in range(count)
        ]
        for layer in self._layers:
            # What is written there would not change the network.
            for array in (layer.weights, layer.taus, layer.excitatory):
                array.setflags(write=False)
        if self._fields is not None:
            # An array that was taken before stays the network's own.
            for name, known in self._fields.arrays.items():
                fresh = arrays.get(name)
                if fresh is None or fresh.shape != known.shape:
                    continue
                if fresh.dtype == known.dtype and known.flags.writeable:
                    known[...] = fresh
                    arrays[name] = known
        self._fields = Fields(arrays, dict(answer["texts"]))

    def _current(self) -> Path:
        """The file with what the arrays hold now; ask for it with the lock held."""
        edited = self._fields.edited() if self._fields is not None else {}
        if edited:
            folder = temporary_folder("edited")
            packed = folder / "edited.npz"
            np.savez(packed, **{n: _columns(a) for n, a in edited.items()})  # type: ignore[arg-type]
            target = folder / self._file.name
            request({"edit": str(self._file), "with": str(packed), "to": str(target)})
            packed.unlink()
            self._end()
            self._file = target
            self._end = weakref.finalize(self, discard, target, os.getpid())
            # What follows from the arrays is other than before, too.
            self._read()
        return self._file

    # Files

    def save(self, path: StrPath | None = None) -> Path:
        """Write the model file, whole or not at all.

        Args:
            path: where, ending in `.mat`; where it was read or saved last if left
                out. A file that is there is replaced.

        Returns:
            The path.

        Raises:
            ValueError: no path is known, or it does not end in `.mat`.
            SpikernnError: it cannot be written; a file that is there stays.

        """
        if path is None and self.path is None:
            raise ValueError("Cannot save the network: it has no path yet, name one")
        target = Path(path) if path is not None else self.path
        assert target is not None
        if target.suffix.lower() != ".mat":
            raise ValueError(f"Cannot save {target}: its name must end in .mat")
        beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
        try:
            with self._lock:
                current = self._current()
                target.parent.mkdir(parents=True, exist_ok=True)
                try:
                    shutil.copyfile(current, beside)
                    os.replace(beside, target)
                finally:
                    beside.unlink(missing_ok=True)
        except OSError as error:
            why = error.strerror or str(error)
            raise SpikernnError(f"Cannot write {target}: {why}") from error
        self.path = target.absolute()
        return target

    def copy(self) -> Network:
        """A network of its own with the same values."""
        return self._with(self._copied(temporary_folder("model")))

    def _copied(self, folder: Path) -> Path:
        """A copy of the file below a folder."""
        with self._lock:
            return copied(self._current(), folder)

    def _with(self, file: Path) -> Network:
        return Network(file, path=self.path, task=self._task)

    def __getstate__(self) -> dict[str, Any]:
        with self._lock:
            return {
                "name": self._file.name,
                "bytes": self._current().read_bytes(),
                "path": self.path,
                "task": self._task,
            }

    def __setstate__(self, state: dict[str, Any]) -> None:
        file = temporary_folder("model") / state["name"]
        file.write_bytes(state["bytes"])
        self.__init__(file, path=state["path"], task=state["task"])  # type: ignore[misc]

    # Commands

    def _command(
        self,
        name: str,
        operands: Sequence[str],
        settings: Mapping[str, object],
        *,
        progress: bool | None = None,
        stream: bool = False,
    ) -> Any:
        # What is written beside the model belongs into a folder of its own.
        folder = temporary_folder("model")
        file = self._copied(folder)
        hidden = {str(file): str(self.path or "the network")}
        given = dict(settings)
        if self._task is not None and name in task_commands:
            given["task"] = given.get("task") or self._task
        if name == "simulate" and given.get("output") is None:
            given["output"] = file.parent / f"run.{given.get('format') or 'npz'}"
        if name == "map" and given.get("force") is None:
            given["force"] = True
        for each in ("lesion", "stim_units"):
            if each in given:
                given[each] = self._units(each, given[each])
        stimulus = given.get("stimulus")
        if stimulus is not None and not isinstance(stimulus, str | os.PathLike):
            given["stimulus"] = _stimulus_file(stimulus, folder)
            hidden[str(given["stimulus"])] = "array"

        def finish(outcome: Outcome) -> Any:
            if name == "map":
                mapped = self._with(file)
                mapped.interrupted = outcome.interrupted
                return mapped
            result = result_of(outcome, file.parent)
            if name == "info":
                result = {
                    **result,
                    "path": None if self.path is None else str(self.path),
                }
            file.unlink(missing_ok=True)
            if not isinstance(result, Result) or not result.files:
                shutil.rmtree(folder, ignore_errors=True)
            return result

        return command(
            Outcome(name, hidden=hidden),
            [str(file), *operands],
            given,
            finish,
            progress=progress,
            stream=stream,
            temporary=folder,
        )

    def _units(self, name: str, units: object) -> object:
        """Units as numbers, of a truth value for each as well."""
        if units is None or isinstance(units, str):
            return units
        array = np.asarray(units)
        if array.dtype != bool:
            # Nothing is lesioned if the list is empty.
            return None if name == "lesion" and array.size == 0 else units
        count = sum(len(layer.taus) for layer in self.layers)
        if array.shape != (count,):
            raise UsageError(
                f"Cannot use {name}: received {'x'.join(map(str, array.shape))} truth "
                f"values, needed is one for each of {count} units"
            )
        numbers = np.flatnonzero(array)
        return None if name == "lesion" and numbers.size == 0 else numbers

    def __repr__(self) -> str:
        fields = self.fields
        units = "+".join(str(len(layer.taus)) for layer in self.layers)
        kind = fields.texts.get("activation", "")
        task = from_json(fields.texts.get("spikernn_task", "{}")).get("name")
        parts = [f"{units} {kind} units"]
        if task:
            parts.append(f"trained on {task}")
        if self.scaling_factor is not None:
            parts.append(f"scaling factor {self.scaling_factor:g}")
        if self.path is not None:
            parts.append(str(self.path))
        return f"<Network: {', '.join(parts)}>"


#: What commands give, where it is more than their events.
_results: dict[str, Callable[[Outcome, Path], Any]] = {
    "simulate": lambda outcome, folder: _simulated(outcome, folder),
    "eval": lambda outcome, folder: Evaluation(outcome.events, folder),
    "plot": lambda outcome, folder: Figures(outcome.events, folder),
    "report": lambda outcome, folder: Report(outcome.events, folder),
    "analyse": lambda outcome, folder: Analysis(outcome.events, folder),
    "perturb": lambda outcome, folder: Perturbation(outcome.events, folder),
    "sweep": lambda outcome, folder: Sweep(outcome.events, folder),
    "info": lambda outcome, folder: outcome.of("info")[-1],
}


def _simulated(outcome: Outcome, folder: Path) -> Run | Result:
    path = outcome.saved[-1]
    if path.suffix.lower() == ".nwb":
        return Result(outcome.events, folder)
    return Run.load(path)


def result_of(outcome: Outcome, folder: Path | None = None) -> Any:
    """What a command gave, as a program takes it."""
    make = _results.get(outcome.command)
    if make is None:
        return Result(outcome.events, folder)
    return make(outcome, folder or Path())


def load(path: StrPath) -> Network:
    """Read a model file: one of this program, or of the original.

    Args:
        path: a `.mat` file, or one in an archive of a sweep, `0001.zip#NAME`.

    Raises:
        SpikernnError: it is not a model; the message names the field.
        FileNotFoundError: there is no such file.
        IsADirectoryError: it is a folder.

    Example:
        >>> import spikernn as sp
        >>> net = sp.load("network.mat")  # doctest: +SKIP

    """
    whole = Path(path).absolute()
    archived = re.fullmatch(r"(.*\.zip)#([^#]+)", str(whole), re.IGNORECASE)
    file = Path(archived[1]) if archived else whole
    if file.is_dir():
        raise IsADirectoryError(f"Cannot read {file}: it is a folder, name a file")
    if not file.is_file():
        raise FileNotFoundError(f"Cannot read {file}: there is no such file")
    if archived:
        # Nothing is saved into an archive.
        network = Network(_taken_out(file, archived[2]), path=None)
    else:
        network = Network(copied(whole, temporary_folder("model")), path=whole)
    network._read()
    return network


def _taken_out(archive: Path, name: str) -> Path:
    """A model of an archive, as a temporary file of its own."""
    member = name if name.lower().endswith(".mat") else f"{name}.mat"
    try:
        with zipfile.ZipFile(archive) as opened:
            content = opened.read(member)
    except KeyError:
        raise SpikernnError(
            f"Cannot find {member} in {archive}: it holds no model of that name"
        ) from None
    except zipfile.BadZipFile as error:
        raise SpikernnError(f"Cannot read {archive}: {error}") from error
    file = temporary_folder("model") / Path(member).name
    file.write_bytes(content)
    return file


def copied(path: Path, folder: Path) -> Path:
    """A copy below a folder, under folders of the same names."""
    beneath = folder.joinpath(*path.parent.parts[1:][-_telling:])
    beneath.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(path, beneath / path.name))


def _stimulus_file(values: object, folder: Path) -> Path:
    """A file of a stimulus that was given as an array."""
    array = np.asarray(values)
    check_numbers("stimulus", array)
    path = folder / "stimulus.npz"
    np.savez(path, u=array.astype(np.float64))
    return path


def check_numbers(name: str, array: NDArray[Any]) -> None:
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"Cannot use {name}: it is an array of {array.dtype}, numbers are needed, "
            "or the name of a file"
        )


def _columns(array: NDArray[Any]) -> NDArray[Any]:
    """An array in the order of the MATLAB file, in a type that is read there."""
    turned = np.ascontiguousarray(array.T)
    if turned.dtype.kind not in "fiub":
        raise TypeError(f"Cannot write an array of {turned.dtype}: numbers are needed")
    return turned


__all__ = ["Fields", "Layer", "Network", "Score", "load"]
