# Made by deno task build-python from the tables of settings; do not edit.
from typing import Any, Literal, overload

from typing_extensions import Unpack

from ._call import Events
from ._commands import (
    AnalyseSettings,
    EvaluateSettings,
    ExportSettings,
    InfoSettings,
    MapSettings,
    PerturbSettings,
    PlotSettings,
    ReportSettings,
    SimulateSettings,
)
from ._network import Network
from ._results import (
    Analysis,
    Evaluation,
    Figures,
    Perturbation,
    Report,
    Result,
    Run,
)

task_commands: frozenset[str]

class ModelCommands:
    def _command(self, *args: Any, **kwargs: Any) -> Any: ...
    @overload
    def evaluate(
        self,
        *,
        stream: Literal[False] = ...,
        **settings: Unpack[EvaluateSettings],
    ) -> Evaluation: ...
    @overload
    def evaluate(
        self,
        *,
        stream: Literal[True],
        **settings: Unpack[EvaluateSettings],
    ) -> Events[Evaluation]: ...
    @overload
    def map(
        self,
        *,
        stream: Literal[False] = ...,
        **settings: Unpack[MapSettings],
    ) -> Network: ...
    @overload
    def map(
        self,
        *,
        stream: Literal[True],
        **settings: Unpack[MapSettings],
    ) -> Events[Network]: ...
    @overload
    def simulate(
        self,
        *,
        stream: Literal[False] = ...,
        **settings: Unpack[SimulateSettings],
    ) -> Run: ...
    @overload
    def simulate(
        self,
        *,
        stream: Literal[True],
        **settings: Unpack[SimulateSettings],
    ) -> Events[Run]: ...
    @overload
    def perturb(
        self,
        *,
        stream: Literal[False] = ...,
        **settings: Unpack[PerturbSettings],
    ) -> Perturbation: ...
    @overload
    def perturb(
        self,
        *,
        stream: Literal[True],
        **settings: Unpack[PerturbSettings],
    ) -> Events[Perturbation]: ...
    @overload
    def info(
        self,
        *,
        stream: Literal[False] = ...,
        **settings: Unpack[InfoSettings],
    ) -> dict[str, Any]: ...
    @overload
    def info(
        self,
        *,
        stream: Literal[True],
        **settings: Unpack[InfoSettings],
    ) -> Events[dict[str, Any]]: ...
    @overload
    def plot(
        self,
        *figures: str,
        stream: Literal[False] = ...,
        **settings: Unpack[PlotSettings],
    ) -> Figures: ...
    @overload
    def plot(
        self,
        *figures: str,
        stream: Literal[True],
        **settings: Unpack[PlotSettings],
    ) -> Events[Figures]: ...
    @overload
    def report(
        self,
        *,
        stream: Literal[False] = ...,
        **settings: Unpack[ReportSettings],
    ) -> Report: ...
    @overload
    def report(
        self,
        *,
        stream: Literal[True],
        **settings: Unpack[ReportSettings],
    ) -> Events[Report]: ...
    @overload
    def analyse(
        self,
        *names: str,
        stream: Literal[False] = ...,
        **settings: Unpack[AnalyseSettings],
    ) -> Analysis: ...
    @overload
    def analyse(
        self,
        *names: str,
        stream: Literal[True],
        **settings: Unpack[AnalyseSettings],
    ) -> Events[Analysis]: ...
    @overload
    def export(
        self,
        *,
        stream: Literal[False] = ...,
        **settings: Unpack[ExportSettings],
    ) -> Result: ...
    @overload
    def export(
        self,
        *,
        stream: Literal[True],
        **settings: Unpack[ExportSettings],
    ) -> Events[Result]: ...
