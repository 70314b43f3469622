/** `timescales`: how long units' activity remembers itself without a stimulus. */
import { exp } from "../../arithmetic/elementary.ts";
import { ofUnits } from "../../analysis/activity.ts";
import { binSpikes } from "../../analysis/binning.ts";
import { correlationInterval } from "../../analysis/distributions.ts";
import {
  autocorrelations,
  type DecayFit,
  type Exclusion,
  lagCount,
  meanCorrelation,
  timescale,
  type UnitTimescale,
} from "../../analysis/timescales.ts";
import { countOf } from "../../count.ts";
import { decayTimeConstants } from "../../network/effective.ts";
import { integer } from "../../random/draw.ts";
import { randomStream } from "../../random/stream.ts";
import { show } from "../../report/figures/layers.ts";
import { timescalesFigure } from "../../report/figures/timescales.ts";
import { median, quantile, sampleCorrelation } from "simple-statistics";
import { noActivity, populationOf } from "./shared.ts";
import type { Analysis, AnalysisContext, Scalar } from "./types.ts";

/** Width of a bin of spike counts, ms. */
export const countBinMs = 50;

/** Bootstrap samples of the trials. */
const usualSamples = 200;

/** Fewest bootstrap samples with a fit for an interval. */
const fewestFits = 20;

/** Why there is no number of the units that are kept. */
const noneKept = "no unit is kept";

const analysis: Analysis = {
  name: "timescales",
  question:
    "How long does the spontaneous activity of a unit remember itself, and is that its synapses' doing?",
  needs: ["silence"],
  uses: ["model"],
  async compute(context) {
    const { silence, populations, seed, intervals, unitIntervals } = context;
    const samples = intervals ? usualSamples : 0;
    if (!silence) throw noActivity("timescales");
    const counts = binSpikes(silence, countBinMs);
    const { units } = counts;
    const correlations = autocorrelations(counts);
    const found = timescalesOf(correlations, units);
    const kept = found.flatMap(({ excluded }, unit) => excluded ? [] : [unit]);
    const mean = kept.length > 0
      ? meanCorrelation(correlations, kept)
      : new Float64Array(lagCount).fill(NaN);
    const whole = timescale(mean, countBinMs);
    const random = randomStream(seed).fork("timescales");
    // Units that are asked for, and which of them are kept.
    const asked = unitIntervals
      ? { counts, kept }
      : { counts: ofUnits(counts, kept), kept: [...kept.keys()] };
    const resampled: Float64Array[] = [];
    const resampledWhole: number[] = [];
    for (let sample = 0; sample < samples; sample++) {
      await context.progress(sample, samples);
      const weights = new Float64Array(counts.trials);
      for (let k = 0; k < counts.trials; k++) {
        weights[integer(random, counts.trials, k, sample)]++;
      }
      const again = autocorrelations(asked.counts, weights);
      if (unitIntervals) {
        resampled.push(
          Float64Array.from(
            timescalesOf(again, units),
            ({ fit, excluded }) => excluded ? NaN : fit!.tau,
          ),
        );
      }
      if (kept.length > 0) {
        const { fit, excluded } = timescale(
          meanCorrelation(again, asked.kept),
          countBinMs,
        );
        if (!excluded) resampledWhole.push(fit!.tau);
      }
    }
    const spreads = found.map((_, unit) =>
      spreadOf(
        resampled.map((taus) => taus[unit]).filter((tau) => !Number.isNaN(tau)),
      )
    );
    const decays = decaysOf(context);
    const names = populationOf(context);
    const taus = found.map(({ fit, excluded }) => excluded ? NaN : fit!.tau);
    const pairs = decays
      ? kept.map((unit) => [taus[unit], decays[unit]] as const)
      : [];
    const related = correlate(pairs);
    const reasons = new Map<string, number>();
    for (const { excluded } of found) {
      if (excluded) reasons.set(excluded, (reasons.get(excluded) ?? 0) + 1);
    }
    const scalars = [
      ...scalarsOf(kept, taus, units, populations, names),
      wholeScalar(whole, resampledWhole, kept.length),
      ...[...reasons].map(([reason, count]): Scalar => ({
        network: "spiking",
        name: "excluded",
        of: reason,
        value: count,
      })),
      ...related,
    ];
    const { fit } = whole;
    return {
      scalars,
      tables: [{
        name: "units",
        description: "one unit a row",
        columns: {
          unit: "number of the unit, from 0",
          population:
            "E, I, PV, SST or units, with the layer if there are several",
          kept: "whether its timescale is kept",
          excluded: "why it is not",
          tau: "timescale τ, ms; empty if it is not kept",
          amplitude: "A of A·(exp(-t/τ) + B)",
          offset: "B",
          from_lag: "lag from which it was fitted, in bins of 50 ms",
          tau_sd:
            "standard deviation of τ over bootstrap samples with a fit, ms",
          tau_low: "2.5th percentile of these, ms",
          tau_high: "97.5th percentile of these, ms",
          fits: `bootstrap samples with a fit, of ${samples}`,
          decay: "synaptic decay time constant, ms",
        },
        rows: found.map(({ fit, excluded }, unit) => ({
          unit,
          population: names[unit],
          kept: !excluded,
          excluded: excluded ?? null,
          tau: taus[unit],
          amplitude: fit?.amplitude ?? null,
          offset: fit?.offset ?? null,
          from_lag: fit?.from ?? null,
          tau_sd: spreads[unit].sd,
          tau_low: spreads[unit].low,
          tau_high: spreads[unit].high,
          fits: spreads[unit].fits,
          decay: decays?.[unit] ?? null,
        })),
      }],
      arrays: {
        autocorrelation: {
          data: correlations,
          shape: [units, lagCount],
          axes: ["unit", "lag"],
          description:
            "autocorrelation of spike counts at lags of 50, 100, … 750 ms",
        },
        tau: {
          data: Float64Array.from(taus),
          shape: [units],
          axes: ["unit"],
          description: "timescale of each unit, ms; NaN if it is not kept",
        },
        mean_autocorrelation: {
          data: mean,
          shape: [lagCount],
          axes: ["lag"],
          description: "mean autocorrelation of the units that are kept",
        },
        ...(decays && {
          decay: {
            data: decays,
            shape: [units],
            axes: ["unit"],
            description: "synaptic decay time constant of each unit, ms",
          },
        }),
      },
      figures: kept.length === 0 ? [] : [timescalesFigure({
        units: kept.map((unit) => ({
          type: populations.find(({ units }) => units.includes(unit))!.type,
          tau: taus[unit],
          decay: decays?.[unit],
        })),
        binMs: countBinMs,
        correlations: kept.map((unit) =>
          correlations.subarray(unit * lagCount, (unit + 1) * lagCount)
        ),
        mean,
        fit: fit && !whole.excluded ? drawnFit(fit) : undefined,
        correlation: related[0] && Number.isFinite(related[0].value)
          ? `r ${show(related[0].value, 2)} [${show(related[0].low!, 2)}, ${
            show(related[0].high!, 2)
          }]`
          : undefined,
      })],
      summary: summaryOf(scalars, units, samples),
      remarks: [...reasons].map(([reason, count]) =>
        `${count} of ${
          countOf(units, "unit is", "units are")
        } left out: ${reason}`
      ),
    };
  },
};
export default analysis;

