/** The types of the Python package's commands. */
import type { ListedSetting } from "../../lib/settings/listed.ts";
import {
  choosesUnits,
  type Function,
  head,
  names,
  parameter,
  takesArray,
} from "./functions.ts";

/** Types of the functions. */
export function types(functions: readonly Function[]): string {
  return [
    head,
    "from collections.abc import Mapping, Sequence",
    "from os import PathLike",
    "from typing import Any, Literal, TypeAlias, TypedDict, overload",
    "",
    "import numpy as np",
    "from numpy.typing import ArrayLike, NDArray",
    "from typing_extensions import Unpack",
    "",
    "from ._call import Events",
    "from ._network import Network",
    "from ._results import (",
    "    Analysis,",
    "    Evaluation,",
    "    Figures,",
    "    Perturbation,",
    "    Report,",
    "    Result,",
    "    Run,",
    "    Sweep,",
    ")",
    "from ._tasks import Task",
    "",
    "StrPath: TypeAlias = str | PathLike[str]",
    "ModelLike: TypeAlias = Network | StrPath",
    "TaskLike: TypeAlias = Task | StrPath",
    "Whole: TypeAlias = int | np.integer[Any]",
    "Wholes: TypeAlias = Whole | Sequence[Whole] | NDArray[Any]",
    "Real: TypeAlias = float | np.floating[Any] | np.integer[Any]",
    "Reals: TypeAlias = Real | Sequence[Real] | NDArray[Any]",
    "",
    names(functions),
    "",
    ...functions.flatMap((each) => [
      `class ${settingsName(each)}(TypedDict, total=False):`,
      ...each.settings
        .filter(({ name }) => each.name !== "train" || name !== "task")
        .map((setting) =>
          `    ${parameter(setting.name)}: ${
            takesArray(each.command.name, setting)
              ? "StrPath | ArrayLike"
              : typeOf(setting)
          } | None`
        ),
      "    progress: bool | None",
      "",
    ]),
    ...functions.flatMap((each) =>
      overloads(each, "", [
        ...(each.ofModel
          ? ["net: ModelLike", "/"]
          : each.name === "train"
          ? ["task: TaskLike | None = ..."]
          : []),
        each.more
          ? `*${each.more}: ${
            each.ofModel ? "str" : "StrPath | Mapping[str, Any]"
          }`
          : "*",
      ])
    ),
  ].join("\n").trimEnd() + "\n";
}

/** Types of the methods. */
export function methodTypes(functions: readonly Function[]): string {
  const models = functions.filter(({ ofModel }) => ofModel);
  return [
    head,
    "from typing import Any, Literal, overload",
    "",
    "from typing_extensions import Unpack",
    "",
    "from ._call import Events",
    `from ._commands import (`,
    ...models.map((each) => `    ${settingsName(each)},`).sort(),
    ")",
    "from ._network import Network",
    "from ._results import (",
    "    Analysis,",
    "    Evaluation,",
    "    Figures,",
    "    Perturbation,",
    "    Report,",
    "    Result,",
    "    Run,",
    ")",
    "",
    "task_commands: frozenset[str]",
    "",
    "class ModelCommands:",
    "    def _command(self, *args: Any, **kwargs: Any) -> Any: ...",
    ...models.flatMap((each) =>
      overloads(each, "    ", [
        "self",
        ...(each.more ? [`*${each.more}: str`] : ["*"]),
      ])
    ),
  ].join("\n").trimEnd() + "\n";
}

function settingsName({ name }: Function): string {
  return `${name[0].toUpperCase()}${name.slice(1)}Settings`;
}

function overloads(
  each: Function,
  indent: string,
  first: readonly string[],
): string[] {
  const settings = `**settings: Unpack[${settingsName(each)}]`;
  return [
    ["stream: Literal[False] = ...", each.result],
    ["stream: Literal[True]", `Events[${each.result}]`],
  ].flatMap(([stream, result]) => [
    `${indent}@overload`,
    `${indent}def ${each.name}(`,
    ...[...first, stream, settings].map((p) => `${indent}    ${p},`),
    `${indent}) -> ${result}: ...`,
  ]);
}

function typeOf(setting: ListedSetting): string {
  const { name, kind, names, list, path } = setting;
  if (name === "task") return "TaskLike";
  if (choosesUnits(setting)) return "str | Sequence[str] | Wholes";
  const literal = names &&
    `Literal[${names.map((each) => JSON.stringify(each)).join(", ")}]`;
  switch (kind) {
    case "switch":
    case "boolean":
      return "bool";
    case "choice":
      return list ? `${literal} | Sequence[str]` : literal!;
    case "text":
      if (list) return "str | Sequence[str] | Mapping[str, object]";
      return path ? "StrPath" : "str";
    default: {
      const number = (kind === "whole" ? "Whole" : "Real") + (list ? "s" : "");
      return literal ? `${number} | ${literal}` : number;
    }
  }
}
