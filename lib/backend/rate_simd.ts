/** Rate sessions on the WebAssembly SIMD kernel, in float32. */
import type { AdamStep } from "../kernels/adam/reference.ts";
import { lanesGradient, lanesRun } from "../kernels/rate_scan/lanes.ts";
import { runJobHere } from "../kernels/rate_scan/job.ts";
import type { LaunchBlock } from "../kernels/rate_scan/lanes_block.ts";
import { LanesStructure } from "../kernels/rate_scan/lanes_structure.ts";
import { KernelMemory } from "../kernels/rate_scan/memory.ts";
import { runSingle, singleGradient } from "../kernels/rate_scan/single.ts";
import { SingleStructure } from "../kernels/rate_scan/single_structure.ts";
import type { LaunchTrace, LaunchTrial } from "../kernels/rate_scan/trial.ts";
import { ParameterVectors } from "../kernels/rate_scan/vectors.ts";
import type { RateNetwork } from "../network/types.ts";
import { type TrialBlock, trialBlocks } from "./blocks.ts";
import { amplitudes, stimulate, writeDisturbances } from "./disturbances.ts";
import {
  entriesWithMoments,
  openRateSession,
  type RateEngine,
  type RateRecord,
  type SessionVectors,
} from "./rate_session.ts";
import type {
  LossName,
  OptimiserState,
  RateSession,
  RateTrace,
  RateTrial,
} from "./types.ts";
import { wire, type WiredNetwork } from "./wiring.ts";

/**
 * Opens a session on the SIMD kernel.
 *
 * @throws {TypeError} if an array of the network has the wrong length
 * @throws {RangeError} if a value of the network is out of range
 */
export function simdSession(network: RateNetwork): RateSession {
  return openRateSession(
    network,
    (start, state) => new SimdEngine(start, state),
  );
}

/** A layout of the network that follows its parameters. */
interface Structure {
  update(): boolean;
}

class SimdEngine implements RateEngine {
  readonly wired: WiredNetwork;
  readonly #vectors: ParameterVectors;
  /** Top of the memory without structures. */
  readonly #mark: number;
  #single: SingleStructure | undefined;
  #lanes: LanesStructure | undefined;

  constructor(network: RateNetwork, state?: OptimiserState) {
    this.wired = wire(network, entriesWithMoments(network, state));
    const memory = new KernelMemory();
    const { wiring, layout } = this.wired;
    this.#vectors = new ParameterVectors(memory, wiring, layout);
    this.#mark = memory.mark;
  }

  vectors(): SessionVectors {
    const vectors = this.#vectors;
    return {
      parameters: vectors.view(vectors.parameters),
      gradients: vectors.view(vectors.gradients),
      first: vectors.view(vectors.first),
      second: vectors.view(vectors.second),
    };
  }

  parametersChanged(): void {
    this.#vectors.version++;
  }

  /** A structure that is up to date: the present one, or a new one. */
  #current<S extends Structure>(present: S | undefined, build: () => S): S {
    if (present?.update()) return present;
    // Structures lie one upon the other: when one goes, all go.
    if (present !== undefined) {
      this.#vectors.memory.release(this.#mark);
      this.#single = undefined;
      this.#lanes = undefined;
    }
    const built = build();
    built.update();
    return built;
  }

  #singleStructure(): SingleStructure {
    return this.#single = this.#current(
      this.#single,
      () => new SingleStructure(this.#vectors),
    );
  }

  #lanesStructure(): LanesStructure {
    return this.#lanes = this.#current(
      this.#lanes,
      () => new LanesStructure(this.#vectors),
    );
  }

  /** A trial as the launchers want it. */
  #launch(trial: RateTrial): LaunchTrial {
    const { wired } = this;
    const { noise, steps, inputs, target, lossWeights, stimulation } = trial;
    const [initial, step] = amplitudes(trial);
    const common = { steps, inputs, target, lossWeights };
    if (!("key" in noise)) {
      return {
        ...common,
        disturb: (to, at) =>
          writeDisturbances(trial, wired, Math.fround, to, at),
      };
    }
    return {
      ...common,
      noise: { key: noise.key, trial: noise.trial, initial, step },
      ...(stimulation && {
        disturb: (to, at) => stimulate(trial, wired, Math.fround, to, at),
      }),
    };
  }

  // deno-lint-ignore require-await
  async run(
    trials: readonly RateTrial[],
    record: RateRecord,
  ): Promise<RateTrace[]> {
    const vectors = this.#vectors;
    const traces: RateTrace[] = [];
    for (const block of trialBlocks(trials, vectors.wiring.units)) {
      const launched = block.trials.map((trial) => this.#launch(trial));
      const found = block.width === 1
        ? [runSingle(vectors, this.#singleStructure(), launched[0], record)]
        : this.#runLanes({ trials: launched, width: block.width }, record);
      traces.push(
        ...found.map((trace) => this.#byUnit(trace, block.trials[0].steps)),
      );
    }
    return traces;
  }

  #runLanes(block: LaunchBlock, record: RateRecord): LaunchTrace[] {
    const { memory } = this.#vectors;
    const structure = this.#lanesStructure();
    const mark = memory.mark;
    const job = lanesRun(this.#vectors, structure, block, record);
    const traces = runJobHere(memory, job);
    memory.release(mark);
    return traces;
  }

  /** Histories T×N in the kernels' numbering as N×T in the network's. */
  #byUnit(trace: LaunchTrace, steps: number): RateTrace {
    const { units, unitIds } = this.wired.wiring;
    const turn = (history: Float32Array | undefined) => {
      if (history === undefined) return undefined;
      const to = new Float32Array(history.length);
      for (let i = 0; i < units; i++) {
        const row = unitIds[i] * steps;
        for (let t = 0; t < steps; t++) to[row + t] = history[t * units + i];
      }
      return to;
    };
    const states = turn(trace.states);
    const rates = turn(trace.rates);
    return {
      outputs: trace.outputs,
      ...(states && { states }),
      ...(rates && { rates }),
    };
  }

  // deno-lint-ignore require-await
  async gradient(
    blocks: readonly TrialBlock[],
    name: LossName,
    scale: number,
    outputs: boolean,
  ): Promise<{ losses: Float64Array; traces: RateTrace[] }> {
    const vectors = this.#vectors;
    const loss = { name, scale };
    const losses: number[] = [];
    const traces: RateTrace[] = [];
    vectors.view(vectors.gradients).fill(0);
    for (const block of blocks) {
      const trials = block.trials.map((trial) => this.#launch(trial));
      if (block.width === 1) {
        const structure = this.#singleStructure();
        const found = singleGradient(
          vectors,
          structure,
          trials[0],
          loss,
          outputs,
        );
        losses.push(found.loss);
        if (found.outputs) traces.push({ outputs: found.outputs });
      } else {
        const { memory } = vectors;
        const structure = this.#lanesStructure();
        const mark = memory.mark;
        const found = runJobHere(
          memory,
          lanesGradient(
            vectors,
            structure,
            { trials, width: block.width },
            loss,
          ),
        );
        memory.release(mark);
        losses.push(...found.losses);
        traces.push(...found.outputs.map((outputs) => ({ outputs })));
      }
    }
    vectors.finishGradients();
    return { losses: Float64Array.from(losses), traces };
  }

  gradientNorm(): number {
    return this.#vectors.gradientNorm();
  }

  adam(step: AdamStep): void {
    this.#vectors.adam(step);
  }

  close(): void {
    this.#single = undefined;
    this.#lanes = undefined;
  }
}
