# Made by deno task build-python from the tables of settings; do not edit.
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, Literal, TypeAlias, TypedDict, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray
from typing_extensions import Unpack

from ._call import Events
from ._network import Network
from ._results import (
    Analysis,
    Evaluation,
    Figures,
    Perturbation,
    Report,
    Result,
    Run,
    Sweep,
)
from ._tasks import Task

StrPath: TypeAlias = str | PathLike[str]
ModelLike: TypeAlias = Network | StrPath
TaskLike: TypeAlias = Task | StrPath
Whole: TypeAlias = int | np.integer[Any]
Wholes: TypeAlias = Whole | Sequence[Whole] | NDArray[Any]
Real: TypeAlias = float | np.floating[Any] | np.integer[Any]
Reals: TypeAlias = Real | Sequence[Real] | NDArray[Any]

__all__ = [
    "analyse",
    "compare",
    "completion",
    "dashboard",
    "demo",
    "doctor",
    "evaluate",
    "export",
    "import_",
    "info",
    "map",
    "perturb",
    "plot",
    "report",
    "reproduce",
    "settings",
    "simulate",
    "sweep",
    "tasks",
    "train",
]

class TrainSettings(TypedDict, total=False):
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    N: Whole | None
    P_inh: Real | None
    P_rec: Real | None
    som_N: Whole | None
    apply_dale: bool | None
    gain: Real | None
    inhibitory_scale: Real | Literal["balanced"] | None
    w_dist: Literal["gaus", "gamma"] | None
    act: Literal["sigmoid", "clipped_relu", "softplus", "retanh", "lif"] | None
    decay_taus: Reals | None
    n_layers: Whole | None
    layer_sizes: Wholes | None
    P_inter: Real | None
    inter: Literal["exc", "all"] | None
    inter_gain: Real | None
    feedback: Real | None
    readout: Literal["last", "all"] | None
    input_to: Literal["first", "all"] | None
    preset: Literal["robust", "fast", "paper"] | None
    n_trials: Whole | None
    batch: Whole | None
    loss_fn: Literal["l1", "l2"] | None
    answer_share: Real | None
    curriculum: Wholes | Literal["none"] | None
    learning_rate: Real | None
    warm_up: Whole | None
    clip_norm: Real | Literal["none"] | None
    noise_levels: Reals | None
    loss_threshold: Real | None
    criterion: Literal["strict", "paper"] | None
    eval_freq: Whole | None
    eval_trials: Whole | None
    seed: Whole | None
    backend: Literal["auto", "simd", "reference", "webgpu"] | None
    gpu: Whole | Literal["off"] | None
    workers: Whole | None
    output_dir: StrPath | None
    output: StrPath | None
    plots: bool | None
    checkpoints: bool | None
    resume: StrPath | None
    dashboard: bool | None
    port: Whole | None
    log_dir: StrPath | None
    config: StrPath | None
    progress: bool | None

class EvaluateSettings(TypedDict, total=False):
    trials: Whole | None
    spiking: bool | None
    stim: Literal["exc", "inh"] | None
    stim_units: str | Sequence[str] | Wholes | None
    stim_window: str | None
    stim_amount: Real | None
    stim_probability: Real | None
    lesion: str | Sequence[str] | Wholes | None
    noise: Real | None
    from_: str | None
    to: str | None
    scale: Real | None
    cut: Real | None
    shuffle: bool | None
    window: str | None
    task: TaskLike | None
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    factor: Real | None
    single_factor: bool | None
    uncalibrated: bool | None
    model: Literal["lif", "qif", "eif", "alif", "adex"] | None
    synapse: Literal["double", "single", "alpha", "none"] | None
    tr: Real | None
    tref: Real | None
    tm: Real | None
    tau_w: Real | None
    b_w: Real | None
    downsample: Whole | None
    use_initial_weights: bool | None
    seed: Whole | None
    backend: Literal["auto", "simd", "reference", "webgpu"] | None
    gpu: Whole | Literal["off"] | None
    workers: Whole | None
    progress: bool | None

