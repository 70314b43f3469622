/** `currents`: excitatory and inhibitory synaptic currents of the spiking network. */
import { median } from "simple-statistics";
import { currentStatistics } from "../../analysis/current_statistics.ts";
import { synapticFilter } from "../../analysis/currents.ts";
import { countOf } from "../../count.ts";
import { currentsFigure } from "../../report/figures/currents.ts";
import { show } from "../../report/figures/layers.ts";
import { conditionLabel } from "../../tasks/labels.ts";
import { populationOf, populationSets, threadsOf } from "./shared.ts";
import { settledWindow } from "./spike_trains.ts";
import type { Analysis, AnalysisResult, Scalar } from "./types.ts";

const analysis: Analysis = {
  name: "currents",
  question:
    "Do excitation and inhibition balance, and does one follow the other?",
  needs: ["twin", "spiking"],
  async compute(context): Promise<AnalysisResult> {
    const { task, binMs, progress } = context;
    const spikes = context.spikes!;
    const window = settledWindow(spikes);
    const found = await currentStatistics(
      synapticFilter(context.twin!),
      spikes,
      {
        ...{ window, binMs },
        ...threadsOf(context),
        onTrial: (done) => progress(done, spikes.trials),
      },
    );
    const { conditions, bins, units, excitatory, inhibitory } = found;
    const sets = populationSets(context);
    const populations = populationOf(context);
    const scalars: Scalar[] = [];
    const summary: string[] = [];
    const remarks: string[] = [];
    const network = "spiking" as const;
    for (const { name: of, units: members } of sets) {
      const finite = (values: ArrayLike<number>) =>
        members.map((unit) => values[unit]).filter(Number.isFinite);
      const over = (values: ArrayLike<number>) => mean(finite(values));
      const [e, i] = [over(found.meanExcitatory), over(found.meanInhibitory)];
      // One unit with hardly any inhibition would move a mean of ratios.
      const ratios = finite(found.balance);
      const balance = ratios.length > 0 ? median(ratios) : NaN;
      const correlation = over(found.correlation);
      const lag = over(found.lag);
      const none = "no unit has both currents";
      const value = (value: number, reason: string) => ({
        value,
        ...(Number.isNaN(value) && { reason }),
      });
      scalars.push(
        { network, of, name: "excitatory_current", unit: "mV", value: e },
        { network, of, name: "inhibitory_current", unit: "mV", value: i },
        { network, of, name: "balance", ...value(balance, none) },
        {
          network,
          of,
          name: "current_correlation",
          ...value(correlation, none),
        },
        {
          network,
          of,
          name: "inhibition_lag",
          unit: "ms",
          ...value(lag, none),
        },
      );
      summary.push(
        `${of}: excitation ${show(e)} mV, inhibition ${show(i)} mV, balance ` +
          `−I_E/I_I ${show(balance)}; correlation ${show(correlation)} at a ` +
          `lag of inhibition of ${
            show(lag)
          } ms (means over units, median of the balance)`,
      );
    }
    const without = found.balance.filter(Number.isNaN).length;
    if (without > 0) {
      remarks.push(
        `${without} of ${
          countOf(units, "unit gets", "units get")
        } no excitatory or no inhibitory ` +
          "spike: they have no balance",
      );
    }
    const shape = [conditions.length, units, bins];
    const axes = ["condition", "unit", "bin"];
    return {
      scalars,
      tables: [{
        name: "units",
        description: "one unit of the spiking network a row",
        columns: {
          unit: "number of the unit, from 0",
          population: "its population",
          excitatory: "mean excitatory current, mV",
          inhibitory: "mean inhibitory current, mV",
          balance: "−I_E/I_I of the means",
          correlation: "correlation over time of I_E and −I_I at the best lag",
          lag: "lag of inhibition behind excitation, ms",
        },
        rows: populations.map((population, unit) => ({
          unit,
          population,
          excitatory: found.meanExcitatory[unit],
          inhibitory: found.meanInhibitory[unit],
          balance: found.balance[unit],
          correlation: found.correlation[unit],
          lag: found.lag[unit],
        })),
      }],
      arrays: {
        excitatory: {
          data: excitatory,
          shape,
          axes,
          description: "excitatory current, mean over trials and the bin, mV",
        },
        inhibitory: {
          data: inhibitory,
          shape,
          axes,
          description: "inhibitory current, mean over trials and the bin, mV",
        },
      },
      figures: [currentsFigure({
        binMs,
        conditions: conditions.map((condition, c) => ({
          name: conditionLabel(task ?? {}, condition),
          populations: sets.map(({ name, units: members }) => ({
            name,
            excitatory: course(excitatory, c, members),
            inhibitory: course(inhibitory, c, members),
          })),
        })),
        balance: sets.map(({ name, units: members }, k) => ({
          name,
          type: context.populations[k].type,
          values: members.map((unit) => found.balance[unit]),
        })),
      })],
      summary,
      remarks,
    };

    function course(
      of: Float64Array,
      condition: number,
      members: readonly number[],
    ): Float64Array {
      return Float64Array.from({ length: bins }, (_, bin) => {
        let sum = 0;
        for (const unit of members) {
          sum += of[(condition * units + unit) * bins + bin];
        }
        return sum / members.length;
      });
    }
  },
};
export default analysis;

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