function timescalesOf(
  correlations: Float64Array,
  units: number,
): UnitTimescale[] {
  return Array.from({ length: units }, (_, unit) =>
    timescale(
      correlations.subarray(unit * lagCount, (unit + 1) * lagCount),
      countBinMs,
    ));
}

/** Synaptic decay time constants of all units, ms. */
function decaysOf(
  { model, task, twin }: AnalysisContext,
): Float64Array | undefined {
  const stepMs = twin?.stepMs ?? task?.stepMs;
  if (!model || stepMs === undefined) return undefined;
  const { network } = model;
  return Float64Array.from(
    network.layers.flatMap((_, l) =>
      Array.from(decayTimeConstants(network, l), (steps) => steps * stepMs)
    ),
  );
}

function spreadOf(taus: readonly number[]) {
  const fits = taus.length;
  if (fits < fewestFits) return { fits, sd: NaN, low: NaN, high: NaN };
  const mean = taus.reduce((sum, tau) => sum + tau, 0) / fits;
  const squares = taus.reduce((sum, tau) => sum + (tau - mean) ** 2, 0);
  return {
    fits,
    sd: Math.sqrt(squares / (fits - 1)),
    low: quantile([...taus], 0.025),
    high: quantile([...taus], 0.975),
  };
}

function scalarsOf(
  kept: readonly number[],
  taus: readonly number[],
  units: number,
  populations: AnalysisContext["populations"],
  names: readonly string[],
): Scalar[] {
  const network = "spiking" as const;
  const medianOf = (of: string, members: readonly number[]): Scalar => ({
    network,
    name: "median_tau",
    of,
    value: members.length > 0 ? median(members.map((unit) => taus[unit])) : NaN,
    unit: "ms",
    reason: members.length > 0 ? undefined : noneKept,
  });
  return [
    { network, name: "units", value: units },
    { network, name: "kept", value: kept.length },
    medianOf("all", kept),
    ...(populations.length > 1
      ? [...new Set(names)].map((name) =>
        medianOf(name, kept.filter((unit) => names[unit] === name))
      )
      : []),
  ];
}

