/** Rate sessions on the WebAssembly SIMD kernel, in float32. */
import { heard } from "../heard.ts";
import type { AdamStep } from "../kernels/adam/reference.ts";
import { lanesRun } from "../kernels/rate_scan/lanes.ts";
import type { BlockLosses } from "../kernels/rate_scan/lanes_gradient.ts";
import type { KernelJob } from "../kernels/rate_scan/job.ts";
import { LanesStructure } from "../kernels/rate_scan/lanes_structure.ts";
import { KernelMemory } from "../kernels/rate_scan/memory.ts";
import type { StructureFrom } from "../kernels/rate_scan/pieces.ts";
import { runSingle, singleGradient } from "../kernels/rate_scan/single.ts";
import type { TaskTeam } from "../kernels/rate_scan/tasks.ts";
import { SingleStructure } from "../kernels/rate_scan/single_structure.ts";
import type {
  LaunchLoss,
  LaunchTrace,
  LaunchTrial,
} from "../kernels/rate_scan/trial.ts";
import { ParameterVectors } from "../kernels/rate_scan/vectors.ts";
import type { RateNetwork, WeightsFrom } from "../network/types.ts";
import { BlockSharing } from "./block_sharing.ts";
import {
  fitsFour,
  mostShares,
  type TrialBlock,
  trialBlocks,
} from "./blocks.ts";
import { processors } from "../platform/threads.ts";
import type { Pool } from "./pool.ts";
import { gradientHere, gradientInPool, runHere } from "./rate_shares.ts";
import { launchOf, traceByUnit } from "./rate_launch.ts";
import { runInPool } from "./rate_workers.ts";
import { type CpuEngine, openCpuSession } from "./cpu_engine.ts";
import type { RateRecord, SessionVectors } from "./rate_session.ts";
import { entriesWithMoments } from "./session_state.ts";
import type {
  LossName,
  OptimiserState,
  RateSession,
  RateTrace,
  RateTrial,
} from "./types.ts";
import { flatten, parametersOf, wire, type WiredNetwork } from "./wiring.ts";

/**
 * Opens a session on the SIMD kernel.
 *
 * @param pool gives the workers that share the blocks of a call; without it all
 *   runs in this thread
 * @param team gives the threads that share a single block, or a single trial of
 *   several stages
 * @throws {TypeError} if an array of the network has the wrong length
 * @throws {RangeError} if a value of the network is out of range
 */
export function simdSession(
  network: RateNetwork,
  pool?: () => Pool,
  team?: TeamOpener,
): RateSession {
  return openCpuSession(
    network,
    (start, state) => new SimdEngine(start, state, pool, team),
  );
}

/**
 * Opens threads in one memory; none if there can be none.
 *
 * @param most so many find something to do
 */
export type TeamOpener = (most: number) => TaskTeam | undefined;

/** A layout of the network that follows its parameters. */
interface Structure {
  update(): boolean;
}

/** Parameters of another network, and the structures that were built of them. */
interface OtherWeights {
  readonly vectors: ParameterVectors;
  readonly single?: Structure;
  readonly lanes?: Structure;
}

/**
 * Steps of synapses that a session runs without a team: to start a thread takes
 * the time of 3·10⁸ of them, and threads would halve what comes after.
 */
const workForTeam = 5e8;

/** Networks whose weights are kept laid out: those of a few runs. */
const mostOthers = 16;

class SimdEngine implements CpuEngine {
  readonly wired: WiredNetwork;
  readonly #vectors: ParameterVectors;
  /** Top of the memory without structures. */
  readonly #mark: number;
  #single: SingleStructure | undefined;
  #lanes: LanesStructure | undefined;

  /** Weights of other networks, laid out as the structures are. */
  #others = new Map<RateNetwork, OtherWeights>();

  readonly #pool: (() => Pool) | undefined;
  readonly #team: TaskTeam | undefined;
  readonly #sharing = new BlockSharing();
  /** Steps of synapses that were run. */
  #ran = 0;

  constructor(
    network: RateNetwork,
    state?: OptimiserState,
    pool?: () => Pool,
    team?: TeamOpener,
  ) {
    this.#pool = pool;
    this.wired = wire(network, entriesWithMoments(network, state));
    const { wiring, layout } = this.wired;
    this.#team = team?.(Math.max(wiring.stages.length, mostShares));
    const memory = this.#team?.memory ?? new KernelMemory();
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
    if (present !== undefined) this.#forget();
    const built = build();
    built.update();
    return built;
  }

