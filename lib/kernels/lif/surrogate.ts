/**
 * A spiking network that can be differentiated, in plain TypeScript: the LIF
 * scan with everything kept, and backpropagation through time in which a spike
 * has the derivative of a fast sigmoid, height/(1 + steepness |v - peak|)² (Zenke
 * and Ganguli, Neural Computation 30:1514, 2018). The reset has no derivative.
 *
 * Step i = 0 … T-1 of a trial, unit by unit:
 *
 *     v' = v + [not refractory] rate (I + drive - v) + noise,  s = v' >= peak
 *     I  = decay I + dt h,   h  = rise h  + gain W s
 *     r  = decay r + dt hr,  hr = rise hr + gain s
 *     v  = s ? reset : v'
 *
 * With a single exponential, gain W s and gain s go to I and r themselves.
 */

/** Constants of the units; voltages in mV. */
export interface SurrogateNeuron {
  /** dt/tm. */
  readonly rate: number;
  readonly refractorySteps: number;
  readonly reset: number;
  readonly peak: number;
  /** Of the surrogate derivative: its value at threshold, spikes a step and mV. */
  readonly height: number;
  /** How fast it falls with the distance from the threshold, 1/mV. */
  readonly steepness: number;
  /** Integration step, ms. */
  readonly dt: number;
  /** exp(-dt/tr); 0 for the single exponential. */
  readonly rise: number;
}

/** Sizes of a batch. */
export interface SurrogateShape {
  readonly trials: number;
  readonly steps: number;
  readonly units: number;
}

/** Parameters and inputs. */
export interface SurrogateInputs {
  /** W, N×N, post×pre. */
  readonly weights: Float32Array;
  /** exp(-dt/td), N. */
  readonly decay: Float32Array;
  /** What a spike adds, 1/(tr td) or 1/td, N. */
  readonly gain: Float32Array;
  /** Constant input and stimulus, mV, B×T×N. */
  readonly drive: Float32Array;
  /** v before the first step, B×N. */
  readonly initial: Float32Array;
  /** What is added to v, B×T×N. */
  readonly noise?: Float32Array;
}

/**
 * Parts of a history, which is one array 5×B×T×N: filtered spikes r, spikes (0 or
 * 1), v' before the reset, I, and whether a unit was not refractory (0 or 1).
 */
export const historyParts = [
  "rates",
  "spikes",
  "voltages",
  "currents",
  "active",
] as const;

/** Views of the parts of a history, B×T×N each. */
function historyViews(
  history: Float32Array,
): Record<typeof historyParts[number], Float32Array> {
  const size = history.length / historyParts.length;
  const view = (k: number) => history.subarray(k * size, (k + 1) * size);
  return {
    rates: view(0),
    spikes: view(1),
    voltages: view(2),
    currents: view(3),
    active: view(4),
  };
}

/** Runs a batch forward; returns its history. */
export function surrogateForward(
  { trials, steps, units }: SurrogateShape,
  inputs: SurrogateInputs,
  neuron: SurrogateNeuron,
): Float32Array {
  const { weights, decay, gain, drive, initial, noise } = inputs;
  const { rate, refractorySteps, reset, peak, dt, rise } = neuron;
  const history = new Float32Array(
    historyParts.length * trials * steps * units,
  );
  const { rates, spikes, voltages, currents, active } = historyViews(history);
  const jump = new Float64Array(units);
  for (let b = 0; b < trials; b++) {
    const v = Float32Array.from(initial.subarray(b * units, (b + 1) * units));
    const [current, h, r, hr] = [0, 1, 2, 3].map(() => new Float32Array(units));
    const last = new Int32Array(units);
    for (let t = 0; t < steps; t++) {
      const at = (b * steps + t) * units;
      jump.fill(0);
      for (let i = 0; i < units; i++) {
        const open = t + 1 - last[i] > refractorySteps;
        const pull = open ? rate * (current[i] + drive[at + i] - v[i]) : 0;
        v[i] += pull + (noise ? noise[at + i] : 0);
        active[at + i] = open ? 1 : 0;
        voltages[at + i] = v[i];
        if (v[i] >= peak) {
          spikes[at + i] = 1;
          last[i] = t + 1;
          v[i] = reset;
          for (let k = 0; k < units; k++) jump[k] += weights[k * units + i];
        }
      }
      for (let i = 0; i < units; i++) {
        const arriving = gain[i] * jump[i];
        const spike = gain[i] * spikes[at + i];
        if (rise > 0) {
          current[i] = current[i] * decay[i] + h[i] * dt;
          h[i] = h[i] * rise + arriving;
          r[i] = r[i] * decay[i] + hr[i] * dt;
          hr[i] = hr[i] * rise + spike;
        } else {
          current[i] = current[i] * decay[i] + arriving;
          r[i] = r[i] * decay[i] + spike;
        }
        rates[at + i] = r[i];
        currents[at + i] = current[i];
      }
    }
  }
  return history;
}