/** What an autocorrelation without a timescale is like. */
const inSentence: Readonly<Record<Exclusion, string>> = {
  "a lag without a value": "has a lag without a value",
  "no fall": "has no fall",
  "falls late": "falls late",
  "too short": "falls too fast to be measured",
  "too long": "falls too slowly",
};

function wholeScalar(
  { fit, excluded }: UnitTimescale,
  resampled: readonly number[],
  kept: number,
): Scalar {
  const { low, high } = spreadOf(resampled);
  return {
    network: "spiking",
    name: "population_tau",
    value: excluded ? NaN : fit!.tau,
    ...(!excluded && !Number.isNaN(low) && { low, high }),
    unit: "ms",
    reason: kept === 0
      ? noneKept
      : excluded && `the mean autocorrelation ${inSentence[excluded]}`,
  };
}

/** Correlations of timescale and decay time constant, Pearson's and Spearman's. */
function correlate(
  pairs: readonly (readonly [number, number])[],
): Scalar[] {
  const taus = pairs.map(([tau]) => tau);
  const decays = pairs.map(([, decay]) => decay);
  const network = "spiking" as const;
  const names = ["correlation_with_decay", "rank_correlation_with_decay"];
  if (pairs.length === 0) return [];
  const reason = pairs.length < 4
    ? "fewer than 4 units are kept"
    : decays.every((decay) => decay === decays[0])
    ? "all units have the same decay time constant"
    : undefined;
  if (reason) {
    return names.map((name) => ({ network, name, value: NaN, reason }));
  }
  const values = [
    sampleCorrelation(taus, decays),
    sampleCorrelation(ranks(taus), ranks(decays)),
  ];
  return names.map((name, k) => {
    const [low, high] = correlationInterval(values[k], pairs.length);
    return { network, name, value: values[k], low, high };
  });
}

/** Ranks from 1; equal numbers share their mean rank. */
function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return values.map((value) =>
    (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1
  );
}

function drawnFit({ tau, amplitude, offset, from }: DecayFit) {
  return {
    tau,
    from,
    values: Array.from(
      { length: lagCount - from + 1 },
      (_, k) => amplitude * (exp(-(from + k) * countBinMs / tau) + offset),
    ),
  };
}

function summaryOf(
  scalars: readonly Scalar[],
  units: number,
  samples: number,
): string[] {
  const find = (name: string, of?: string) =>
    scalars.find((scalar) =>
      scalar.name === name && (of === undefined || scalar.of === of)
    );
  const interval = (scalar: Scalar, digits = 3) =>
    `${show(scalar.value, digits)}${scalar.unit ? ` ${scalar.unit}` : ""}` +
    (scalar.low === undefined
      ? ""
      : ` [${show(scalar.low, digits)}, ${show(scalar.high!, digits)}]`);
  const whole = find("population_tau")!;
  const medians = scalars.filter(({ name, of, value }) =>
    name === "median_tau" && of !== "all" && !Number.isNaN(value)
  );
  const related = find("correlation_with_decay");
  return [
    `${find("kept")!.value} of ${
      countOf(units, "unit has", "units have")
    } a timescale, median ` +
    `${show(find("median_tau", "all")!.value)} ms` +
    (medians.length > 0
      ? ` (${
        medians.map(({ of, value }) => `${of} ${show(value)}`).join(", ")
      })`
      : ""),
    Number.isNaN(whole.value)
      ? `no timescale of the population: ${whole.reason}`
      : `timescale of the population: ${interval(whole)}` +
        (whole.low === undefined && samples > 0
          ? ` (no interval: fewer than ${fewestFits} of ${samples} bootstrap samples have a fit)`
          : ""),
    ...(related
      ? [
        Number.isNaN(related.value)
          ? `no correlation with synaptic decay time constants: ${related.reason}`
          : "correlation with synaptic decay time constants: " +
            interval(related, 2),
      ]
      : []),
  ];
}
