/** Eigenvalues of a real square matrix, without the eigenvectors. */
import { turns } from "../platform/turn.ts";
import { startThread, type Thread } from "../platform/threads.ts";
import { eigenvalueSteps } from "./eigenvalue_steps.ts";

/** Eigenvalues of one matrix. */
export interface Eigenvalues {
  /** Real parts. */
  readonly real: Float64Array;
  /** Imaginary parts. */
  readonly imaginary: Float64Array;
}

/** How eigenvalues are computed. */
export interface EigenvalueOptions {
  /** Stops it. */
  readonly signal?: AbortSignal;
  /**
   * Is told what share of the work is done, from 0 to 1: at the start, at the
   * end, and in between at most once for every hundredth.
   */
  readonly onProgress?: (share: number) => void;
  /**
   * Whether to stay in this thread, as one that is not the program's own, or one
   * with many matrices to go through, does well to. Defaults to false.
   */
  readonly stay?: boolean;
}

/** Rows from which on a thread is worth its start, which takes 20 ms. */
const rowsForThread = 200;

/**
 * Computes the eigenvalues, in no particular order; complex ones stand beside
 * their conjugates. Time grows with size³. Those of 200 rows and more are computed
 * in a thread of their own, so that other work goes on meanwhile; if there is
 * none to be had, other work gets a turn now and then.
 *
 * @param matrix size×size, row-major; it is not changed
 * @param size number of rows
 * @param options what stops it, and who is told how far it is
 * @throws {TypeError} for a matrix of another length
 * @throws {RangeError} for values that are not finite
 * @throws {Error} if the QR steps do not converge
 */
export async function eigenvalues(
  matrix: ArrayLike<number>,
  size: number,
  { signal, onProgress, stay = false }: EigenvalueOptions = {},
): Promise<Eigenvalues> {
  if (matrix.length !== size * size) {
    throw new TypeError(
      `Cannot compute eigenvalues: ${matrix.length} numbers were given, ` +
        `a matrix of ${size} rows has ${size * size}`,
    );
  }
  const h = Float64Array.from(matrix);
  if (!h.every(Number.isFinite)) {
    throw new RangeError(
      "Cannot compute eigenvalues: the matrix has values that are not finite",
    );
  }
  signal?.throwIfAborted();
  const tell = everyHundredth(onProgress);
  tell(0);
  const found = size >= rowsForThread && !stay
    ? await inThread(h, size, tell, signal)
    : undefined;
  const { real, imaginary } = found ?? await inTurns(h, size, tell, signal);
  tell(1);
  return { real, imaginary };
}

/** Computes in this thread, and lets others have their turns. */
async function inTurns(
  h: Float64Array,
  size: number,
  tell: (share: number) => void,
  signal?: AbortSignal,
): Promise<Eigenvalues> {
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  const pause = turns(50);
  for (const share of eigenvalueSteps()(h, size, real, imaginary)) {
    tell(share);
    if (await pause()) signal?.throwIfAborted();
  }
  return { real, imaginary };
}

/** What the thread tells. */
type Told =
  | { readonly share: number }
  | { readonly error: string }
  | Eigenvalues;

/** The thread's program; the steps are put in as text. */
function program(steps: typeof eigenvalueSteps): void {
  const scope = globalThis as unknown as {
    onmessage: (event: MessageEvent<Float64Array>) => void;
    postMessage(message: Told): void;
  };
  scope.onmessage = ({ data }) => {
    const n = Math.sqrt(data.length);
    const real = new Float64Array(n);
    const imaginary = new Float64Array(n);
    let told = 0;
    try {
      for (const share of steps()(data, n, real, imaginary)) {
        if (Math.floor(100 * share) <= told) continue;
        told = Math.floor(100 * share);
        scope.postMessage({ share });
      }
      scope.postMessage({ real, imaginary });
    } catch (error) {
      scope.postMessage({
        error: error instanceof Error ? error.message : String(error),
      });
    }
  };
}

/**
 * Computes in a thread of its own.
 *
 * @returns `undefined` if there is no thread, or it ended before its time
 */
async function inThread(
  h: Float64Array,
  size: number,
  tell: (share: number) => void,
  signal?: AbortSignal,
): Promise<Eigenvalues | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<
    Eigenvalues | undefined
  >();
  const stop = () => reject(signal!.reason);
  let thread: Thread | undefined;
  try {
    thread = startThread(`(${program})(${eigenvalueSteps});`, {
      name: `eigenvalues of ${size} rows`,
      onMessage(message) {
        const data = message as Told;
        if ("share" in data) tell(data.share);
        else if ("error" in data) reject(new Error(data.error));
        else resolve(data);
      },
      onEnd: () => resolve(undefined),
    });
  } catch {
    return undefined;
  }
  signal?.addEventListener("abort", stop);
  try {
    thread.post(h);
    return await promise;
  } finally {
    signal?.removeEventListener("abort", stop);
    thread.end();
  }
}

/** Tells of a share that grows, when it has grown by a hundredth. */
function everyHundredth(
  tell: EigenvalueOptions["onProgress"],
): (share: number) => void {
  let told = -1;
  return (share) => {
    const hundredths = Math.floor(100 * share);
    if (hundredths <= told) return;
    told = hundredths;
    tell?.(share);
  };
}
