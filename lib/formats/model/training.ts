/** The training record and the last trial in a model file. */
import type { FloatArray, RateNetwork } from "../../network/types.ts";
import type {
  EvaluationRecord,
  SavedTrial,
  TrainingRecord,
} from "../../network/records.ts";
import type { MatValue } from "../../mat5/types.ts";
import { fromRowMajor, numeric } from "../../mat5/values.ts";
import {
  evaluationColumns,
  fewestColumns,
  fromRow,
  toRow,
} from "../evaluation_rows.ts";
import { fieldError, type Fields } from "./fields.ts";
import { layerField } from "./names.ts";

const historyField = "spikernn_evaluations";

function decodeHistory(fields: Fields): EvaluationRecord[] {
  const { rows, columns, data } = fields
    .matrix(historyField, undefined, undefined, "numbers");
  if (columns < fewestColumns || columns > evaluationColumns.length) {
    throw fieldError(
      historyField,
      `${rows}x${columns} numbers`,
      `n rows of ${fewestColumns} to ${evaluationColumns.length} numbers`,
    );
  }
  return Array.from(
    { length: rows },
    (_, row) => fromRow(data.subarray(columns * row, columns * (row + 1))),
  );
}

function decodeEvaluations(
  fields: Fields,
  updates: number,
): EvaluationRecord[] {
  const [performance, loss] = ["eval_perf_mean", "eval_loss_mean"].map(
    (field) =>
      fields.attempted(field, () => fields.number(field, "number")) ?? NaN,
  );
  const history = fields.attempted(historyField, () => decodeHistory(fields));
  if (history) return history;
  if (Number.isNaN(performance) && Number.isNaN(loss)) return [];
  return [{ update: updates, performance, strict: NaN, loss }];
}

function decodeLastUpdate(fields: Fields): number {
  const what = "index of the last update";
  const lastUpdate = fields.number("tr", what);
  if (Number.isInteger(lastUpdate) && lastUpdate >= -1) return lastUpdate;
  throw fieldError("tr", `${lastUpdate}`, `a whole number, the ${what}`);
}

/** Losses of all updates, with the room that was kept for more. */
function decodeLosses(fields: Fields, lastUpdate = -1): FloatArray {
  const losses = fields.vector("losses", undefined, "losses");
  if (losses.length === 0 && lastUpdate >= 0) {
    throw fieldError("losses", "no numbers", `${lastUpdate + 1} losses`);
  }
  return losses;
}

/** What the original's labels of xor trials are in numbers. */
const labelOfWord: Readonly<Record<string, number>> = {
  same: 1,
  diff: -1,
  different: -1,
};

function decodeLabels(fields: Fields): FloatArray {
  const words = fields.words("eval_labels");
  if (!words) {
    const labels = fields.vector("eval_labels", undefined, "labels");
    if (labels.length > 0) return labels;
    throw fieldError("eval_labels", "no labels", "one for each trial");
  }
  const unknown = words.find((word) => !Object.hasOwn(labelOfWord, word));
  if (unknown !== undefined) {
    throw fieldError(
      "eval_labels",
      JSON.stringify(unknown.slice(0, 40)),
      `numbers, or the words ${Object.keys(labelOfWord).join(", ")}`,
    );
  }
  return Float64Array.from(words, (word) => labelOfWord[word]);
}

/** Outputs and labels of the last evaluation's trials; both or none. */
function decodeLastTrials(
  fields: Fields,
): Pick<TrainingRecord, "evalOutputs" | "evalLabels"> | undefined {
  const evalLabels = fields
    .attempted("eval_labels", () => decodeLabels(fields));
  if (!evalLabels || !fields.has("eval_os")) {
    fields.attempted(
      "eval_os",
      () => fields.matrix("eval_os", undefined, undefined, "outputs"),
    );
    return undefined;
  }
  const trials = evalLabels.length;
  const outputs = trials === 1
    ? fields.vector("eval_os", undefined, "outputs of one trial")
    : fields.matrix("eval_os", trials, undefined, "outputs").data;
  return { evalOutputs: outputs, evalLabels };
}

/**
 * Takes the training record; `undefined` if there are no losses. What is wrong
 * of the rest is left out of it, and remarked.
 */
export function decodeTraining(fields: Fields): TrainingRecord | undefined {
  return fields.attempt(() => {
    const said = fields.attempted("tr", () => decodeLastUpdate(fields));
    const all = fields.attempted("losses", () => decodeLosses(fields, said));
    // The original keeps room for the largest number of updates, filled with 0.
    const lastUpdate = said ??
      Array.from(all ?? []).findLastIndex((loss) => loss !== 0);
    const evaluations = decodeEvaluations(fields, lastUpdate + 1);
    const last = fields.attempt(() => decodeLastTrials(fields)) ?? {
      evalOutputs: new Float64Array(),
      evalLabels: new Float64Array(),
    };
    const losses = all?.slice(0, lastUpdate + 1);
    return losses && { lastUpdate, losses, evaluations, ...last };
  });
}

/**
 * Sets the fields of the training record.
 *
 * @throws {TypeError} if the outputs are not one row a label
 */
