/** Bias currents and gains of units, so that they follow their rate units. */
import { exp } from "../arithmetic/elementary.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import { decayTimeConstants } from "../network/effective.ts";
import type { Task } from "../tasks/types.ts";
import type { FitOptions } from "./calibrate_readout.ts";
import { stepsPerRateStep, unitCount } from "../network/geometry.ts";
import { LeastSquares } from "./least_squares.ts";
import { simulateEach } from "../simulate/simulate.ts";
import { simulateRate } from "../simulate/simulate_rate.ts";
import {
  inputFor,
  rateAt,
  slopeAt,
  type TransferCurve,
  transferCurve,
} from "../map/transfer.ts";
import {
  driveOf,
  factorsOf,
  unitInputWeights,
} from "../simulate/unit_inputs.ts";

/** Bounds of the gain of a unit's synaptic input. */
const gains = { least: 0.25, most: 4 };

/** Largest bias current, mV, and its largest change in an iteration. */
const largestBias = 10;
const largestChange = 2;

/** Share of a correction that an iteration makes. */
const damping = 0.5;

/** Every how many rate steps a state counts in the first fit. */
const sampleEvery = 4;

type Units = NonNullable<Calibration["units"]>;

/**
 * Fits a bias current and a gain of the synaptic input for every unit.
 *
 * First from the curves: a rate unit at state x has the rate phi(x), so its
 * twin is to fire at factor·phi(x); the measured curve says which current that
 * takes, and the straight line that gives these currents over the states the
 * rate unit visits (weighted by the curve's slope there) is gain and bias. Then
 * damped corrections on trials of the spiking network, where inputs fluctuate:
 * the bias until the unit's time-averaged filtered rate is factor·phi of its
 * own input, averaged in the same way.
 *
 * @param spiking the network; a calibration that it has is ignored
 * @param options trials and seed, and the number of iterations
 * @returns bias currents in mV, and gains above 0; all layers in order
 */
export async function fitUnits(
  spiking: SpikingNetwork,
  task: Task,
  options: FitOptions & { readonly iterations: number },
): Promise<Units> {
  const curve = await transferCurve(spiking, options);
  let units = await fromCurves(spiking, task, curve, options);
  for (let k = 0; k < options.iterations; k++) {
    options.signal?.throwIfAborted();
    units = await corrected(spiking, task, curve, units, options);
  }
  return units;
}

/** The fit to the states that the rate network visits. */
async function fromCurves(
  spiking: SpikingNetwork,
  task: Task,
  curve: TransferCurve,
  options: FitOptions,
): Promise<Units> {
  const { rate } = spiking;
  const count = unitCount(rate);
  const factors = factorsOf(spiking);
  const drives = unitInputWeights(rate);
  const runs = await simulateRate(rate, task, {
    ...options,
    record: { states: true },
  });
  const fits = factors.map(() => new LeastSquares(2));
  const weights = new Float64Array(count);
  const taus = rate.layers.flatMap((_, l) =>
    Array.from(decayTimeConstants(rate, l))
  );
  for (const { trace, inputs, columns } of runs) {
    const states = trace.states!;
    for (let unit = 0; unit < count; unit++) {
      // A rate unit's state follows stimuli as slowly as synapses; in its twin
      // they act at once. What is left of the state came by synapses.
      let drive = 0;
      for (let step = 1; step < columns; step++) {
        drive += (driveOf(drives[unit], inputs, columns, step - 1) - drive) /
          taus[unit];
        if (step % sampleEvery !== 0) continue;
        const x = states[unit * columns + step];
        const rateWanted = factors[unit] * rateAt(rate.activation, x);
        const current = inputFor(curve, rateWanted);
        const weight = slopeAt(curve, current) ** 2;
        weights[unit] += weight;
        fits[unit].add([x - drive, 1], current - drive, weight);
      }
    }
  }
  const bias = new Float64Array(count);
  const gain = new Float64Array(count).fill(1);
  fits.forEach((fit, unit) => {
    // Towards a gain of 1 where the unit hardly moves, and says little.
    const pull = 0.1 * weights[unit];
    fit.add([1, 0], 1, pull);
    const solved = fit.solve();
    if (!solved) return;
    gain[unit] = clamp(solved[0], gains.least, gains.most);
    bias[unit] = clamp(solved[1], -largestBias, largestBias);
  });
  return { bias, gain };
}

/** One damped correction of the bias currents. */
async function corrected(
  spiking: SpikingNetwork,
  task: Task,
  curve: TransferCurve,
  { bias, gain }: Units,
  options: FitOptions,
): Promise<Units> {
  const { rate } = spiking;
  const count = unitCount(rate);
  const factors = factorsOf(spiking);
  const drives = unitInputWeights(rate);
  const decay = rate.layers.flatMap((_, l) =>
    Array.from(decayTimeConstants(rate, l), (tau) => exp(-1 / tau))
  );
  const every = stepsPerRateStep(spiking);
  const wanted = new Float64Array(count);
  const found = new Float64Array(count);
  let samplesSeen = 0;
  const runs = simulateEach(
    { ...spiking, calibration: { units: { bias, gain } } },
    task,
    { ...options, record: { currents: every, rates: every } },
  );
  for await (const { trace, inputs, columns } of runs) {
    const rates = trace.rates!;
    const currents = trace.currents!;
    const samples = rates.length / count;
    samplesSeen += samples;
    for (let unit = 0; unit < count; unit++) {
      // The wanted rate through the same filter, from the same silence.
      let filtered = 0;
      for (let k = 0; k < samples; k++) {
        const at = unit * samples + k;
        const x = currents[at] / gain[unit] +
          driveOf(drives[unit], inputs, columns, k);
        filtered += (1 - decay[unit]) *
          (factors[unit] * rateAt(rate.activation, x) - filtered);
        wanted[unit] += filtered;
        found[unit] += rates[at];
      }
    }
  }
  return {
    gain,
    bias: Float64Array.from(bias, (value, unit) => {
      const change = inputFor(curve, wanted[unit] / samplesSeen) -
        inputFor(curve, found[unit] / samplesSeen);
      return clamp(
        value + damping * clamp(change, -largestChange, largestChange),
        -largestBias,
        largestBias,
      );
    }),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
