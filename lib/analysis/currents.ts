/**
 * Excitatory and inhibitory synaptic currents of a spiking network, from its
 * spikes: they are linear in the spikes, so they are known without simulating
 * again. The recursion of the model is jumped over in closed form.
 */
import { exp } from "../arithmetic/elementary.ts";
import { prepareNetwork } from "../backend/spiking_network.ts";
import { countOf } from "../count.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import {
  filterOf,
  riseTime,
  spikeArea,
  type SynapseName,
} from "../network/synapses.ts";
import { checkTrains, type SpikeTrains } from "./activity.ts";

/**
 * The synapses of a network, which turn spikes into currents; arrays have one
 * number for each unit unless a comment says otherwise.
 */
export interface SynapticFilter {
  /** Number of units N. */
  readonly units: number;
  /** Integration step, ms. */
  readonly dt: number;
  /** Filter of the synapses. */
  readonly kind: SynapseName;
  /** Rise time constant of the double exponential, ms; 0 for the others. */
  readonly rise: number;
  /** Decay time constants of the postsynaptic units, ms. */
  readonly decay: ArrayLike<number>;
  /**
   * Area under the current of one spike (mV·s), N×N; a row is a presynaptic
   * unit.
   */
  readonly weights: Float64Array;
}

/** Currents of one trial. */
export interface SynapticCurrents {
  /** Number of samples. */
  readonly samples: number;
  /** Time between samples, ms; the first one is at its end. */
  readonly everyMs: number;
  /** Current through synapses of positive weight, mV, units×samples. */
  readonly excitatory: Float64Array;
  /** Current through synapses of negative weight, mV (0 or below), units×samples. */
  readonly inhibitory: Float64Array;
}

/**
 * The synapses of a spiking network: weights divided by the scaling factor,
 * with the calibration, and their filter.
 *
 * @param twin the spiking network, from `convert`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { convert, createNetwork, randomStream } from "@spikernn/spikernn";
 * import { synapticFilter } from "@spikernn/spikernn/analysis";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const { rise, decay } = synapticFilter(convert(network, { scalingFactor: 50 }));
 * assert(rise === 2 && decay.length === 20);
 * ```
 */
export function synapticFilter(twin: SpikingNetwork): SynapticFilter {
  const { units, dt, synapse, decay, weights, factors, inputGain } =
    prepareNetwork(twin);
  return {
    units,
    dt,
    kind: synapse.kind,
    rise: synapse.rise,
    decay,
    weights: weights.map((weight, at) =>
      weight * inputGain[at % units] / factors[at % units]
    ),
  };
}

/** Time between samples of currents: a ms, as whole steps, ms. */
export function currentSampling({ dt }: Pick<SynapticFilter, "dt">): number {
  return dt * Math.max(1, Math.round(1 / dt));
}

/**
 * Excitatory and inhibitory synaptic currents of one trial: at every step IPSC
 * = IPSC·exp(-dt/td) + h·dt, h = h·exp(-dt/tr) + JD/(tr·td), with JD the
 * weights of the units that spiked. Both are sampled after their step.
 *
 * Source: Kim, Li and Sejnowski, PNAS 116:22811, 2019.
 *
 * @param filter from `synapticFilter`
 * @param spikes of all trials
 * @param trial number of the trial
 * @param everyMs time between samples, a whole number of integration steps
 * @returns both currents, whose sum is the current that `simulate` records
 * @throws {RangeError} for a sampling interval that is not whole steps, a trial
 * that does not exist, and for trials and times of spikes that do not exist
 * @throws {TypeError} for another number of units
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { synapticCurrents } from "@spikernn/spikernn/analysis";
 * // Unit 0 excites unit 1, which inhibits unit 0; one spike of unit 0 at 10 ms.
 * const { excitatory, inhibitory } = synapticCurrents(
 *   {
 *     units: 2,
 *     dt: 0.05,
 *     kind: "double",
 *     rise: 2,
 *     decay: [20, 20],
 *     weights: Float64Array.of(0, 0.5, -1, 0),
 *   },
 *   {
 *     trials: 1,
 *     units: 2,
 *     durationMs: 500,
 *     trial: Uint32Array.of(0),
 *     unit: Uint32Array.of(0),
 *     time: Float64Array.of(10),
 *     conditions: ["go"],
 *   },
 *   0,
 * );
 * // The area under the current is the weight, in mV·s.
 * const area = excitatory.subarray(500).reduce((sum, mv) => sum + mv * 1e-3, 0);
 * assert(Math.abs(area - 0.5) < 0.01);
 * assert(inhibitory.every((mv) => mv === 0));
 * ```
 */
export function synapticCurrents(
  filter: SynapticFilter,
  spikes: SpikeTrains,
  trial: number,
  everyMs = 1,
): SynapticCurrents {
  const { units, dt } = filter;
  const span = Math.round(everyMs / dt);
  if (!(span >= 1 && Math.abs(span * dt - everyMs) < 1e-9 * everyMs)) {
    throw new RangeError(
      `Cannot sample currents every ${everyMs} ms: a multiple of the ` +
        `integration step of ${dt} ms is needed`,
    );
  }
  checkTrains(spikes);
  if (spikes.units !== units) throw otherUnits(filter, spikes);
  if (!(Number.isInteger(trial) && trial >= 0 && trial < spikes.trials)) {
    throw new RangeError(
      `Cannot compute currents of trial ${trial}: ` +
        `there are ${spikes.trials}, counted from 0`,
    );
  }
  return currentsOnto(currentTables(filter, span), spikes, trial);
}

