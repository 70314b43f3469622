/**
 * Reference of the `lif` kernel in single precision: the SIMD kernel's operations
 * in its order, unit by unit, so that both give the same bits. The refractory
 * period is a number of steps.
 */
import { incrementBlock } from "../../random/increments.ts";
import { tossCoins } from "./coins.ts";
import { type LifNetwork32, toSinglePrecision } from "./constants32.ts";
import { neuronModels } from "../../network/neurons.ts";
import { LifRecorder } from "./record.ts";
import {
  columnOf,
  type LifNetwork,
  type LifRecording,
  type LifTrace,
  type LifTrial,
  stepCount,
} from "./types.ts";

const { fround } = Math;

/** Numbers added up in four lanes, as a vector register does. */
function laneSum(values: Float32Array): number {
  let a = 0, b = 0, c = 0, d = 0;
  for (let i = 0; i < values.length; i += 4) {
    a = fround(a + values[i]);
    // Beyond the end, -0 leaves every sum as it is.
    b = fround(b + (values[i + 1] ?? -0));
    c = fround(c + (values[i + 2] ?? -0));
    d = fround(d + (values[i + 3] ?? -0));
  }
  return fround(fround(a + b) + fround(c + d));
}

/** State of a trial; h, hr and the sum of q without the decay that all h share. */
class State {
  readonly v: Float32Array;
  readonly ipsc: Float32Array;
  readonly h: Float32Array;
  readonly p: Float32Array;
  readonly r: Float32Array;
  readonly hr: Float32Array;
  /** Adaptation current. */
  readonly w: Float32Array;
  readonly last: Int32Array;
  readonly drive: Float32Array;
  q = 0;

  constructor(units: number, initial: ArrayLike<number>) {
    this.v = Float32Array.from(initial);
    this.ipsc = new Float32Array(units);
    this.h = new Float32Array(units);
    this.p = new Float32Array(units);
    this.r = new Float32Array(units);
    this.hr = new Float32Array(units);
    this.w = new Float32Array(units);
    this.last = new Int32Array(units);
    this.drive = new Float32Array(units);
  }

  rebase(scale: number): void {
    for (let i = 0; i < this.h.length; i++) {
      this.h[i] = fround(this.h[i] * scale);
      this.hr[i] = fround(this.hr[i] * scale);
    }
    this.q = fround(this.q * scale);
  }

  finite(): boolean {
    const { v, ipsc, h, p, r, hr, w, q } = this;
    return Number.isFinite(q) &&
      [v, ipsc, h, p, r, hr, w].every((values) =>
        values.every(Number.isFinite)
      );
  }
}

/** Everything that moves a voltage at a step besides its derivative. */
class Disturbances {
  readonly step: Float32Array;
  readonly #trial: LifTrial;
  readonly #coins: readonly Uint8Array[];
  /** Noise of four steps, unit by unit. */
  readonly #block: Float32Array;
  #drawn = -1;

  constructor(units: number, trial: LifTrial) {
    this.step = new Float32Array(units);
    this.#trial = trial;
    this.#coins = trial.stimulations.map((s, k) => tossCoins(trial, s, k));
    this.#block = new Float32Array(4 * units);
  }

