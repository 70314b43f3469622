/**
 * Writes the commands of the Python package, python/src/spikernn/_commands.py
 * and its types, from the tables of settings:
 *
 *     deno task build-python
 */
import { listCommands, type ListedCommand } from "../lib/cli/listed.ts";
import { registry } from "../lib/cli/registry.ts";
import type { ListedSetting } from "../lib/settings/listed.ts";

/** Files by their names, and where they belong. */
export interface PythonFiles {
  readonly "_methods.py": string;
  readonly "_methods.pyi": string;
  readonly "_commands.py": string;
  readonly "_commands.pyi": string;
}

/** Folder of the files. */
export const pythonFolder = new URL(
  "../python/src/spikernn/",
  import.meta.url,
);

/** Names that Python has already, or that say more there. */
const pythonNames: Readonly<Record<string, string>> = { eval: "evaluate" };

/** What commands give, if it is more than events and files. */
const results: Readonly<Record<string, string>> = {
  train: "Network",
  map: "Network",
  simulate: "Run",
  eval: "Evaluation",
  plot: "Figures",
  report: "Report",
  analyse: "Analysis",
  sweep: "Sweep",
  info: "dict[str, Any]",
};

/** Settings of the terminal alone. */
const terminalSettings = new Set(["quiet", "json", "debug", "gpu_frac"]);

/** Parameters that calls have beside the settings. */
const extras = ["progress", "stream"];

/** Words that are no names in Python. */
const keywords = new Set(
  "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False"
    .split(" "),
);

/** A command as a function. */
interface Function {
  readonly command: ListedCommand;
  readonly name: string;
  readonly result: string;
  readonly settings: readonly ListedSetting[];
  /** Takes a model first, and is a method of networks. */
  readonly ofModel: boolean;
  /** Name of further arguments, if there may be some. */
  readonly more?: string;
}

/** The files for some commands. */
export function pythonFiles(commands: readonly ListedCommand[]): PythonFiles {
  const functions = commands.map(functionOf);
  return {
    "_methods.py": methods(functions),
    "_methods.pyi": methodTypes(functions),
    "_commands.py": program(functions),
    "_commands.pyi": types(functions),
  };
}

function functionOf(command: ListedCommand): Function {
  const { name, operands } = command;
  const ofModel = operands?.name.startsWith("MODEL") ?? false;
  const settings = command.settings.filter((setting) =>
    !setting.hidden && !terminalSettings.has(setting.name)
  );
  for (const setting of settings) {
    if (extras.includes(setting.name)) {
      throw new RangeError(
        `Cannot name a parameter of ${name}: ${setting.name} is taken`,
      );
    }
  }
  const further = ofModel ? operands!.name.match(/\[(\w+)\]/)?.[1] : "operand";
  return {
    command,
    name: parameter(pythonNames[name] ?? name),
    result: results[name] ?? "Result",
    settings,
    ofModel,
    more: operands && further && `${further.toLowerCase()}s`,
  };
}

function parameter(name: string): string {
  const plain = name.replaceAll("-", "_");
  return keywords.has(plain) ? `${plain}_` : plain;
}

const head =
  `# Made by deno task build-python from the tables of settings; do not edit.`;

function methods(functions: readonly Function[]): string {
  const withTask = functions.filter(({ settings }) =>
    settings.some(({ name }) => name === "task")
  );
  return [
    head,
    `"""The commands that take a network, as its methods."""`,
    "",
    "from __future__ import annotations",
    "",
    "from typing import Any",
    "",
    "#: Commands that take a task.",
    `task_commands = frozenset({${
      withTask.map(({ command }) => JSON.stringify(command.name)).join(", ")
    }})`,
    "",
    "",
    "class ModelCommands:",
    `    """Commands that take a network."""`,
    "",
    "    def _command(self, *args: Any, **kwargs: Any) -> Any:",
    "        raise NotImplementedError",
    "",
    ...functions.filter(({ ofModel }) => ofModel).flatMap((each) => [
      `    def ${each.name}(`,
      "        self,",
      ...(each.more ? [`        *${each.more},`] : []),
      ...parameters(each, "        ", !each.more),
      "    ):",
      ...doc(each, "    "),
      "        return self._command(",
      ...call(each, "            "),
      "        )",
      "",
    ]),
  ].join("\n").trimEnd() + "\n";
}

function program(functions: readonly Function[]): string {
  return [
    head,
    `"""The commands, as functions."""`,
    "",
    "from __future__ import annotations",
    "",
    "from . import _network",
    "",
    names(functions),
    "",
    "",
    ...functions.flatMap((each) => [...plainFunction(each), "", ""]),
  ].join("\n").trimEnd() + "\n";
}

function names(functions: readonly Function[]): string {
  const sorted = functions.map(({ name }) => JSON.stringify(name)).sort();
  return `__all__ = [\n${sorted.map((name) => `    ${name},\n`).join("")}]`;
}

