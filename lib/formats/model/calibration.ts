/** The calibration within a search's JSON. */
import type { Score } from "../../network/scores.ts";
import type { Calibration } from "../../network/spiking.ts";
import { calibrationSteps } from "../../network/calibration_steps.ts";
import type {
  CalibrationRecord,
  Correspondence,
} from "../../network/records.ts";
import { fieldError } from "./fields.ts";
import type { Json } from "./json.ts";

/**
 * Reads a calibration.
 *
 * @param readSynapses takes the gains of synapses, which are not in the JSON
 *
 * @throws {ModelFileError} if it is not what is written, or holds numbers
 *   that no calibration has
 */
export function readCalibration(
  json: Json,
  readScore: (json: Json) => Score,
  readSynapses: () => Calibration["synapses"],
): CalibrationRecord {
  const settings = json.get("settings");
  return {
    factor: readFactor(json.get("factor")),
    calibration: readParts(json.get("calibration"), readSynapses),
    outcomes: json.get("outcomes").list((outcome) => ({
      step: outcome.get("step").oneOf(...calibrationSteps),
      before: readScore(outcome.get("before")),
      after: readScore(outcome.get("after")),
      kept: outcome.get("kept").value === true,
      // Records of earlier versions have none of these.
      ...(outcome.get("p").present && { p: outcome.get("p").number() }),
      ...(outcome.get("robustness").present && {
        robustness: outcome.get("robustness").list((check) => ({
          name: check.get("name").text(),
          ...(check.get("before").present && {
            before: check.get("before").number(),
          }),
          after: check.get("after").number(),
          ...(check.get("p").present && { p: check.get("p").number() }),
          worse: check.get("worse").value === true,
        })),
      }),
      ...(outcome.get("correspondence").present && {
        correspondence: readCorrespondence(outcome.get("correspondence")),
      }),
      ...(outcome.get("rounds").present && {
        rounds: outcome.get("rounds").list((round) => ({
          factor: readFactor(round.get("factor")),
          updates: round.get("updates").number(),
          score: readScore(round.get("score")),
        })),
      }),
    })),
    ...(json.get("noise").present && {
      noise: json.get("noise").list(finite),
    }),
    settings: Object.fromEntries(
      Object.keys(settings.object())
        .map((name) => [name, settings.get(name).number()]),
    ),
  };
}

/** Reads how much of a rate network is left in a spiking one. */
export function readCorrespondence(json: Json): Correspondence {
  return {
    unitCorrelation: json.get("unitCorrelation").number(),
    cka: json.get("cka").number(),
    weightChange: json.get("weightChange").number(),
    synapsesChanged: json.get("synapsesChanged").number(),
  };
}

/** A calibration as plain data for JSON; of gains of synapses, that there are some. */
export function encodeCalibration(record: CalibrationRecord): unknown {
  const { readout, units, synapses } = record.calibration;
  return {
    ...record,
    calibration: {
      ...(readout && {
        readout: {
          ...readout,
          ...(readout.units && { units: [...readout.units] }),
        },
      }),
      ...(units && {
        units: { bias: [...units.bias], gain: [...units.gain] },
      }),
      ...(synapses && { synapses: true }),
    },
  };
}

function readFactor(json: Json): number | readonly number[] {
  return Array.isArray(json.value) ? json.list(positive) : positive(json);
}

function readParts(
  json: Json,
  readSynapses: () => Calibration["synapses"],
): Calibration {
  const readout = json.get("readout");
  const units = json.get("units");
  return {
    ...(readout.present && {
      readout: {
        gainExcitatory: positive(readout.get("gainExcitatory")),
        gainInhibitory: positive(readout.get("gainInhibitory")),
        offset: finite(readout.get("offset")),
        ...(readout.get("units").present && {
          units: Float64Array.from(readout.get("units").list(positive)),
        }),
      },
    }),
    ...(units.present && {
      units: {
        bias: Float64Array.from(units.get("bias").list(finite)),
        gain: Float64Array.from(units.get("gain").list(positive)),
      },
    }),
    ...(json.get("synapses").value === true && { synapses: readSynapses() }),
  };
}

function finite(json: Json): number {
  const value = json.number();
  if (Number.isFinite(value)) return value;
  throw fieldError(json.field, `${value} at ${json.path}`, "a finite number");
}

// A gain of 0 or less would take a unit out, or turn its sign.
function positive(json: Json): number {
  const value = finite(json);
  if (value > 0) return value;
  throw fieldError(json.field, `${value} at ${json.path}`, "a number above 0");
}
