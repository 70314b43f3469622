/** What `reproduce` does. */
import { join } from "node:path";
import { countOf } from "../../count.ts";
import { writeAtomic } from "../../formats/atomic.ts";
import { type FolderLock, lockFolder } from "../../formats/lock.ts";
import { readSweep, sweepFile, writeSweep } from "../../sweep/folder.ts";
import { collectReproduced } from "../../sweep/reproduce/collect.ts";
import { ksNetworks } from "../../sweep/reproduce/ks2021/networks.ts";
import { ksFiles } from "../../sweep/reproduce/ks2021/report.ts";
import { figurePlan, figurePlans } from "../../sweep/reproduce/plans/index.ts";
import { ks2021 } from "../../sweep/reproduce/plans/ks2021.ts";
import {
  evaluationTrials,
  figurePoints,
  inTurn,
} from "../../sweep/reproduce/points.ts";
import { reproductionFiles } from "../../sweep/reproduce/report.ts";
import type { Point } from "../../sweep/types.ts";
import type { Invocation } from "../command.ts";
import { asUsage, FailureError, InterruptedError } from "../../runs/errors.ts";
import { interruptible } from "../../runs/interrupt.ts";
import type { Output } from "../output.ts";
import { isThere } from "../../platform/files.ts";
import { prepareFolder } from "../../runs/resources.ts";
import { openEngine } from "../../runs/sweep/engines.ts";
import { runPoints } from "../../runs/sweep/run.ts";
import { showSweep } from "../sweep_output.ts";
import { pairs } from "../../runs/table.ts";
import { type reproduceFlags, usualNetworks } from "../flags/reproduce.ts";

/** Reproduces a figure. */
export async function run(given: Given): Promise<void> {
  const { operands: [name], flags, output } = given;
  if (name === "list") return list(output);
  const plan = await asUsage(() => figurePlan(name));
  const byCondition = figurePoints(
    plan,
    flags.networks ?? plan.networks ?? usualNetworks,
    flags.seed,
  );
  const networks = join(flags.output_dir, "networks");
  const place = join(flags.output_dir, plan.figure);
  await prepareFolder(place);
  const counts = flags.collect
    ? undefined
    : await make(networks, inTurn(byCondition), given);
  const made = await collectReproduced(plan, byCondition, networks);
  const files = [
    ...await reproductionFiles(plan, made),
    ...(plan === ks2021
      ? await ksFiles(await ksNetworks(made.byCondition, networks))
      : []),
  ];
  for (const { name, content } of files) {
    const path = join(place, name);
    await writeAtomic(path, content);
    output.saved(path, { figure: plan.figure });
    output.result(`saved ${path}`);
  }
  if (counts && counts.failed > 0) {
    throw new FailureError(
      `Cannot make ${counts.failed} of ${
        countOf(counts.points, "network")
      }, see above ` +
        "and the table; the same command tries them again",
    );
  }
}

type Given = Invocation<typeof reproduceFlags>;

function list(output: Output): void {
  for (const { figure, title, conditions } of figurePlans) {
    const labels = conditions.map(({ label }) => label);
    output.event({ kind: "figure", figure, title, conditions: labels });
  }
  for (
    const line of pairs(figurePlans.map(({ figure, title, conditions }) => [
      figure,
      `${title} (${conditions.length} condition${
        conditions.length === 1 ? "" : "s"
      })`,
    ]))
  ) output.result(line);
}

/** Makes the networks that are missing, until all are there or time is up. */
async function make(
  folder: string,
  points: readonly Point[],
  { flags, output }: Given,
): Promise<{ readonly points: number; readonly failed: number } | undefined> {
  await prepareFolder(join(folder, "points"));
  await using _lock = await takeFolder(folder, output);
  await describe(folder, points);
  const engine = await asUsage(() =>
    openEngine(flags, {
      folder,
      trials: evaluationTrials,
      points,
    })
  );
  output.note(
    `${points.length} network${
      points.length === 1 ? "" : "s"
    }, engine ${engine.name}, in ${folder}`,
  );
  const { minutes, retries } = flags;
  return await interruptible(async (interruption) => {
    const up = minutes === undefined
      ? new AbortController().signal
      : AbortSignal.timeout(Math.round(minutes * 60_000));
    const signal = AbortSignal.any([interruption.signal, up]);
    try {
      return await showSweep(
        runPoints(folder, points, { engine, retries, signal }),
        output,
        { ...interruption, signal },
      );
    } catch (error) {
      if (!(error instanceof InterruptedError) || !up.aborted) throw error;
      if (interruption.signal.aborted) throw error;
      output.note(`${minutes} minutes are over: reporting what is there`);
      return undefined;
    }
  }, {
    output,
    next: "points that are not done go on from their last checkpoints later",
  });
}

/** Says in the sweep's folder what points it has; those of other figures stay. */
async function describe(
  folder: string,
  points: readonly Point[],
): Promise<void> {
  const there = await isThere(sweepFile(folder))
    ? (await readSweep(folder)).points
    : [];
  const all = new Map([...there, ...points].map((point) => [point.id, point]));
  await writeSweep(folder, {
    name: "reproduction",
    trials: evaluationTrials,
    points: [...all.values()],
  });
}

async function takeFolder(
  folder: string,
  output: Output,
): Promise<FolderLock> {
  try {
    return await lockFolder(folder, {
      warn: (message) => output.note(message),
    });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ModelFileError") {
      throw error;
    }
    throw new FailureError(error.message, { cause: error });
  }
}
