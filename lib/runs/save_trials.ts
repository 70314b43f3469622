/** Simulated trials as a file, for programs: what the command `simulate` writes. */
import { openBackend } from "../backend/open.ts";
import { markOf, writeOver } from "../formats/atomic.ts";
import { namesSubject, undated, zonedTime } from "../formats/trials/session.ts";
import { trialsFormatNames, trialsFormatOf } from "../formats/trials/names.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";
import {
  isTask,
  requestOf,
  type SimulatedTrials,
  type StimulusTrial,
  trialCount,
} from "../simulate/requests.ts";
import type { RunOptions } from "../simulate/run.ts";
import type { Task } from "../tasks/types.ts";
import {
  type RecordedCourse,
  recordRate,
  recordSpiking,
} from "./record_trials.ts";
import { modelFileOf } from "./simulated_about.ts";
import { writeTrials } from "./trials_writer.ts";

/** Which trials are saved, and what to record. */
export interface SaveTrialsOptions extends RunOptions, SimulatedTrials {
  /**
   * What to record of a spiking network besides outputs and spikes;
   * `ei_currents` are separate excitatory and inhibitory currents. Defaults to
   * nothing. Of a rate network, states and rates are always recorded.
   */
  readonly record?: readonly RecordedCourse[];
  /** Integration steps between samples of what is recorded. Defaults to 20. */
  readonly every?: number;
  /**
   * Duration of a step of a rate network, ms. Defaults to the task's, else to 5.
   */
  readonly stepMs?: number;
  /** File of the model, whose name and hash go into the file. */
  readonly model?: string;
  /** NWB: whose activity it is. Defaults to "network". */
  readonly subject?: string;
  /**
   * NWB: when the session began, ISO 8601 with a zone. Defaults to the beginning of
   * 2000, so that the same trials give the same file.
   */
  readonly sessionStart?: string;
  /** Called after each trial with the number of trials done. */
  readonly onTrial?: (done: number, total: number) => void;
}

/** The usual time between samples, in integration steps. */
const usualEvery = 20;

/** The usual duration of a rate network's step if there is no task, ms. */
const usualStepMs = 5;

/**
 * Simulates trials and writes them to a file while they run, as the command
 * `simulate` does, so that memory does not grow with their number.
 * docs/reference/simulate-files.md says what is in the file. The file is
 * written completely or not at all, and replaces an existing one.
 *
 * Needs read and write permission for the file's folder.
 *
 * @param path of the file, whose ending says its format: `.mat`, `.npz` or
 * `.nwb`
 * @param network a spiking network, from `convert` or `mappedNetwork`, or a
 * rate network
 * @param of a task, or stimuli of one duration (channels×columns)
 * @param options seed, which trials, what to record, perturbations
 * @throws {ModelFileError} if the file cannot be written
 * @throws {TypeError} for a wrong number of channels
 * @throws {RangeError} for another ending, for more than a `.mat` file holds,
 * and as `simulateEach` and `simulateRateEach` do
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { convert, createNetwork, getTask, randomStream } from "@spikernn/spikernn";
 * import { decodeNpz, saveTrials } from "@spikernn/spikernn/files";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const spiking = convert(network, { scalingFactor: 50 });
 * const folder = await Deno.makeTempDir();
 * await saveTrials(`${folder}/trials.npz`, spiking, getTask("go-nogo"), {
 *   seed: 1,
 *   trials: 3,
 *   record: ["voltages"],
 * });
 * const arrays = decodeNpz(await Deno.readFile(`${folder}/trials.npz`));
 * await Deno.remove(folder, { recursive: true });
 * // 3 trials of 1 s, 20 units, a sample every ms.
 * assert.deepEqual(arrays.get("voltages")?.shape, [3, 20, 1000]);
 * ```
 */
export async function saveTrials(
  path: string,
  network: SpikingNetwork | RateNetwork,
  of: Task | readonly StimulusTrial[],
  options: SaveTrialsOptions,
): Promise<void> {
  const format = trialsFormatOf(path);
  if (format === undefined) {
    throw new RangeError(
      `Cannot write ${path}: its name must end in one of ${
        trialsFormatNames.map((name) => `.${name}`).join(", ")
      }`,
    );
  }
  const {
    record: courses = [],
    every = usualEvery,
    subject = "network",
    sessionStart = undated,
    onTrial: taken,
  } = options;
  const start = zonedTime(sessionStart);
  if (start === undefined || !namesSubject(subject)) {
    throw new RangeError(
      `Cannot write ${path}: received the session ${
        JSON.stringify({ subject, sessionStart })
      }; allowed is a subject without / and a time with its zone, as in ` +
        "2026-01-31T09:00:00Z",
    );
  }
  const request = requestOf(of, options);
  const stepMs = options.stepMs ??
    (isTask(request) ? request.task.stepMs : usualStepMs);
  const planned = {
    ...{ format, total: trialCount(request) },
    session: { subject, start },
  };
  const model = options.model === undefined
    ? undefined
    : await modelFileOf(options.model);
  const before = await markOf(path);
  const backend = options.backend ?? await openBackend();
  try {
    const run = { ...options, backend };
    await writeTrials(
      (content) => writeOver(path, content, before),
      planned,
      async (sink) => {
        const recorder = { sink, files: { model }, taken };
        const file = "rate" in network
          ? await recordSpiking(
            network,
            request,
            { courses, every },
            run,
            recorder,
          )
          : await recordRate(network, request, stepMs, run, recorder);
        await sink.end(file, options.signal);
      },
    );
  } finally {
    if (!options.backend) backend.close();
  }
}