export function encodeTraining(
  fields: Map<string, MatValue>,
  record: TrainingRecord,
): void {
  fields.set("losses", numeric(record.losses));
  fields.set("tr", numeric(record.lastUpdate));
  const last = record.evaluations.at(-1);
  if (last) {
    fields.set("eval_perf_mean", numeric(last.performance));
    fields.set("eval_loss_mean", numeric(last.loss));
  }
  const rows = record.evaluations.map(toRow);
  fields.set(
    historyField,
    fromRowMajor(
      Float64Array.from(rows.flat()),
      rows.length,
      evaluationColumns.length,
    ),
  );
  const trials = record.evalLabels.length;
  if (trials === 0 && record.evalOutputs.length === 0) return;
  const columns = record.evalOutputs.length / trials;
  if (!Number.isInteger(columns)) {
    throw new TypeError(
      `Cannot write the model: received ${record.evalOutputs.length} evaluation outputs for ${trials} trials`,
    );
  }
  fields.set("eval_os", fromRowMajor(record.evalOutputs, trials, columns));
  fields.set("eval_labels", numeric(record.evalLabels));
}

/** Fields of a trial, one a layer. */
const stateFields = [
  ["x", "states"],
  ["r", "rates"],
  ["x0", "initialStates"],
  ["r0", "initialRates"],
] as const;

/** Takes the last training trial; `undefined` unless all of it is there and right. */
export function decodeTrial(
  fields: Fields,
  network: RateNetwork,
): SavedTrial | undefined {
  return fields.attempt(() => decodeParts(fields, network));
}

function decodeParts(
  fields: Fields,
  network: RateNetwork,
): SavedTrial | undefined {
  const { layers } = network;
  const stimulus = fields.attempted("u", () => decodeStimulus(fields, network));
  const target = fields.attempted(
    "target",
    () => fields.vector("target", stimulus?.steps, "targets"),
  );
  const steps = stimulus?.steps ?? target?.length;
  if (steps === undefined) return undefined;
  const states = (base: string) => {
    const parts = layers.map(({ size }, l) => {
      const field = layerField(base, l, layers.length);
      // Column-major steps×units is row-major units×steps.
      return fields.attempted(
        field,
        () => fields.array(field, [steps, size], "numbers, steps by units"),
      );
    });
    return allOf(parts) && concatenated(parts as FloatArray[]);
  };
  const parts = {
    inputs: stimulus?.data,
    target,
    outputs: fields.attempted(
      "o",
      () => fields.vector("o", Math.max(0, steps - 1), "outputs"),
    ),
    states: states("x"),
    rates: states("r"),
    initialStates: states("x0"),
    initialRates: states("r0"),
  };
  return allOf(Object.values(parts)) ? parts as SavedTrial : undefined;
}

function decodeStimulus(
  fields: Fields,
  network: RateNetwork,
): { readonly steps: number; readonly data: FloatArray } {
  const channels = channelsOf(network);
  const what = "stimulus, channels by steps";
  // One channel may have been turned, or squeezed.
  const { columns, data } = channels === 1
    ? asRow(fields.vector("u", undefined, what))
    : fields.matrix("u", channels, undefined, what);
  return { steps: columns, data };
}

function asRow(data: FloatArray): { columns: number; data: FloatArray } {
  return { columns: data.length, data };
}

function channelsOf(
  { inputs: [{ to, weights }], layers }: RateNetwork,
): number {
  return weights.length / layers[to].size;
}

function allOf(parts: readonly unknown[]): true | undefined {
  return parts.every((part) => part !== undefined) || undefined;
}

function concatenated(parts: readonly FloatArray[]): FloatArray {
  if (parts.length === 1) return parts[0];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const result = parts.every((part) => part instanceof Float32Array)
    ? new Float32Array(length)
    : new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/**
 * Sets the fields of the last training trial.
 *
 * @throws {TypeError} if its arrays do not fit the network and each other
 */
export function encodeTrial(
  fields: Map<string, MatValue>,
  trial: SavedTrial,
  network: RateNetwork,
): void {
  const { layers } = network;
  const steps = trial.target.length;
  const channels = channelsOf(network);
  const units = layers.reduce((sum, { size }) => sum + size, 0);
  const fits = trial.inputs.length === channels * steps &&
    trial.outputs.length === Math.max(0, steps - 1) &&
    stateFields.every(([, key]) => trial[key].length === units * steps);
  if (!fits) {
    throw new TypeError(
      `Cannot write the model: received a trial whose arrays do not fit ${channels} channels, ${units} units and ${steps} steps`,
    );
  }
  fields.set("u", fromRowMajor(trial.inputs, channels, steps));
  fields.set("target", numeric(trial.target));
  fields.set("o", numeric(trial.outputs, [trial.outputs.length, 1, 1]));
  for (const [base, key] of stateFields) {
    let row = 0;
    layers.forEach(({ size }, l) => {
      const part = trial[key]
        .slice(row * steps, (row + size) * steps) as FloatArray;
      fields.set(
        layerField(base, l, layers.length),
        numeric(part, [steps, size, 1]),
      );
      row += size;
    });
  }
}
