"""What commands give, as NumPy arrays, tables, figures and pages."""

from __future__ import annotations

import base64
import html
import json
import math
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from ._call import Event, StrPath

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Floats = NDArray[np.floating[Any]]


def _need(module: str) -> Any:
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            f"Cannot make this without {module}: install it with 'pip install {module}'"
        ) from error


class Result:
    """What a command gave: its events, and the files that it wrote."""

    def __init__(self, events: Sequence[Event], folder: Path | None = None) -> None:
        self.events = list(events)
        """The command's events, each a dictionary with its `kind`."""
        self._folder = folder

    @property
    def files(self) -> list[Path]:
        """Files that were written; those of unnamed ones last as long as Python."""
        return [Path(e["path"]) for e in self.events if e.get("kind") == "saved"]

    def of(self, *kinds: str) -> list[Event]:
        """Events of some kinds, in order."""
        return [event for event in self.events if event.get("kind") in kinds]

    def to_dataframe(self, kind: str | None = None) -> pd.DataFrame:
        """Events as a table, one row each; needs pandas.

        Args:
            kind: of the events; that of the last one if left out.

        """
        kinds = [e["kind"] for e in self.events if e.get("kind") != "saved"]
        wanted = kind if kind is not None else (kinds[-1] if kinds else None)
        rows = [
            {name: value for name, value in event.items() if name != "kind"}
            for event in self.events
            if event.get("kind") == wanted
        ]
        frame: pd.DataFrame = _need("pandas").json_normalize(rows)
        return frame

    def save(self, folder: StrPath) -> list[Path]:
        """Copy the files into a folder, which is made if it is missing."""
        target = Path(folder)
        target.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.copy2(file, target)) for file in self.files]

    def __repr__(self) -> str:
        kinds = list(dict.fromkeys(str(e.get("kind")) for e in self.events))
        return f"<Result: events {', '.join(kinds)}; {len(self.files)} files>"


