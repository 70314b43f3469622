/** One network of the study: trained, mapped, compared with its twins. */
import { join } from "node:path";
import { openBackend } from "../../lib/backend/open.ts";
import { writeAtomic } from "../../lib/formats/atomic.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { allEffectiveWeights } from "../../lib/network/effective.ts";
import { populationsOf, unitCount } from "../../lib/network/geometry.ts";
import type { Model } from "../../lib/network/records.ts";
import { finished } from "../../lib/records/finished.ts";
import { analyse } from "../../lib/runs/analyse/analyse.ts";
import { gatherRate } from "../../lib/runs/analyse/gather.ts";
import { runPoint } from "../../lib/runs/sweep/job.ts";
import { mappedNetwork } from "../../lib/spiking/mapped.ts";
import { pointFolder, readJson } from "../../lib/sweep/folder.ts";
import type { Point, PointResult } from "../../lib/sweep/types.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import type { Task } from "../../lib/tasks/types.ts";
import {
  analysesOfStudy,
  type Mapping,
  type Measured,
  measuresOf,
  rateBalance,
} from "./measures.ts";

/** What is kept of a network. */
export interface TwinRecord {
  readonly task: string;
  readonly seed: number;
  /** Units of the network. */
  readonly units: number;
  /** Trials of each condition. */
  readonly trials: number;
  /** Whether it met its task's criteria; if not, there are no measures. */
  readonly trained: boolean;
  /** Whether tuning was kept: if not, the tuned twin is that of the factor alone. */
  readonly tuned: boolean;
  readonly measured: readonly Measured[];
}

/** Trials of the analyses are none that a network was mapped or evaluated on. */
const analysisSeeds = 2_000_000_011;

/** Time before which a trial is not looked at, ms: as `currents` has it. */
const settlingMs = 100;

/** File of a point with what is kept of it. */
const recordName = "twins.json";

/**
 * What an earlier run kept of a point; undefined if it kept nothing, or with
 * other trials.
 *
 * @param folder of the sweep
 * @param id of the point
 * @param trials of each condition
 */
export async function readRecord(
  folder: string,
  id: string,
  trials: number,
): Promise<TwinRecord | undefined> {
  const path = join(pointFolder(folder, id), recordName);
  const read = await readJson(path) as TwinRecord | undefined;
  if (read?.trials !== trials || !Array.isArray(read.measured)) return;
  // What is no number is null in JSON.
  const measured = read.measured.map((one) => ({
    ...one,
    value: one.value ?? NaN,
  }));
  return { ...read, measured };
}

/**
 * Trains and maps a network of a sweep where that is not done yet, compares it
 * with its twins, and keeps what comes out beside it.
 *
 * @param folder of the sweep
 * @param point of it
 * @param options trials of the last evaluation, trials of each condition in the
 *   analyses, and who hears what is done
 */
export async function studyPoint(
  folder: string,
  point: Point,
  { evaluation, trials, onStep }: {
    readonly evaluation: number;
    readonly trials: number;
    readonly onStep: (step: string) => void;
  },
): Promise<TwinRecord> {
  onStep("train and map");
  const result = await runPoint(folder, point, evaluation);
  const place = pointFolder(folder, point.id);
  const model = await readModel(join(place, result.model));
  const task = getTask(String(point.train.task));
  const measured = model.search
    ? await compare({ model, task, result, trials, onStep })
    : [];
  const record: TwinRecord = {
    task: task.name,
    seed: result.seed,
    units: unitCount(model.network),
    trials,
    trained: result.trained,
    tuned: isTuned(model),
    measured,
  };
  await writeAtomic(
    join(place, recordName),
    new TextEncoder().encode(JSON.stringify(record)),
  );
  return record;
}

function isTuned({ search }: Model): boolean {
  return search?.calibration?.outcomes.some(({ kept }) => kept) ?? false;
}

/** The measures of a rate network, of its twin by the factor, and of the tuned one. */
async function compare({ model, task, result, trials, onStep }: {
  readonly model: Model;
  readonly task: Task;
  readonly result: PointResult;
  readonly trials: number;
  readonly onStep: (step: string) => void;
}): Promise<Measured[]> {
  const seed = result.seed + analysisSeeds;
  const backend = await openBackend();
  try {
    const { calibration: _, ...factorAlone } = model.search!;
    const strict = (mapping: Mapping, value?: number) => ({
      mapping,
      measure: "strict",
      value: value ?? NaN,
    });
    const { rate, spiking } = result;
    const all: Measured[] = [
      strict("rate", rate.strict),
      strict("factor", (spiking?.uncalibrated ?? spiking)?.strict),
      strict("tuned", spiking?.strict),
      ...await balanceOf(model, task, trials, seed),
    ];
    const measuresBy = async (mapping: Mapping, mapped: Model) => {
      onStep(`analyse, ${mapping}`);
      const twin = mappedNetwork(mapped);
      const source = { model, task, twin, trials, backend };
      const { results } = await finished(analyse(source, {
        analyses: analysesOfStudy,
        leaveOut: true,
        seed,
      }));
      return measuresOf(results, mapping);
    };
    const byFactor = await measuresBy(
      "factor",
      { ...model, search: factorAlone },
    );
    const tuned = isTuned(model)
      ? await measuresBy("tuned", model)
      : byFactor.filter(({ mapping }) => mapping === "factor")
        .map((one) => ({ ...one, mapping: "tuned" as const }));
    all.push(
      ...byFactor,
      // The rate network is the same one on the same trials both times.
      ...tuned.filter(({ mapping }) => mapping === "tuned"),
    );
    return all;
  } finally {
    backend.close();
  }
}

async function balanceOf(
  { network }: Model,
  task: Task,
  trials: number,
  seed: number,
): Promise<Measured[]> {
  const { units, bins, binMs, values, ...activity } = await gatherRate(
    network,
    { task, trials: trials * task.conditions.length },
    task.stepMs,
    { seed, onTrial() {} },
  );
  const rates = new Float64Array(units);
  const from = Math.ceil(settlingMs / binMs);
  const samples = activity.trials * (bins - from);
  for (let row = 0; row < activity.trials * units; row++) {
    for (let bin = from; bin < bins; bin++) {
      rates[row % units] += values[row * bins + bin] / samples;
    }
  }
  const of = (...types: string[]) =>
    populationsOf(network).filter(({ type }) => types.includes(type))
      .flatMap(({ units }) => units);
  return rateBalance(allEffectiveWeights(network), rates, {
    E: of("E"),
    I: of("I", "PV", "SST"),
  });
}
