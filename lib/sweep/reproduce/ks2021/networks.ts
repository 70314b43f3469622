/** What was measured of each network, from the folder of its sweep. */
import { ModelFileError } from "../../../errors.ts";
import { decodeNpz } from "../../../formats/npz.ts";
import { fileProblem, files } from "../../../platform/files.ts";
import { join } from "../../../platform/paths.ts";
import { pointFolder } from "../../folder.ts";
import { successLevel } from "../../summary.ts";
import type { PointResult } from "../../types.ts";
import type { ConditionResults } from "../groups.ts";
import {
  type Arm,
  arms,
  type Group,
  groups,
  labelOf,
} from "../plans/ks2021.ts";
import { measures } from "./measures.ts";

/** A matrix over time × time, with samples at equal distances. */
export interface Matrix {
  readonly samples: number;
  readonly values: Float64Array;
}

/** One network. */
export interface KsNetwork {
  readonly arm: Arm;
  readonly group: Group;
  readonly seed: number;
  /** Whether training met its criteria. */
  readonly trained: boolean;
  /** Whether its spiking network is right in 95 % of trials or more. */
  readonly kept: boolean;
  /** Strict performance of the spiking network; absent if there is none. */
  readonly strict?: number;
  /** Numbers by the names of {@linkcode measures}; what does not exist is absent. */
  readonly values: Readonly<Record<string, number>>;
  /** Timescales of its units that have one, ms. */
  readonly taus: readonly number[];
  /** Mean autocorrelation of these units at lags of 50, 100, … ms. */
  readonly autocorrelation: readonly number[];
  /** Discriminability of the cue: all units, quartiles of short and long timescales. */
  readonly matrices: Readonly<Partial<Record<UnitsOf, Matrix>>>;
}

/** Which units a matrix is of. */
export type UnitsOf = "all" | "short" | "long";

/** Names of the variable that tells cues apart. */
const cue: Readonly<Record<Group, string>> = {
  DMS: "stimulus_1",
  AFC: "stimulus",
};

/** The matrix of all units has a sample at every 5 ms, the others at every 25. */
const matrixArrays: readonly (readonly [UnitsOf, string, number])[] = [
  ["all", "", 5],
  ["short", "_quartile_1", 1],
  ["long", "_quartile_4", 1],
];

/**
 * Gathers the networks that are there.
 *
 * @param byCondition results by the conditions of the plan
 * @param folder of the sweep
 * @throws {ModelFileError} for arrays that cannot be read
 */
export async function ksNetworks(
  byCondition: readonly ConditionResults[],
  folder: string,
): Promise<KsNetwork[]> {
  const networks: KsNetwork[] = [];
  for (const arm of arms) {
    for (const group of groups) {
      const label = labelOf(arm, group);
      const found = byCondition.find(({ condition }) =>
        condition.label === label
      );
      for (const result of found?.results ?? []) {
        networks.push(await networkOf(result, arm, group, folder));
      }
    }
  }
  return networks;
}

async function networkOf(
  result: PointResult,
  arm: Arm,
  group: Group,
  folder: string,
): Promise<KsNetwork> {
  const { seed, trained, spiking } = result;
  const strict = spiking?.strict;
  const values = Object.fromEntries(
    measures.flatMap(({ name, of }) => {
      const value = of(result, group);
      return typeof value === "number" && Number.isFinite(value)
        ? [[name, value]]
        : [];
    }),
  );
  const kept = trained && strict !== undefined && strict >= successLevel;
  const about = { arm, group, seed, trained, kept, strict, values };
  if (!kept) return { ...about, taus: [], autocorrelation: [], matrices: {} };
  const place = join(pointFolder(folder, result.id), "analysis");
  const timescales = await arraysOf(join(place, "timescales.npz"));
  const discriminability = await arraysOf(join(place, "discriminability.npz"));
  return {
    ...about,
    taus: (timescales.get("tau")?.values ?? []).filter(Number.isFinite),
    autocorrelation: timescales.get("mean_autocorrelation")?.values ?? [],
    matrices: Object.fromEntries(
      matrixArrays.flatMap(([name, ending, every]) => {
        const array = discriminability.get(cue[group] + ending);
        return array ? [[name, thinned(array, every)]] : [];
      }),
    ),
  };
}

interface ReadArray {
  readonly shape: readonly number[];
  readonly values: number[];
}

/** The arrays of numbers of a file. */
async function arraysOf(path: string): Promise<Map<string, ReadArray>> {
  try {
    const entries = await decodeNpz(await files.readFile(path));
    return new Map(
      [...entries].map(([name, { shape, data }]) => [
        name,
        { shape, values: Array.from(data as ArrayLike<number>, Number) },
      ]),
    );
  } catch (error) {
    if (fileProblem(error) === "NotCapable") throw error;
    throw new ModelFileError(
      `Cannot read ${path}: ${(error as Error).message}; without the ` +
        "result.json of its network it is made again",
      { cause: error },
    );
  }
}

function thinned(
  { shape: [samples], values }: ReadArray,
  every: number,
): Matrix {
  const kept = Math.ceil(samples / every);
  return {
    samples: kept,
    values: Float64Array.from(
      { length: kept * kept },
      (_, k) => values[(Math.floor(k / kept) * samples + k % kept) * every],
    ),
  };
}