class MapSettings(TypedDict, total=False):
    factors: Reals | None
    trials: Whole | None
    all_trials: bool | None
    select: Literal["strict", "paper"] | None
    refine: bool | None
    predict: bool | None
    factor_per_layer: bool | None
    write_anyway: bool | None
    calibrate_anyway: bool | None
    force: bool | None
    calibrate: Literal["all", "readout", "units", "weights", "tune"] | Sequence[str] | None
    goal: Literal["accurate", "robust"] | None
    calibrate_trials: Whole | None
    calibrate_iterations: Whole | None
    tune_rounds: Whole | None
    tune_updates: Whole | None
    tune_batch: Whole | None
    tune_rate: Real | None
    tune_guide: Real | None
    tune_hold: Real | None
    tune_noise: Reals | None
    tune_amplitude: Reals | None
    tune_shift: Whole | None
    tune_weights: Literal["all", "readout"] | None
    task: TaskLike | None
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    model: Literal["lif", "qif", "eif", "alif", "adex"] | None
    synapse: Literal["double", "single", "alpha", "none"] | None
    tr: Real | None
    tref: Real | None
    tm: Real | None
    tau_w: Real | None
    b_w: Real | None
    downsample: Whole | None
    use_initial_weights: bool | None
    seed: Whole | None
    backend: Literal["auto", "simd", "reference", "webgpu"] | None
    gpu: Whole | Literal["off"] | None
    workers: Whole | None
    dashboard: bool | None
    port: Whole | None
    log_dir: StrPath | None
    progress: bool | None

class SimulateSettings(TypedDict, total=False):
    trial: str | Sequence[str] | Mapping[str, object] | None
    trials: Whole | None
    stimulus: StrPath | ArrayLike | None
    rate: bool | None
    task: TaskLike | None
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    factor: Real | None
    single_factor: bool | None
    uncalibrated: bool | None
    model: Literal["lif", "qif", "eif", "alif", "adex"] | None
    synapse: Literal["double", "single", "alpha", "none"] | None
    tr: Real | None
    tref: Real | None
    tm: Real | None
    tau_w: Real | None
    b_w: Real | None
    downsample: Whole | None
    use_initial_weights: bool | None
    stim: Literal["exc", "inh"] | None
    stim_units: str | Sequence[str] | Wholes | None
    stim_window: str | None
    stim_amount: Real | None
    stim_probability: Real | None
    lesion: str | Sequence[str] | Wholes | None
    noise: Real | None
    from_: str | None
    to: str | None
    scale: Real | None
    cut: Real | None
    shuffle: bool | None
    window: str | None
    output: StrPath | None
    format: Literal["mat", "npz", "nwb"] | None
    record: Literal["voltages", "currents", "ei_currents", "rates"] | Sequence[str] | None
    every: Whole | None
    subject: str | None
    session_start: str | None
    seed: Whole | None
    backend: Literal["auto", "simd", "reference", "webgpu"] | None
    gpu: Whole | Literal["off"] | None
    workers: Whole | None
    force: bool | None
    progress: bool | None

class PerturbSettings(TypedDict, total=False):
    from_: str | Sequence[str] | Mapping[str, object] | None
    to: str | Sequence[str] | Mapping[str, object] | None
    scale: Reals | None
    cut: Reals | None
    shuffle: bool | None
    window: str | Sequence[str] | Mapping[str, object] | None
    lesion: Reals | None
    units: str | Sequence[str] | Mapping[str, object] | None
    noise: Reals | None
    stim: Literal["exc", "inh"] | None
    stim_window: str | Sequence[str] | Mapping[str, object] | None
    stim_amount: Real | None
    together: bool | None
    network: Literal["both", "rate", "spiking"] | None
    measure: Literal["trajectories", "timescales", "tuning", "discriminability", "decoding", "fixed-points", "weights", "currents", "spike-trains", "silent", "generalisation", "psychometric"] | Sequence[str] | None
    trials: Whole | None
    task: TaskLike | None
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    factor: Real | None
    single_factor: bool | None
    uncalibrated: bool | None
    model: Literal["lif", "qif", "eif", "alif", "adex"] | None
    synapse: Literal["double", "single", "alpha", "none"] | None
    tr: Real | None
    tref: Real | None
    tm: Real | None
    tau_w: Real | None
    b_w: Real | None
    downsample: Whole | None
    use_initial_weights: bool | None
    output: StrPath | None
    format: Literal["svg", "pdf", "png", "html"] | None
    save: StrPath | None
    seed: Whole | None
    backend: Literal["auto", "simd", "reference", "webgpu"] | None
    gpu: Whole | Literal["off"] | None
    workers: Whole | None
    force: bool | None
    progress: bool | None

