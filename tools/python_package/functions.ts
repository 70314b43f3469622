/** The commands as functions of Python: names, settings, and what they give. */
import type { ListedCommand } from "../../lib/cli/listed.ts";
import type { ListedSetting } from "../../lib/settings/listed.ts";

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
  perturb: "Perturbation",
  sweep: "Sweep",
  info: "dict[str, Any]",
  import: "Network",
};

/** Settings that are files on the command line, and may be arrays in Python. */
export function takesArray(command: string, setting: ListedSetting): boolean {
  return setting.name === "stimulus" ||
    command === "import" &&
      /^(w|w_in|w_out|b_out|taus|taus_gaus|mask|inh)$/.test(setting.name);
}

/** Settings that choose single units, by number or a truth value for each. */
export function choosesUnits({ name, kind }: ListedSetting): boolean {
  return kind === "text" && (name === "lesion" || name === "stim_units");
}

/** Settings of the terminal alone. */
const terminalSettings = new Set(["quiet", "json", "debug", "gpu_frac"]);

/** Parameters that calls have beside the settings. */
export const extras = ["progress", "stream"];

/** Words that are no names in Python. */
const keywords = new Set(
  "and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield None True False"
    .split(" "),
);

/** A command as a function. */
export interface Function {
  readonly command: ListedCommand;
  readonly name: string;
  readonly result: string;
  readonly settings: readonly ListedSetting[];
  /** Takes a model first, and is a method of networks. */
  readonly ofModel: boolean;
  /** Name of further arguments, if there may be some. */
  readonly more?: string;
}

/** A command as a function of Python. */
export function functionOf(command: ListedCommand): Function {
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

/** A setting's name as that of a parameter. */
export function parameter(name: string): string {
  const plain = name.replaceAll("-", "_");
  return keywords.has(plain) ? `${plain}_` : plain;
}

/** First line of each file. */
export const head =
  `# Made by deno task build-python from the tables of settings; do not edit.`;

/** The names that a module gives. */
export function names(functions: readonly Function[]): string {
  const sorted = functions.map(({ name }) => JSON.stringify(name)).sort();
  return `__all__ = [\n${sorted.map((name) => `    ${name},\n`).join("")}]`;
}
