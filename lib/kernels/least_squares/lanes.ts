/** Four least-squares problems at a time, side by side in the SIMD kernel. */
import { jobBase } from "../job.ts";
import { leastSquares } from "./least_squares_wasm.ts";
import { columnScale, type LeastSquares, mostIterations } from "./reference.ts";
import type { SparseSystem, Synapses } from "./system.ts";

/** Problems side by side. */
export const laneCount = 4;

/** Vectors of four numbers a unit, in the kernel's order. */
const names = [
  ...["slopes", "scale", "step", "residual"] as const,
  ...["gradient", "direction", "image", "scaled"] as const,
] as const;

/** What the kernel exports. */
interface Kernel {
  readonly memory: WebAssembly.Memory;
  place(...values: number[]): void;
  iterate(): void;
}

/** A problem that is being solved. */
interface Running {
  readonly problem: LeastSquares;
  readonly enough: number;
  left: number;
}

/**
 * Solves problems of one network. Each lane is independent of the others: what
 * comes out is what {@linkcode solveLeastSquares} gives, to the last bit.
 */
export class LeastSquaresLanes {
  readonly #system: SparseSystem;
  readonly #kernel: Kernel;
  readonly #vectors: Readonly<Record<typeof names[number], Float64Array>>;
  /** Damping, steepness and size: four numbers each. */
  readonly #numbers: Float64Array;
  readonly #scale: Float64Array;
  readonly #running: (Running | undefined)[] = [];

  constructor(system: SparseSystem) {
    const { units, incoming, outgoing, leaks } = system;
    this.#system = system;
    this.#scale = new Float64Array(units);
    const instance = new WebAssembly.Instance(leastSquares());
    this.#kernel = instance.exports as unknown as Kernel;
    let end = jobBase;
    const taken = (bytes: number) => {
      const at = end;
      end += Math.ceil(bytes / 16) * 16;
      return at;
    };
    const parts = [incoming, outgoing].flatMap((of: Synapses) => [
      of.begins,
      of.units,
      of.weights,
    ]);
    const writes = [...parts, leaks].map((data) => ({
      at: taken(data.byteLength),
      data,
    }));
    const vectorBytes = 8 * laneCount * units;
    const vectors = taken(names.length * vectorBytes);
    const numbers = taken(3 * 8 * laneCount);
    const { memory } = this.#kernel;
    memory.grow(Math.ceil((end - memory.buffer.byteLength) / 65536));
    const { buffer } = memory;
    for (const { at, data } of writes) {
      new Uint8Array(buffer, at, data.byteLength).set(
        new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      );
    }
    this.#vectors = Object.fromEntries(names.map((name, k) => [
      name,
      new Float64Array(buffer, vectors + k * vectorBytes, laneCount * units),
    ])) as Record<typeof names[number], Float64Array>;
    this.#numbers = new Float64Array(buffer, numbers, 3 * laneCount);
    this.#kernel.place(units, ...writes.map(({ at }) => at), vectors);
  }

  /** Begins with a problem in a lane; what was there is forgotten. */
  begin(lane: number, problem: LeastSquares): void {
    const { slopes, f, gradient, mu, tolerance } = problem;
    const n = this.#system.units;
    const scale = this.#scale;
    columnScale(this.#system, problem, scale);
    const to = this.#vectors;
    let [size, steepness] = [0, 0];
    for (let i = 0, at = lane; i < n; i++, at += laneCount) {
      const slope = -gradient[i];
      const direction = scale[i] * slope;
      size += slope * direction;
      steepness += slope * slope;
      to.slopes[at] = slopes[i];
      to.scale[at] = scale[i];
      to.step[at] = 0;
      to.residual[at] = -f[i];
      to.direction[at] = direction;
    }
    this.#numbers[lane] = mu;
    this.#numbers[laneCount + lane] = steepness;
    this.#numbers[2 * laneCount + lane] = size;
    const enough = tolerance * tolerance * steepness;
    this.#running[lane] = { problem, enough, left: mostIterations * n };
  }

  /** Ends what a lane is at, without an answer. */
  leave(lane: number): void {
    this.#running[lane] = undefined;
  }

  /**
   * Goes on until a lane is done, or several are, and puts their answers where
   * the problems say.
   *
   * @returns the lanes that are done; none if none was at work
   */
  advance(): number[] {
    const done: number[] = [];
    const busy = () => this.#running.some((one) => one !== undefined);
    while (busy()) {
      for (let lane = 0; lane < this.#running.length; lane++) {
        const one = this.#running[lane];
        if (one === undefined) continue;
        const steepness = this.#numbers[laneCount + lane];
        if (steepness > one.enough && one.left-- > 0) continue;
        this.#answer(lane, one.problem.step);
        this.#running[lane] = undefined;
        done.push(lane);
      }
      if (done.length > 0) break;
      this.#kernel.iterate();
    }
    return done;
  }

  #answer(lane: number, step: Float64Array): void {
    const from = this.#vectors.step;
    for (let i = 0, at = lane; i < step.length; i++, at += laneCount) {
      step[i] = from[at];
    }
  }
}
