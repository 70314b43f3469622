/**
 * The command lines that make a saved network again, bit for bit, from what its
 * file records of the runs that made it. Names of settings are those of the flags
 * alone and values are what the flags take, whatever a file says.
 */
import { pathOutside } from "../formats/archive_path.ts";
import { basename } from "node:path";
import type { Model, SearchRecord } from "../network/records.ts";
import type { NeuronModel, SynapseModel } from "../network/spiking.ts";
import { recordedRise } from "../network/synapses.ts";
import type { CommandLines } from "../report/page/report.ts";
import { usualMapping } from "../spiking/usual.ts";
import { typedText, valueOf } from "./config.ts";
import { type Flags, isFree } from "../settings/kinds.ts";
import { mapFlags } from "./map_flags.ts";
import { printableLine } from "../printable.ts";
import { trainFlags } from "./train_flags.ts";

type Settings = Readonly<Record<string, unknown>>;

/**
 * Command lines that train, map and report the same network again, as far as its
 * file tells how it came about. A network that is made again gets a folder of its
 * own, so that the one there is stays as it is.
 *
 * @param model what the file holds
 * @param path the model's file, as it was named
 * @param report what the report was asked, by the names of its flags
 */
export function commandLines(
  model: Model,
  path: string,
  report: Settings,
): CommandLines {
  const { provenance, search } = model;
  // Nothing says again when it is to be interrupted.
  const interruptedAfter = model.training?.outcome?.reason === "interrupted"
    ? model.training.losses.length
    : undefined;
  const training = taken(provenance?.settings ?? {}, trainFlags);
  const mappings = (search?.runs ?? []).map((run) => taken(run, mapFlags));
  const recorded = Object.keys(training.settings).length > 0;
  const folder = `again/${basename(pathOutside(path)).replace(/\.mat$/i, "")}`;
  const train = {
    ...(recorded ? training.settings : known(model)),
    ...(recorded && backendOf(provenance?.backend)),
    output_dir: folder,
  };
  // Earlier versions did not record what a search was asked.
  const runs = search && mappings.length === 0
    ? [searchedAs(search)]
    : mappings.map(({ settings }) => settings);
  const lines = [
    ["train", ...flags(train, trainFlags)],
    ...runs.map((run, k) => [
      "map",
      operand(recorded ? folder : path),
      ...flags({
        ...run,
        ...(k === 0 && { all_trials: search?.settings.allTrials ?? true }),
        ...(k === 0 && backendOf(search?.settings.backend)),
        // This very file has been searched already.
        ...(k === 0 && !recorded && { force: true }),
      }, mapFlags),
    ]),
    ["report", operand(path), ...written(report)],
  ];
  return {
    lines: lines.map((line) => ["spikernn", ...line].join(" "))
      .filter((line) => line === printableLine(line)),
    complete: recorded && training.whole && interruptedAfter === undefined &&
      (!search || mappings.length > 0 && mappings.every(({ whole }) => whole)),
    ...(interruptedAfter !== undefined && { interruptedAfter }),
  };
}

/**
 * The settings among a file's that a flag may have and that shape a result, read
 * by the flags' own rules; `whole` if there are no others.
 */
function taken(
  record: Settings,
  table: Flags,
): { readonly settings: Settings; readonly whole: boolean } {
  const settings: Record<string, unknown> = {};
  let whole = true;
  for (const [name, value] of Object.entries(record)) {
    const read = Object.hasOwn(table, name) && !isFree(table, name)
      ? valueOf(table[name], value)
      : undefined;
    if (read === undefined || printableLine(words(read)) !== words(read)) {
      whole = false;
    } else settings[name] = read;
  }
  return { settings, whole };
}

/** What the network itself says of its settings. */
function known({ network, task }: Model): Settings {
  const sizes = network.layers.map((layer) => layer.size);
  return {
    task: task?.name,
    ...(sizes.length === 1 ? { N: sizes[0] } : { layer_sizes: sizes }),
    som_N: network.layers[0].sstCount || undefined,
    apply_dale: network.dale,
    act: network.activation,
    decay_taus: network.taus,
  };
}

/**
 * The settings of a search as its result tells them: how the network was mapped,
 * and over what.
 */
export function searchedAs(
  { factors, select, scores, settings }: SearchRecord,
): Settings {
  const { neuron, synapse, dt, ...searched } = settings as Mapped;
  return {
    factors,
    trials: searched.trials ?? scores[0]?.strict.trials,
    // Earlier versions and other programs gave all trials to every factor.
    all_trials: searched.allTrials ?? true,
    predict: searched.predict ? true : undefined,
    select,
    seed: searched.seed,
    model: neuron?.name,
    tm: neuron?.tauMembrane,
    tref: neuron?.refractory,
    tau_w: neuron?.tauAdaptation,
    b_w: neuron?.adaptationJump,
    synapse: synapse?.kind,
    tr: recordedRise(synapse),
    downsample: dt && Math.round(dt / usualMapping.integrationStep),
    use_initial_weights: searched.initialWeights,
  };
}

/** What a search records of how it mapped; files of the original hold nothing. */
interface Mapped {
  readonly neuron?: NeuronModel;
  readonly synapse?: SynapseModel;
  readonly dt?: number;
  readonly seed?: number;
  readonly trials?: number;
  readonly allTrials?: boolean;
  readonly predict?: boolean | number;
  readonly initialWeights?: boolean;
}

/** The flags that give a backend of this description. */
function backendOf(description: unknown): Settings {
  const [, name, workers] =
    /^(simd|reference|webgpu)(?: \((\d{1,4}) workers\)| \(.*\))?$/
      .exec(String(description)) ?? [];
  if (name === undefined) return {};
  return name === "simd"
    ? { backend: name, workers: Number(workers ?? 1) }
    : { backend: name };
}

/** Settings as flags, those alone that the table has and takes; switches where on. */
function flags(settings: Settings, table: Flags): string[] {
  const allowed = Object.entries(settings).filter(([name, value]) =>
    Object.hasOwn(table, name) &&
    valueOf(table[name], plain(value)) !== undefined &&
    (value !== false || table[name].fallback !== false)
  );
  return written(Object.fromEntries(allowed));
}

function plain(value: unknown): unknown {
  return ArrayBuffer.isView(value)
    ? Array.from(value as unknown as ArrayLike<number>)
    : value;
}

function written(settings: Settings): string[] {
  return Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const text = words(value);
      // What begins with a dash would be taken for another flag.
      return `--${name}${text.startsWith("-") ? "=" : " "}${text}`;
    });
}

/** A value as the command line takes it: words that a shell leaves alone. */
function words(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as ArrayLike<unknown>, words).join(" ") || "none";
  }
  return quote(typedText(value));
}

/** A file or folder as an argument: no flag, whatever its name begins with. */
function operand(path: string): string {
  return quote(path.startsWith("-") ? `./${path}` : path);
}

/** As a POSIX shell takes it for one word. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
