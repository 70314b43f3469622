/** Flattens a spiking network to what the kernels take: units, no layers. */
import type { LifNetwork, LifTrial } from "../kernels/lif/types.ts";
import {
  decayTimeConstants,
  effectiveProjection,
  effectiveWeights,
} from "../network/effective.ts";
import {
  channelCount,
  firstUnits,
  inputWeights,
  stepsPerRateStep,
  unitCount,
} from "../network/geometry.ts";
import type { SpikingNetwork, SpikingTrial } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";
import { streamOfKey } from "../random/stream.ts";

/** Voltage up to which initial voltages are drawn, mV. */
const highestInitial = 30;

/** Standard deviation of the noise of a step, mV. */
const noiseAmplitude = 0.1;

/** Prepares a network for the kernels. */
export function prepareNetwork(spiking: SpikingNetwork): LifNetwork {
  const { rate, neuron, synapse, dt, stepMs, factor, calibration } = spiking;
  const first = firstUnits(rate);
  const units = unitCount(rate);
  const decay = new Float64Array(units);
  const factors = new Float64Array(units);
  const readout = new Float64Array(units);
  const gains = calibration?.readout;
  rate.layers.forEach(({ size, inhibitory }, l) => {
    const taus = decayTimeConstants(rate, l);
    const read = rate.readout.from.indexOf(l);
    for (let i = 0; i < size; i++) {
      const unit = first[l] + i;
      decay[unit] = taus[i] * stepMs;
      factors[unit] = typeof factor === "number" ? factor : factor[l];
      if (read < 0) continue;
      const gain = inhibitory[i]
        ? gains?.gainInhibitory
        : gains?.gainExcitatory;
      readout[unit] = rate.readout.weights[read][i] * (gain ?? 1) *
        (gains?.units?.[unit] ?? 1);
    }
  });
  const bias = new Float64Array(units).fill(neuron.bias);
  const inputGain = new Float64Array(units).fill(1);
  if (calibration?.units) {
    inputGain.set(calibration.units.gain);
    for (let i = 0; i < units; i++) bias[i] += calibration.units.bias[i];
  }
  return {
    units,
    channels: channelCount(rate),
    neuron,
    synapse,
    dt,
    stepsPerColumn: stepsPerRateStep(spiking),
    decay,
    bias,
    inputGain,
    weights: allWeights(spiking, first, factors),
    factors,
    readout,
    offset: gains?.offset ?? 0,
    inputWeights: inputsByChannel(rate),
  };
}

/**
 * Effective weights of all layers, a row a presynaptic unit.
 *
 * A unit fires at its layer's factor times the rate of its rate unit, so the
 * factor belongs to what leaves a layer: its readout, its recurrent weights and
 * those to other layers. The kernels divide what arrives, which for two layers
 * of different factors is made good here.
 */
function allWeights(
  { rate, calibration }: SpikingNetwork,
  first: readonly number[],
  factors: Float64Array,
): Float64Array {
  const units = factors.length;
  const all = new Float64Array(units * units);
  const place = (
    to: number,
    from: number,
    weights: Float64Array,
    gains: ArrayLike<number> | undefined,
  ) => {
    const { size } = rate.layers[from];
    const ratio = factors[first[to]] / factors[first[from]];
    for (let i = 0; i < rate.layers[to].size; i++) {
      for (let j = 0; j < size; j++) {
        const k = i * size + j;
        all[(first[from] + j) * units + first[to] + i] += weights[k] * ratio *
          (gains?.[k] ?? 1);
      }
    }
  };
  const gains = calibration?.synapses;
  rate.layers.forEach((_, l) =>
    place(l, l, effectiveWeights(rate, l), gains?.recurrent[l])
  );
  rate.between.forEach((projection, k) =>
    place(
      projection.to,
      projection.from as number,
      effectiveProjection(rate, projection),
      gains?.between[k],
    )
  );
  return all;
}

/** Input weights channels×units: the kernels go through the units of a channel. */
function inputsByChannel(rate: RateNetwork): Float64Array {
  const channels = channelCount(rate);
  const byUnit = inputWeights(rate);
  const units = unitCount(rate);
  return Float64Array.from(
    byUnit,
    (_, at) => byUnit[(at % units) * channels + Math.floor(at / units)],
  );
}

/**
 * Prepares a trial for the kernels.
 *
 * @param index of the trial in its call, for messages
 * @throws {TypeError} for inputs or initial voltages of another length
 * @throws {RangeError} for numbers that are not finite, or units that do not exist
 */
export function prepareTrial(
  network: LifNetwork,
  trial: SpikingTrial,
  index: number,
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
    !inputs.every(Number.isFinite) || !Number.isFinite(scale) || scale < 0 ||
    initialVoltage && !initialVoltage.every(Number.isFinite)
  ) {
    throw new RangeError(
      `${what}: its stimulus, initial voltages and noise scale (${scale}) ` +
        "must be finite, the last one not negative",
    );
  }
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