class InfoSettings(TypedDict, total=False):
    progress: bool | None

class CompareSettings(TypedDict, total=False):
    progress: bool | None

class PlotSettings(TypedDict, total=False):
    format: Literal["svg", "pdf", "png", "html"] | None
    width: Real | Literal["single", "double"] | None
    output: StrPath | None
    trials: Whole | None
    raster_trials: Whole | None
    trial: str | Sequence[str] | Mapping[str, object] | None
    task: TaskLike | None
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    factor: Real | None
    single_factor: bool | None
    uncalibrated: bool | None
    model: Literal["lif", "qif", "eif", "alif", "adex"] | None
    synapse: Literal["double", "single", "alpha", "none"] | None
    tr: Real | None
    tref: Real | None
    tm: Real | None
    tau_w: Real | None
    b_w: Real | None
    downsample: Whole | None
    use_initial_weights: bool | None
    seed: Whole | None
    backend: Literal["auto", "simd", "reference", "webgpu"] | None
    gpu: Whole | Literal["off"] | None
    workers: Whole | None
    force: bool | None
    progress: bool | None

class ReportSettings(TypedDict, total=False):
    output: StrPath | None
    trials: Whole | None
    analyse: Literal["trajectories", "timescales", "tuning", "discriminability", "decoding", "fixed-points", "weights", "currents", "spike-trains", "silent", "generalisation", "psychometric", "all", "none"] | Sequence[str] | None
    task: TaskLike | None
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    factor: Real | None
    single_factor: bool | None
    uncalibrated: bool | None
    model: Literal["lif", "qif", "eif", "alif", "adex"] | None
    synapse: Literal["double", "single", "alpha", "none"] | None
    tr: Real | None
    tref: Real | None
    tm: Real | None
    tau_w: Real | None
    b_w: Real | None
    downsample: Whole | None
    use_initial_weights: bool | None
    seed: Whole | None
    backend: Literal["auto", "simd", "reference", "webgpu"] | None
    gpu: Whole | Literal["off"] | None
    workers: Whole | None
    force: bool | None
    open: bool | None
    progress: bool | None

class AnalyseSettings(TypedDict, total=False):
    trials: Whole | None
    bin: Real | None
    spikes: StrPath | None
    condition: str | None
    align: str | None
    output: StrPath | None
    format: Literal["svg", "pdf", "png", "html"] | None
    task: TaskLike | None
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    factor: Real | None
    single_factor: bool | None
    uncalibrated: bool | None
    model: Literal["lif", "qif", "eif", "alif", "adex"] | None
    synapse: Literal["double", "single", "alpha", "none"] | None
    tr: Real | None
    tref: Real | None
    tm: Real | None
    tau_w: Real | None
    b_w: Real | None
    downsample: Whole | None
    use_initial_weights: bool | None
    seed: Whole | None
    backend: Literal["auto", "simd", "reference", "webgpu"] | None
    gpu: Whole | Literal["off"] | None
    workers: Whole | None
    force: bool | None
    progress: bool | None

class ExportSettings(TypedDict, total=False):
    to: Literal["numpy", "brian2", "nir", "graphml"] | None
    flavour: Literal["graph", "snntorch"] | None
    condition: str | Sequence[str] | Mapping[str, object] | None
    output: StrPath | None
    task: TaskLike | None
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    factor: Real | None
    single_factor: bool | None
    uncalibrated: bool | None
    model: Literal["lif", "qif", "eif", "alif", "adex"] | None
    synapse: Literal["double", "single", "alpha", "none"] | None
    tr: Real | None
    tref: Real | None
    tm: Real | None
    tau_w: Real | None
    b_w: Real | None
    downsample: Whole | None
    use_initial_weights: bool | None
    seed: Whole | None
    force: bool | None
    progress: bool | None

