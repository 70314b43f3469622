/**
 * The rate scan in plain TypeScript: the oracle that every kernel is checked
 * against. Equations: Kim, Li & Sejnowski 2019 (PNAS 116:22811),
 *
 *     x_t = x_{t-1} + alpha (Weff r_{t-1} + w_in u_{t-1} - x_{t-1}) + noise_t
 *     r_t = phi(x_t),  o_t = w_out r_t + b_out,  alpha = dt/tau
 *
 * and backpropagation through time. Order of sums: see types.ts.
 */
import type { Arithmetic } from "./arithmetic.ts";
import type { Floats, Wiring } from "./types.ts";

/** Parameters as the scan uses them. */
export interface ScanParameters {
  /** Effective weight of each synapse: rectified and signed. */
  readonly weights: Floats;
  readonly readout: Floats;
  readonly bias: number;
  /** dt/tau of each unit. */
  readonly alphas: Floats;
}

/** One trial for the scan. */
export interface ScanTrial {
  readonly steps: number;
  /** u, C×T. */
  readonly inputs: Floats;
  /** x_0, then what is added to x at steps 1 … T-1: T×N. */
  readonly disturbances: Floats;
  /** Other effective weights from a step on, ascending. */
  readonly weights?: readonly {
    readonly from: number;
    readonly weights: Floats;
  }[];
}

/** Everything that a forward scan leaves for the backward one; T×N. */
export interface ScanHistory {
  readonly steps: number;
  readonly states: Floats;
  readonly rates: Floats;
  /** Weff r_{t-1} + w_in u_{t-1} - x_{t-1}, whose product with alpha moves x. */
  readonly drives: Floats;
  /** o_1 … o_{T-1}. */
  readonly outputs: Floats;
}

/** Gradients by effective weights, readout, alpha and bias. */
export interface ScanGradients {
  readonly weights: Floats;
  readonly readout: Floats;
  readonly alphas: Floats;
  readonly bias: number;
}

/** Sum of four partial sums. */
function total(
  p: readonly number[],
  round: (value: number) => number,
): number {
  return round(round(p[0] + p[1]) + round(p[2] + p[3]));
}

/** Runs one trial. */
export function scanForward(
  wiring: Wiring,
  parameters: ScanParameters,
  trial: ScanTrial,
  arithmetic: Arithmetic,
): ScanHistory {
  const { units, channels, post, pre, stages } = wiring;
  const { readout, bias, alphas } = parameters;
  const { steps, inputs, disturbances } = trial;
  const later = [...trial.weights ?? []];
  let { weights } = parameters;
  const { round } = arithmetic;
  const phi = arithmetic.phi[wiring.activation];
  const states = arithmetic.zeros(steps * units);
  const rates = arithmetic.zeros(steps * units);
  const drives = arithmetic.zeros(steps * units);
  const outputs = arithmetic.zeros(steps - 1);
  const inputWeights = arithmetic.zeros(units * channels);
  inputWeights.set(wiring.inputWeights);
  const stimulus = arithmetic.zeros(channels * steps);
  stimulus.set(inputs);

  for (let i = 0; i < units; i++) {
    states[i] = disturbances[i];
    rates[i] = phi(states[i]);
  }
  for (let t = 1; t < steps; t++) {
    const now = t * units;
    const before = now - units;
    while (later.length > 0 && later[0].from <= t) {
      weights = later.shift()!.weights;
    }
    let synapse = 0;
    for (let i = 0; i < units; i++) {
      let sum = 0;
      for (let c = 0; c < channels; c++) {
        const u = stimulus[c * steps + t - 1];
        sum = round(sum + round(inputWeights[i * channels + c] * u));
      }
      for (; synapse < post.length && post[synapse] === i; synapse++) {
        if (weights[synapse] === 0) continue;
        const r = rates[before + pre[synapse]];
        sum = round(sum + round(weights[synapse] * r));
      }
      const x = states[before + i];
      const drive = round(sum - x);
      drives[now + i] = drive;
      const moved = round(x + round(alphas[i] * drive));
      states[now + i] = round(moved + disturbances[now + i]);
      rates[now + i] = phi(states[now + i]);
    }
    let output = bias;
    for (const { from, to } of stages) {
      const p = [0, 0, 0, 0];
      for (let i = from; i < to; i++) {
        const k = (i - from) & 3;
        p[k] = round(p[k] + round(readout[i] * rates[now + i]));
      }
      output = round(output + total(p, round));
    }
    outputs[t - 1] = output;
  }
  return { steps, states, rates, drives, outputs };
}

/**
 * Synapses of every unit in the order in which gradients come back through them;
 * without those of weight 0.
 */
