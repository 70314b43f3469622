/** Where a model goes: folders and file names that say how it was trained. */
import { join } from "../platform/paths.ts";
import type { Activation } from "../network/types.ts";
import { tasks } from "../tasks/registry.ts";

/** The parts of the folder and the name of a model file. */
export interface ModelPathSettings {
  /** The folder in which `models` is. */
  readonly outputDir: string;
  /**
   * Name of the task; characters other than letters, digits, dot, minus and
   * underscore are replaced.
   */
  readonly task: string;
  /** Whether Dale's principle holds; if not, the folder `NoDale` is added. */
  readonly dale: boolean;
  /** Probability of a recurrent synapse, 0 to 1. */
  readonly connectionProbability: number;
  /** One decay time constant, or the smallest and the largest, in steps. */
  readonly taus: readonly number[];
  /** Units of each layer. */
  readonly sizes: readonly number[];
  /** Transfer function, part of the file's name. */
  readonly activation: Activation;
  /** When the model is saved; its local date and time go into the name. */
  readonly time: Date;
}

/**
 * A number as Python prints it (`str(float)`): 4 is "4.0", 0.00001 is "1e-05".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pythonFloat } from "@spikernn/spikernn/files";
 * assert(pythonFloat(4) === "4.0");
 * ```
 */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const [digits, exponentText] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${digits}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  const plain = value.toString();
  return plain.includes(".") ? plain : `${plain}.0`;
}

/**
 * A name as a part of a path that cannot lead out of its folder: "../x" becomes
 * "_x".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { safeName } from "@spikernn/spikernn/files";
 * assert(safeName("../x") === "_x");
 * ```
 */
export function safeName(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, "_").replace(/^\.+/, "_")
    .replace(/_+/g, "_").slice(0, 64);
  return /[A-Za-z0-9]/.test(safe) ? safe : "task";
}

/**
 * Local date and time as `YYYY_MM_DD_HHMMSS`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { timestamp } from "@spikernn/spikernn/files";
 * assert(timestamp(new Date(2026, 0, 2, 3, 4, 5)) === "2026_01_02_030405");
 * ```
 */
export function timestamp(time: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  const year = String(time.getFullYear()).padStart(4, "0");
  const day = [year, two(time.getMonth() + 1), two(time.getDate())].join("_");
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()]
    .map(two).join("");
  return `${day}_${clock}`;
}

function tausPart(taus: readonly number[]): string {
  return taus.length === 1
    ? `Tau_${pythonFloat(taus[0])}`
    : `Taus_${pythonFloat(taus[0])}_${pythonFloat(taus[1])}`;
}

/**
 * The folder of a model:
 * `<output_dir>/models/<task>[/NoDale]/P_rec_<p>_Taus_<min>_<max>` (or `_Tau_<tau>`).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { modelFolder } from "@spikernn/spikernn/files";
 * const folder = modelFolder({
 *   outputDir: "out",
 *   task: "xor",
 *   dale: false,
 *   connectionProbability: 0.2,
 *   taus: [20],
 * });
 * assert(folder === "out/models/xor/NoDale/P_rec_0.2_Tau_20.0");
 * ```
 */
export function modelFolder(
  settings: Omit<ModelPathSettings, "activation" | "sizes" | "time">,
): string {
  const probability = pythonFloat(settings.connectionProbability);
  return join(
    settings.outputDir,
    "models",
    safeName(settings.task),
    ...(settings.dale ? [] : ["NoDale"]),
    `P_rec_${probability}_${tausPart(settings.taus)}`,
  );
}

/**
 * The path of a model: its folder and
 * `Task_<task>_N_<N>_Taus_<min>_<max>_Act_<act>_<YYYY_MM_DD_HHMMSS>.mat`; with
 * several layers `…_<L>_layers.mat`, and `N` is `200-100` if sizes differ.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { modelPath } from "@spikernn/spikernn/files";
 * const path = modelPath({
 *   outputDir: "out",
 *   task: "xor",
 *   dale: true,
 *   connectionProbability: 0.2,
 *   taus: [4, 20],
 *   sizes: [200, 200],
 *   activation: "sigmoid",
 *   time: new Date(2026, 0, 2, 3, 4, 5),
 * });
 * assert(path.endsWith("_Act_sigmoid_2026_01_02_030405_2_layers.mat"));
 * ```
 */
export function modelPath(settings: ModelPathSettings): string {
  const { sizes } = settings;
  const equal = sizes.every((size) => size === sizes[0]);
  const name = [
    `Task_${safeName(settings.task)}`,
    `N_${equal ? sizes[0] : sizes.join("-")}`,
    tausPart(settings.taus),
    `Act_${settings.activation}`,
    timestamp(settings.time),
    ...(sizes.length > 1 ? [`${sizes.length}_layers`] : []),
  ].join("_");
  return join(modelFolder(settings), `${name}.mat`);
}

/** A built-in task's name, however it is spelt. */
function builtIn(name: string | undefined): string | undefined {
  const spelt = name?.toLowerCase() ?? "";
  return Object.hasOwn(tasks, spelt) ? spelt : undefined;
}

function taskOfFileName(name: string): string | undefined {
  const start = /(?:^|[^A-Za-z0-9])Task_(?=[A-Za-z0-9.-])/.exec(name);
  if (!start) return undefined;
  const rest = name.slice(start.index + start[0].length);
  const task = /^([A-Za-z0-9._-]+?)_N_\d/.exec(rest)?.[1];
  if (task !== undefined) return builtIn(task) ?? task;
  return builtIn(/^[^_.]+/.exec(rest)?.[0]);
}

/** How many folders above a file may be its task's. */
const nearFolders = 3;

function taskOfFolders(folders: readonly string[]): string | undefined {
  const at = folders.lastIndexOf("models") + 1;
  const [task, next] = folders.slice(at);
  const laidOut = at > 0 && /^(P_rec_|NoDale$)/.test(next ?? "");
  if (laidOut && /^[A-Za-z0-9._-]+$/.test(task)) return builtIn(task) ?? task;
  // Of other folders one that has the name of a task is meant to say it.
  return folders.slice(-nearFolders).map(builtIn)
    .findLast((known) => known !== undefined);
}

/**
 * The task in a model's path, or `undefined` if the path says none: in the name
 * of the file (`Task_<task>_N_…`, with anything before it), or else in its
 * folders (`models/<task>/P_rec_…`, or a folder with the name of a task).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { taskOfPath } from "@spikernn/spikernn/files";
 * assert(taskOfPath("models/Task_go-nogo_N_200.mat") === "go-nogo");
 * assert(taskOfPath("models/xor/best.mat") === "xor");
 * ```
 */
export function taskOfPath(path: string): string | undefined {
  const folders = path.split(/[\\/]+/);
  const name = folders.pop() ?? "";
  return taskOfFileName(name) ?? taskOfFolders(folders);
}
