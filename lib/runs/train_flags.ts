/** Flags of `train`, which `eval` uses too, to find what was trained. */
import { countOf } from "../count.ts";
import { layerSettings, networkSettings } from "../network/settings.ts";
import {
  apart,
  type Flags,
  grouped,
  text,
  trueFalse,
  type Values,
} from "../settings/kinds.ts";
import { numbers, real, whole } from "../settings/numbers.ts";
import { trainingSettings } from "../train/options.ts";
import {
  backendFlags,
  configFlags,
  outputFlags,
  seedFlags,
  taskFlags,
} from "./common_flags.ts";
import { watchFlags } from "./watch_flags.ts";

/** The network. */
export const networkFlags = grouped("Network", {
  N: whole("number of units (of each layer)", {
    min: 1,
    max: 100_000,
    fallback: 200,
    placeholder: "UNITS",
  }),
  ...networkSettings,
});

/** Several layers. */
export const layerFlags = grouped("Layers", {
  n_layers: whole("number of layers, of N units each", {
    min: 1,
    max: 100,
    fallback: 1,
  }),
  layer_sizes: numbers("units of each layer, in place of --N and --n_layers", {
    least: 1,
    most: 100,
    min: 1,
    max: 100_000,
    whole: true,
    fallback: undefined,
    placeholder: "UNITS...",
  }),
  ...layerSettings,
});

/**
 * Units of each layer that the flags ask for.
 *
 * @throws {RangeError} if they contradict one another
 */
export function sizesOf(
  { N, n_layers, layer_sizes }: Pick<
    Values<typeof networkFlags & typeof layerFlags>,
    "N" | "n_layers" | "layer_sizes"
  >,
): readonly number[] {
  if (layer_sizes && n_layers !== 1 && n_layers !== layer_sizes.length) {
    throw new RangeError(
      `Cannot make ${
        countOf(n_layers, "layer")
      } (--n_layers) of ${layer_sizes.length} ` +
        "sizes (--layer_sizes): allowed is one size a layer",
    );
  }
  return layer_sizes ?? new Array<number>(n_layers).fill(N);
}

/** Where the model goes. */
const placeFlags = apart(
  "person",
  grouped("Output", {
    output_dir: text("folder in which models/… and plots/… are made", {
      fallback: ".",
      placeholder: "FOLDER",
      path: "folder",
    }),
    output: text(
      "file to save the model to, .mat, in place of a name of its own under models/",
      { fallback: undefined, placeholder: "FILE", path: "file" },
    ),
    plots: trueFalse(
      "draw performance, loss, activity and output at the evaluations, as PNG and SVG in plots/…; an evaluation is left out if drawing would slow training, but never the last one",
      { fallback: true },
    ),
  }),
);

/** A flag of the original's command line that means nothing here. */
const originalFlags = apart(
  "person",
  grouped("Running", {
    gpu_frac: real(
      "share of the graphics card's memory: accepted, without effect, since memory is taken as needed",
      { above: 0, max: 1, fallback: undefined, placeholder: "FRACTION" },
    ),
  }),
);

/** What is kept of a run that does not come to its end. */
const checkpointFlags = apart(
  "person",
  grouped("Output", {
    checkpoints: trueFalse(
      "keep the last two states of the run beside the model, at every evaluation and when it is stopped, until the model is saved",
      { fallback: true },
    ),
    resume: text(
      "continue a run, from its folder (NAME.run) or one of its checkpoints, under the settings that it was begun with",
      { fallback: undefined, placeholder: "FOLDER|FILE", path: "file" },
    ),
  }),
);

/** All of them. */
export const trainFlags = {
  ...taskFlags,
  ...networkFlags,
  ...layerFlags,
  ...trainingSettings,
  ...seedFlags,
  ...backendFlags,
  ...originalFlags,
  ...placeFlags,
  ...checkpointFlags,
  ...watchFlags,
  ...configFlags,
  ...outputFlags,
} satisfies Flags;
