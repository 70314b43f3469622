/** Rate sessions in plain TypeScript: slow, readable, float64 or float32. */
import {
  adam,
  type AdamStep,
  gradientNorm,
} from "../kernels/adam/reference.ts";
import {
  type Arithmetic,
  arithmetic,
} from "../kernels/rate_scan/arithmetic.ts";
import { decayGradients, decayRates } from "../kernels/rate_scan/decay.ts";
import { lossAndGradient } from "../kernels/rate_scan/loss.ts";
import {
  scanForward,
  scanGradients,
  type ScanHistory,
  type ScanParameters,
} from "../kernels/rate_scan/reference.ts";
import type { Floats, Precision } from "../kernels/rate_scan/types.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import type { TrialBlock } from "./blocks.ts";
import { writeDisturbances } from "./disturbances.ts";
import { type CpuEngine, openCpuSession } from "./cpu_engine.ts";
import type { RateRecord, SessionVectors } from "./rate_session.ts";
import type { LossName, RateSession, RateTrace, RateTrial } from "./types.ts";
import { flatten, parametersOf, wire, type WiredNetwork } from "./wiring.ts";

/**
 * Opens a session that computes in plain TypeScript: the oracle of the kernels.
 *
 * `float64` is the most exact; `float32` rounds like the SIMD kernel and agrees
 * with it bit for bit. Adam runs over every entry of every weight matrix.
 *
 * @throws {TypeError} if an array of the network has the wrong length
 * @throws {RangeError} if a value of the network is out of range
 */
export function referenceSession(
  network: RateNetwork,
  options: { readonly precision: Precision },
): RateSession {
  return openCpuSession(
    network,
    (start) => new ReferenceEngine(start, arithmetic(options.precision)),
  );
}

class ReferenceEngine implements CpuEngine {
  readonly wired: WiredNetwork;
  readonly #arithmetic: Arithmetic;
  readonly #vectors: SessionVectors;

