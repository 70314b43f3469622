/** What `sweep` does. */
import { join } from "node:path";
import { countOf } from "../../count.ts";
import { lockFolder } from "../../formats/lock.ts";
import { archivedPoints } from "../../sweep/archives.ts";
import { archivePoints } from "../../sweep/archive_points.ts";
import {
  readResults,
  readSweep,
  type SweepRecord,
} from "../../sweep/folder.ts";
import { writeAtomic } from "../../formats/atomic.ts";
import { toCsv } from "../../formats/csv.ts";
import { toParquet } from "../../formats/parquet.ts";
import { resultsTable, toJson } from "../../sweep/results.ts";
import { cancelSlurm } from "../../sweep/slurm/cancel.ts";
import type { Invocation } from "../command.ts";
import { asUsage, FailureError, UsageError } from "../../runs/errors.ts";
import { interruptible } from "../../runs/interrupt.ts";
import { sweepActions, type sweepFlags } from "../../runs/sweep/flags.ts";
import { readSweepPlan } from "../../runs/sweep/plan_file.ts";
import { writeSweepReport } from "../../runs/sweep/report.ts";
import { surveySweep } from "../../runs/sweep/run.ts";
import { openSweep } from "../../runs/sweep/sweep.ts";
import { taskHashes } from "../../runs/sweep/trust.ts";
import { showSweep } from "../sweep_output.ts";

/** Runs sweeps and says how they came out. */
export async function run(given: Given): Promise<void> {
  const [first, folder] = given.operands;
  const action = sweepActions.find((name) => name === first);
  if (!action) {
    if (folder !== undefined) {
      throw new UsageError(
        `Cannot sweep ${given.operands.join(" ")}: allowed are one plan, or ` +
          `${sweepActions.join(", ")} and a sweep's folder`,
      );
    }
    await runPlan(first, given);
    return;
  }
  if (folder === undefined) {
    throw new UsageError(
      `Cannot do ${first}: it needs a sweep's folder, as in ` +
        `sweep ${first} sweeps/NAME`,
    );
  }
  await actions[action](folder, given);
}

type Given = Invocation<typeof sweepFlags>;

/** What is done with a sweep that is there, by the first word. */
const actions: Readonly<
  Record<
    typeof sweepActions[number],
    (folder: string, given: Given) => Promise<void>
  >
> = { status, results, report, archive, point, cancel };

async function runPlan(path: string, given: Given): Promise<void> {
  const { flags, output } = given;
  const plan = await asUsage(() => readSweepPlan(path));
  const folder = join(flags.output_dir, plan.name);
  // All that can be refused is, before anything is written.
  const opened = await asUsage(() =>
    openSweep(plan, {
      ...flags,
      folder,
      trustTasks: flags.trust_task,
      onRemark: (message) => output.note(message),
    })
  );
  const { engine } = opened;
  output.note(
    `sweep ${plan.name}: ${countOf(opened.points.length, "point")}, engine ` +
      `${engine.name}, in ${folder}`,
  );
  const counts = await interruptible(
    (interruption) =>
      asFailure(() =>
        showSweep(opened.run(interruption.signal), output, interruption)
      ),
    {
      output,
      next: engine.name === "slurm"
        ? "what SLURM has been given goes on there"
        : "points that are not done go on from their last checkpoints later",
    },
  );
  output.result(
    `${counts.done} of ${
      countOf(counts.points, "point is", "points are")
    } done` +
      (counts.failed > 0 ? `, ${counts.failed} failed` : ""),
  );
  output.result(folder);
  output.event({ kind: "sweep", folder, ...counts });
  if (counts.done < counts.points) {
    throw new FailureError(
      `Cannot finish the sweep: ${counts.points - counts.done} of its points ` +
        `have no result (sweep status ${folder} says why); the same command ` +
        "tries them again",
    );
  }
}

