/** The checkpoint file: a training run's state as safetensors. */
import { z } from "zod";
import type { RateParameters } from "../backend/types.ts";
import { parametersOf, withParameters } from "../backend/wiring.ts";
import { ModelFileError } from "../errors.ts";
import {
  evaluationColumns,
  fewestColumns,
  fromRow,
  toRow,
} from "../formats/evaluation_rows.ts";
import {
  decodeSafeTensors,
  encodeSafeTensors,
  type Tensor,
} from "../formats/safetensors.ts";
import { parseJson } from "../formats/nested_json.ts";
import type { EvaluationRecord } from "../network/records.ts";
import type { FloatArray } from "../network/types.ts";
import { version as ownVersion } from "../version.ts";
import { Arrays, packFixed, packParameters } from "./checkpoint_arrays.ts";
import {
  networkOf,
  structureOf,
  structureSchema,
  unreadable,
} from "./checkpoint_structure.ts";
import type {
  KeptEvaluation,
  TrainingState,
} from "../records/training_state.ts";

/** A training run as it is stored on disk. */
export interface Checkpoint {
  /** State of the run. */
  readonly state: TrainingState;
  /** Seed of its trials and noise. */
  readonly seed: number;
  /** Its task; `fingerprint` identifies the trials that it makes. */
  readonly task: {
    readonly name: string;
    readonly timing: Readonly<Record<string, number>>;
    readonly fingerprint: string;
  };
  /** Settings by their command-line names, JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A checkpoint with the version that wrote it. */
export interface ReadCheckpoint extends Checkpoint {
  /** Version of the package that wrote it. */
  readonly version: string;
}

/** A checkpoint that a newer version has written. */
export class NewerCheckpointError extends ModelFileError {
  override name = "NewerCheckpointError";
}

const kind = "spikernn checkpoint";
const formatVersion = 1;

const count = z.number().int().nonnegative();
const headSchema = z.strictObject({
  seed: count,
  update: count,
  optimiserUpdates: count,
  evaluated: z.boolean(),
  /** Update of the network that met the criteria last, if one has. */
  met: count.optional(),
  task: z.strictObject({
    name: z.string(),
    timing: z.record(z.string(), z.number()),
    fingerprint: z.string(),
  }),
  settings: z.record(z.string(), z.unknown()),
  structure: structureSchema,
});

/**
 * Writes a checkpoint: parameters now and before training, the optimiser's
 * moments and counter, history, settings, seed, task and version. Random
 * numbers are functions of the seed and of counters, so that no other random
 * state is needed.
 *
 * @param checkpoint the state of a run
 * @returns the bytes of a safetensors file
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork,
 *   getTask,
 *   randomStream,
 *   train,
 * } from "@spikernn/spikernn";
 * import { decodeCheckpoint, encodeCheckpoint } from "@spikernn/spikernn/files";
 * const network = createNetwork({ channels: 1, units: 10 }, randomStream(1));
 * const task = getTask("go-nogo");
 * const options = { seed: 1, updates: 2, evalTrials: 2, checkpoints: true };
 * for await (const event of train(network, task, options)) {
 *   if (event.kind !== "checkpoint") continue;
 *   const bytes = encodeCheckpoint({
 *     state: event.state,
 *     seed: 1,
 *     task: { name: task.name, timing: task.timing, fingerprint: "" },
 *     settings: {},
 *   });
 *   assert(decodeCheckpoint(bytes).state.update === 2);
 * }
 * ```
 */
export function encodeCheckpoint(
  { state, seed, task, settings }: Checkpoint,
): Uint8Array<ArrayBuffer> {
  const { network, optimiser, evaluations, evaluation, met } = state;
  const tensors = new Map<string, Tensor>();
  packFixed(tensors, network);
  packParameters(tensors, "network", parametersOf(network), network);
  packParameters(tensors, "initial", parametersOf(state.initial), network);
  packParameters(tensors, "first_moment", optimiser.first, network);
  packParameters(tensors, "second_moment", optimiser.second, network);
  put("losses", state.losses);
  const rows = evaluations.map(toRow);
  evaluationColumns.forEach((column, k) =>
    put(`evaluations.${column}`, Float64Array.from(rows, (row) => row[k]))
  );
  if (evaluation) {
    putEvaluation("evaluation", evaluation);
  }
  if (met) {
    packParameters(tensors, "met", parametersOf(met.network), network);
    putEvaluation("met", met.evaluation);
  }
  function put(name: string, data: FloatArray) {
    tensors.set(name, { shape: [data.length], data });
  }
  function putEvaluation(set: string, { outputs, labels }: KeptEvaluation) {
    const shape = [labels.length, outputs.length / Math.max(1, labels.length)];
    tensors.set(`${set}.outputs`, { shape, data: outputs });
    put(`${set}.labels`, labels);
  }
  const head: z.infer<typeof headSchema> = {
    seed,
    update: state.update,
    optimiserUpdates: optimiser.updates,
    evaluated: evaluation !== undefined,
    ...(met && { met: met.update }),
    task: { ...task, timing: { ...task.timing } },
    settings: { ...settings },
    structure: structureOf(network),
  };
  return encodeSafeTensors(
    tensors,
    new Map([
      ["kind", kind],
      ["format", String(formatVersion)],
      ["version", ownVersion],
      ["checkpoint", JSON.stringify(head)],
    ]),
  );
}

/**
 * Reads a checkpoint, and checks all of it.
 *
 * @param bytes of a file
 * @throws {ModelFileError} if the file is damaged, is no checkpoint, or was
 *   written by a newer version
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ModelFileError } from "@spikernn/spikernn";
 * import { decodeCheckpoint } from "@spikernn/spikernn/files";
 * let refused: unknown;
 * try {
 *   decodeCheckpoint(new Uint8Array(3));
 * } catch (error) {
 *   refused = error;
 * }
 * assert(refused instanceof ModelFileError);
 * ```
 */
export function decodeCheckpoint(bytes: Uint8Array): ReadCheckpoint {
  const { tensors, metadata } = decodeSafeTensors(bytes);
  if (metadata.get("kind") !== kind) throw unreadable("it is not a checkpoint");
  const written = metadata.get("version") ?? "";
  const format = Number(metadata.get("format"));
  if (format > formatVersion || isNewer(written, ownVersion)) {
    throw new NewerCheckpointError(
      `Cannot read the checkpoint: it was written by version ${
        JSON.stringify(written)
      }, allowed are versions up to this one, ${ownVersion}`,
    );
  }
  if (format !== formatVersion) throw unreadable(`its format is ${format}`);
  const head = headOf(metadata.get("checkpoint"));
  const arrays = new Arrays(tensors);
  const network = networkOf(head.structure, arrays);
  const take = (set: string) => arrays.parameters(set, network);
  const moments = {
    first: take("first_moment"),
    second: take("second_moment"),
  };
  const losses = arrays.doubles("losses", [head.update]);
  const state: TrainingState = {
    update: head.update,
    network,
    optimiser: { ...moments, updates: head.optimiserUpdates },
    initial: withParameters(network, take("initial")),
    losses,
    evaluations: evaluationsOf(arrays),
    ...(head.evaluated && {
      evaluation: {
        outputs: arrays.singles("evaluation.outputs"),
        labels: arrays.doubles("evaluation.labels"),
      },
    }),
    ...(head.met !== undefined && {
      met: {
        update: head.met,
        network: withParameters(network, take("met")),
        evaluation: {
          outputs: arrays.singles("met.outputs"),
          labels: arrays.doubles("met.labels"),
        },
      },
    }),
  };
  arrays.end();
  check(state);
  const { seed, task, settings } = head;
  return { state, seed, task, settings, version: written };
}

function evaluationsOf(arrays: Arrays): EvaluationRecord[] {
  let count: number | undefined;
  const columns = evaluationColumns.map((column, k) => {
    const name = `evaluations.${column}`;
    if (k >= fewestColumns && !arrays.has(name)) return undefined;
    const values = arrays.doubles(name, count === undefined ? count : [count]);
    count = values.length;
    return values;
  });
  return Array.from(
    { length: count! },
    (_, row) => fromRow(columns.map((values) => values?.[row] ?? NaN)),
  );
}

function headOf(json: string | undefined): z.infer<typeof headSchema> {
  try {
    return headSchema.parse(parseJson(json ?? ""));
  } catch (error) {
    throw unreadable("its description is damaged", error);
  }
}

/** What no single array shows. */
function check(
  { update, network, optimiser, initial, evaluations, met }: TrainingState,
) {
  const sets: [string, RateParameters][] = [
    ["parameters", parametersOf(network)],
    ["initial parameters", parametersOf(initial)],
    ["first moments", optimiser.first],
    ["second moments", optimiser.second],
    ...(met
      ? [["kept parameters", parametersOf(met.network)] as [
        string,
        RateParameters,
      ]]
      : []),
  ];
  for (const [what, set] of sets) {
    const all = [
      ...set.weights,
      ...set.between,
      ...set.readout,
      ...set.tausGaus,
    ];
    if (
      !Number.isFinite(set.bias) ||
      !all.every((values) => values.every(Number.isFinite))
    ) throw unreadable(`its ${what} are not finite`);
  }
  if (met && !evaluations.some((record) => record.update === met.update)) {
    throw unreadable("what it keeps is of an update that was not evaluated");
  }
  if (evaluations.some((record) => !(record.update <= update))) {
    throw unreadable("its evaluations are of updates that were not made");
  }
}

/** Whether a version such as 1.2.3 comes after another. */
function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(/[.+-]/).map(Number));
  for (let i = 0; i < 3; i++) {
    if (a[i] !== b[i]) return a[i] > b[i];
  }
  return false;
}
