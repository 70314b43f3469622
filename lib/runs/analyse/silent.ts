/** `silent`: the units that take no part. */
import { findSilentUnits } from "../../analysis/silence.ts";
import { countOf } from "../../count.ts";
import { show } from "../../report/figures/layers.ts";
import { silentFigure, type SilentShare } from "../../report/figures/silent.ts";
import { wilson } from "../../simulate/wilson.ts";
import { populationOf, populationSets } from "./shared.ts";
import type { Analysis, AnalysisResult, Scalar } from "./types.ts";

const analysis: Analysis = {
  name: "silent",
  question: "How many units take no part?",
  needs: ["model"],
  uses: ["twin"],
  async compute(context): Promise<AnalysisResult> {
    const { model, task, twin, seed, backend, signal } = context;
    await context.progress(0, 1);
    const { units, rate, spiking, trials } = await findSilentUnits(
      model!.network,
      task!,
      { seed, twin, backend, signal },
    );
    const networks = [
      { network: "rate" as const, silent: new Set(rate) },
      ...(spiking
        ? [{ network: "spiking" as const, silent: new Set(spiking) }]
        : []),
    ];
    const sets = [
      { name: "all", units: Array.from({ length: units }, (_, u) => u) },
      ...populationSets(context),
    ];
    const shares = networks.flatMap(({ network, silent }) =>
      sets.map(({ name: population, units }): SilentShare => {
        const count = units.filter((unit) => silent.has(unit)).length;
        const { value: share, low, high } = wilson(count, units.length);
        return { network, population, share, low, high };
      })
    );
    const scalars = shares.map((
      { network, population: of, share: value, low, high },
    ): Scalar => ({ network, name: "silent_share", of, value, low, high }));
    const populations = populationOf(context);
    const spikingSilent = new Set(spiking);
    return {
      scalars,
      tables: [{
        name: "units",
        description: "one unit a row",
        columns: {
          unit: "number of the unit, from 0",
          population: "its population",
          rate:
            "1 where its rate never exceeds 0.05 of the activation's range, " +
            "without noise, after the first 100 ms",
          spiking: "1 where it never fires after the first 9 steps",
        },
        rows: populations.map((population, unit) => ({
          unit,
          population,
          rate: Number(rate.includes(unit)),
          spiking: spiking ? Number(spikingSilent.has(unit)) : NaN,
        })),
      }],
      arrays: {},
      figures: [silentFigure({ shares })],
      summary: networks.map(({ network, silent }) =>
        `${network} network: ${silent.size} of ${countOf(units, "unit")} ` +
        (network === "rate"
          ? "never exceed 0.05 of the activation's range without noise"
          : "never fire") +
        ` (${show(100 * silent.size / units)} %; ${
          countOf(trials, "trial")
        } of each ` +
        "condition)"
      ),
    };
  },
};
export default analysis;
