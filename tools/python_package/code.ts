/** The code of the Python package's commands: functions, and methods of networks. */
import type { ListedSetting } from "../../lib/settings/listed.ts";
import {
  choosesUnits,
  extras,
  type Function,
  head,
  names,
  parameter,
  takesArray,
} from "./functions.ts";
import { inPython } from "./words.ts";

/** The commands that take a network, as its methods. */
export function methods(functions: readonly Function[]): string {
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
      ...doc(each, "    ", []),
      "        return self._command(",
      ...call(each, "            "),
      "        )",
      "",
    ]),
  ].join("\n").trimEnd() + "\n";
}

/** The commands, as functions. */
export function program(functions: readonly Function[]): string {
  return [
    head,
    `"""The commands, as functions."""`,
    "",
    "from __future__ import annotations",
    "",
    "from . import _runs",
    "",
    names(functions),
    "",
    "",
    ...functions.flatMap((each) => [...plainFunction(each), "", ""]),
  ].join("\n").trimEnd() + "\n";
}

function plainFunction(each: Function): string[] {
  const { name, command, ofModel, more } = each;
  const isTrain = command.name === "train";
  const isImport = command.name === "import";
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
    ...doc(each, "", ofModel ? ["net: a network, or its file."] : []),
    ...(ofModel
      ? [
        `    return _runs.as_network(net).${name}(`,
        ...(more ? [`        *${more},`] : []),
        ...[...each.settings.map(({ name }) => parameter(name)), ...extras]
          .map((p) => `        ${p}=${p},`),
        "    )",
      ]
      : isTrain
      ? [
        "    return _runs.trained(",
        ...call(each, "        ").slice(2),
        "    )",
      ]
      : isImport
      ? [
        "    return _runs.imported(",
        ...call(each, "        ").slice(1),
        "    )",
      ]
      : [
        "    return _runs.plain(",
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

function doc(
  each: Function,
  indent: string,
  further: readonly string[],
): string[] {
  const { command, settings, more, result } = each;
  const i = `${indent}    `;
  const first = command.brief[0].toUpperCase() + command.brief.slice(1) + ".";
  return [
    `${i}"""${escaped(first)}`,
    "",
    `${i}${escaped(inPython(command.description))}`,
    "",
    `${i}Args:`,
    ...further.map((line) => `${i}    ${line}`),
    ...(more
      ? [`${i}    *${more}: ${escaped(inPython(command.operands!.brief))}.`]
      : []),
    ...settings.map((setting) =>
      `${i}    ${parameter(setting.name)}: ${described(setting, each)}`
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

function described(
  setting: ListedSetting,
  { command, settings }: Function,
): string {
  const { name, help, allowed, default_text: usual } = setting;
  // Without a place that is named, files are temporary (see _runs.py).
  const isPlace = name === "output_dir" ||
    name === "output" && !settings.some(({ name }) => name === "output_dir");
  const mayBeArray = takesArray(command.name, setting);
  const parts = [
    `${help}.`,
    mayBeArray
      ? "Allowed: an array, or a text or path."
      : `Allowed: ${allowed.replace("true, false", "True, False")}${
        choosesUnits(setting) ? ", or truth values, one for each unit" : ""
      }.`,
    isPlace
      ? "Defaults to a temporary folder, which is removed when Python ends."
      : usual
      ? `Defaults to ${shownDefault(setting)}.`
      : "",
  ];
  return escaped(inPython(parts.join(" ").trim()));
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
