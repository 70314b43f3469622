/**
 * Perturbations, given the same way for a rate network and its spiking twin:
 * lesions, and stimulation of chosen units over a window of time. Those of
 * synapses are in modifications.ts.
 */
import type { RateStimulation } from "../backend/types.ts";
import type { SpikingNetwork, Stimulation } from "../network/spiking.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import { selectUnits, type UnitSelection } from "../network/units.ts";
import { usualMapping } from "../spiking/usual.ts";
import { usualStimulation } from "./settings.ts";
import { type TimeWindow, wholeSteps, windowMs } from "./windows.ts";

/** Stimulation of chosen units, exciting or inhibiting. */
export interface StimulationRequest {
  /** `exc` raises voltage or state, `inh` lowers it. */
  readonly kind: "exc" | "inh";
  /** Units that are stimulated, all at the same steps. */
  readonly units: UnitSelection;
  /** When they are stimulated. */
  readonly window: TimeWindow;
  /**
   * Size of the push, above 0. Spiking: mV for each push. Defaults to 0.5.
   * Rate: added to x at every step. Defaults to 1.
   */
  readonly amount?: number;
  /**
   * Spiking networks only: probability of a push at an integration step.
   * Defaults to 0.5.
   */
  readonly probability?: number;
}

/**
 * A network without some of its units' effects: their outgoing weights (within
 * and between layers) and their readout weights are 0. Such a unit still
 * receives input, is simulated and is recorded, but sends nothing. The effect
 * on all others is that of its removal, and unit numbers stay.
 *
 * @param network the network; it is not changed
 * @param units units to lesion
 * @returns a network that shares all other arrays with `network`
 * @throws {RangeError} for units or populations that the network does not have
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lesion, type RateNetwork } from "@spikernn/spikernn";
 * const network = {
 *   layers: [{
 *     size: 2,
 *     inhibitory: Uint8Array.of(0, 1),
 *     sstCount: 0,
 *     weights: Float32Array.of(1, 2, 3, 4),
 *   }],
 *   between: [],
 *   readout: { from: [0], weights: [Float32Array.of(5, 6)], bias: 0 },
 * } as unknown as RateNetwork;
 * const without = lesion(network, "I");
 * assert(without.layers[0].weights.join() === "1,0,3,0");
 * assert(without.readout.weights[0].join() === "5,0");
 * ```
 */
export function lesion(
  network: RateNetwork,
  units: UnitSelection,
): RateNetwork {
  const removed = new Set(selectUnits(network, units));
  let first = 0;
  const removedIn = network.layers.map((layer) => {
    const here = [];
    for (let i = 0; i < layer.size; i++) {
      if (removed.has(first + i)) here.push(i);
    }
    first += layer.size;
    return here;
  });
  const { readout } = network;
  return {
    ...network,
    layers: network.layers.map((layer, l) => ({
      ...layer,
      weights: withoutColumns(layer.weights, layer.size, removedIn[l]),
    })),
    between: network.between.map((projection) => {
      const from = projection.from as number;
      return {
        ...projection,
        weights: withoutColumns(
          projection.weights,
          network.layers[from].size,
          removedIn[from],
        ),
      };
    }),
    readout: {
      ...readout,
      weights: readout.from.map((l, k) =>
        withoutColumns(
          readout.weights[k],
          network.layers[l].size,
          removedIn[l],
        )
      ),
    },
  };
}

/**
 * Stimulation of a spiking network, in the form that its kernels take. At every
 * integration step of the window one random number decides for all chosen
 * units: with probability 0.5 each is pushed by ±0.5 mV, as in the original.
 *
 * @param spiking the network
 * @param request which units, when, which way
 * @param durationMs duration of the trial, ms
 * @throws {RangeError} for a window that is empty or reaches outside the trial,
 * unknown units, an amount that is not above 0, or a probability outside [0, 1]
 */
export function spikingStimulation(
  spiking: SpikingNetwork,
  request: StimulationRequest,
  durationMs: number,
): Stimulation {
  const { stepMs, dt } = spiking;
  const window = windowMs(request.window, { durationMs, stepMs, dt });
  const probability = request.probability ??
    usualStimulation.spiking.probability;
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(
      `Cannot stimulate with a probability of ${probability}: ` +
        "allowed are 0 to 1",
    );
  }
  return {
    kind: kindOf(request),
    units: selectUnits(spiking.rate, request.units),
    ...wholeSteps(window, dt),
    probability,
    amount: amountOf(request, usualStimulation.spiking.amount),
  };
}

/**
 * Stimulation of a rate network, in the form that its kernels take. At every
 * step of the window, `amount` is added to (exc) or subtracted from (inh) the
 * state x of the chosen units. It leaks like any input, so x moves by up to
 * amount·tau. With the usual tau of 4 steps or more, this drives a sigmoid unit
 * to one end of its range, as pushes of 0.5 mV drive a spiking unit.
 *
 * @param network the network
 * @param request which units, when, which way
 * @param steps steps T of the trial
 * @param stepMs duration of a step, ms
 * @throws {RangeError} as {@linkcode spikingStimulation}, and if a probability
 * is given: rate units are pushed at every step
 */
export function rateStimulation(
  network: RateNetwork,
  request: StimulationRequest,
  steps: number,
  stepMs: number,
): RateStimulation {
  if (request.probability !== undefined) {
    throw new RangeError(
      "Cannot stimulate a rate network with a probability: " +
        "its units are pushed at every step, give an amount alone",
    );
  }
  const window = windowMs(request.window, {
    durationMs: steps * stepMs,
    stepMs,
    // Of its twin, for windows in integration steps.
    dt: usualMapping.integrationStep,
  });
  const amount = amountOf(request, usualStimulation.rate.amount);
  return {
    units: selectUnits(network, request.units),
    ...wholeSteps(window, stepMs),
    amount: kindOf(request) === "exc" ? amount : -amount,
  };
}

function kindOf(request: StimulationRequest): "exc" | "inh" {
  if (request.kind !== "exc" && request.kind !== "inh") {
    throw new RangeError(
      `Cannot stimulate by ${JSON.stringify(request.kind)}: ` +
        "allowed are exc and inh",
    );
  }
  return request.kind;
}

function amountOf(request: StimulationRequest, usual: number): number {
  const amount = request.amount ?? usual;
  if (!(Number.isFinite(amount) && amount > 0)) {
    throw new RangeError(
      `Cannot stimulate by an amount of ${amount}: it must be above 0, ` +
        "the kind (exc or inh) says which way",
    );
  }
  return amount;
}

/** A copy of a row-major matrix in which some columns are 0. */
function withoutColumns(
  matrix: FloatArray,
  columns: number,
  removed: readonly number[],
): FloatArray {
  if (removed.length === 0) return matrix;
  const copy = matrix.slice();
  for (let row = 0; row < copy.length; row += columns) {
    for (const column of removed) copy[row + column] = 0;
  }
  return copy;
}