  constructor(network: RateNetwork, arithmetic: Arithmetic) {
    this.wired = wire(network, () => true);
    this.#arithmetic = arithmetic;
    const { length } = this.wired.layout;
    const { zeros } = arithmetic;
    this.#vectors = {
      parameters: zeros(length),
      gradients: zeros(length),
      first: zeros(length),
      second: zeros(length),
    };
  }

  vectors(): SessionVectors {
    return this.#vectors;
  }

  parametersChanged(): void {}

  /** Parameters as the scan wants them: effective weights and decay rates. */
  #scanParameters(parameters = this.#vectors.parameters): ScanParameters {
    const { wiring, layout } = this.wired;
    const { zeros } = this.#arithmetic;
    const weights = zeros(wiring.post.length);
    for (let s = 0; s < weights.length; s++) {
      const w = parameters[layout.weights + s];
      // As in lib/network/effective.ts, for synapses in the kernels' order.
      const rectified = wiring.dale && !(w > 0) ? 0 : w;
      weights[s] = rectified * wiring.signs[wiring.pre[s]];
    }
    const alphas = zeros(wiring.units);
    decayRates(
      wiring.taus,
      parameters.subarray(layout.tausGaus, layout.tausGaus + wiring.units),
      alphas,
    );
    return {
      weights,
      readout: parameters.slice(layout.readout, layout.tausGaus),
      bias: parameters[layout.bias],
      alphas,
    };
  }

  /** Effective weights of a network with the same units. */
  #weightsOf(network: RateNetwork): Floats {
    const vector = this.#arithmetic.zeros(this.wired.layout.length);
    flatten(this.wired, network, parametersOf(network), vector);
    return this.#scanParameters(vector).weights;
  }

  #forward(parameters: ScanParameters, trial: RateTrial): ScanHistory {
    const { wiring } = this.wired;
    const { round, zeros } = this.#arithmetic;
    const disturbances = zeros(trial.steps * wiring.units);
    const at = (unit: number, step: number) => step * wiring.units + unit;
    writeDisturbances(trial, this.wired, round, disturbances, at);
    return scanForward(
      wiring,
      parameters,
      {
        steps: trial.steps,
        inputs: trial.inputs,
        disturbances,
        weights: trial.weights?.map(({ from, network }) => ({
          from,
          weights: network ? this.#weightsOf(network) : parameters.weights,
        })),
      },
      this.#arithmetic,
    );
  }

  // deno-lint-ignore require-await
  async run(
    trials: readonly RateTrial[],
    record: RateRecord,
  ): Promise<RateTrace[]> {
    const parameters = this.#scanParameters();
    return trials.map((trial) => {
      const history = this.#forward(parameters, trial);
      const { outputs, states, rates, steps } = history;
      return {
        outputs,
        ...(record.states && { states: this.#byUnit(states, steps) }),
        ...(record.rates && { rates: this.#byUnit(rates, steps) }),
      };
    });
  }

  /** A history T×N in the kernels' numbering as N×T in the network's. */
  #byUnit(history: Floats, steps: number): Floats {
    const { units, unitIds } = this.wired.wiring;
    const to = this.#arithmetic.zeros(history.length);
    for (let t = 0; t < steps; t++) {
      for (let i = 0; i < units; i++) {
        to[unitIds[i] * steps + t] = history[t * units + i];
      }
    }
    return to;
  }

  // deno-lint-ignore require-await
  async gradient(
    blocks: readonly TrialBlock[],
    loss: LossName,
    scale: number,
  ): Promise<{ losses: Float64Array; traces: RateTrace[] }> {
    const { wiring, layout } = this.wired;
    const { round, zeros } = this.#arithmetic;
    const { gradients, parameters } = this.#vectors;
    const scan = this.#scanParameters();
    const losses: number[] = [];
    const traces: RateTrace[] = [];
    const add = (at: number, values: Floats) => {
      for (let k = 0; k < values.length; k++) {
        gradients[at + k] = round(gradients[at + k] + values[k]);
      }
    };
    /** A copy in this session's precision. */
    const rounded = (values: FloatArray) => {
      const copy = zeros(values.length);
      copy.set(values);
      return copy;
    };
    gradients.fill(0);
    for (const { trials, width } of blocks) {
      const histories = trials.map((trial) => this.#forward(scan, trial));
      const slopes = trials.map((trial, b) => {
        const { outputs } = histories[b];
        const slope = zeros(outputs.length);
        losses.push(
          lossAndGradient(
            loss,
            outputs,
            rounded(trial.target!),
            trial.lossWeights && rounded(trial.lossWeights),
            scale,
            slope,
          ),
        );
        traces.push({ outputs });
        return slope;
      });
      const block = scanGradients(
        wiring,
        scan,
        histories,
        slopes,
        width,
        this.#arithmetic,
      );
      add(layout.weights, block.weights);
      add(layout.readout, block.readout);
      add(layout.tausGaus, block.alphas);
      gradients[layout.bias] = round(gradients[layout.bias] + block.bias);
    }
    this.#toParameters(parameters, gradients);
    return { losses: Float64Array.from(losses), traces };
  }

  /** Turns gradients by what the scan uses into gradients by the parameters. */
  #toParameters(parameters: Floats, gradients: Floats): void {
    const { wiring, layout } = this.wired;
    for (let s = 0; s < wiring.post.length; s++) {
      const passes = !wiring.dale || parameters[layout.weights + s] > 0;
      gradients[layout.weights + s] = passes
        ? gradients[layout.weights + s] * wiring.signs[wiring.pre[s]]
        : 0;
    }
    for (let i = 0; i < wiring.units; i++) {
      if (!wiring.read[i]) gradients[layout.readout + i] = 0;
    }
    decayGradients(
      wiring.taus,
      parameters.subarray(layout.tausGaus, layout.tausGaus + wiring.units),
      gradients.subarray(layout.tausGaus, layout.tausGaus + wiring.units),
    );
  }

  gradientNorm(): number {
    return gradientNorm(this.#vectors.gradients);
  }

  adam(step: AdamStep): void {
    const { parameters, gradients, first, second } = this.#vectors;
    const { round } = this.#arithmetic;
    adam(parameters, gradients, first, second, step, round);
  }

  close(): void {}
}
