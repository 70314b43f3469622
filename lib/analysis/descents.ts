/**
 * Descents from many starts, several side by side, with what each would find if
 * they were made one after the other.
 */
import {
  laneCount,
  LeastSquaresLanes,
} from "../kernels/least_squares/lanes.ts";
import type { SparseSystem } from "../kernels/least_squares/system.ts";
import type { Between, Descent } from "./levenberg_marquardt.ts";

/** Where descents ended, each once. */
export class Ends {
  /** In the order in which they were found, with how many starts ended there. */
  readonly all: (Descent & { starts: number })[] = [];
  readonly #near: number;
  readonly #fixed: number;
  readonly #slow: number;

  /**
   * @param bounds squared distance of what is one point, and |F|² of fixed and
   *   of slow points
   */
  constructor({ near, fixed, slow }: {
    readonly near: number;
    readonly fixed: number;
    readonly slow: number;
  }) {
    this.#near = near;
    this.#fixed = fixed;
    this.#slow = slow;
  }

  /**
   * Whether a descent ends here, since another one did. One that is well below
   * an end nearby goes on: to a better one. A point that is not slow is told apart
   * less closely, since only its starts count.
   */
  isKnown({ state, square }: Descent): boolean {
    const [near, slow] = [this.#near, this.#slow];
    return this.all.some((end) =>
      end.square < this.#fixed
        ? isAt(state, end, near)
        : square > 0.9 * end.square &&
          isAt(
            state,
            end,
            end.square > slow && square < 1.02 * end.square ? 100 * near : near,
          )
    );
  }

  /** A descent has ended. */
  add(end: Descent): void {
    const before = this.all.find((other) =>
      isAt(
        end.state,
        other,
        Math.min(other.square, end.square) > this.#slow
          ? 100 * this.#near
          : this.#near,
      )
    );
    if (!before) {
      this.all.push({ ...end, starts: 1 });
      return;
    }
    before.starts++;
    // The better one stands for both.
    if (end.square < before.square) Object.assign(before, end);
  }
}

function isAt(x: Float64Array, end: Descent, within: number): boolean {
  return squaredDistance(x, end.state, within) <= within;
}

/** Squared distance, or more than `enough` where it is more. */
export function squaredDistance(
  a: Float64Array,
  b: Float64Array,
  enough: number,
): number {
  let sum = 0;
  for (let i = 0; i < a.length && sum <= enough; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

/** One descent. */
interface Run {
  readonly steps: Generator<Between, Descent, void>;
  /** Where it has been while earlier starts had not ended. */
  path: Descent[];
  /** Where it ended, if it did. */
  end?: Descent;
  /** Its lane, while it is at work. */
  lane?: number;
}

/**
 * Goes down from every start. A descent ends where it comes near an end that an
 * earlier start found. Descents run side by side, so one that is ahead of earlier
 * starts keeps its path, and is judged once they have ended.
 *
 * @param system synapses of the network
 * @param starts states to start from
 * @param descent begins with one
 * @param ends is given where they end, in the order of the starts
 * @returns yields how many starts have ended, now and then
 */
export function* inOrder(
  system: SparseSystem,
  starts: readonly Float64Array[],
  descent: (start: Float64Array) => Generator<Between, Descent, void>,
  ends: Ends,
): Generator<number, void, void> {
  const lanes = new LeastSquaresLanes(system);
  const atWork: (Run | undefined)[] = new Array(laneCount).fill(undefined);
  /** Descents that have begun, by their start; done ones are let go. */
  const runs = new Map<number, Run>();
  /** Descents that wait for a lane: they were stopped too early. */
  const waiting: Run[] = [];
  let [begun, done] = [0, 0];

  /** Goes on with a descent until it has a problem, or has nothing left to do. */
  function proceed(run: Run): void {
    while (true) {
      const { done: over, value } = run.steps.next();
      if (over) {
        run.end = value;
        return free(run);
      }
      if ("problem" in value) return lanes.begin(run.lane!, value.problem);
      const here = { ...value.at, state: value.at.state.slice() };
      const known = ends.isKnown(here);
      if (run === runs.get(done)) {
        if (!known) continue;
        run.end = here;
        return free(run);
      }
      run.path.push(here);
      // It is likely to end here, but earlier starts may find a better point.
      if (known) return free(run);
    }
  }

  function free(run: Run): void {
    if (run.lane === undefined) return;
    lanes.leave(run.lane);
    atWork[run.lane] = undefined;
    run.lane = undefined;
  }

  /** Ends descents whose turn has come. */
  function settle(): void {
    for (let run = runs.get(done); run; run = runs.get(done)) {
      const end = run.path.find((here) => ends.isKnown(here)) ?? run.end;
      run.path = [];
      if (end === undefined) {
        if (run.lane === undefined && !waiting.includes(run)) waiting.push(run);
        return;
      }
      free(run);
      ends.add(end);
      runs.delete(done++);
    }
  }

  function nextRun(): Run | undefined {
    const stopped = waiting.shift();
    if (stopped || begun === starts.length) return stopped;
    const run: Run = { steps: descent(starts[begun]), path: [] };
    runs.set(begun++, run);
    return run;
  }

  while (done < starts.length) {
    for (let lane = 0; lane < laneCount; lane++) {
      while (atWork[lane] === undefined) {
        const run = nextRun();
        if (!run) break;
        run.lane = lane;
        atWork[lane] = run;
        proceed(run);
      }
    }
    settle();
    if (atWork.every((run) => run === undefined)) continue;
    for (const lane of lanes.advance()) proceed(atWork[lane]!);
    settle();
    yield done;
  }
}
