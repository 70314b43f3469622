/** Firing rates of pyramidal, PV and SST units, for figure S3. */
import { mean } from "simple-statistics";
import type { Backend } from "../../backend/types.ts";
import type { Model } from "../../network/records.ts";
import { collectActivity } from "../../report/collect/activity.ts";
import { show } from "../../report/figures/layers.ts";
import { mappedNetwork } from "../../spiking/mapped.ts";
import type { Task } from "../../tasks/types.ts";
import type { TextTable } from "../report_tables.ts";
import { spread } from "../summary.ts";

/** Mean rates over units and Go trials, Hz; NaN for a population without units. */
export interface PopulationRates {
  readonly pyramidal: number;
  readonly pv: number;
  readonly sst: number;
}

/** The paper's example: 134, 46 and 20 units, factor 50, a Go trial. */
const paperPopulationRates: PopulationRates = {
  pyramidal: 4.7,
  pv: 9.3,
  sst: 27,
};

/**
 * Runs a model's spiking twin on Go trials.
 *
 * @param model mapped, with SST units
 * @param task Go-NoGo
 * @param options seed of the trials, their number (20), where to run
 * @throws {RangeError} for a model that was not mapped, or a task without `go`
 */
export async function populationRates(
  model: Model,
  task: Task,
  options: {
    readonly seed: number;
    readonly trials?: number;
    readonly backend?: Backend;
    readonly signal?: AbortSignal;
  },
): Promise<PopulationRates> {
  const { trials = 20, ...run } = options;
  const { rates } = await collectActivity({
    network: model.network,
    spiking: mappedNetwork(model),
    task,
    conditions: ["go"],
    trials,
    rasterTrials: 0,
    ...run,
  });
  const of = (type: string) => {
    const found = rates!.populations.find((p) => p.type === type);
    return found ? mean(Array.from(found.rates)) : NaN;
  };
  return { pyramidal: of("E"), pv: of("PV"), sst: of("SST") };
}

/** The paper's example beside the networks of this project. */
export function populationsTable(
  networks: readonly PopulationRates[],
): TextTable {
  const row = (name: string, of: (rates: PopulationRates) => number) => {
    const values = networks.map(of).filter(Number.isFinite);
    const { n, mean, sd } = spread(values);
    return [
      name,
      `${show(of(paperPopulationRates))}`,
      n === 0 ? "–" : `${mean.toFixed(1)}${n > 1 ? ` ± ${sd.toFixed(1)}` : ""}`,
    ];
  };
  return {
    caption: "Firing rates in Go trials, Hz: the paper’s example network, at " +
      "factor 50, and mean ± SD over the networks here that met their " +
      `criteria (${networks.length}), each at its own factor.`,
    head: ["Population", "Paper, one network", "Here"],
    rows: [
      row("pyramidal", ({ pyramidal }) => pyramidal),
      row("PV", ({ pv }) => pv),
      row("SST", ({ sst }) => sst),
    ],
  };
}
