/** Models that the report's tests share. */
import { convert } from "../../lib/spiking/convert.ts";
import type { Model, SearchRecord } from "../../lib/network/records.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { wilson } from "../../lib/simulate/wilson.ts";
import { goNogo } from "../../lib/tasks/go_nogo.ts";

export const modelPath =
  new URL("../data/gonogo_original.mat", import.meta.url).pathname;

/** A network trained by the original code. */
export const original: Model = await readModel(modelPath);
export const task = goNogo();
export const spiking = convert(original.network, { scalingFactor: 50 });

/** A search as it might have been. */
export const search: SearchRecord = {
  factors: [40, 50],
  scores: [3, 4].map((correct) => ({
    paper: wilson(correct, 4),
    strict: wilson(correct, 4),
    loss: NaN,
    outputError: 1 / correct,
    conditions: [],
  })),
  chosen: 50,
  select: "strict",
  plateau: [40, 50],
  settings: { seed: 5, trials: 4, neuron: spiking.neuron },
};
