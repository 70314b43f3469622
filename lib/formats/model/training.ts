/** The training record and the last trial in a model file. */
import type { FloatArray, RateNetwork } from "../../network/types.ts";
import type {
  EvaluationRecord,
  SavedTrial,
  TrainingRecord,
} from "../../network/records.ts";
import type { MatValue } from "../mat5/types.ts";
import { fromRowMajor, numeric } from "../mat5/values.ts";
import {
  evaluationColumns,
  fewestColumns,
  fromRow,
  toRow,
} from "../evaluation_rows.ts";
import { fieldError, type Fields } from "./fields.ts";
import { layerField } from "./names.ts";

const historyField = "spikernn_evaluations";

function decodeEvaluations(
  fields: Fields,
  updates: number,
): EvaluationRecord[] {
  const last = ["eval_perf_mean", "eval_loss_mean"].map((field) =>
    fields.has(field) ? fields.number(field, "number") : NaN
  );
  if (fields.has(historyField)) {
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
  const [performance, loss] = last;
  if (last.every(Number.isNaN)) return [];
  return [{ update: updates, performance, strict: NaN, loss }];
}

/**
 * Takes the training record; `undefined` if there are no losses.
 *
 * @throws {ModelFileError} if a field is wrong
 */
export function decodeTraining(fields: Fields): TrainingRecord | undefined {
  if (!fields.has("losses")) return undefined;
  const all = fields.vector("losses", undefined, "losses");
  const lastUpdate = fields.has("tr")
    ? fields.number("tr", "index of the last update")
    : all.length - 1;
  if (!Number.isInteger(lastUpdate) || lastUpdate < -1) {
    throw fieldError(
      "tr",
      `${lastUpdate}`,
      "a whole number, the index of the last update",
    );
  }
  // The original keeps room for the largest number of updates, filled with 0.
  const losses = all.slice(0, lastUpdate + 1) as FloatArray;
  let evalOutputs: FloatArray = new Float64Array();
  let evalLabels: FloatArray = new Float64Array();
  if (fields.has("eval_os") && fields.has("eval_labels")) {
    evalLabels = fields.vector("eval_labels", undefined, "labels");
    evalOutputs = fields
      .matrix("eval_os", evalLabels.length, undefined, "outputs").data;
  }
  return {
    lastUpdate,
    losses,
    evaluations: decodeEvaluations(fields, lastUpdate + 1),
    evalOutputs,
    evalLabels,
  };
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

/**
 * Takes the last training trial; `undefined` unless all of it is there.
 *
 * @throws {ModelFileError} if a field is wrong
 */
export function decodeTrial(
  fields: Fields,
  network: RateNetwork,
): SavedTrial | undefined {
  const count = network.layers.length;
  const complete = ["u", "o", "target"].every((field) => fields.has(field)) &&
    stateFields.every(([base]) =>
      network.layers.every((_, l) => fields.has(layerField(base, l, count)))
    );
  if (!complete) return undefined;
  const { to, weights } = network.inputs[0];
  const channels = weights.length / network.layers[to].size;
  const { columns: steps, data: inputs } = fields.matrix(
    "u",
    channels,
    undefined,
    "stimulus, channels by steps",
  );
  const states = (base: string) =>
    concatenated(network.layers.map(({ size }, l) =>
      // Column-major steps×units is row-major units×steps.
      fields.array(
        layerField(base, l, count),
        [steps, size],
        "numbers, steps by units",
      )
    ));
  return {
    inputs,
    target: fields.vector("target", steps, "targets"),
    outputs: fields.vector("o", Math.max(0, steps - 1), "outputs"),
    states: states("x"),
    rates: states("r"),
    initialStates: states("x0"),
    initialRates: states("r0"),
  };
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
  const { to, weights } = network.inputs[0];
  const channels = weights.length / layers[to].size;
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
