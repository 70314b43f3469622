/**
 * Reference of the `lif` kernel in double precision, the model to the letter:
 * times in seconds, the refractory test as an inequality between floating-point
 * times (which decides equalities as the original code does).
 *
 * Source: Kim, Li and Sejnowski, PNAS 116:22811, 2019, and the code published
 * with it.
 */
import { exp } from "../../arithmetic/elementary.ts";
import { increment } from "../../random/increments.ts";
import { adaptationOf } from "./adaptation.ts";
import { tossCoins } from "./coins.ts";
import { neuronModels } from "../../network/neurons.ts";
import { filterOf, riseTime, spikeArea } from "../../network/synapses.ts";
import { LifRecorder } from "./record.ts";
import {
  columnOf,
  type LifNetwork,
  type LifRecording,
  type LifTrace,
  type LifTrial,
  stepCount,
} from "./types.ts";

export { simulateTrial32 } from "./reference32.ts";

/** Simulates a trial in double precision. */
export function simulateTrial64(
  network: LifNetwork,
  trial: LifTrial,
  record: LifRecording,
): LifTrace {
  const { units, channels, neuron, synapse, factors } = network;
  const later = [...trial.weights ?? []];
  let { weights } = network;
  const { derivative } = neuronModels[neuron.name];
  const { reset, peak } = neuron;
  const dt = network.dt / 1000;
  const tm = neuron.tauMembrane / 1000;
  const tref = neuron.refractory / 1000;
  const tr = synapse.rise / 1000;
  const td = network.decay.map((ms) => ms / 1000);
  const { decays, rises } = filterOf(synapse);
  const adaptation = adaptationOf(neuron, network.dt);
  const decay = td.map((t) => decays ? exp(-dt / t) : 0);
  const inSeconds = { ...synapse, rise: tr };
  const rise = td.map((t) => exp(-dt / (riseTime(inSeconds, t) ?? 0)));
  // A spike adds 1 over this, so that a filtered spike has an integral of 1.
  const area = td.map((t) => spikeArea(inSeconds, t, dt));
  const zeros = () => new Float64Array(units);
  const v = Float64Array.from(trial.initial);
  const [ipsc, h, r, hr, w, tlast, drive, jd] = Array.from(
    { length: 8 },
    zeros,
  );
  const coins = trial.stimulations.map((s, k) => tossCoins(trial, s, k));
  const steps = stepCount(network, trial.columns);
  const recorder = new LifRecorder(Float64Array, units, steps, record);
  const fired: number[] = [];
  let column = -1;
  for (let step = 1; step <= steps; step++) {
    while (later.length > 0 && later[0].from <= step) {
      ({ weights } = later.shift()!);
    }
    if (columnOf(network, step) !== column) {
      column = columnOf(network, step);
      drive.fill(0);
      for (let c = 0; c < channels; c++) {
        const u = trial.inputs[c * trial.columns + column];
        for (let i = 0; i < units; i++) {
          drive[i] += network.inputWeights[c * units + i] * u;
        }
      }
    }
    for (let i = 0; i < units; i++) {
      if (dt * step > tlast[i] + tref) {
        const current = ipsc[i] + network.bias[i] + drive[i] - w[i];
        v[i] += dt * (derivative(v[i], current, neuron) / tm);
      }
      if (trial.amplitude !== 0) {
        v[i] += trial.amplitude *
          increment(i, step, trial.trial, trial.key);
      }
      w[i] *= adaptation.decay;
    }
    trial.stimulations.forEach((stimulation, k) => {
      if (coins[k][step - stimulation.from] === 1) {
        for (const unit of stimulation.units) v[unit] += stimulation.amount;
      }
    });
    fired.length = 0;
    for (let j = 0; j < units; j++) {
      if (!(v[j] >= peak)) continue;
      if (fired.length === 0) jd.fill(0);
      fired.push(j);
      // Not plainly dt·step: the original adds the difference, and rounding
      // decides whether a refractory period has 40 steps or 41.
      tlast[j] += dt * step - tlast[j];
      w[j] += adaptation.jump;
      for (let i = 0; i < units; i++) {
        jd[i] += weights[j * units + i] / factors[i];
      }
    }
    for (let i = 0; i < units; i++) {
      ipsc[i] *= decay[i];
      r[i] *= decay[i];
      if (rises) {
        ipsc[i] += h[i] * dt;
        h[i] *= rise[i];
        r[i] += hr[i] * dt;
        hr[i] *= rise[i];
      }
    }
    const [arriving, leaving] = rises ? [h, hr] : [ipsc, r];
    if (fired.length > 0) {
      for (let i = 0; i < units; i++) {
        arriving[i] += jd[i] * network.inputGain[i] / area[i];
      }
    }
    for (const j of fired) {
      leaving[j] += 1 / area[j];
      recorder.spike(step, j);
    }
    if (recorder.outputs) {
      let sum = 0;
      for (let i = 0; i < units; i++) {
        sum += network.readout[i] / factors[i] * r[i];
      }
      recorder.outputs[step - 1] = sum + network.offset;
    }
    recorder.sampleVoltages(step, v, peak);
    recorder.sample(step, "currents", ipsc);
    recorder.sample(step, "rates", r);
    for (const j of fired) v[j] = reset;
  }
  const finite = [v, ipsc, h, r, hr, w].every((values) =>
    values.every(Number.isFinite)
  );
  return recorder.trace(finite);
}