  /** Gives back all that is laid out; it is laid out again when it is needed. */
  #forget(): void {
    this.#vectors.memory.release(this.#mark);
    this.#single = undefined;
    this.#lanes = undefined;
    this.#others.clear();
  }

  /**
   * Lays out all structures that blocks need before one of them is handed out: one
   * that is built anew takes the place of the others.
   */
  #bringUpToDate(blocks: readonly { readonly width: number }[]): void {
    if (blocks.some(({ width }) => width === 1)) this.#singleStructure();
    if (!blocks.some(({ width }) => width > 1)) return;
    const before = this.#single;
    this.#lanesStructure();
    if (before && this.#single === undefined) this.#singleStructure();
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

  /** Structures of the other weights of a trial, and the steps from which they hold. */
  #later<S extends Structure>(
    weights: readonly WeightsFrom[] | undefined,
    kind: "single" | "lanes",
    own: S,
    build: (vectors: ParameterVectors) => S,
  ): StructureFrom<S>[] {
    return (weights ?? []).map(({ from, network }) => {
      if (!network) return { from, structure: own };
      let other = this.#others.get(network);
      if (!other) this.#others.set(network, other = this.#place(network));
      if (!other[kind]) {
        const built: Structure = build(other.vectors);
        built.update();
        other = { ...other, [kind]: built };
        this.#others.set(network, other);
      }
      return { from, structure: other[kind] as Structure as S };
    });
  }

  /** Parameters of a network with the same wiring. */
  #place(network: RateNetwork): OtherWeights {
    const { wiring, layout } = this.wired;
    const vectors = new ParameterVectors(this.#vectors.memory, wiring, layout);
    const parameters = vectors.view(vectors.parameters);
    flatten(this.wired, network, parametersOf(network), parameters);
    return { vectors };
  }

  /** Starts the job of a block in a worker; gives what waits for its result. */
  #startInPool<Result>(
    make: () => KernelJob<Result>,
    pool: Pool,
  ): () => Promise<Result> {
    const { memory } = this.#vectors;
    const mark = memory.mark;
    try {
      const job = make();
      const outputs = heard(runInPool(pool, memory, job));
      return async () => job.finish(await outputs);
    } finally {
      memory.release(mark);
    }
  }

  async run(
    trials: readonly RateTrial[],
    record: RateRecord,
  ): Promise<RateTrace[]> {
    const vectors = this.#vectors;
    const { units } = vectors.wiring;
    const inLanes = this.#lanes !== undefined && this.#single === undefined;
    const blocks = trialBlocks(trials, units).map((block) =>
      // To lay out the weights anew takes longer than the trial, which has the
      // same bits in lanes.
      inLanes && block.width === 1 && fitsFour(trials[block.from].steps, units)
        ? { ...block, width: 4 as const }
        : block
    );
    if (this.#others.size >= mostOthers) this.#forget();
    this.#bringUpToDate(blocks);
    const single: LaunchTrace[] = [];
    const wide: (() => KernelJob<LaunchTrace[]>)[] = [];
    for (const { trials, width } of blocks) {
      const launched = trials.map((trial) => launchOf(trial, this.wired));
      const { weights } = trials[0];
      if (width === 1) {
        const structure = this.#singleStructure();
        const later = this.#later(
          weights,
          "single",
          structure,
          (of) => new SingleStructure(of),
        );
        single.push(
          runSingle(vectors, structure, launched[0], record, later),
        );
        continue;
      }
      const structure = this.#lanesStructure();
      const later = this.#later(
        weights,
        "lanes",
        structure,
        (of) => new LanesStructure(of),
      );
      const block = { trials: launched, width, parts: 4 as const };
      wide.push(() => lanesRun(vectors, structure, block, record, later));
    }
    const pool = this.#team === undefined && blocks.length > 1
      ? this.#pool?.()
      : undefined;
    const started = pool
      ? wide.map((make) => this.#startInPool(make, pool))
      : runHere(vectors.memory, wide, this.#teamFor(trials))
        .map((found) => () => found);
    const traces: RateTrace[] = [];
    for (const { width, trials } of blocks) {
      const found = width === 1 ? [single.shift()!] : await started.shift()!();
      const { steps } = trials[0];
      for (const trace of found) {
        traces.push(traceByUnit(trace, steps, this.wired));
      }
    }
    return traces;
  }

  /** The team for trials without gradients, if it is up, or worth its start. */
  #teamFor(trials: readonly RateTrial[]): TaskTeam | undefined {
    const { length: synapses } = this.#vectors.wiring.post;
    for (const { steps } of trials) this.#ran += steps * synapses;
    return this.#team?.isComplete || this.#ran > workForTeam
      ? this.#team
      : undefined;
  }

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
    const [first] = blocks;
    // Where threads have no memory in common, workers share a wide block as well.
    const pool = blocks.length > 1
      ? blocks.every(({ width }) => width > 1)
      : first.width === 16 && this.#team === undefined && processors() > 1;
    const started: (() => BlockLosses | Promise<BlockLosses>)[] = [];
    for (const block of blocks) {
      const trials = block.trials.map((trial) => launchOf(trial, this.wired));
      // A block adds to the gradient when it is finished, here at once: blocks
      // are added up in order, wherever they run.
      if (block.width === 1) {
        started.push(this.#singleTrial(trials[0], loss, outputs));
        continue;
      }
      const of = {
        vectors,
        structure: this.#lanesStructure(),
        trials,
        width: block.width,
        loss,
        wantsOutputs: outputs,
      };
      if (pool && this.#pool !== undefined) {
        started.push(gradientInPool(of, this.#pool(), blocks.length));
      } else {
        const team = this.#team;
        const sharing = this.#sharing;
        const found = gradientHere(of, team && { team, sharing });
        started.push(() => found);
      }
    }
    for (const finish of started) {
      const found = await finish();
      losses.push(...found.losses);
      traces.push(...found.outputs.map((outputs) => ({ outputs })));
    }
    vectors.finishGradients();
    return { losses: Float64Array.from(losses), traces };
  }

  /** The gradient of a trial that runs alone. */
  #singleTrial(
    trial: LaunchTrial,
    loss: LaunchLoss,
    outputs: boolean,
  ): () => BlockLosses {
    const found = singleGradient(
      this.#vectors,
      this.#singleStructure(),
      trial,
      loss,
      outputs,
      // One stage is one chain of steps: there is nothing to share.
      this.wired.wiring.stages.length > 1 ? this.#team : undefined,
    );
    return () => ({
      losses: [found.loss],
      outputs: found.outputs ? [found.outputs] : [],
    });
  }

  gradientNorm(): number {
    return this.#vectors.gradientNorm();
  }

  adam(step: AdamStep): void {
    this.#vectors.adam(step);
  }

  close(): void {
    this.#team?.close();
    this.#single = undefined;
    this.#lanes = undefined;
  }
}