function plainFunction(each: Function): string[] {
  const { name, command, ofModel, more } = each;
  const isTrain = command.name === "train";
  const first = ofModel
    ? ["    net,", "    /,"]
    : isTrain
    ? ["    task=None,"]
    : [];
  const needsStar = !more;
  return [
    `def ${name}(`,
    ...first,
    ...(more ? [`    *${more},`] : []),
    ...parameters(each, "    ", needsStar, isTrain ? ["task"] : []),
    "):",
    ...doc(each, ""),
    ...(ofModel
      ? [
        `    return _network.as_network(net).${name}(`,
        ...(more ? [`        *${more},`] : []),
        ...[...each.settings.map(({ name }) => parameter(name)), ...extras]
          .map((p) => `        ${p}=${p},`),
        "    )",
      ]
      : isTrain
      ? [
        "    return _network.trained(",
        ...call(each, "        ").slice(2),
        "    )",
      ]
      : [
        "    return _network.plain(",
        ...call(each, "        "),
        "    )",
      ]),
  ];
}

function parameters(
  { settings }: Function,
  indent: string,
  star: boolean,
  without: readonly string[] = [],
): string[] {
  return [
    ...(star ? [`${indent}*,`] : []),
    ...settings.filter(({ name }) => !without.includes(name))
      .map(({ name }) => `${indent}${parameter(name)}=None,`),
    `${indent}progress=None,`,
    `${indent}stream=False,`,
  ];
}

function call({ command, settings, more }: Function, indent: string): string[] {
  return [
    `${indent}${JSON.stringify(command.name)},`,
    `${indent}${more ?? "()"},`,
    `${indent}{`,
    ...settings.map(({ name }) =>
      `${indent}    ${JSON.stringify(name)}: ${parameter(name)},`
    ),
    `${indent}},`,
    `${indent}progress=progress,`,
    `${indent}stream=stream,`,
  ];
}

function doc(each: Function, indent: string): string[] {
  const { command, settings, more, result } = each;
  const i = `${indent}    `;
  const first = command.brief[0].toUpperCase() + command.brief.slice(1) + ".";
  return [
    `${i}"""${escaped(first)}`,
    "",
    `${i}${escaped(command.description)}`,
    "",
    `${i}Args:`,
    ...(more ? [`${i}    *${more}: ${escaped(command.operands!.brief)}.`] : []),
    ...settings.map((setting) =>
      `${i}    ${parameter(setting.name)}: ${described(setting)}`
    ),
    `${i}    progress: show the progress; by default on a terminal or in a notebook.`,
    `${i}    stream: give the events as they come, in place of the result.`,
    "",
    `${i}Returns:`,
    `${i}    ${result}; with stream=True an iterator of events, whose \`result\` it is.`,
    "",
    `${i}Raises:`,
    `${i}    UsageError: a setting is not allowed.`,
    `${i}    SpikernnError: it could not be done.`,
    `${i}"""`,
  ];
}

function described(setting: ListedSetting): string {
  const { help, allowed, default_text } = setting;
  const usual = default_text ? ` Defaults to ${shownDefault(setting)}.` : "";
  return escaped(`${help}. Allowed: ${allowed}.${usual}`);
}

/** A default in words; one that is a value, as Python writes it. */
function shownDefault({ default: value, default_text }: ListedSetting): string {
  const isList = Array.isArray(value) && value.join(" ") === default_text;
  return isList ? `[${value.join(", ")}]` : default_text!;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')
    .replaceAll("\n", " ");
}

function types(functions: readonly Function[]): string {
  return [
    head,
    "from collections.abc import Mapping, Sequence",
    "from os import PathLike",
    "from typing import Any, Literal, TypeAlias, TypedDict, overload",
    "",
    "from numpy.typing import NDArray",
    "from typing_extensions import Unpack",
    "",
    "from ._call import Events",
    "from ._network import Network",
    "from ._results import (",
    "    Analysis,",
    "    Evaluation,",
    "    Figures,",
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
    "Whole: TypeAlias = int",
    "Wholes: TypeAlias = int | Sequence[int] | NDArray[Any]",
    "Real: TypeAlias = float",
    "Reals: TypeAlias = float | Sequence[float] | NDArray[Any]",
    "",
    names(functions),
    "",
    ...functions.flatMap((each) => [
      `class ${settingsName(each)}(TypedDict, total=False):`,
      ...each.settings
        .filter(({ name }) => each.name !== "train" || name !== "task")
        .map((setting) =>
          `    ${parameter(setting.name)}: ${typeOf(setting)} | None`
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

function methodTypes(functions: readonly Function[]): string {
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
    "from ._results import Analysis, Evaluation, Figures, Report, Result, Run",
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

function typeOf({ name, kind, names, list, path }: ListedSetting): string {
  if (name === "task") return "TaskLike";
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

if (import.meta.main) {
  const files = pythonFiles(await listCommands(registry));
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(new URL(name, pythonFolder), text);
  }
}
