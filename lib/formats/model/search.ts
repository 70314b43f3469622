/** The search over the scaling factor in a model file. */
import { unitCount } from "../../network/geometry.ts";
import type { Calibration } from "../../network/spiking.ts";
import type {
  PopulationRates,
  Proportion,
  Score,
} from "../../network/scores.ts";
import type {
  LayerFactorsRecord,
  SearchRecord,
} from "../../network/records.ts";
import type { MatValue } from "../../mat5/types.ts";
import { fromRowMajor, numeric } from "../../mat5/values.ts";
import { fieldError, type Fields } from "./fields.ts";
import { factorsInstead } from "../../network/scaling_factor.ts";
import type { RateNetwork } from "../../network/types.ts";
import {
  encodeCalibration,
  readCalibration,
  readCorrespondence,
} from "./calibration.ts";
import {
  decodeSynapseGains,
  encodeSynapseGains,
  skipSynapseGains,
  synapseGainField,
} from "./synapse_gains.ts";
import { decodeJson, encodeJson, type Json } from "./json.ts";

/** Name of the field that holds all of a search. */
export const recordField = "spikernn_search";

/** Whether a field is one of a search; a new search replaces them all. */
export function isSearchField(field: string): boolean {
  return field === recordField || columnFields.includes(field) ||
    field.startsWith(synapseGainField) ||
    ["opt_scaling_factor", "all_perfs", "scaling_factors"].includes(field);
}

/** Fields for scripts, which `spikernn_search` holds too. */
const columnFields = [
  "spikernn_strict_perfs",
  "spikernn_perfs_interval",
  "spikernn_strict_interval",
  "spikernn_output_error",
  "spikernn_rates",
  "spikernn_trials",
  "spikernn_layer_factors",
];

function readProportion(json: Json): Proportion {
  return {
    correct: json.get("correct").number(),
    trials: json.get("trials").number(),
    value: json.get("value").number(),
    low: json.get("low").number(),
    high: json.get("high").number(),
  };
}

function readRates(json: Json): PopulationRates {
  return {
    excitatory: json.get("excitatory").number(),
    inhibitory: json.get("inhibitory").number(),
    sst: json.get("sst").number(),
    pv: json.get("pv").number(),
  };
}

function readScore(json: Json): Score {
  const rates = json.get("rates");
  return {
    paper: readProportion(json.get("paper")),
    strict: readProportion(json.get("strict")),
    loss: json.get("loss").number(),
    outputError: json.get("outputError").number(),
    conditions: json.get("conditions").list((condition) => ({
      condition: condition.get("condition").text(),
      paper: readProportion(condition.get("paper")),
      strict: readProportion(condition.get("strict")),
      outputError: condition.get("outputError").number(),
      meanOutput: condition.get("meanOutput").number(),
    })),
    ...(rates.present && { rates: readRates(rates) }),
  };
}

function readRecord(
  json: Json,
  readSynapses: () => Calibration["synapses"],
): SearchRecord {
  const failures = json.get("failures");
  const runs = json.get("runs");
  const correspondence = json.get("correspondence");
  const layers = json.get("layers");
  const calibration = json.get("calibration");
  return {
    factors: json.get("factors").list((factor) => factor.number()),
    scores: json.get("scores").list(readScore),
    chosen: json.get("chosen").number(),
    select: json.get("select").oneOf("strict", "paper"),
    plateau: json.get("plateau").list((factor) => factor.number()),
    settings: json.get("settings").object(),
    ...(correspondence.present && {
      correspondence: readCorrespondence(correspondence),
    }),
    ...(runs.present && { runs: runs.list((run) => run.object()) }),
    ...(failures.present && {
      failures: failures.list((failure) => ({
        factor: failure.get("factor").number(),
        message: failure.get("message").text(),
      })),
    }),
    ...(layers.present && { layers: readLayerFactors(layers) }),
    ...(calibration.present && {
      calibration: readCalibration(calibration, readScore, readSynapses),
    }),
  };
}