class Run:
    """Trials of a network.

    Sizes are trials first; trials and units are counted from 0.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.arrays = dict(arrays)
        """Everything in the file, by the names in docs/reference/simulate-files.md."""

    @classmethod
    def load(cls, path: StrPath) -> Run:
        """Read what `simulate` wrote: `.npz`, or `.mat` (which needs SciPy)."""
        if str(path).lower().endswith(".mat"):
            return cls(_from_mat(_need("scipy.io").loadmat(path)))
        with np.load(path, allow_pickle=False) as arrays:
            return cls({name: arrays[name] for name in arrays.files})

    @property
    def spiking(self) -> bool:
        """Whether it is of a spiking network."""
        return "spike_time" in self.arrays

    @property
    def spikes(self) -> NDArray[np.void]:
        """Every spike: `trial`, `unit` and `time` (ms); a structured array."""
        self._must("spike_time", "spikes", "the rate network (rate=True) has none")
        count = len(self.arrays["spike_time"])
        kinds = [("trial", np.int64), ("unit", np.int64), ("time", np.float64)]
        spikes = np.empty(count, dtype=kinds)
        for name, _ in kinds:
            spikes[name] = self.arrays[f"spike_{name}"]
        return spikes

    @property
    def rates(self) -> Floats:
        """Firing rates over the whole trial, Hz: trials×units.

        Of the rate network: rates of its units, trials×units×steps, as the
        activation gives them.
        """
        return self.arrays["firing_rate" if self.spiking else "r"]

    @property
    def states(self) -> Floats:
        """States x of the rate network: trials×units×steps."""
        self._must("x", "states", "they are of the rate network, rate=True")
        return self.arrays["x"]

    @property
    def voltages(self) -> Floats:
        """Membrane voltages, mV: trials×units×samples; with `record="voltages"`."""
        self._must("voltages", "voltages", 'record="voltages" keeps them')
        return self.arrays["voltages"]

    @property
    def output(self) -> Floats:
        """Output: trials×samples, at the times in `time`."""
        return self.arrays["out"]

    @property
    def inputs(self) -> Floats:
        """Stimuli: trials×channels×steps, a step more of a spiking network."""
        return self.arrays["u"]

    @property
    def correct(self) -> NDArray[np.bool_]:
        """Whether each trial is correct by the strict rule."""
        self._must("correct_strict", "correctness", "a stimulus file has no task")
        return self.arrays["correct_strict"].astype(bool)

    @property
    def about(self) -> dict[str, Any]:
        """What was simulated: model, seed, task, neuron, perturbations."""
        about: dict[str, Any] = json.loads(str(self.arrays["about"].item()))
        return about

    @property
    def conditions(self) -> NDArray[np.str_]:
        """Name of each trial's condition."""
        return self.arrays["conditions"]

    @property
    def time(self) -> Floats:
        """Times of the output's samples, ms: samples."""
        samples = self.output.shape[1]
        if self.spiking:
            return float(self.arrays["dt_ms"]) * np.arange(1, samples + 1)
        # The first output belongs to the second step.
        return float(self.arrays["step_ms"]) * np.arange(1, samples + 1)

    def _must(self, name: str, what: str, why: str) -> None:
        if name not in self.arrays:
            raise AttributeError(f"Cannot give {what}: {why}")

    def to_dataframe(self) -> pd.DataFrame:
        """Spikes as a table, one row each; of a rate network its outputs.

        Needs pandas. Columns are `trial`, `condition`, `unit` and `time` (ms), or
        `trial`, `condition`, `time` and `output`.
        """
        pandas = _need("pandas")
        if self.spiking:
            frame = pandas.DataFrame(self.spikes)
        else:
            trials, samples = self.output.shape
            frame = pandas.DataFrame(
                {
                    "trial": np.repeat(np.arange(trials), samples),
                    "time": np.tile(self.time, trials),
                    "output": self.output.ravel(),
                }
            )
        frame.insert(1, "condition", self.conditions[frame["trial"]])
        result: pd.DataFrame = frame
        return result

    def to_xarray(self) -> xr.Dataset:
        """Everything but single spikes as a data set; needs xarray.

        Variables are `output` (trial, time), `inputs` (trial, channel, step),
        `rates` (trial, unit, and of a rate network step) and what was recorded
        (trial, unit, sample). Times are in ms, rates in Hz. Units have their `type`
        (`E`, `I`, …) and `layer`, trials their `condition`.
        """
        names = ["voltages", "currents"] if self.spiking else ["x"]
        over = ("trial", "unit") if self.spiking else ("trial", "unit", "step")
        variables: dict[str, Any] = {
            "output": (("trial", "time"), self.output, {}),
            "inputs": (("trial", "channel", "step"), self.inputs, {}),
            "rates": (over, self.rates, {"units": "Hz"} if self.spiking else {}),
        }
        last = "sample" if self.spiking else "step"
        for name in names:
            if name in self.arrays:
                variables[name] = (("trial", "unit", last), self.arrays[name], {})
        if self.spiking and "rates" in self.arrays:
            filtered = self.arrays["rates"]
            variables["filtered"] = (("trial", "unit", "sample"), filtered, {})
        single = {n: v.item() for n, v in self.arrays.items() if v.ndim == 0}
        result: xr.Dataset = _need("xarray").Dataset(
            variables,
            coords={
                "time": ("time", self.time, {"units": "ms"}),
                "condition": ("trial", self.conditions),
                **{
                    name: ("unit", self.arrays[f"unit_{name}"])
                    for name in ("type", "layer")
                    if f"unit_{name}" in self.arrays
                },
            },
            attrs=single,
        )
        return result

    def save(self, path: StrPath) -> Path:
        """Write all arrays to an `.npz` file."""
        target = Path(path)
        if target.suffix.lower() != ".npz":
            raise ValueError(f"Cannot write {target}: its name must end in .npz")
        np.savez_compressed(target, **self.arrays)  # type: ignore[arg-type]
        return target

    def __len__(self) -> int:
        return len(self.output)

    def __repr__(self) -> str:
        trials = f"{len(self)} trials"
        if not self.spiking:
            return f"<Run of a rate network: {trials}>"
        return f"<Run of a spiking network: {trials}, {len(self.spikes)} spikes>"


def _from_mat(variables: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Arrays of a MATLAB file, counted from 0 and without MATLAB's dimensions."""
    counted = {"condition", "spike_trial", "spike_unit", "trial"}
    single = {"dt_ms", "sample_ms", "step_ms", "noise", "seed"}
    tables = {"out", "firing_rate"}
    arrays: dict[str, NDArray[Any]] = {}
    for name, value in variables.items():
        if name.startswith("__"):
            continue
        array = np.asarray(value)
        if array.dtype == object:
            array = np.array([str(each[0]) for each in array.ravel()])
        elif name in single or array.dtype.kind == "U":
            array = array.reshape(())
        elif array.ndim == 2 and 1 in array.shape and name not in tables:
            array = array.ravel()
        arrays[name] = array - 1 if name in counted else array
    return arrays


@dataclass(frozen=True)
class Score:
    """How well a network does its task, by two rules (docs/reference/tasks.md)."""

    network: str
    """`rate` or `spiking`."""
    performance: float
    """Share of trials that are right by the strict rule, 0 to 1."""
    interval: tuple[float, float]
    """Its 95 % Wilson interval."""
    paper: float
    """Share of trials that are right by the paper's rule."""
    paper_interval: tuple[float, float]
    """Its 95 % Wilson interval."""
    loss: float
    """Mean loss; NaN if the network has none."""
    output_error: float
    """Mean |output - target| in the strict window."""
    trials: int
    """Trials that were run."""
    conditions: Sequence[Mapping[str, Any]]
    """The same by condition, as the program gives it."""

    @classmethod
    def of(cls, network: str, data: Mapping[str, Any]) -> Score:
        """The score of an event."""
        strict, paper = data["strict"], data["paper"]
        return cls(
            network,
            float(strict["value"]),
            (float(strict["low"]), float(strict["high"])),
            float(paper["value"]),
            (float(paper["low"]), float(paper["high"])),
            _number(data.get("loss")),
            _number(data.get("outputError")),
            strict["trials"],
            data.get("conditions", ()),
        )


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)


