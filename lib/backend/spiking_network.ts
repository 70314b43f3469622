/** Flattens a spiking network to what the kernels take: units, no layers. */
import { allFinite } from "../arithmetic/finite.ts";
import type { LifNetwork, LifTrial } from "../kernels/lif/types.ts";
import { stepsPerRateStep, unitCount } from "../network/geometry.ts";
import type { SpikingNetwork, SpikingTrial } from "../network/spiking.ts";
import {
  highestInitial,
  noiseAmplitude,
  type UnscaledParameters,
  unscaledParameters,
} from "../network/spiking_parameters.ts";
import type { RateNetwork } from "../network/types.ts";
import { streamOfKey } from "../random/stream.ts";
import { checkWeights } from "./check.ts";

/** Prepares a network for the kernels. */
export function prepareNetwork(spiking: SpikingNetwork): LifNetwork {
  const parameters = unscaledParameters(spiking);
  const { units, channels, neuron, synapse, dt, decay, bias } = parameters;
  const { inputGain, weightsBySource, factors, unscaledReadout, offset } =
    parameters;
  return {
    units,
    channels,
    neuron,
    synapse,
    dt,
    stepsPerColumn: stepsPerRateStep(spiking),
    decay,
    bias,
    inputGain,
    weights: weightsBySource,
    factors,
    readout: unscaledReadout,
    offset,
    inputWeights: byChannel(parameters),
  };
}

/** Effective weights of other networks as of this one's, each made once. */
export function weightsFor(
  spiking: SpikingNetwork,
): (network: RateNetwork) => Float64Array {
  const made = new Map<RateNetwork, Float64Array>();
  return (rate) => {
    const known = made.get(rate);
    if (known) return known;
    const weights = unscaledParameters({ ...spiking, rate }).weightsBySource;
    made.set(rate, weights);
    return weights;
  };
}

/** Input weights channels×units: the kernels go through the units of a channel. */
function byChannel(
  { inputWeights, channels, units }: UnscaledParameters,
): Float64Array {
  return Float64Array.from(
    inputWeights,
    (_, at) => inputWeights[(at % units) * channels + Math.floor(at / units)],
  );
}

/**
 * Prepares a trial for the kernels.
 *
 * @param index of the trial in its call, for messages
 * @param weightsOf effective weights of a network, from {@linkcode weightsFor};
 *   for trials whose weights change
 * @throws {TypeError} for inputs or initial voltages of another length
 * @throws {RangeError} for numbers that are not finite, or units that do not exist
 */
export function prepareTrial(
  network: LifNetwork,
  trial: SpikingTrial,
  index: number,
  weightsOf?: (network: RateNetwork) => Float64Array,
): LifTrial {
  const { units, channels, neuron } = network;
  const { inputs, columns, noise, initialVoltage } = trial;
  const what = `Cannot simulate trial ${index}`;
  if (!(Number.isInteger(columns) && columns >= 2)) {
    throw new TypeError(
      `${what}: it has ${columns} columns, a whole number of at least 2 is needed`,
    );
  }
  if (inputs.length !== channels * columns) {
    throw new TypeError(
      `${what}: its stimulus is ${inputs.length} numbers, ` +
        `${channels} channels × ${columns} columns are needed`,
    );
  }
  if (initialVoltage && initialVoltage.length !== units) {
    throw new TypeError(
      `${what}: it has ${initialVoltage.length} initial voltages, ` +
        `${units} are needed`,
    );
  }
  const { key, trial: counter, scale = 1 } = noise;
  if (
    !allFinite(inputs) || !Number.isFinite(scale) || scale < 0 ||
    initialVoltage && !allFinite(initialVoltage)
  ) {
    throw new RangeError(
      `${what}: its stimulus, initial voltages and noise scale (${scale}) ` +
        "must be finite, the last one not negative",
    );
  }
  checkWeights(
    trial.weights,
    (of) => unitCount(of) === units,
    index,
  );
  const random = streamOfKey(key);
  const span = highestInitial - neuron.reset;
  return {
    key,
    trial: counter,
    amplitude: noiseAmplitude * scale,
    inputs,
    columns,
    initial: initialVoltage ??
      Float64Array.from(
        { length: units },
        (_, i) => neuron.reset + random.uniform(i, 0, counter) * span,
      ),
    weights: trial.weights?.map(({ from, network: of }) => ({
      from,
      weights: of ? weightsOf!(of) : network.weights,
    })),
    stimulations: (trial.stimulation ?? []).map((stimulation) => {
      const { kind, probability = 0.5, amount = 0.5 } = stimulation;
      const { from, to } = stimulation;
      const bad = stimulation.units.find((unit) => !(unit in network.decay));
      if (bad !== undefined) {
        throw new RangeError(
          `${what}: it stimulates unit ${bad}, allowed are 0 to ${units - 1}`,
        );
      }
      return {
        units: stimulation.units,
        from,
        to,
        probability,
        amount: kind === "exc" ? amount : -amount,
      };
    }),
  };
}