  /** Sets `step` to the disturbances of a step. */
  draw(step: number): void {
    const { key, trial, stimulations } = this.#trial;
    const amplitude = fround(this.#trial.amplitude);
    if (amplitude !== 0) {
      if (step >> 2 !== this.#drawn) {
        this.#drawn = step >> 2;
        for (let i = 0; i < this.step.length; i++) {
          incrementBlock(
            i,
            this.#drawn,
            trial,
            key,
            amplitude,
            this.#block,
            4 * i,
          );
        }
      }
      for (let i = 0; i < this.step.length; i++) {
        this.step[i] = this.#block[4 * i + (step & 3)];
      }
    } else this.step.fill(0);
    stimulations.forEach(({ units, from, amount }, k) => {
      if (this.#coins[k][step - from] !== 1) return;
      for (const unit of units) this.step[unit] += fround(amount);
    });
  }
}

function drive(
  net: LifNetwork32,
  trial: LifTrial,
  column: number,
  to: Float32Array,
): void {
  to.set(net.bias);
  for (let c = 0; c < net.channels; c++) {
    const u = fround(trial.inputs[c * trial.columns + column]);
    for (let i = 0; i < net.units; i++) {
      to[i] = fround(to[i] + fround(net.inputWeights[c * net.units + i] * u));
    }
  }
}

/** Simulates a trial in single precision. */
export function simulateTrial32(
  network: LifNetwork,
  trial: LifTrial,
  record: LifRecording,
): LifTrace {
  const steps = stepCount(network, trial.columns);
  const net = toSinglePrecision(network, steps);
  const { units } = net;
  const { derivative32 } = neuronModels[net.model];
  const { rises } = net;
  const state = new State(units, trial.initial);
  const { v, ipsc, h, p, r, hr, w, last } = state;
  const recorder = new LifRecorder(Float32Array, units, steps, record);
  const disturbances = new Disturbances(units, trial);
  const later = (trial.weights ?? []).map(({ from, weights }) => ({
    from,
    columns: net.columnsOf(weights),
  }));
  let { columns } = net;
  let column = -1;
  for (let step = 1; step <= steps; step++) {
    while (later.length > 0 && later[0].from <= step) {
      ({ columns } = later.shift()!);
    }
    const m = step % net.rebase;
    if (rises && m === 0) state.rebase(net.scale[net.rebase]);
    if (columnOf(network, step) !== column) {
      column = columnOf(network, step);
      drive(net, trial, column, state.drive);
    }
    disturbances.draw(step);
    const dts = net.dtScale[m];
    for (let i = 0; i < units; i++) {
      const rate = step - last[i] > net.refractorySteps ? net.rate : 0;
      // Without adaptation this takes 0, which changes no bit.
      const current = fround(fround(ipsc[i] + state.drive[i]) - w[i]);
      w[i] = fround(w[i] * net.adaptationDecay);
      const change = fround(derivative32(v[i], current, net) * rate);
      v[i] = fround(fround(v[i] + disturbances.step[i]) + change);
      ipsc[i] = fround(ipsc[i] * net.decay[i]);
      p[i] = fround(p[i] * net.decay[i]);
      r[i] = fround(r[i] * net.decay[i]);
      if (rises) {
        ipsc[i] = fround(ipsc[i] + fround(h[i] * dts));
        r[i] = fround(r[i] + fround(hr[i] * dts));
      }
      if (rises === "td") {
        h[i] = fround(h[i] * net.decay[i]);
        hr[i] = fround(hr[i] * net.decay[i]);
      }
    }
    let sum: number;
    if (net.outputsFromRates) {
      sum = laneSum(r.map((x, i) => x * net.readout[i]));
    } else sum = laneSum(p);
    if (rises && !net.outputsFromRates) {
      sum = fround(sum + fround(state.q * net.scale[m + 1]));
    }
    recorder.sampleVoltages(step, v, net.peak);
    const inverse = rises ? net.inverse[m + 1] : 1;
    const arriving = rises ? h : ipsc;
    const spikeScale = fround(net.columnScale * inverse);
    for (let j = 0; j < units; j++) {
      if (!(v[j] >= net.peak)) continue;
      v[j] = net.reset;
      w[j] = fround(w[j] + net.adaptationJump);
      last[j] = step;
      recorder.spike(step, j);
      for (let i = 0; i < units; i++) {
        const weight = fround(columns[j * units + i] * spikeScale);
        arriving[i] = fround(arriving[i] + weight);
      }
      const jump = net.readoutJump[j];
      if (rises) {
        p[j] = fround(p[j] - jump);
        state.q = fround(state.q + fround(jump * inverse));
        hr[j] = fround(hr[j] + fround(net.rateJump[j] * inverse));
      } else {
        p[j] = fround(p[j] + jump);
        r[j] = fround(r[j] + net.rateJump[j]);
        sum = fround(sum + jump);
      }
    }
    if (recorder.outputs) {
      recorder.outputs[step - 1] = fround(
        fround(sum * net.outputScale) + net.offset,
      );
    }
    recorder.sample(step, "currents", ipsc);
    recorder.sample(step, "rates", r);
  }
  return recorder.trace(state.finite());
}