class Evaluation(Result):
    """Scores of a network and, with `spiking=True`, of its spiking twin."""

    @property
    def rate(self) -> Score:
        """Score of the rate network."""
        return self._score("rate")

    @property
    def spiking(self) -> Score:
        """Score of the spiking network."""
        return self._score("spiking")

    @property
    def diagnosis(self) -> Event | None:
        """How well the conversion works and why, if both were evaluated."""
        found = self.of("diagnosis")
        return found[-1] if found else None

    def _score(self, network: str) -> Score:
        for event in self.of("evaluation"):
            if event["network"] == network:
                return Score.of(network, event["score"])
        raise AttributeError(
            f"Cannot give the score of the {network} network: evaluate it with "
            "spiking=True"
        )

    @property
    def scores(self) -> list[Score]:
        """All scores, in order."""
        return [Score.of(e["network"], e["score"]) for e in self.of("evaluation")]

    def to_dataframe(self, kind: str | None = None) -> pd.DataFrame:
        """Scores as a table, one row for each network; needs pandas."""
        if kind is not None:
            return super().to_dataframe(kind)
        names = ("network", "performance", "paper", "loss", "output_error", "trials")
        frame: pd.DataFrame = _need("pandas").DataFrame(
            [{name: getattr(each, name) for name in names} for each in self.scores]
        )
        return frame

    def __repr__(self) -> str:
        said = (
            f"{s.network} {100 * s.performance:.0f} % strict, {100 * s.paper:.0f} % "
            f"by the paper's rule, {s.trials} trials"
            for s in self.scores
        )
        return f"<Evaluation: {'; '.join(said)}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{s.network}</td><td>{_percent(s.performance, s.interval)}</td>"
            f"<td>{_percent(s.paper, s.paper_interval)}</td><td>{s.trials}</td></tr>"
            for s in self.scores
        )
        head = "".join(
            f"<th>{name}</th>" for name in ("network", "strict", "paper", "trials")
        )
        return f"<table><tr>{head}</tr>{rows}</table>"


def _percent(value: float, interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{100 * value:.0f} % ({100 * low:.0f} to {100 * high:.0f} %)"


@dataclass(frozen=True)
class Figure:
    """One figure, shown by notebooks."""

    name: str
    """Which figure it is: `raster`."""
    path: Path
    """The file that was drawn."""

    def save(self, path: StrPath) -> Path:
        """Copy the file to a path, or into a folder."""
        return Path(shutil.copy2(self.path, path))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        data = self.path.read_bytes()
        kinds = {".svg": "image/svg+xml", ".png": "image/png"}
        kind = kinds.get(self.path.suffix.lower())
        if kind == "image/svg+xml":
            return {kind: data.decode()}
        if kind == "image/png":
            return {kind: base64.b64encode(data).decode()}
        return {"text/plain": repr(self)}


class Figures(Result, Sequence[Figure]):
    """Figures of a network, by number or by name; notebooks show all."""

    @property
    def _figures(self) -> list[Figure]:
        return [
            Figure(str(e.get("figure", "")), Path(e["path"])) for e in self.of("saved")
        ]

    def __len__(self) -> int:
        return len(self.files)

    @overload
    def __getitem__(self, at: int | str) -> Figure: ...

    @overload
    def __getitem__(self, at: slice) -> list[Figure]: ...

    def __getitem__(self, at: int | str | slice) -> Figure | list[Figure]:
        """The figure of a number or a name."""
        if not isinstance(at, str):
            return self._figures[at]
        for figure in self._figures:
            if figure.name == at:
                return figure
        raise KeyError(at)

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._figures)

    def __repr__(self) -> str:
        return f"<Figures: {', '.join(figure.name for figure in self)}>"

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for figure in self:
            display(figure)


