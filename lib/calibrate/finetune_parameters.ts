/** What fine-tuning moves: synapses and readout, by magnitude, and bias currents. */
import { adam, adamRate } from "../kernels/adam/reference.ts";
import type { SynapseList } from "../kernels/lif/smooth.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import { effectiveProjection, effectiveWeights } from "../network/effective.ts";
import { firstUnits, unitCount } from "../network/geometry.ts";

/**
 * Least gain of a weight: it keeps its sign, and can grow again. A weight that
 * is to be nothing is a thousandth of what it was.
 */
const leastGain = 1e-3;

/** Of Adam: a run has some hundred updates, too few for 0.999. */
const beta1 = 0.9;
const beta2 = 0.99;

/** One kind of weights. Arrays have one number a weight. */
export interface Weights {
  /** What the rate network has, signed; never 0. */
  readonly original: Float64Array;
  /** What it is multiplied by; from `leastGain`. */
  readonly gains: Float64Array;
}

/** Largest bias current of a unit, mV. */
const largestBias = 10;

/** Everything that fine-tuning moves. */
export interface TunedParameters {
  readonly synapses: Weights & Pick<SynapseList, "first" | "post"> & {
    /** The presynaptic unit of each. */
    readonly pre: Uint32Array;
  };
  readonly readout: Weights & {
    /** The unit of each weight. */
    readonly units: Uint32Array;
  };
  /** Of the output. */
  offset: number;
  /** Bias current of each unit, mV. */
  readonly bias: Float64Array;
}

/** A synapse, and where its weight is in the rate network. */
interface Place {
  readonly pre: number;
  readonly post: number;
  readonly weight: number;
  readonly kind: "recurrent" | "between";
  readonly matrix: number;
  readonly index: number;
}

/** Where the synapses of a network are, by presynaptic and postsynaptic unit. */
function placesOf({ rate }: SpikingNetwork): Place[] {
  const first = firstUnits(rate);
  const places: Place[] = [];
  const collect = (
    kind: Place["kind"],
    matrix: number,
    weights: Float64Array,
    from: number,
    to: number,
  ) => {
    const columns = rate.layers[from].size;
    weights.forEach((weight, index) => {
      if (weight === 0) return;
      places.push({
        pre: first[from] + index % columns,
        post: first[to] + Math.floor(index / columns),
        weight,
        kind,
        matrix,
        index,
      });
    });
  };
  rate.layers.forEach((_, l) =>
    collect("recurrent", l, effectiveWeights(rate, l), l, l)
  );
  rate.between.forEach((projection, k) => {
    const weights = effectiveProjection(rate, projection);
    collect("between", k, weights, projection.from as number, projection.to);
  });
  return places.sort((a, b) => a.pre - b.pre || a.post - b.post);
}

/** The parameters as a mapped network has them, its calibration included. */
export function parametersOf(spiking: SpikingNetwork): TunedParameters {
  const { rate, calibration } = spiking;
  const places = placesOf(spiking);
  const first = new Uint32Array(unitCount(rate) + 1);
  for (const { pre } of places) first[pre + 1]++;
  for (let unit = 0; unit + 1 < first.length; unit++) {
    first[unit + 1] += first[unit];
  }
  const starts = firstUnits(rate);
  const read = rate.readout.from.flatMap((l, k) =>
    Array.from(rate.readout.weights[k], (weight, i) => ({
      weight,
      unit: starts[l] + i,
      inhibitory: rate.layers[l].inhibitory[i] === 1,
    }))
  ).filter(({ weight }) => weight !== 0);
  const fitted = calibration?.readout;
  return {
    synapses: {
      first,
      pre: Uint32Array.from(places, ({ pre }) => pre),
      post: Uint32Array.from(places, ({ post }) => post),
      original: Float64Array.from(places, ({ weight }) => weight),
      gains: Float64Array.from(
        places,
        ({ kind, matrix, index }) =>
          calibration?.synapses?.[kind][matrix][index] ?? 1,
      ),
    },
    readout: {
      units: Uint32Array.from(read, ({ unit }) => unit),
      original: Float64Array.from(read, ({ weight }) => weight),
      gains: Float64Array.from(read, ({ unit, inhibitory }) => {
        const common = inhibitory
          ? fitted?.gainInhibitory
          : fitted?.gainExcitatory;
        return (common ?? 1) * (fitted?.units?.[unit] ?? 1);
      }),
    },
    offset: fitted?.offset ?? 0,
    bias: Float64Array.from(
      calibration?.units?.bias ?? new Float64Array(unitCount(rate)),
    ),
  };
}

