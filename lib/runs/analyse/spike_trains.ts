/** `spike-trains`: how irregular, variable, correlated and synchronous spikes are. */
import type { Span, SpikeTrains } from "../../analysis/activity.ts";
import { currentPower } from "../../analysis/current_power.ts";
import { synapticFilter } from "../../analysis/currents.ts";
import { inWorkers, sharedTrains, spans } from "../../analysis/in_workers.ts";
import type { PowerSpectrum } from "../../analysis/spectrum.ts";
import {
  countCorrelations,
  fanoFactors,
  irregularity,
  spikeCounts,
} from "../../analysis/spike_trains.ts";
import { meanSynchrony } from "../../analysis/synchrony.ts";
import { countOf } from "../../count.ts";
import { randomStream } from "../../random/stream.ts";
import { show } from "../../report/figures/layers.ts";
import { spikeTrainsFigure } from "../../report/figures/spike_trains.ts";
import { populationOf, populationSets, threadsOf } from "./shared.ts";
import type {
  Analysis,
  AnalysisContext,
  AnalysisResult,
  Scalar,
} from "./types.ts";

/** What is left out at the beginning of a trial, ms: most units fire at once there. */
const settlingMs = 100;
/** Filter of the spike trains where no network says it, ms. */
const plainFilter = { kind: "double", rise: 2, decay: 20 } as const;
/** Segment of a power spectrum, ms. */
const segmentMs = 500;

/** The trial without its first 100 ms. */
export function settledWindow({ durationMs }: SpikeTrains): Span {
  if (durationMs <= settlingMs) {
    throw new RangeError(
      `Cannot analyse trials of ${durationMs} ms: the first ${settlingMs} ms ` +
        "are left out",
    );
  }
  return { from: settlingMs, to: durationMs };
}

