/** Elementary functions against values of many more digits. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  exp,
  expm1,
  log,
  log1p,
  power,
  tanh,
} from "../lib/arithmetic/elementary.ts";

/** Binary digits of the numbers that are computed with here. */
const digits = 400n;
const one = 1n << digits;

/** A number as a whole number of 2^-400, exactly. */
function fixed(x: number): bigint {
  const [sign, size] = [x < 0 ? -1n : 1n, Math.abs(x)];
  if (size === 0) return 0n;
  // 2^k·size is whole for this k, whatever Math.log2 rounds to.
  const k = 60 - Math.floor(Math.log2(size));
  return sign * (BigInt(size * 2 ** k) << digits >> BigInt(k));
}

/** e^x in units of 2^-400. */
function fixedExp(x: bigint): bigint {
  const s = x >> 10n;
  let term = one;
  let sum = one;
  for (let n = 1n; term !== 0n && n < 200n; n++) {
    term = (term * s >> digits) / n;
    sum += term;
  }
  for (let k = 0; k < 10; k++) sum = sum * sum >> digits;
  return sum;
}

/** Whether a number is among the two nearest to a true value, and no other nearer. */
function isNearest(value: number, exact: bigint): boolean {
  const off = (x: number) => {
    const distance = fixed(x) - exact;
    return distance < 0n ? -distance : distance;
  };
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  return [bits - 1n, bits + 1n].every((other) => {
    view.setBigUint64(0, other);
    return off(value) <= off(view.getFloat64(0));
  });
}

const from = (min: number, max: number) =>
  fc.double({ min, max, noNaN: true, noDefaultInfinity: true });

Deno.test("exp() and expm1() are the true values, rounded once", () => {
  fc.assert(
    fc.property(
      fc.oneof(from(-30, 30), from(-1, 1), from(-0.01, 0.01)),
      (x) => {
        fc.pre(x === 0 || Math.abs(x) > 2 ** -60);
        const exact = fixedExp(fixed(x));
        return isNearest(exp(x), exact) &&
          (x === 0 || isNearest(expm1(x), exact - one));
      },
    ),
    { numRuns: 400, seed: 1 },
  );
});

Deno.test("log() and log1p() are the true values, rounded once", () => {
  // The exponential grows: what is nearest lies between those of the two middles.
  const between = (x: bigint, value: number) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    const bits = view.getBigUint64(0);
    const [a, b] = [bits - 1n, bits + 1n].map((other) => {
      view.setBigUint64(0, other);
      return fixedExp((fixed(value) + fixed(view.getFloat64(0))) / 2n);
    });
    return a < b ? a <= x && x <= b : b <= x && x <= a;
  };
  fc.assert(
    fc.property(fc.oneof(from(1e-9, 1), from(0.3, 3), from(1, 1e9)), (x) => {
      fc.pre(x !== 1);
      return between(fixed(x), log(x));
    }),
    { numRuns: 300, seed: 2 },
  );
  fc.assert(
    fc.property(fc.oneof(from(-0.99, 3), from(-0.01, 0.01)), (x) => {
      fc.pre(Math.abs(x) > 2 ** -60);
      return between(one + fixed(x), log1p(x));
    }),
    { numRuns: 300, seed: 3 },
  );
});

Deno.test("tanh() and power() are the true values, rounded once", () => {
  fc.assert(
    fc.property(from(-19, 19), (x) => {
      fc.pre(Math.abs(x) > 2 ** -27);
      const two = fixedExp(2n * fixed(x));
      return isNearest(tanh(x), ((two - one) << digits) / (two + one));
    }),
    { numRuns: 300, seed: 4 },
  );
  fc.assert(
    fc.property(from(0.5, 1), fc.integer({ min: 0, max: 100 }), (x, n) => {
      let exact = one;
      for (let k = 0; k < n; k++) exact = exact * fixed(x) >> digits;
      return isNearest(power(x, n), exact);
    }),
    { numRuns: 300, seed: 5 },
  );
});

Deno.test("elementary functions at the ends of their ranges do what Math does", () => {
  const ends = [0, -0, 1, -1, 2, 0.5, 710, -746, 1e308, -1e308, 5e-324, -5e-324]
    .concat(NaN, Infinity, -Infinity, 1e-300, 709.78, -708, 1 - 2 ** -53);
  for (const x of ends) {
    for (
      const [own, usual] of [
        [exp, Math.exp],
        [expm1, Math.expm1],
        [log, Math.log],
        [log1p, Math.log1p],
        [tanh, Math.tanh],
      ]
    ) {
      const [a, b] = [own(x), usual(x)];
      ok(
        Object.is(a, b) || Math.abs(a - b) <= 4e-16 * Math.abs(b),
        `${own.name}(${x}) is ${a}, Math gives ${b}`,
      );
    }
  }
  equal([power(0.9, 0), power(0, 3), power(1, 1e6)], [1, 0, 1]);
});

Deno.test("what is computed rests on no elementary function of the runtime", async () => {
  const library = new URL("../lib/", import.meta.url);
  // Kernels of GPUs compute in their own way; reports and terminals round; a
  // program of workers is made of what is read here, and of arithmetic.
  const other =
    /^(arithmetic|cli|dashboard|platform|report|runs|sweep|tfjs)\/|\/webgpu\/|\/simd\/|_program\.ts$/;
  const found: string[] = [];
  const read = async (folder: URL) => {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const url = new URL(name + (isDirectory ? "/" : ""), folder);
      const path = url.href.slice(library.href.length);
      if (other.test(path)) continue;
      if (isDirectory) await read(url);
      else if (name.endsWith(".ts")) {
        const text = (await Deno.readTextFile(url))
          .replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
        for (
          const [call] of text.matchAll(/Math\.(exp|expm1|log|log1p|tanh)\(/g)
        ) {
          found.push(`${path}: ${call}`);
        }
      }
    }
  };
  await read(library);
  equal(found, []);
});
