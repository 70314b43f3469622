/** Names of the presets, the usual one first. What they set is with the settings. */

/** Names of the presets. */
export type PresetName = "robust" | "fast" | "paper";

/** What each is for, in one sentence. */
export const presetDescriptions: Readonly<Record<PresetName, string>> = {
  robust: "larger batches, bounded gradients, balanced inhibition, " +
    "most of the loss on the response, a short delay first, " +
    "then stronger noise: networks that map well",
  fast: "as robust, without the stronger noise: the quickest training",
  paper: "the published recipe: one trial per update",
};

/** The names, the default first. */
export const presetNames: readonly PresetName[] = Object.keys(
  presetDescriptions,
) as PresetName[];

/** Preset of the command line if none is given. */
export const usualPreset: PresetName = presetNames[0];