class Analysis(Result):
    """Analyses of a network and its twin: numbers, arrays, tables, figures."""

    @property
    def names(self) -> list[str]:
        """Which analyses there are."""
        return [str(event["analysis"]) for event in self.of("analysis")]

    @property
    def left_out(self) -> dict[str, str]:
        """Analyses that could not be made, with the reason of each."""
        return {
            str(event["analysis"]): str(event["reason"]) for event in self.of("leftOut")
        }

    def arrays(self, name: str) -> dict[str, NDArray[Any]]:
        """Arrays of an analysis; docs/reference/analysis.md says what is in them.

        Args:
            name: of the analysis: `weights`.

        Raises:
            KeyError: it has none.

        """
        for file in self.files:
            if file.name == f"{name}.npz":
                with np.load(file, allow_pickle=False) as read:
                    return {each: read[each] for each in read.files}
        raise KeyError(name)

    def to_dataframe(self, kind: str | None = None) -> pd.DataFrame:
        """The numbers as a table, one row each; needs pandas.

        Args:
            kind: `scalars` if left out; a table of an analysis, as
                `weights_units`, or a kind of events.

        Raises:
            KeyError: there is no such table.

        """
        pandas = _need("pandas")
        for file in self.files:
            if file.name == f"{kind or 'scalars'}.csv":
                frame: pd.DataFrame = pandas.read_csv(file, comment=None)
                return frame
        if not self.of(kind or "analysis"):
            raise KeyError(kind)
        return super().to_dataframe(kind)

    def __repr__(self) -> str:
        return f"<Analysis: {', '.join(self.names)}>"

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for file in self.files:
            if file.suffix in (".svg", ".png"):
                display(Figure(file.stem, file))


class Perturbation(Result):
    """What perturbations do to a network and its twin, one effect each."""

    def to_dataframe(self, kind: str | None = None) -> pd.DataFrame:
        """Effects as a table, one row each; needs pandas.

        Columns are `network`, `perturbation` and its parts, the performance
        (`strict`, `paper`), its difference to that of the intact network on the
        same trials, with its 95 % interval and p, and rates.

        Args:
            kind: a kind of events, for those in place of the table.

        """
        for file in self.files:
            if kind is None and file.name == "effects.csv":
                frame: pd.DataFrame = _need("pandas").read_csv(file)
                return frame
        return super().to_dataframe(kind)

    def __repr__(self) -> str:
        return f"<Perturbation: {len(self.of('perturbation'))} effects>"


class Report(Result):
    """A report of a network, one HTML page."""

    @property
    def path(self) -> Path:
        """The file of the page."""
        return self.files[-1]

    @property
    def html(self) -> str:
        """The page."""
        return self.path.read_text("utf-8")

    def _repr_html_(self) -> str:
        page = html.escape(self.html, quote=True)
        return (
            f'<iframe srcdoc="{page}" style="width:100%;height:600px;border:0">'
            "</iframe>"
        )


class Sweep(Result):
    """Networks of a plan."""

    @property
    def folder(self) -> Path:
        """The sweep's folder."""
        told = self.of("sweep")
        if not told:
            raise AttributeError("Cannot give the folder: it is that which you named")
        return Path(told[-1]["folder"])

    @property
    def rows(self) -> list[Event]:
        """One row for each network that is done (docs/guides/sweeps.md)."""
        from ._call import Outcome, events_of

        rows = self.of("network")
        if self.of("sweep"):
            outcome = Outcome("sweep")
            for _ in events_of(outcome, ["results", os.fspath(self.folder)], {}):
                pass
            rows = outcome.of("network")
        return [
            {name: value for name, value in row.items() if name != "kind"}
            for row in rows
        ]

    def to_dataframe(self, kind: str | None = None) -> pd.DataFrame:
        """The results as one table, one row for each network; needs pandas."""
        if kind is not None or not self.of("sweep", "network"):
            return super().to_dataframe(kind)
        frame: pd.DataFrame = _need("pandas").DataFrame(self.rows)
        for name in frame.columns:
            # Without any value they are objects, which have no mean.
            if frame[name].isna().all():
                frame[name] = math.nan
        return frame

    def __repr__(self) -> str:
        told = self.of("sweep")
        if not told:
            return super().__repr__()
        return f"<Sweep: {told[-1]['done']} of {told[-1]['points']} points are done>"


def from_json(text: str) -> Any:
    """JSON in which numbers that it lacks are the texts "NaN" and "Infinity"."""

    def mended(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: mended(each) for name, each in value.items()}
        if isinstance(value, list):
            return [mended(each) for each in value]
        if value in ("NaN", "Infinity", "-Infinity"):
            return float(value)
        return value

    return mended(json.loads(text))