/** Gradients by the inputs. */
export interface SurrogateGradients {
  readonly weights: Float32Array;
  readonly decay: Float32Array;
  readonly gain: Float32Array;
  readonly drive: Float32Array;
}

/**
 * Runs a batch backward.
 *
 * @param byHistory gradient by rates, spikes and voltages, in the places that
 *   they have in a history; the rest is not looked at
 */
export function surrogateBackward(
  { trials, steps, units }: SurrogateShape,
  inputs: Pick<SurrogateInputs, "weights" | "decay" | "gain">,
  history: Float32Array,
  byHistory: Float32Array,
  neuron: SurrogateNeuron,
): SurrogateGradients {
  const { weights, decay, gain } = inputs;
  const { rates, spikes, voltages, currents, active } = historyViews(history);
  const by = historyViews(byHistory);
  const { rate, peak, height, steepness, dt, rise } = neuron;
  const byWeight = new Float64Array(units * units);
  const byDecay = new Float64Array(units);
  const byGain = new Float64Array(units);
  const byDrive = new Float32Array(trials * steps * units);
  const bySpike = new Float64Array(units);
  for (let b = 0; b < trials; b++) {
    // Gradients by the state after a step.
    const [gv, gI, gh, gr, ghr] = [0, 1, 2, 3, 4].map(() =>
      new Float64Array(units)
    );
    const [byArriving, byOwn] = rise > 0 ? [gh, ghr] : [gI, gr];
    for (let t = steps - 1; t >= 0; t--) {
      const at = (b * steps + t) * units;
      for (let i = 0; i < units; i++) {
        gr[i] += by.rates[at + i];
        bySpike[i] = by.spikes[at + i] + gain[i] * byOwn[i];
        byGain[i] += byOwn[i] * spikes[at + i];
      }
      for (let j = 0; j < units; j++) {
        const through = gain[j] * byArriving[j];
        if (through === 0) continue;
        for (let k = 0; k < units; k++) {
          bySpike[k] += weights[j * units + k] * through;
          if (spikes[at + k] === 0) continue;
          byWeight[j * units + k] += through;
          byGain[j] += byArriving[j] * weights[j * units + k];
        }
      }
      for (let i = 0; i < units; i++) {
        const away = 1 + steepness * Math.abs(voltages[at + i] - peak);
        const byVoltage = (1 - spikes[at + i]) * gv[i] +
          height * bySpike[i] / (away * away) + by.voltages[at + i];
        const pulled = byVoltage * active[at + i] * rate;
        byDrive[at + i] = pulled;
        if (t > 0) {
          byDecay[i] += gI[i] * currents[at - units + i] +
            gr[i] * rates[at - units + i];
        }
        if (rise > 0) {
          gh[i] = gI[i] * dt + gh[i] * rise;
          ghr[i] = gr[i] * dt + ghr[i] * rise;
        }
        gI[i] = gI[i] * decay[i] + pulled;
        gr[i] = gr[i] * decay[i];
        gv[i] = byVoltage - pulled;
      }
    }
  }
  return {
    weights: Float32Array.from(byWeight),
    decay: Float32Array.from(byDecay),
    gain: Float32Array.from(byGain),
    drive: byDrive,
  };
}