class Import_Settings(TypedDict, total=False):
    w: StrPath | ArrayLike | None
    w_in: StrPath | ArrayLike | None
    w_out: StrPath | ArrayLike | None
    b_out: StrPath | ArrayLike | None
    taus: StrPath | ArrayLike | None
    taus_gaus: StrPath | ArrayLike | None
    mask: StrPath | ArrayLike | None
    inh: StrPath | ArrayLike | None
    act: Literal["sigmoid", "clipped_relu", "softplus", "retanh", "lif"] | None
    apply_dale: bool | None
    weights: Literal["effective", "magnitudes"] | None
    decay_taus: Reals | None
    som_N: Whole | None
    output: StrPath | None
    task: TaskLike | None
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    force: bool | None
    progress: bool | None

class DashboardSettings(TypedDict, total=False):
    port: Whole | None
    progress: bool | None

class SweepSettings(TypedDict, total=False):
    output_dir: StrPath | None
    format: Literal["csv", "json", "parquet"] | None
    engine: Literal["local", "slurm"] | None
    workers: Whole | None
    retries: Whole | None
    cancel: bool | None
    archive: bool | None
    trust_task: bool | None
    progress: bool | None

class ReproduceSettings(TypedDict, total=False):
    networks: Whole | None
    seed: Whole | None
    minutes: Real | None
    collect: bool | None
    output_dir: StrPath | None
    engine: Literal["local", "slurm"] | None
    workers: Whole | None
    retries: Whole | None
    cancel: bool | None
    progress: bool | None

class TasksSettings(TypedDict, total=False):
    trust_task: bool | None
    T: Whole | None
    stim_on: Whole | None
    stim_dur: Whole | None
    delay: Whole | None
    timing: str | Sequence[str] | Mapping[str, object] | None
    seed: Whole | None
    progress: bool | None

class SettingsSettings(TypedDict, total=False):
    progress: bool | None

class CompletionSettings(TypedDict, total=False):
    progress: bool | None

class DoctorSettings(TypedDict, total=False):
    fast: bool | None
    progress: bool | None

class DemoSettings(TypedDict, total=False):
    seed: Whole | None
    backend: Literal["auto", "simd", "reference", "webgpu"] | None
    gpu: Whole | Literal["off"] | None
    workers: Whole | None
    output_dir: StrPath | None
    open: bool | None
    progress: bool | None

