/** A preset's parts as values of flags. */
import { networkSettings } from "../network/settings.ts";
import type { Flags, Values } from "../settings/kinds.ts";
import type { PresetName } from "../settings/presets.ts";
import { trainingSettings } from "../train/options.ts";

const settings = { ...networkSettings, ...trainingSettings };

/** What a preset sets, by the names of the flags. */
export function presetFlags(
  name: PresetName,
): Partial<Values<typeof settings>> {
  return Object.fromEntries(
    Object.entries(settings as Flags)
      .map(([flag, { presets }]) => [flag, presets?.[name]])
      .filter(([, value]) => value !== undefined),
  );
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
  settings: Partial<Values<typeof networkSettings & typeof trainingSettings>>,
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
