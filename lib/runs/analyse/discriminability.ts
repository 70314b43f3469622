/** `discriminability`: whether the same units tell conditions apart over time. */
import type { SpikeTrains } from "../../analysis/activity.ts";
import { binSpikes } from "../../analysis/binning.ts";
import {
  discriminability,
  halfDifferences,
  quartiles,
} from "../../analysis/discriminability.ts";
import {
  autocorrelations,
  lagCount,
  timescale,
} from "../../analysis/timescales.ts";
import { countOf } from "../../count.ts";
import {
  discriminabilityFigure,
  type TimeMatrix,
} from "../../report/figures/decoding.ts";
import { show } from "../../report/figures/layers.ts";
import { stimuliOf } from "./decoding.ts";
import { furtherPopulations, groupsOf, noActivity } from "./shared.ts";
import { countBinMs } from "./timescales.ts";
import type { Analysis, AnalysisArray, Scalar } from "./types.ts";

/** Samples of a drawn matrix are averaged to so many at most. */
const mostDrawn = 200;

/** Units of a correlation at least: over two units it is 1 or -1, whatever they do. */
const fewestUnits = 3;

const analysis: Analysis = {
  name: "discriminability",
  question:
    "Do the same units tell two conditions apart at different times, and do units with long timescales do so for longer?",
  needs: ["spiking"],
  uses: ["silence"],
  async compute(context) {
    const { spikes, silence, variables, windows } = context;
    if (!spikes) throw noActivity("discriminability");
    if (variables.length === 0) {
      throw new RangeError(
        "Cannot analyse discriminability: all trials are of one condition, " +
          "two or more are needed",
      );
    }
    if (spikes.units < fewestUnits) {
      throw new RangeError(
        `Cannot analyse discriminability of ${
          countOf(spikes.units, "unit")
        }: ` +
          `it is a correlation over units, ${fewestUnits} or more are needed`,
      );
    }
    const groups = silence ? groupsByTimescale(silence) : [];
    const sets = [...groupsOf(context).slice(1), ...furtherPopulations(context)]
      .filter(({ units }) => units.length >= fewestUnits)
      .map((set) => ({ ...set, title: set.name }));
    const scalars: Scalar[] = [];
    const arrays: Record<string, AnalysisArray> = {};
    const matrices: TimeMatrix[] = [];
    const summary: string[] = [];
    const remarks: string[] = [];
    if (groups.length === 0) {
      remarks.push(
        silence
          ? "quartiles of the timescale are left out: fewer than " +
            `${4 * fewestUnits} units have one`
          : "quartiles of the timescale are left out: there are no trials " +
            "without a stimulus",
      );
    }
    for (const [k, { name, values, of }] of variables.entries()) {
      await context.progress(k, variables.length);
      const [a, b] = values;
      const labels = spikes.conditions.map((condition) => of[condition]);
      const halves = halfDifferences(spikes, labels, [a, b]);
      const { samples, sampleMs } = halves;
      const prefix = name.replace(/\W+/g, "_");
      const all = discriminability(halves);
      const inWindows = (matrix: Float64Array, group?: string) =>
        windows.map((window): Scalar => {
          const value = meanWithin(matrix, samples, {
            from: Math.ceil(window.from / sampleMs),
            to: Math.min(samples, Math.floor(window.to / sampleMs) + 1),
          });
          return {
            network: "spiking",
            name: "discriminability",
            of: `${name}, ${window.name}${group ? `, ${group}` : ""}`,
            value,
            reason: Number.isNaN(value) ? "no spikes differ" : undefined,
          };
        });
      const own = inWindows(all);
      scalars.push(...own);
      summary.push(
        `${name} (${a} against ${b}): mean correlation ` +
          own.map(({ value }, w) => `${windows[w].name} ${show(value, 2)}`)
            .join(", "),
      );
      const array = (
        matrix: Float64Array,
        of: string,
        every: number,
      ): AnalysisArray => {
        const kept = Math.ceil(samples / every);
        const data = new Float32Array(kept * kept);
        for (let k = 0; k < data.length; k++) {
          const [row, column] = [Math.floor(k / kept), k % kept];
          data[k] = matrix[(row * samples + column) * every];
        }
        return {
          data,
          shape: [kept, kept],
          axes: ["sample of odd trials", "sample of even trials"],
          description: `correlation over ${of} of the difference of ${a} and ` +
            `${b} (${name}); samples at every ${every * sampleMs} ms from 0`,
        };
      };
      arrays[prefix] = array(all, "units", 1);
      matrices.push({ title: name, ...drawn(all, samples) });
      for (const group of [...groups, ...sets]) {
        const matrix = discriminability(halves, group.units);
        scalars.push(...inWindows(matrix, group.name));
        arrays[`${prefix}_${group.name.replace(/\W+/g, "_")}`] = array(
          matrix,
          `units of ${group.title}`,
          5,
        );
        if (group === groups.at(0) || group === groups.at(-1)) {
          matrices.push({
            title: `${name}, ${group.title}`,
            ...drawn(matrix, samples),
          });
        }
      }
    }
    return {
      scalars,
      tables: [],
      arrays,
      figures: [discriminabilityFigure({
        duration: spikes.durationMs,
        stimuli: stimuliOf(context),
        matrices,
      })],
      summary,
      remarks,
    };
  },
};
export default analysis;

/** Units by quartile of their timescale; none if too few have one. */
function groupsByTimescale(silence: SpikeTrains) {
  const counts = binSpikes(silence, countBinMs);
  const correlations = autocorrelations(counts);
  const taus = Array.from({ length: counts.units }, (_, unit) => {
    const own = correlations.subarray(unit * lagCount, (unit + 1) * lagCount);
    const { fit, excluded } = timescale(own, countBinMs);
    return excluded ? NaN : fit!.tau;
  });
  const groups = quartiles(taus);
  if (groups.some(({ length }) => length < fewestUnits)) return [];
  return groups.map((units, k) => ({
    name: `quartile ${k + 1}`,
    title: `τ ${show(taus[units[0]], 2)}–${show(taus[units.at(-1)!], 2)} ms`,
    units,
  }));
}

/** Mean over a window's square, of what is a number. */
function meanWithin(
  matrix: Float64Array,
  samples: number,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  let [sum, count] = [0, 0];
  for (let row = from; row < to; row++) {
    for (let column = from; column < to; column++) {
      const value = matrix[row * samples + column];
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
  }
  return sum / count;
}

/** A smaller matrix for the figure. */
function drawn(matrix: Float64Array, samples: number) {
  const factor = Math.ceil(samples / mostDrawn);
  const times = Math.floor(samples / factor);
  const values = new Float64Array(times * times);
  for (let row = 0; row < times; row++) {
    for (let column = 0; column < times; column++) {
      let sum = 0;
      for (let i = 0; i < factor; i++) {
        for (let j = 0; j < factor; j++) {
          sum += matrix[(row * factor + i) * samples + column * factor + j];
        }
      }
      values[row * times + column] = sum / factor ** 2;
    }
  }
  return { values, times };
}
