/** What `simulate` does. */
import { pathOutside } from "../../formats/archive_path.ts";
import { basename, dirname } from "node:path";
import type { Model } from "../../network/records.ts";
import { channelCount, unitCount } from "../../network/geometry.ts";
import { trialCount, type TrialRequest } from "../../simulate/requests.ts";
import type { NwbSession } from "../../formats/trials/nwb.ts";
import {
  namesSubject,
  undated,
  zonedTime,
} from "../../formats/trials/session.ts";
import { type PlannedWork, withBackend } from "../../runs/backend_choice.ts";
import { UsageError } from "../../runs/errors.ts";
import { interruptible } from "../../runs/interrupt.ts";
import { makeFile } from "../../runs/making.ts";
import { perturbationsOf } from "../../runs/perturbation_flags.ts";
import { checkTarget, writeTarget } from "../overwriting.ts";
import { modificationsOf } from "../../runs/perturb_points.ts";
import { drawSeed } from "../../runs/resources.ts";
import { formatOf } from "../trials_format.ts";
import { readStimulus } from "../stimulus_file.ts";
import { writeTrials } from "../../runs/trials_writer.ts";
import { modelFileOf, readFileOf } from "../../runs/simulated_about.ts";
import { theModel } from "../../runs/newest_model.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import { idleMapping } from "../../runs/spiking_flags.ts";
import { openTaskOf } from "../../runs/task.ts";
import { targetOf } from "../flags/simulate.ts";
import { type Given, runTrials } from "./simulate_trials.ts";

/** Runs trials and saves them. */
export async function run(asked: Given): Promise<void> {
  const { flags, output } = asked;
  const path = await theModel(asked.operands[0], "simulate", output);
  const given = { ...asked, operands: [path] };
  const model = await readModelFor(path, output);
  if (flags.stimulus !== undefined && flags.trial) {
    throw new UsageError(
      "Cannot use --stimulus together with --trial: leave one of them out",
    );
  }
  if (given.given.has("every") && flags.rate) {
    output.note("--every: no effect with --rate, every step is kept");
  } else if (given.given.has("every") && !flags.record?.length) {
    output.note("--every: no effect without --record");
  }
  const idle = idleMapping(
    "with --rate the rate network alone is run",
    given.given,
  );
  if (idle && flags.rate) output.note(idle);
  const stimulus = flags.stimulus === undefined
    ? undefined
    : await readStimulus(flags.stimulus, channelCount(model.network));
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
  // Each trial of a stimulus has noise of its own.
  const request: TrialRequest = stimulus
    ? Array.from({ length: flags.trials ?? 1 }, () => stimulus)
    : {
      task,
      trials: flags.trials,
      conditions: flags.trial,
    };
  const modifications = modificationsOf(flags, model.network, seed);
  checkRecorded(given);
  const perturbations = { ...perturbationsOf(flags), modifications };
  const work: PlannedWork = {
    kind: flags.rate ? "train" : "simulate",
    units: unitCount(model.network),
    steps: stimulus?.columns ?? task.steps,
    trials: trialCount(request),
    times: 1,
  };
  const files = {
    model: await modelFileOf(path),
    stimulus: flags.stimulus === undefined
      ? undefined
      : await readFileOf(flags.stimulus),
  };
  const planned = { format, total: trialCount(request), session };
  const note = (remark: string) => output.note(remark);
  await makeFile(target, output, () =>
    interruptible(
      (interruption) =>
        writeTrials(
          (content) => writeTarget(place, content, note),
          planned,
          async (sink) => {
            const file = await withBackend(flags, work, {
              output,
              interruption,
              keep: { folder: dirname(path), write: false },
            }, (backend) => {
              output.note(
                `simulating on ${backend.description}, seed ${seed}`,
              );
              const { signal } = interruption;
              const run = { ...perturbations, seed, backend, signal };
              const recorder = { files, sink };
              return runTrials(given, model, task, request, run, recorder);
            });
            if (sink.waiting >= longWriting) {
              const megabytes = Math.round(sink.waiting / 1e6);
              output.note(`writing ${target}: ${megabytes} MB`);
            }
            await sink.end(file, interruption.signal);
          },
        ),
      { output, next: "nothing is written" },
    ));
}

/** Says which recordings there are not. */
function checkRecorded({ flags: { rate, record = [] }, output }: Given): void {
  const idle = record.filter((name) => name !== "rates");
  if (!rate || idle.length === 0) return;
  output.note(
    `--record ${idle.join(" ")}: no effect with --rate, states x and ` +
      "rates r are kept",
  );
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
  if (!namesSubject(subject)) {
    throw new UsageError(
      `Cannot use --subject ${JSON.stringify(subject)}: a name without / ` +
        "is needed",
    );
  }
  const asked = session_start ?? provenance?.created ?? undated;
  const start = zonedTime(asked);
  if (start === undefined) {
    throw new UsageError(
      `Cannot use --session_start ${
        JSON.stringify(asked)
      }: allowed is a time ` +
        "with its zone, as in 2026-01-31T09:00:00Z",
    );
  }
  return { subject, start };
}

/** Bytes from which packing and writing takes so long that it is said. */
const longWriting = 16e6;