/**
 * The parameters as a calibration; gains of the units' input stay as they were.
 *
 * @param all whether synapses and bias currents were tuned too, not the readout
 *   alone
 */
export function calibrationOf(
  spiking: SpikingNetwork,
  { synapses, readout, offset, bias }: TunedParameters,
  all: boolean,
): Calibration {
  const { rate, calibration } = spiking;
  const ones = () => new Float64Array(unitCount(rate)).fill(1);
  const units = ones();
  readout.units.forEach((unit, k) => units[unit] = readout.gains[k]);
  const gains = {
    recurrent: rate.layers.map(({ weights }) =>
      new Float32Array(weights.length).fill(1)
    ),
    between: rate.between.map(({ weights }) =>
      new Float32Array(weights.length).fill(1)
    ),
  };
  placesOf(spiking).forEach(({ kind, matrix, index }, k) =>
    gains[kind][matrix][index] = synapses.gains[k]
  );
  return {
    ...calibration,
    readout: { gainExcitatory: 1, gainInhibitory: 1, offset, units },
    ...all && {
      units: {
        bias: Float64Array.from(bias),
        gain: calibration?.units?.gain ?? ones(),
      },
      synapses: gains,
    },
  };
}

/** Numbers that Adam moves, each by about the learning rate an update. */
class Descent {
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #updates = 0;

  constructor(length: number) {
    this.#first = new Float64Array(length);
    this.#second = new Float64Array(length);
  }

  /** Moves the values against their gradient. */
  move(values: Float64Array, gradient: Float64Array, rate: number): void {
    const step = {
      rate: adamRate(rate, beta1, beta2, ++this.#updates),
      beta1,
      beta2,
      epsilon: 1e-12,
      scale: 1,
    };
    adam(values, gradient, this.#first, this.#second, step, (x) => x);
  }
}

/** Bias currents, moved by Adam within their bounds. */
export class BiasOptimiser {
  readonly #bias: Float64Array;
  readonly #descent: Descent;

  constructor(bias: Float64Array) {
    this.#bias = bias;
    this.#descent = new Descent(bias.length);
  }

  /**
   * @param gradient by the bias currents
   * @param learningRate mV
   */
  update(gradient: Float64Array, learningRate: number): void {
    const bias = this.#bias;
    this.#descent.move(bias, gradient, learningRate);
    bias.forEach((value, unit) =>
      bias[unit] = Math.min(largestBias, Math.max(-largestBias, value))
    );
  }
}

/**
 * One kind of weights, moved by Adam. The gradient is by the weights as they
 * are; a learning rate of 0.01 changes a weight by about a hundredth of the
 * weights' root mean square an update.
 */
export class WeightOptimiser {
  readonly #weights: Weights;
  readonly #scale: number;
  readonly #descent: Descent;

  constructor(weights: Weights) {
    const { original } = weights;
    this.#weights = weights;
    const squares = original.reduce((sum, w) => sum + w * w, 0);
    this.#scale = Math.sqrt(squares / Math.max(1, original.length));
    this.#descent = new Descent(original.length);
  }

  /** Moves the gains against the gradient by the weights. */
  update(gradient: Float64Array, learningRate: number): void {
    const { original, gains } = this.#weights;
    const values = original.map((w, k) => w * gains[k]);
    this.#descent.move(values, gradient, learningRate * this.#scale);
    values.forEach((value, k) =>
      gains[k] = Math.max(leastGain, value / original[k])
    );
  }
}