function readLayerFactors(json: Json): LayerFactorsRecord {
  const factor = (part: Json) => {
    const value = part.number();
    if (Number.isFinite(value) && value > 0) return value;
    throw fieldError(
      recordField,
      `${value} at ${part.path}`,
      "a scaling factor above 0",
    );
  };
  const settings = json.get("settings");
  return {
    factors: json.get("factors").list(factor),
    single: factor(json.get("single")),
    tried: json.get("tried").list((tried) => ({
      factors: tried.get("factors").list(factor),
      score: readScore(tried.get("score")),
    })),
    score: readScore(json.get("score")),
    singleScore: readScore(json.get("singleScore")),
    kept: json.get("kept").value === true,
    settings: Object.fromEntries(
      Object.keys(settings.object())
        .map((name) => [name, settings.get(name).number()]),
    ),
  };
}

/** A score of which only the performance by the paper's rule is known. */
function scoreOf(performance: number): Score {
  const unknown = {
    correct: NaN,
    trials: NaN,
    value: NaN,
    low: NaN,
    high: NaN,
  };
  return {
    paper: { ...unknown, value: performance },
    strict: unknown,
    loss: NaN,
    outputError: NaN,
    conditions: [],
  };
}

/** Mean performance of each factor, from one number a factor or one a trial and factor. */
function decodePerformances(fields: Fields, factors?: number): number[] {
  const count = factors ??
    fields.vector("all_perfs", undefined, "performances").length;
  const what =
    `performances, one a factor or one a factor and trial, for ${count} factors`;
  const { rows, columns, data } = fields
    .matrix("all_perfs", undefined, undefined, what);
  const across = columns === count;
  if (!across && rows !== count || data.length === 0) {
    throw fieldError("all_perfs", `${rows}x${columns}`, what);
  }
  const wrong = data.find((share) => share < 0 || share > 1);
  if (wrong !== undefined) {
    throw fieldError("all_perfs", `${wrong}`, "performances from 0 to 1");
  }
  const trials = across ? rows : columns;
  return Array.from({ length: count }, (_, factor) => {
    let sum = 0;
    for (let trial = 0; trial < trials; trial++) {
      sum += data[across ? trial * columns + factor : factor * columns + trial];
    }
    return sum / trials;
  });
}

/** The chosen factor; the field is NaN if none has been searched. */
function decodeChosen(
  fields: Fields,
  { activation }: RateNetwork,
): number | undefined {
  const chosen = fields.number("opt_scaling_factor", "scaling factor");
  if (Number.isNaN(chosen)) return undefined;
  if (!(chosen > 0 && Number.isFinite(chosen))) {
    throw fieldError("opt_scaling_factor", `${chosen}`, "a number above 0");
  }
  const instead = factorsInstead(chosen, activation);
  if (!instead) return chosen;
  throw fieldError("opt_scaling_factor", `${chosen}`, instead);
}

function decodeFactors(fields: Fields): number[] {
  const factors = Array.from(
    fields.vector("scaling_factors", undefined, "factors"),
  );
  const wrong = factors.find((factor) =>
    !(factor > 0 && Number.isFinite(factor))
  );
  if (wrong !== undefined || factors.length === 0) {
    throw fieldError(
      "scaling_factors",
      wrong === undefined ? "no numbers" : `${wrong}`,
      "numbers above 0",
    );
  }
  return factors;
}

/** The record that spikernn keeps of a search, if it fits the network. */
function decodeRecord(
  fields: Fields,
  network: RateNetwork,
): SearchRecord | undefined {
  const json = decodeJson(fields, recordField);
  if (json === undefined) return undefined;
  const record = readRecord(json, () => decodeSynapseGains(fields, network));
  const wrong = misfit(record, network);
  if (wrong) throw fieldError(recordField, wrong[0], wrong[1]);
  return record;
}

/** What of a record does not fit together, or not the network, and what would. */
function misfit(
  { factors, scores, layers, calibration }: SearchRecord,
  network: RateNetwork,
): readonly [received: string, expected: string] | undefined {
  if (scores.length !== factors.length) {
    return [
      `${scores.length} scores for ${factors.length} factors`,
      "one score a factor",
    ];
  }
  const count = network.layers.length;
  const perLayer = [layers?.factors, calibration?.factor]
    .find((list) => typeof list === "object" && list.length !== count);
  if (perLayer) return [`factors of layers ${perLayer}`, `one for ${count}`];
  const { units, readout } = calibration?.calibration ?? {};
  const all = unitCount(network);
  for (const numbers of [units?.bias, units?.gain, readout?.units]) {
    if (numbers && numbers.length !== all) {
      return [`a calibration of ${numbers.length} units`, `one of ${all}`];
    }
  }
  return undefined;
}