function outgoing(wiring: Wiring, weights: Floats): Uint32Array[] {
  const lists = Array.from({ length: wiring.units }, () => [] as number[]);
  for (let s = 0; s < wiring.post.length; s++) {
    if (weights[s] !== 0) lists[wiring.pre[s]].push(s);
  }
  for (const { from, to } of wiring.stages) {
    for (let j = from; j < to; j++) {
      const later = lists[j].filter((s) => wiring.post[s] >= to);
      const own = lists[j].filter((s) => wiring.post[s] < to);
      lists[j] = [...later, ...own];
    }
  }
  return lists.map((list) => Uint32Array.from(list));
}

/** alpha times dL/dx_t for one trial, T×N, and dL/dx_t itself. */
function scanBackward(
  wiring: Wiring,
  parameters: ScanParameters,
  synapses: readonly Uint32Array[],
  history: ScanHistory,
  outputGradient: Floats,
  arithmetic: Arithmetic,
): { moved: Floats; states: Floats } {
  const { units, post } = wiring;
  const { weights, readout, alphas } = parameters;
  const { steps, rates } = history;
  const { round } = arithmetic;
  const slope = arithmetic.slope[wiring.activation];
  const states = arithmetic.zeros((steps + 1) * units);
  const moved = arithmetic.zeros((steps + 1) * units);
  for (let t = steps - 1; t >= 1; t--) {
    const now = t * units;
    const after = now + units;
    for (let j = 0; j < units; j++) {
      let sum = round(readout[j] * outputGradient[t - 1]);
      for (const s of synapses[j]) {
        sum = round(sum + round(weights[s] * moved[after + post[s]]));
      }
      const later = states[after + j];
      const kept = round(later - round(alphas[j] * later));
      const through = round(sum * slope(rates[now + j]));
      states[now + j] = round(through + kept);
      moved[now + j] = round(alphas[j] * states[now + j]);
    }
  }
  return { moved, states };
}

/** One number a step and trial: that of step t is `all[trial][first + t·stride]`. */
interface Series {
  readonly all: readonly Floats[];
  readonly stride: number;
  readonly first: number;
}

/** Sum over the steps and trials of a block, in the canonical order. */
function sumOfProducts(
  left: Series,
  right: Series,
  { steps, width, round }: {
    steps: number;
    width: number;
    round: (value: number) => number;
  },
): number {
  const p = [0, 0, 0, 0];
  for (let t = steps - 1; t >= 1; t--) {
    for (let b = 0; b < left.all.length; b++) {
      const k = ((steps - 1 - t) * width + b) & 3;
      const a = left.all[b][left.first + t * left.stride];
      const c = right.all[b][right.first + t * right.stride];
      p[k] = round(p[k] + round(a * c));
    }
  }
  return total(p, round);
}

/**
 * Gradients summed over a block of trials of equal length.
 *
 * @param outputGradients dL/do of each trial
 * @param width number of trials the block is filled up to: 1, or a multiple of 4
 */
export function scanGradients(
  wiring: Wiring,
  parameters: ScanParameters,
  histories: readonly ScanHistory[],
  outputGradients: readonly Floats[],
  width: number,
  arithmetic: Arithmetic,
): ScanGradients {
  const { units, post, pre } = wiring;
  const { weights } = parameters;
  const { round, zeros } = arithmetic;
  const { steps } = histories[0];
  const synapses = outgoing(wiring, weights);
  const backward = histories.map((history, b) =>
    scanBackward(
      wiring,
      parameters,
      synapses,
      history,
      outputGradients[b],
      arithmetic,
    )
  );
  const terms = { steps, width, round };
  const gradients = {
    weights: zeros(post.length),
    readout: zeros(units),
    alphas: zeros(units),
    bias: 0,
  };
  const rates = histories.map((history) => history.rates);
  const drives = histories.map((history) => history.drives);
  const moved = backward.map((gradient) => gradient.moved);
  const states = backward.map((gradient) => gradient.states);
  for (let s = 0; s < post.length; s++) {
    // An absent synapse has no gradient: its weight is at the rectifier's corner.
    if (wiring.dale && weights[s] === 0) continue;
    gradients.weights[s] = sumOfProducts(
      { all: moved, stride: units, first: post[s] },
      { all: rates, stride: units, first: pre[s] - units },
      terms,
    );
  }
  const outputs = { all: outputGradients, stride: 1, first: -1 };
  for (let i = 0; i < units; i++) {
    const rate = { all: rates, stride: units, first: i };
    gradients.readout[i] = sumOfProducts(outputs, rate, terms);
    gradients.alphas[i] = sumOfProducts(
      { all: states, stride: units, first: i },
      { all: drives, stride: units, first: i },
      terms,
    );
  }
  gradients.bias = sumOfProducts(
    outputs,
    { all: outputGradients.map(() => Float64Array.of(1)), stride: 0, first: 0 },
    terms,
  );
  return gradients;
}