const analysis: Analysis = {
  name: "spike-trains",
  question: "How regular, variable and synchronous is the spiking?",
  needs: ["spiking"],
  uses: ["twin"],
  async compute(context): Promise<AnalysisResult> {
    const { twin, seed } = context;
    const spikes = context.spikes!;
    const window = settledWindow(spikes);
    const parts = 3 + (twin ? 2 : 1) * spikes.trials;
    await context.progress(0, parts);
    const each = irregularity(spikes, window);
    await context.progress(1, parts);
    const counts = spikeCounts(spikes, window);
    const several = new Set(spikes.conditions).size < spikes.trials;
    const fano = several
      ? fanoFactors(counts)
      : new Float64Array(spikes.units).fill(NaN);
    const noFano = "a condition has one trial, two are needed";
    await context.progress(2, parts);
    const pairs = several
      ? countCorrelations(counts, randomStream(seed).fork("pairs"))
      : [];
    await context.progress(3, parts);
    const filter = twin ? synapticFilter(twin) : undefined;
    const chi = await synchronyIn(context, window, parts);
    const spectrum = filter && await currentPower(filter, spikes, {
      ...{ window, segmentMs },
      ...threadsOf(context),
      onTrial: (done) => context.progress(3 + spikes.trials + done, parts),
    });
    const sets = populationSets(context);
    const scalars: Scalar[] = [];
    const network = "spiking" as const;
    const summary: string[] = [];
    for (const { name: of, units } of sets) {
      const over = (values: (unit: number) => number, reason: string) => {
        const found = units.map(values).filter(Number.isFinite);
        return {
          value: mean(found),
          ...(found.length === 0 && { reason }),
        };
      };
      const few = "no unit has the 3 spikes that intervals need";
      const rate = over((unit) => each[unit].rate, few);
      const cv = over((unit) => each[unit].cv, few);
      const fewer = "no unit has the 3 spikes in a trial that CV2 and Lv need";
      const cv2 = over((unit) => each[unit].cv2, fewer);
      const lv = over((unit) => each[unit].lv, fewer);
      const f = over(
        (unit) => fano[unit],
        several ? "no unit fires" : noFano,
      );
      scalars.push(
        { network, of, name: "rate", unit: "Hz", ...rate },
        { network, of, name: "cv", ...cv },
        { network, of, name: "cv2", ...cv2 },
        { network, of, name: "lv", ...lv },
        { network, of, name: "fano", ...f },
      );
      summary.push(
        `${of}: ${show(rate.value)} Hz, CV ${show(cv.value)}, CV2 ` +
          `${show(cv2.value)}, Lv ${show(lv.value)}, Fano factor ` +
          show(f.value),
      );
    }
    const noise = pairs.map((pair) => pair.noise).filter(Number.isFinite);
    const total = pairs.map((pair) => pair.total).filter(Number.isFinite);
    scalars.push(
      {
        network,
        name: "noise_correlation",
        value: mean(noise),
        ...(noise.length === 0 && {
          reason: several ? "no two units' counts vary" : noFano,
        }),
      },
      {
        network,
        name: "count_correlation",
        value: mean(total),
        ...(total.length === 0 && {
          reason: !several
            ? noFano
            : pairs.length === 0
            ? "fewer than two units fire"
            : "no two units' counts vary",
        }),
      },
      {
        network,
        name: "synchrony",
        value: chi,
        ...(Number.isNaN(chi) && { reason: "no unit fires" }),
      },
    );
    summary.push(
      `spike-count correlation ${show(mean(noise))} (${
        countOf(noise.length, "pair")
      }), ` +
        `synchrony χ ${show(chi)}`,
    );
    const remarks: string[] = [];
    if (spectrum) {
      const peak = peakOf(spectrum);
      scalars.push({
        network,
        name: "peak_frequency",
        unit: "Hz",
        value: peak,
        ...(Number.isNaN(peak) && {
          reason: `the window is shorter than a segment of ${segmentMs} ms`,
        }),
      });
      if (Number.isNaN(peak)) {
        remarks.push(
          `no power spectrum: ${window.to - window.from} ms are shorter than ` +
            `a segment of ${segmentMs} ms`,
        );
      }
    }
    const populations = populationOf(context);
    const short = each.filter((unit) => Number.isNaN(unit.cv)).length;
    if (short > 0) {
      remarks.push(
        `${short} of ${
          countOf(each.length, "unit has", "units have")
        } too few spikes for intervals`,
      );
    }
    if (!several) remarks.push(`no Fano factors, no correlations: ${noFano}`);
    return {
      scalars,
      tables: [
        {
          name: "units",
          description: "one unit a row",
          columns: {
            unit: "number of the unit, from 0",
            population: "its population",
            spikes: "spikes in the window, all trials",
            rate: "firing rate, Hz",
            cv: "coefficient of variation of the intervals",
            cv2: "CV2 of successive intervals",
            lv: "local variation",
            fano: "Fano factor of counts in 100 ms",
          },
          rows: each.map((unit, k) => ({
            unit: k,
            population: populations[k],
            ...unit,
            fano: fano[k],
          })),
        },
        {
          name: "pairs",
          description: "one pair of units a row",
          columns: {
            first: "one unit, from 0",
            second: "the other",
            noise: "correlation of counts less their condition's mean",
            total: "correlation of the counts",
          },
          rows: pairs.map(({ units: [first, second], noise, total }) => ({
            first,
            second,
            noise,
            total,
          })),
        },
      ],
      arrays: spectrum
        ? {
          frequencies: {
            data: spectrum.frequencies,
            shape: [spectrum.frequencies.length],
            axes: ["frequency"],
            description: "frequencies of the power spectrum, Hz",
          },
          power: {
            data: spectrum.density,
            shape: [spectrum.density.length],
            axes: ["frequency"],
            description:
              "power spectral density of |I_E| + |I_I|, summed over units, mV²/Hz",
          },
        }
        : {},
      figures: [spikeTrainsFigure({
        populations: sets.map(({ name, units }, k) => ({
          name,
          type: context.populations[k].type,
          rates: units.map((unit) => each[unit].rate),
          cvs: units.map((unit) => each[unit].cv),
          lvs: units.map((unit) => each[unit].lv),
          fanos: units.map((unit) => fano[unit]),
        })),
        correlations: noise,
        spectrum: spectrum &&
          { frequencies: spectrum.frequencies, power: spectrum.density },
      })],
      summary,
      remarks,
    };
  },
};
export default analysis;

/** Synchrony of the trains, filtered as the network's synapses do. */
async function synchronyIn(
  { twin, spikes, progress, ...context }: AnalysisContext,
  window: Span,
  parts: number,
): Promise<number> {
  const { trials, units } = spikes!;
  const { kind, rise, decay } = twin ? synapticFilter(twin) : {
    ...plainFilter,
    decay: new Array<number>(units).fill(plainFilter.decay),
  };
  const threads = threadsOf(context);
  const { workers = 1 } = threads;
  const shared = {
    ...{ window, kind, decay, rise },
    trains: sharedTrains(spikes!, workers),
  };
  const found = await inWorkers(
    "synchrony",
    spans(trials, workers > 1 ? 4 * workers : 1)
      .map((span) => ({ ...shared, ...span })),
    { ...threads, onDone: (done) => progress(3 + done, parts) },
  );
  return meanSynchrony(found.flat());
}

/** Frequency of the most power, that of no change left out. */
function peakOf({ frequencies, density }: PowerSpectrum): number {
  let best = -1;
  for (let f = 1; f < density.length; f++) {
    if (density[f] > (density[best] ?? 0)) best = f;
  }
  return frequencies[best] ?? NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