/** What currents onto some units are computed with. */
export interface CurrentTables {
  readonly dt: number;
  /** Steps from one sample to the next. */
  readonly span: number;
  /** First unit. */
  readonly from: number;
  /** One past the last unit. */
  readonly to: number;
  readonly kernel: ReturnType<typeof kernelOf>;
  readonly synapses: ReturnType<typeof synapsesOf>;
}

/** Tables of a filter for some units. Defaults to all. */
export function currentTables(
  filter: SynapticFilter,
  span: number,
  { from, to }: { readonly from: number; readonly to: number } = {
    from: 0,
    to: filter.units,
  },
): CurrentTables {
  const { units, dt, weights } = filter;
  return {
    ...{ dt, span, from, to },
    kernel: kernelOf(filter, span),
    synapses: synapsesOf(weights, units, { from, to }),
  };
}

/** Currents of one trial onto the units that the tables are of. */
export function currentsOnto(
  { dt, span, from: first, to: end, kernel, synapses }: CurrentTables,
  spikes: SpikeTrains,
  trial: number,
): SynapticCurrents {
  const samples = Math.floor(Math.round(spikes.durationMs / dt) / span);
  const units = end - first;
  const excitatory = new Float64Array(units * samples);
  const inhibitory = new Float64Array(units * samples);
  const { targets, starts, weights } = synapses;
  const [from, to] = trialSpan(spikes, trial);
  const h = [new Float64Array(units), new Float64Array(units)];
  const current = [new Float64Array(units), new Float64Array(units)];
  let spike = from;
  for (let sample = 0; sample < samples; sample++) {
    const last = (sample + 1) * span;
    for (const side of [0, 1]) {
      const [i, state] = [current[side], h[side]];
      for (let u = 0; u < units; u++) {
        i[u] = i[u] * kernel.decay[first + u] +
          state[u] * kernel.inflow[first + u];
        state[u] *= kernel.rise[first + u];
      }
    }
    for (; spike < to; spike++) {
      const step = Math.round(spikes.time[spike] / dt);
      if (step > last) break;
      const age = Math.max(0, Math.min(span - 1, last - step));
      const j = spikes.unit[spike];
      for (let k = starts[j]; k < starts[j + 1]; k++) {
        const u = targets[k];
        const weight = weights[k];
        const side = weight > 0 ? 0 : 1;
        const at = (first + u) * span + age;
        current[side][u] += weight * kernel.currents[at];
        h[side][u] += weight * kernel.states[at];
      }
    }
    for (let u = 0; u < units; u++) {
      excitatory[u * samples + sample] = current[0][u];
      inhibitory[u * samples + sample] = current[1][u];
    }
  }
  return { samples, everyMs: span * dt, excitatory, inhibitory };
}

/** An error that says that spikes are of another network. */
export function otherUnits(
  { units }: SynapticFilter,
  spikes: SpikeTrains,
): TypeError {
  return new TypeError(
    `Cannot compute currents: the spikes are of ${
      countOf(spikes.units, "unit")
    }, ` +
      `the network has ${units}`,
  );
}

/** First spike of a trial, and one past its last; spikes are ordered by trial. */
export function trialSpan(
  { trial: of }: Pick<SpikeTrains, "trial">,
  trial: number,
): [from: number, to: number] {
  const below = (value: number) => {
    let [low, high] = [0, of.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (of[middle] < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [below(trial), below(trial + 1)];
}

/**
 * Targets of each presynaptic unit among some units, counted from the first of
 * them, and the weights.
 */
function synapsesOf(
  weights: Float64Array,
  units: number,
  { from, to }: { readonly from: number; readonly to: number },
) {
  const targets: number[] = [];
  const found: number[] = [];
  const starts = new Uint32Array(units + 1);
  for (let j = 0; j < units; j++) {
    for (let u = from; u < to; u++) {
      const weight = weights[j * units + u];
      if (weight === 0) continue;
      targets.push(u - from);
      found.push(weight);
    }
    starts[j + 1] = targets.length;
  }
  return {
    targets: Uint32Array.from(targets),
    starts,
    weights: Float64Array.from(found),
  };
}

/** What a span of steps makes of the state, and of a spike that far before its end. */
function kernelOf(
  { units, dt, kind, rise, decay }: SynapticFilter,
  span: number,
) {
  const { decays, rises } = filterOf({ kind });
  const synapse = { kind, rise };
  const d = Float64Array.from(
    { length: units },
    (_, u) => decays ? exp(-dt / decay[u]) : 0,
  );
  const e = d.map((_, u) => exp(-dt / (riseTime(synapse, decay[u]) ?? 0)));
  // Seconds, as the weights' areas are.
  const step = dt / 1000;
  const area = d.map((_, u) =>
    spikeArea(synapse, decay[u], dt) / (rises ? 1e6 : 1000)
  );
  /** Sum over the steps of what h passes on to the current. */
  const passed = (u: number, steps: number) => {
    if (!rises) return 0;
    const gap = d[u] - e[u];
    return step *
      (Math.abs(gap) > 1e-9
        ? (d[u] ** steps - e[u] ** steps) / gap
        : steps * d[u] ** (steps - 1));
  };
  const currents = new Float64Array(units * span);
  const states = new Float64Array(units * span);
  for (let u = 0; u < units; u++) {
    for (let age = 0; age < span; age++) {
      const at = u * span + age;
      currents[at] = (rises ? passed(u, age) : d[u] ** age) / area[u];
      states[at] = rises ? e[u] ** age / area[u] : 0;
    }
  }
  return {
    decay: d.map((value) => value ** span),
    inflow: d.map((_, u) => passed(u, span)),
    rise: e.map((value) => value ** span),
    currents,
    states,
  };
}