/**
 * Takes the result of a search; `undefined` if there is none, or if
 * `opt_scaling_factor` is NaN, which the original writes before it searches, or
 * nothing that a factor can be. What is wrong of the rest is left out of it, and
 * remarked.
 */
export function decodeSearch(
  fields: Fields,
  network: RateNetwork,
): SearchRecord | undefined {
  return fields.attempt(() => decodeAll(fields, network));
}

function decodeAll(
  fields: Fields,
  network: RateNetwork,
): SearchRecord | undefined {
  const chosen = fields
    .attempted("opt_scaling_factor", () => decodeChosen(fields, network));
  const factors = fields
    .attempted("scaling_factors", () => decodeFactors(fields));
  const record = fields.attempt(() => decodeRecord(fields, network));
  const known = factors ?? record?.factors ??
    (chosen === undefined ? undefined : [chosen]);
  const performances = fields.attempted(
    "all_perfs",
    () => decodePerformances(fields, known?.length),
  );
  if (chosen === undefined || !known) return undefined;
  if (record) {
    const said = record.scores.map(({ paper }) => paper.value);
    const current = record.chosen === chosen &&
      same(record.factors, known) && same(said, performances ?? said);
    // Another program may have searched again since.
    if (current) {
      // What is not in the record is of an earlier search.
      skipSynapseGains(fields, network);
      for (const field of columnFields) fields.skip(field);
      return record;
    }
  }
  return {
    factors: known,
    scores: known.map((_, k) => scoreOf(performances?.[k] ?? NaN)),
    chosen,
    select: "paper",
    plateau: [],
    settings: {},
  };
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** One row of numbers for each of several columns of a table of factors. */
function table(
  scores: readonly Score[],
  ...columns: ((score: Score) => number)[]
): MatValue {
  const numbers = columns.flatMap((column) => scores.map(column));
  return fromRowMajor(
    Float64Array.from(numbers),
    columns.length,
    scores.length,
  );
}

/**
 * Sets the fields of a search, for the original's scripts and beyond.
 *
 * @throws {TypeError} if there is not one score a factor
 */
export function encodeSearch(
  fields: Map<string, MatValue>,
  record: SearchRecord,
  network: RateNetwork,
): void {
  const synapses = record.calibration?.calibration.synapses;
  if (synapses) encodeSynapseGains(fields, synapses, network);
  const { scores, factors } = record;
  if (scores.length !== factors.length) {
    throw new TypeError(
      `Cannot write the model: received ${scores.length} scores for ${factors.length} scaling factors`,
    );
  }
  fields.set("opt_scaling_factor", numeric(record.chosen));
  fields.set("all_perfs", table(scores, ({ paper }) => paper.value));
  fields.set("scaling_factors", numeric(Float64Array.from(factors)));
  const columns: readonly ((score: Score) => number)[][] = [
    [({ strict }) => strict.value],
    [({ paper }) => paper.low, ({ paper }) => paper.high],
    [({ strict }) => strict.low, ({ strict }) => strict.high],
    [({ outputError }) => outputError],
    [
      ({ rates }) => rates?.excitatory ?? NaN,
      ({ rates }) => rates?.inhibitory ?? NaN,
      ({ rates }) => rates?.sst ?? NaN,
      ({ rates }) => rates?.pv ?? NaN,
    ],
    [({ strict }) => strict.trials],
  ];
  columns.forEach((column, i) =>
    fields.set(columnFields[i], table(scores, ...column))
  );
  if (record.layers?.kept) {
    fields.set(
      "spikernn_layer_factors",
      numeric(Float64Array.from(record.layers.factors)),
    );
  }
  fields.set(
    recordField,
    encodeJson({
      ...record,
      calibration: record.calibration && encodeCalibration(record.calibration),
    }),
  );
}