async function status(folder: string, { output }: Given): Promise<void> {
  const { name, points } = await open(folder);
  const survey = await surveySweep(folder, points);
  const of = (wanted: string) =>
    survey.filter(({ state }) => state === wanted).length;
  output.result(
    `sweep ${name}: ${of("done")} of ${
      countOf(points.length, "point is", "points are")
    } done, ` +
      `${of("failed")} failed, ${of("running")} begun, ${
        of("waiting")
      } not begun` +
      (of("damaged") > 0
        ? `, ${of("damaged")} damaged (running the sweep again mends them)`
        : ""),
  );
  for (const { id, state, reason } of survey) {
    output.event({ kind: "point", id, state, reason });
    if (reason !== undefined) output.result(`${state} ${id}: ${reason}`);
  }
}

async function results(folder: string, given: Given): Promise<void> {
  const { points } = await open(folder);
  const { output, flags } = given;
  const damaged = (id: string, reason: string) =>
    output.problem(`${reason}; ${id} is left out`);
  const rows = resultsTable(await readResults(folder, points, damaged));
  for (const row of rows) output.event({ kind: "network", ...row });
  if (flags.format === "parquet") {
    // Bytes are nothing for a terminal.
    const path = join(folder, "results.parquet");
    await writeAtomic(path, await toParquet(rows));
    output.result(path);
    output.saved(path);
    return;
  }
  output.result(
    (flags.format === "json" ? toJson(rows) : toCsv(rows)).trimEnd(),
  );
}

async function report(folder: string, { output }: Given): Promise<void> {
  await open(folder);
  for (const path of await writeSweepReport(folder)) {
    output.result(path);
    output.saved(path);
  }
}

/** Puts what is done into archives, unless another process runs the sweep. */
async function archive(folder: string, { output }: Given): Promise<void> {
  const { points } = await open(folder);
  const lock = await asFailure(() =>
    lockFolder(folder, { warn: (message) => output.note(message) })
  );
  try {
    const paths = await asFailure(() =>
      archivePoints(folder, points.map(({ id }) => id))
    );
    for (const path of paths) {
      output.result(path);
      output.saved(path);
    }
    if (paths.length === 0) {
      output.result("no network is done that is not in an archive");
    }
  } finally {
    await lock.release();
  }
}

/** Runs single points here and now: what a cluster's job does. */
async function point(folder: string, given: Given): Promise<void> {
  const { runPoint } = await import("../../runs/sweep/job.ts");
  const { points, trials } = await open(folder);
  const { operands, output } = given;
  const ids = operands.slice(2);
  if (ids.length === 0) {
    throw new UsageError("Cannot run points: none is named");
  }
  const { trust_task, trusted = [] } = given.flags;
  let failed = 0;
  const archived = await archivedPoints(folder);
  for (const id of ids) {
    if (archived.has(id)) {
      output.result(`${id}: done, in ${archived.get(id)}`);
      output.event({ kind: "point-done", id });
      continue;
    }
    const found = points.find((each) => each.id === id);
    if (!found) {
      throw new UsageError(
        `Cannot run the point ${
          JSON.stringify(id)
        }: the sweep in ${folder} has no such point`,
      );
    }
    try {
      const { trained, rate, spiking } = await runPoint(
        folder,
        found,
        trials,
        trust_task ? await taskHashes([found]) : trusted,
      );
      output.result(
        `${id}: ${trained ? "trained" : "not trained"}, rate ${rate.strict}` +
          (spiking ? `, spiking ${spiking.strict}` : ""),
      );
      output.event({ kind: "point-done", id });
    } catch (error) {
      if (!(error instanceof Error) || error.name === "InterruptedError") {
        throw error;
      }
      failed++;
      output.problem(`${id}: ${error.message}`);
      output.event({ kind: "point-failed", id, reason: error.message });
    }
  }
  if (failed > 0) {
    throw new FailureError(
      `Cannot run ${failed} of ${countOf(ids.length, "point")}`,
    );
  }
}

async function cancel(folder: string, { output }: Given): Promise<void> {
  await open(folder);
  const events = await cancelSlurm(folder);
  for (const event of events) {
    output.event({ ...event });
    if (event.kind === "engine") output.result(event.message);
  }
  if (events.length === 0) output.result("nothing of the sweep is queued");
}

function open(folder: string): Promise<SweepRecord> {
  return asFailure(() => readSweep(folder));
}

async function asFailure<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ModelFileError") {
      throw error;
    }
    throw new FailureError(error.message, { cause: error });
  }
}
