/** The command lines that give the same again. */
import type { Model } from "../../network/records.ts";
import type { SpikingNetwork } from "../../network/spiking.ts";
import { factorOfSearch } from "../../spiking/mapped.ts";

/**
 * Command lines that train, map and report the same network again, as far as
 * the file tells how it came about.
 *
 * @param path the model's file, as it was named
 * @param seed of the report
 */
export function commandLines(
  model: Model,
  spiking: SpikingNetwork | undefined,
  path: string,
  seed: number,
): { readonly lines: string[]; readonly complete: boolean } {
  const recorded = model.provenance?.settings ?? {};
  const complete = Object.keys(recorded).length > 0;
  const settings = complete ? recorded : known(model);
  const train = ["spikernn train", ...flags(withTask(settings, model))];
  const file = quote(path);
  const searched = model.search?.settings as Mapped | undefined;
  const map = model.search && [
    "spikernn map",
    file,
    ...flags({
      factors: model.search.factors,
      trials: searched?.trials ?? model.search.scores[0]?.strict.trials,
      select: model.search.select,
      factor_per_layer: model.search.layers && true,
      ...mapping(searched),
      seed: searched?.seed,
    }),
  ];
  const report = [
    "spikernn report",
    file,
    ...flags({
      ...factorFlags(model, spiking),
      seed,
    }),
  ];
  return {
    lines: [train, ...(map ? [map] : []), report].map((l) => l.join(" ")),
    complete,
  };
}

/** How the twin's factor is asked for, where it is not the one of the search. */
function factorFlags(
  { search }: Model,
  spiking: SpikingNetwork | undefined,
): Record<string, unknown> {
  if (!spiking || search && factorOfSearch(search) === spiking.factor) {
    return {};
  }
  return search?.chosen === spiking.factor
    ? { single_factor: true }
    : { factor: spiking.factor };
}

/** What a search records of how it mapped; files of the original hold nothing. */
interface Mapped {
  readonly neuron?: { readonly name?: string };
  readonly synapse?: { readonly kind?: string };
  readonly seed?: number;
  readonly trials?: number;
}

function mapping(searched: Mapped | undefined) {
  return { model: searched?.neuron?.name, synapse: searched?.synapse?.kind };
}

/** What the network itself says of its settings. */
function known({ network }: Model): Record<string, unknown> {
  const sizes = network.layers.map((layer) => layer.size);
  return {
    ...(sizes.length === 1 ? { N: sizes[0] } : { layer_sizes: sizes }),
    som_N: network.layers[0].sstCount || undefined,
    apply_dale: network.dale,
    act: network.activation,
    decay_taus: network.taus,
  };
}

/** The task comes first; of a task's timings those that no flag names. */
function withTask(
  settings: Readonly<Record<string, unknown>>,
  { task }: Model,
): Record<string, unknown> {
  return { task: settings.task ?? task?.name, ...settings };
}

function flags(settings: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(settings)
    .filter(([, value]) =>
      value !== undefined && value !== null && value !== ""
    )
    .filter(([name, value]) => !(name === "trust_task" && value === false))
    .map(([name, value]) => `--${name} ${written(value)}`);
}

function written(value: unknown): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const list = Array.from(value as ArrayLike<unknown>, written);
    return list.join(" ") || "none";
  }
  return quote(String(value));
}

/** As a POSIX shell takes it for one word. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