@overload
def train(
    task: TaskLike | None = ...,
    *,
    stream: Literal[False] = ...,
    **settings: Unpack[TrainSettings],
) -> Network: ...
@overload
def train(
    task: TaskLike | None = ...,
    *,
    stream: Literal[True],
    **settings: Unpack[TrainSettings],
) -> Events[Network]: ...
@overload
def evaluate(
    net: ModelLike,
    /,
    *,
    stream: Literal[False] = ...,
    **settings: Unpack[EvaluateSettings],
) -> Evaluation: ...
@overload
def evaluate(
    net: ModelLike,
    /,
    *,
    stream: Literal[True],
    **settings: Unpack[EvaluateSettings],
) -> Events[Evaluation]: ...
@overload
def map(
    net: ModelLike,
    /,
    *,
    stream: Literal[False] = ...,
    **settings: Unpack[MapSettings],
) -> Network: ...
@overload
def map(
    net: ModelLike,
    /,
    *,
    stream: Literal[True],
    **settings: Unpack[MapSettings],
) -> Events[Network]: ...
@overload
def simulate(
    net: ModelLike,
    /,
    *,
    stream: Literal[False] = ...,
    **settings: Unpack[SimulateSettings],
) -> Run: ...
@overload
def simulate(
    net: ModelLike,
    /,
    *,
    stream: Literal[True],
    **settings: Unpack[SimulateSettings],
) -> Events[Run]: ...
@overload
def perturb(
    net: ModelLike,
    /,
    *,
    stream: Literal[False] = ...,
    **settings: Unpack[PerturbSettings],
) -> Perturbation: ...
@overload
def perturb(
    net: ModelLike,
    /,
    *,
    stream: Literal[True],
    **settings: Unpack[PerturbSettings],
) -> Events[Perturbation]: ...
@overload
def info(
    net: ModelLike,
    /,
    *,
    stream: Literal[False] = ...,
    **settings: Unpack[InfoSettings],
) -> dict[str, Any]: ...
@overload
def info(
    net: ModelLike,
    /,
    *,
    stream: Literal[True],
    **settings: Unpack[InfoSettings],
) -> Events[dict[str, Any]]: ...
@overload
def compare(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[False] = ...,
    **settings: Unpack[CompareSettings],
) -> Result: ...
@overload
def compare(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[True],
    **settings: Unpack[CompareSettings],
) -> Events[Result]: ...
@overload
def plot(
    net: ModelLike,
    /,
    *figures: str,
    stream: Literal[False] = ...,
    **settings: Unpack[PlotSettings],
) -> Figures: ...
@overload
def plot(
    net: ModelLike,
    /,
    *figures: str,
    stream: Literal[True],
    **settings: Unpack[PlotSettings],
) -> Events[Figures]: ...
@overload
def report(
    net: ModelLike,
    /,
    *,
    stream: Literal[False] = ...,
    **settings: Unpack[ReportSettings],
) -> Report: ...
@overload
def report(
    net: ModelLike,
    /,
    *,
    stream: Literal[True],
    **settings: Unpack[ReportSettings],
) -> Events[Report]: ...
@overload
def analyse(
    net: ModelLike,
    /,
    *names: str,
    stream: Literal[False] = ...,
    **settings: Unpack[AnalyseSettings],
) -> Analysis: ...
@overload
def analyse(
    net: ModelLike,
    /,
    *names: str,
    stream: Literal[True],
    **settings: Unpack[AnalyseSettings],
) -> Events[Analysis]: ...
@overload
def export(
    net: ModelLike,
    /,
    *,
    stream: Literal[False] = ...,
    **settings: Unpack[ExportSettings],
) -> Result: ...
@overload
def export(
    net: ModelLike,
    /,
    *,
    stream: Literal[True],
    **settings: Unpack[ExportSettings],
) -> Events[Result]: ...
@overload
def import_(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[False] = ...,
    **settings: Unpack[Import_Settings],
) -> Network: ...
@overload
def import_(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[True],
    **settings: Unpack[Import_Settings],
) -> Events[Network]: ...
@overload
def dashboard(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[False] = ...,
    **settings: Unpack[DashboardSettings],
) -> Result: ...
@overload
def dashboard(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[True],
    **settings: Unpack[DashboardSettings],
) -> Events[Result]: ...
@overload
def sweep(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[False] = ...,
    **settings: Unpack[SweepSettings],
) -> Sweep: ...
@overload
def sweep(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[True],
    **settings: Unpack[SweepSettings],
) -> Events[Sweep]: ...
@overload
def reproduce(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[False] = ...,
    **settings: Unpack[ReproduceSettings],
) -> Result: ...
@overload
def reproduce(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[True],
    **settings: Unpack[ReproduceSettings],
) -> Events[Result]: ...
@overload
def tasks(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[False] = ...,
    **settings: Unpack[TasksSettings],
) -> Result: ...
@overload
def tasks(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[True],
    **settings: Unpack[TasksSettings],
) -> Events[Result]: ...
@overload
def settings(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[False] = ...,
    **settings: Unpack[SettingsSettings],
) -> Result: ...
@overload
def settings(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[True],
    **settings: Unpack[SettingsSettings],
) -> Events[Result]: ...
@overload
def completion(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[False] = ...,
    **settings: Unpack[CompletionSettings],
) -> Result: ...
@overload
def completion(
    *operands: StrPath | Mapping[str, Any],
    stream: Literal[True],
    **settings: Unpack[CompletionSettings],
) -> Events[Result]: ...
@overload
def doctor(
    *,
    stream: Literal[False] = ...,
    **settings: Unpack[DoctorSettings],
) -> Result: ...
@overload
def doctor(
    *,
    stream: Literal[True],
    **settings: Unpack[DoctorSettings],
) -> Events[Result]: ...
@overload
def demo(
    *,
    stream: Literal[False] = ...,
    **settings: Unpack[DemoSettings],
) -> Result: ...
@overload
def demo(
    *,
    stream: Literal[True],
    **settings: Unpack[DemoSettings],
) -> Events[Result]: ...
