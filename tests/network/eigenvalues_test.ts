/** Eigenvalues, against what is known of them and against another solver. */
import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import {
  type Eigenvalues,
  eigenvalues,
} from "../../lib/network/eigenvalues.ts";
import { eigenvalueSteps } from "../../lib/network/eigenvalue_steps.ts";
import { randomStream } from "../../lib/random/stream.ts";

type Complex = readonly [real: number, imaginary: number];

function pairs({ real, imaginary }: Eigenvalues): Complex[] {
  return Array.from(real, (x, k) => [x, imaginary[k]]);
}

/** Largest distance between two sets, each number matched with one other. */
function distance(a: readonly Complex[], b: readonly Complex[]): number {
  const left = [...b];
  let worst = 0;
  for (const [x, y] of a) {
    const far = left.map(([u, v]) => Math.hypot(x - u, y - v));
    const nearest = far.indexOf(Math.min(...far));
    worst = Math.max(worst, far[nearest]);
    left.splice(nearest, 1);
  }
  return left.length > 0 ? Infinity : worst;
}

function near(
  found: Eigenvalues,
  expected: readonly Complex[],
  tolerance = 1e-12,
) {
  const off = distance(pairs(found), expected);
  ok(off <= tolerance, `off by ${off}: ${pairs(found)}`);
}

Deno.test("eigenvalues() knows matrices whose eigenvalues are known", async () => {
  near(await eigenvalues([], 0), []);
  near(await eigenvalues([3], 1), [[3, 0]]);
  near(await eigenvalues([0, -2, 2, 0], 2), [[0, 2], [0, -2]]);
  near(await eigenvalues([2, 1, 1, 2], 2), [[1, 0], [3, 0]]);
  near(await eigenvalues(new Float64Array(25), 5), Array(5).fill([0, 0]));
  // Triangular: what is on the diagonal.
  near(await eigenvalues([1, 5, 6, 0, 2, 7, 0, 0, 3], 3), [
    [1, 0],
    [2, 0],
    [3, 0],
  ]);
  // A cycle of units: the n-th roots of 1. Without a shift of another kind no
  // step changes it.
  for (const n of [3, 4, 7, 16]) {
    const cycle = new Float64Array(n * n);
    for (let i = 0; i < n; i++) cycle[i * n + (i + 1) % n] = 1;
    near(
      await eigenvalues(cycle, n),
      Array.from({ length: n }, (_, k) => {
        const angle = 2 * Math.PI * k / n;
        return [Math.cos(angle), Math.sin(angle)] as const;
      }),
    );
  }
});

Deno.test("eigenvalues() agrees with another solver, and with trace and determinant", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 1e9 }),
      fc.constantFrom(0.2, 1),
      async (n, seed, share) => {
        const random = randomStream(seed);
        // Some identity keeps sparse matrices away from repeated eigenvalues,
        // which no solver gives to full precision.
        const matrix = Float64Array.from(
          { length: n * n },
          (_, k) =>
            (random.uniform(k) < share ? random.normal(k) : 0) +
            (k % (n + 1) === 0 ? k / n : 0),
        );
        const rows = new Matrix(n, n);
        matrix.forEach((x, k) => rows.set(Math.floor(k / n), k % n, x));
        const other = new EigenvalueDecomposition(rows, {
          assumeSymmetric: false,
        });
        const found = await eigenvalues(matrix, n);
        near(
          found,
          other.realEigenvalues.map((x, k) => [
            x,
            other.imaginaryEigenvalues[k],
          ]),
          1e-6 * n,
        );
        const trace = rows.trace();
        const sum = found.real.reduce((a, b) => a + b, 0);
        ok(Math.abs(trace - sum) < 1e-9 * n * n);
        const imaginary = found.imaginary.reduce((a, b) => a + b, 0);
        ok(Math.abs(imaginary) < 1e-9, "complex ones come with conjugates");
      },
    ),
    { seed: 1, numRuns: 60 },
  );
});

Deno.test("eigenvalues() refuses what is no matrix of finite values, and can be stopped", async () => {
  await rejects(eigenvalues([1, 2], 2), {
    name: "TypeError",
    message: /2 numbers were given, a matrix of 2 rows has 4/,
  });
  await rejects(eigenvalues([NaN], 1), RangeError);
  const random = randomStream(1);
  const n = 400;
  const large = Float64Array.from(
    { length: n * n },
    (_, k) => random.normal(k),
  );
  await rejects(
    eigenvalues(large, n, { signal: AbortSignal.abort(new Error("stopped")) }),
    /stopped/,
  );
});

Deno.test("eigenvalues() of many rows leave this thread alone, with the same bits", async () => {
  const random = randomStream(3);
  const n = 240;
  const matrix = Float64Array.from(
    { length: n * n },
    (_, k) => random.normal(k),
  );
  const [real, imaginary] = [new Float64Array(n), new Float64Array(n)];
  for (
    const _ of eigenvalueSteps()(matrix.slice(), n, real, imaginary)
  );
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  const found = await eigenvalues(matrix, n);
  clearInterval(timer);
  equal(found, { real, imaginary });
  ok(turns > 0);
  const Worker = globalThis.Worker;
  let threads = 0;
  globalThis.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      super(...given);
      threads++;
    }
  };
  try {
    equal(await eigenvalues(matrix, n, { stay: true }), { real, imaginary });
    equal(threads, 0);
    await eigenvalues(matrix, n);
    equal(threads, 1);
  } finally {
    globalThis.Worker = Worker;
  }
  // One that is stopped leaves no thread behind: the test would say so.
  const stop = new AbortController();
  const large = new Float64Array(500 ** 2).fill(1);
  const stopped = eigenvalues(large.map((_, k) => random.normal(k, 1)), 500, {
    signal: stop.signal,
    onProgress: (share) => share > 0 && stop.abort(new Error("enough")),
  });
  await rejects(stopped, /enough/);
});

Deno.test("eigenvalues() says how far it is, at most once for every hundredth", async () => {
  const random = randomStream(2);
  for (const n of [0, 1, 2, 30, 200]) {
    const matrix = Float64Array.from(
      { length: n * n },
      (_, k) => random.normal(k),
    );
    const told: number[] = [];
    await eigenvalues(matrix, n, { onProgress: (share) => told.push(share) });
    const hundredths = told.map((share) => Math.floor(100 * share));
    equal(hundredths, [...new Set(hundredths)].sort((a, b) => a - b));
    equal([told[0], told.at(-1)], [0, 1]);
    // Of 200 units nearly every hundredth is told, none is far from the next.
    if (n === 200) {
      const gaps = told.slice(1).map((share, k) => share - told[k]);
      ok(Math.max(...gaps) < 0.03, `${Math.max(...gaps)}`);
    }
  }
});
