/** A preset's parts as values of flags. */
import type { PerformanceRule } from "../network/scores.ts";
import { type PresetName, presetNames, presets } from "../train/presets.ts";

/** Flags that a preset may set, by name. */
export interface PresetFlags {
  readonly batch?: number;
  readonly clip_norm?: number;
  readonly learning_rate?: number;
  readonly eval_freq?: number;
  readonly inhibitory_scale?: number | "balanced";
  readonly answer_share?: number;
  readonly curriculum?: readonly number[];
  readonly noise_levels?: readonly number[];
  readonly criterion?: PerformanceRule;
}

/** What a preset says, by the names of the flags. */
export function presetFlags(name: PresetName): PresetFlags {
  const { network, delays, training } = presets[name];
  const parts = {
    batch: training.batch,
    clip_norm: training.clipNorm,
    learning_rate: training.learningRate,
    eval_freq: training.evalEvery,
    inhibitory_scale: network.inhibitoryScale,
    answer_share: training.answerShare,
    curriculum: delays,
    noise_levels: training.noiseLevels,
    criterion: training.criterion,
  };
  return Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined),
  );
}

/** The preset where none is named. */
export const usualPreset = presetNames[0];

/** For the help of a flag that presets set: what it is where nothing is given. */
export function shownByPreset(name: keyof PresetFlags): string {
  const value = presetFlags(usualPreset)[name];
  return `the preset's, ${Array.isArray(value) ? value.join(" ") : value}`;
}

/**
 * Settings under their preset: what was given wins over the preset, and the
 * preset over the defaults.
 *
 * @param flags values of all flags, `preset` among them
 * @param given names of those that were given, on the command line or in a file
 */
export function underPreset<F extends { readonly preset: PresetName }>(
  flags: F,
  given: ReadonlySet<string>,
): F {
  const parts = Object.entries(presetFlags(flags.preset))
    .filter(([name]) => !given.has(name));
  return { ...flags, ...Object.fromEntries(parts) };
}

/** A preset and its parts in one line, as they are in force. */
export function presetText(
  settings: PresetFlags & { readonly preset: PresetName },
): string {
  const { batch, clip_norm, inhibitory_scale, learning_rate, noise_levels } =
    settings;
  const { answer_share = 0, curriculum = [], criterion = "paper" } = settings;
  return `preset ${settings.preset}: batch ${batch}, ` +
    `clip_norm ${clip_norm ?? "none"}, learning_rate ${learning_rate}, ` +
    `inhibitory_scale ${inhibitory_scale}, ` +
    `answer_share ${answer_share}, ` +
    `curriculum ${curriculum.join(" ") || "none"}, ` +
    `noise_levels ${(noise_levels ?? [1]).join(" ")}, criterion ${criterion}`;
}
