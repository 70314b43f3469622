/** Gains and offset of the readout, fitted on spiking activity. */
import type { Backend } from "../backend/types.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import type { Task } from "../tasks/types.ts";
import { stepsPerRateStep, unitCount } from "../network/geometry.ts";
import { LeastSquares } from "./least_squares.ts";
import { simulateEach } from "../simulate/simulate.ts";
import { simulateRate } from "../simulate/simulate_rate.ts";

/** What the fits run on. */
export interface FitOptions {
  /** Of the trials and their noise. */
  readonly seed: number;
  readonly trials: number;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
}

type Readout = NonNullable<Calibration["readout"]>;

/** Least gain of a single unit: its readout keeps its sign. */
const leastGain = 1e-3;

/** Sweeps over the units, at most, and the change at which they end. */
const sweeps = { most: 500, change: 1e-6 };

/**
 * How strongly single units' gains are held at the common one, as a share of
 * the summed squares of an average unit: neighbouring samples are far from
 * independent, so that there is less to fit on than their number says.
 */
const pull = 0.1;

/**
 * Fits the readout: a gain for excitatory units, one for inhibitory ones, and an
 * offset, by least squares of the spiking output on the rate network's output
 * (its bias `b_out` included) in the strict window of the same trials. Filtered
 * spike trains are taken once a rate step.
 *
 * @param spiking the network; what was fitted for its units applies, what was
 *   fitted for its readout is replaced
 * @returns the readout; gains are above 0, so that no unit changes its sign
 */
export async function fitReadout(
  spiking: SpikingNetwork,
  task: Task,
  options: FitOptions,
): Promise<Readout> {
  const inhibitory = spiking.rate.layers
    .flatMap((layer) => Array.from(layer.inhibitory));
  const apart = new LeastSquares(3);
  const together = new LeastSquares(2);
  for await (const { parts, target } of samples(spiking, task, options)) {
    let [excitation, inhibition] = [0, 0];
    parts.forEach((part, unit) => {
      if (inhibitory[unit]) inhibition += part;
      else excitation += part;
    });
    apart.add([excitation, inhibition, 1], target);
    together.add([excitation + inhibition, 1], target);
  }
  const fitted = apart.solve();
  if (fitted && fitted[0] > 0 && fitted[1] > 0) {
    const [gainExcitatory, gainInhibitory, offset] = fitted;
    return { gainExcitatory, gainInhibitory, offset };
  }
  const common = together.solve();
  if (common && common[0] > 0) {
    const [gain, offset] = common;
    return { gainExcitatory: gain, gainInhibitory: gain, offset };
  }
  return { gainExcitatory: 1, gainInhibitory: 1, offset: 0 };
}

/**
 * Fits a readout gain for every unit and an offset, as {@linkcode fitReadout}
 * does for two populations, with the gains held at the common one and above 0
 * (least squares under bounds, by coordinate descent). Units that tell the
 * answer with less noise weigh more.
 *
 * @returns the readout with gains of single units
 */
export async function fitReadoutUnits(
  spiking: SpikingNetwork,
  task: Task,
  options: FitOptions,
): Promise<Readout> {
  const count = unitCount(spiking.rate);
  const n = count + 1;
  const products = new Float64Array(n * n);
  const right = new Float64Array(n);
  const values = new Float64Array(n).fill(1);
  for await (const { parts, target } of samples(spiking, task, options)) {
    values.set(parts);
    for (let i = 0; i < n; i++) {
      if (values[i] === 0) continue;
      right[i] += values[i] * target;
      for (let j = 0; j < n; j++) products[i * n + j] += values[i] * values[j];
    }
  }
  const fit = boundedFit(products, right, n);
  return {
    gainExcitatory: 1,
    gainInhibitory: 1,
    offset: fit[count],
    units: fit.slice(0, count),
  };
}

/** Minimises the squares, plus what holds the gains at 1, over gains above 0. */
function boundedFit(
  products: Float64Array,
  right: Float64Array,
  n: number,
): Float64Array {
  const units = n - 1;
  let squares = 0;
  for (let i = 0; i < units; i++) squares += products[i * n + i];
  const hold = pull * squares / units;
  const x = new Float64Array(n).fill(1);
  x[units] = 0;
  if (!(hold > 0)) return x;
  for (let sweep = 0; sweep < sweeps.most; sweep++) {
    let change = 0;
    for (let i = 0; i < n; i++) {
      let rest = right[i];
      for (let j = 0; j < n; j++) {
        if (j !== i) rest -= products[i * n + j] * x[j];
      }
      const next = i === units
        ? rest / products[i * n + i]
        : Math.max(leastGain, (rest + hold) / (products[i * n + i] + hold));
      change = Math.max(change, Math.abs(next - x[i]));
      x[i] = next;
    }
    if (change < sweeps.change) break;
  }
  return x;
}

/**
 * What every unit adds to the output of the plain readout, and the rate
 * network's output, at each rate step of the strict window of each trial. The
 * array is reused from one sample to the next.
 */
async function* samples(
  spiking: SpikingNetwork,
  task: Task,
  options: FitOptions,
): AsyncGenerator<{ parts: Float64Array; target: number }> {
  const { from, to } = task.windows.strict;
  const rate = await simulateRate(spiking.rate, task, options);
  const weights = readoutWeights(spiking);
  const parts = new Float64Array(weights.length);
  let trial = 0;
  const runs = simulateEach(spiking, task, {
    ...options,
    record: { rates: stepsPerRateStep(spiking) },
  });
  for await (const { trace } of runs) {
    const targets = rate[trial++].trace.outputs;
    const rates = trace.rates!;
    const columns = rates.length / weights.length;
    // Sample k is at the end of rate step k, where output k is.
    for (let k = from; k < Math.min(to, targets.length); k++) {
      for (let unit = 0; unit < parts.length; unit++) {
        parts[unit] = weights[unit] * rates[unit * columns + k];
      }
      yield { parts, target: targets[k] };
    }
  }
}

/** Readout weights of all units, divided by the scaling factor. */
function readoutWeights({ rate, factor }: SpikingNetwork): Float64Array {
  return Float64Array.from(rate.layers.flatMap(({ size }, l) => {
    const read = rate.readout.from.indexOf(l);
    const divisor = typeof factor === "number" ? factor : factor[l];
    return Array.from(
      { length: size },
      (_, i) => read < 0 ? 0 : rate.readout.weights[read][i] / divisor,
    );
  }));
}
