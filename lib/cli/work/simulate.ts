/** What `simulate` does. */
import { pathOutside } from "../../formats/archive_path.ts";
import type { Modification } from "../../simulate/modifications.ts";
import { basename, dirname } from "node:path";
import type { Model } from "../../network/records.ts";
import { unitCount } from "../../network/geometry.ts";
import { trialCount, type TrialRequest } from "../../simulate/requests.ts";
import { matValues } from "../../formats/arrays.ts";
import { NpzPieces } from "../../formats/npz_pieces.ts";
import { type NwbSession, NwbTrials } from "../../formats/trials/nwb.ts";
import type { TrialsFile } from "../../formats/trials/types.ts";
import { type PlannedWork, withBackend } from "../../runs/backend_choice.ts";
import { UsageError } from "../../runs/errors.ts";
import { interruptible } from "../../runs/interrupt.ts";
import { makeFile } from "../../runs/making.ts";
import { perturbationsOf } from "../perturbation_flags.ts";
import {
  type CheckedTarget,
  checkTarget,
  writeTarget,
} from "../overwriting.ts";
import { modificationsOf } from "../../runs/perturb_points.ts";
import { drawSeed } from "../../runs/resources.ts";
import { mappingOf } from "../../runs/spiking_flags.ts";
import { arraysOf, formatOf } from "../trials_format.ts";
import { readStimulus } from "../stimulus_file.ts";
import {
  CourseFile,
  CourseMat,
  type CourseSink,
} from "../../runs/course_sinks.ts";
import type { OpenFile } from "../../platform/file_types.ts";
import { readFileOf } from "../../runs/simulated_about.ts";
import { theModel } from "../../runs/newest_model.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import { openTaskOf } from "../../runs/task.ts";
import { targetOf } from "../flags/simulate.ts";
import { type Given, runRate, runSpiking } from "./simulate_trials.ts";

/** Runs trials and saves them. */
export async function run(asked: Given): Promise<void> {
  const { flags, output } = asked;
  const path = await theModel(asked.operands[0], "simulate", output);
  const given = { ...asked, operands: [path] };
  const model = await readModelFor(path, output);
  if (flags.stimulus !== undefined && (flags.trial || flags.trials)) {
    throw new UsageError(
      "Cannot use --stimulus together with --trial or --trials: " +
        "leave one of them out",
    );
  }
  if (given.given.has("every") && flags.rate) {
    output.note("--every: no effect with --rate, every step is kept");
  } else if (given.given.has("every") && !flags.record?.length) {
    output.note("--every: no effect without --record");
  }
  const stimulus = flags.stimulus === undefined
    ? undefined
    : await readStimulus(flags.stimulus);
  // A stimulus of your own may have any length.
  using opened = await openTaskOf(
    model,
    flags,
    stimulus ? undefined : (remark) => remarkOn(path, output, remark),
  );
  const { task } = opened;
  const seed = flags.seed ?? drawSeed();
  const target = targetOf(path, flags);
  const format = formatOf(target, flags.format);
  const session = sessionOf(given, model);
  const place = await checkTarget(target, {
    kind: format === "nwb" ? "nwb" : "trials",
    force: flags.force,
    named: flags.output !== undefined,
  });
  const request: TrialRequest = stimulus ? [stimulus] : {
    task,
    trials: flags.trials,
    conditions: flags.trial,
  };
  const modifications = modificationsOf(flags, model.network, seed);
  checkRecorded(given, modifications);
  const perturbations = { ...perturbationsOf(flags), modifications };
  const work: PlannedWork = {
    kind: flags.rate ? "train" : "simulate",
    units: unitCount(model.network),
    steps: stimulus?.columns ?? task.steps,
    trials: trialCount(request),
    times: 1,
  };
  const files = {
    model: await readFileOf(path),
    stimulus: flags.stimulus === undefined
      ? undefined
      : await readFileOf(flags.stimulus),
  };
  const simulated = (sink: CourseSink) =>
    interruptible(
      (interruption) =>
        withBackend(flags, work, {
          output,
          interruption,
          keep: { folder: dirname(path), write: false },
        }, (backend) => {
          const { initialWeights } = mappingOf(flags, model);
          const run = {
            ...perturbations,
            ...(flags.rate && { initialWeights }),
            seed,
            backend,
            signal: interruption.signal,
          };
          output.note(
            `simulating on ${backend.description}, seed ${seed}`,
          );
          const origin = { run, files, sink, format };
          return flags.rate
            ? runRate(given, model, task, request, origin)
            : runSpiking(given, model, task, request, origin);
        }),
      { output, next: "nothing is written" },
    );
  const note = (remark: string) => output.note(remark);
  await makeFile(target, output, async () => {
    const total = trialCount(request);
    const writing = (bytes: number) => {
      if (bytes < longWriting) return;
      output.note(`writing ${target}: ${Math.round(bytes / 1e6)} MB`);
    };
    switch (format) {
      case "npz":
        return await throughPieces(
          place,
          note,
          (file) => new NpzPieces(file),
          async (pieces) => {
            const rest = await simulated(new CourseFile(total, pieces));
            for (const [name, array] of Object.entries(arraysOf(rest))) {
              await pieces.add(name, array);
            }
            await pieces.end();
          },
        );
      case "mat":
        return await throughPieces(
          place,
          note,
          (file) => new CourseMat(file, total),
          async (courses) => {
            const rest = await simulated(courses);
            writing(courses.bytes + sizeOf(rest.arrays));
            await courses.end(matValues(arraysOf(rest)));
          },
        );
      case "nwb":
        return await throughPieces(
          place,
          note,
          (file) => NwbTrials.open(file, total),
          async (trials) => {
            await trials.end(await simulated(trials), session);
          },
        );
    }
  });
}

/**
 * Says which recordings there are not.
 *
 * @throws {UsageError} for currents of weights that change in a trial
 */
function checkRecorded(
  { flags: { rate, record = [] }, output }: Given,
  modifications: readonly Modification[],
): void {
  const idle = record.filter((name) => name !== "rates");
  if (rate && idle.length > 0) {
    output.note(
      `--record ${idle.join(" ")}: no effect with --rate, states x and ` +
        "rates r are kept",
    );
  }
  if (
    !rate && record.includes("ei_currents") &&
    modifications.some(({ window }) => window !== undefined)
  ) {
    throw new UsageError(
      "Cannot record ei_currents while synapses change in a trial: they are " +
        "recomputed from the spikes with the same weights throughout; leave " +
        "out --window, or record currents",
    );
  }
}

/**
 * Writes a file while it comes about.
 *
 * @param open what writes into the file
 * @param fill writes all of it
 * @returns the path that was written
 * @throws {ModelFileError} if it cannot be written; what else `fill` throws, as
 *   it is
 */
async function throughPieces<
  Pieces extends { readonly broken: boolean; close?(): void },
>(
  place: CheckedTarget,
  note: (remark: string) => void,
  open: (file: OpenFile) => Pieces | Promise<Pieces>,
  fill: (pieces: Pieces) => Promise<void>,
): Promise<string> {
  let failed: { readonly error: unknown } | undefined;
  try {
    return await writeTarget(place, async (file) => {
      const pieces = await open(file);
      try {
        await fill(pieces);
      } catch (error) {
        if (!pieces.broken) failed = { error };
        throw error;
      } finally {
        pieces.close?.();
      }
    }, note);
  } catch (error) {
    throw failed ? failed.error : error;
  }
}

/**
 * What an NWB file says beside the trials. Without a date of its own it is the
 * same file each time: dated as the model is.
 *
 * @throws {UsageError} for flags that do nothing with another format, or that
 *   cannot be
 */
function sessionOf(
  { flags, given, operands: [path] }: Given,
  { provenance }: Model,
): NwbSession {
  const {
    subject = basename(pathOutside(path)).replace(/\.mat$/i, ""),
    session_start,
  } = flags;
  const format = formatOf(targetOf(path, flags), flags.format);
  for (const name of ["subject", "session_start"]) {
    if (given.has(name) && format !== "nwb") {
      throw new UsageError(
        `Cannot use --${name} with a .${format} file: it is for --format nwb`,
      );
    }
  }
  if (subject === "" || /[/\\]/.test(subject)) {
    throw new UsageError(
      `Cannot use --subject ${JSON.stringify(subject)}: a name without / ` +
        "is needed",
    );
  }
  const start = session_start ?? provenance?.created ?? "2000-01-01T00:00:00Z";
  const zoned = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/i;
  if (!zoned.test(start) || Number.isNaN(Date.parse(start))) {
    throw new UsageError(
      `Cannot use --session_start ${
        JSON.stringify(start)
      }: allowed is a time ` +
        "with its zone, as in 2026-01-31T09:00:00Z",
    );
  }
  return { subject, start: start.replace(/Z$/i, "+00:00") };
}

/** Bytes from which packing and writing takes so long that it is said. */
const longWriting = 16e6;

function sizeOf(arrays: TrialsFile["arrays"]): number {
  return Object.values(arrays)
    .reduce((sum, { data }) => sum + data.byteLength, 0);
}
