/** The rate scan of tfjs's `cpu` backend: the SIMD kernel, trial by trial. */
import { KernelMemory } from "../kernels/rate_scan/memory.ts";
import { placeMatrix } from "../kernels/rate_scan/matrix.ts";
import { transferFunctions } from "../network/activations.ts";
import { upToFour } from "../kernels/rate_scan/types.ts";
import type { RateScanAttributes, ScanShape } from "./rate_types.ts";

let shared: KernelMemory | undefined;

/** Runs a task with the kernel's memory; what it allocates is freed. */
function withMemory<T>(task: (memory: KernelMemory) => T): T {
  shared ??= new KernelMemory();
  const mark = shared.mark;
  try {
    return task(shared);
  } finally {
    shared.release(mark);
  }
}

/** Lays out the non-zero entries of a matrix N×N, or of its transpose. */
function place(
  memory: KernelMemory,
  weights: Float32Array,
  units: number,
  transposed: boolean,
): number {
  const rows: number[] = [];
  const columns: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < units; row++) {
    for (let column = 0; column < units; column++) {
      const e = transposed ? column * units + row : row * units + column;
      if (weights[e] === 0) continue;
      rows.push(row);
      columns.push(column);
      values.push(weights[e]);
    }
  }
  const size = upToFour(units);
  const { at, addresses } = placeMatrix(memory, size, size, {
    rows: Uint32Array.from(rows),
    columns: Uint32Array.from(columns),
  }, "one");
  const floats = memory.floats(0, memory.mark >> 2);
  values.forEach((value, k) => floats[addresses[k] >> 2] = value);
  return at;
}

/** Stores a vector filled up with zeros to a multiple of 4. */
function storePadded(memory: KernelMemory, values: Float32Array): number {
  const padded = new Float32Array(upToFour(values.length));
  padded.set(values);
  return memory.store(padded);
}

/** Copies rows of `from` numbers to rows of `to` numbers. */
function copyRows(
  source: Float32Array,
  from: number,
  target: Float32Array,
  to: number,
  rows: number,
): void {
  const length = Math.min(from, to);
  for (let t = 0; t < rows; t++) {
    target.set(source.subarray(t * from, t * from + length), t * to);
  }
}

/** Arrays of the forward scan. */
export interface RateForwardInputs {
  readonly weights: Float32Array;
  readonly decay: Float32Array;
  /** B×T×N. */
  readonly drive: Float32Array;
  /** B×T×N, added to the states; drawn when left out. */
  readonly noise?: Float32Array;
}

/** Rates and drives of a batch, B×T×N each. */
export function rateForward(
  { trials, steps, units }: ScanShape,
  inputs: RateForwardInputs,
  { activation, noise }: RateScanAttributes,
): { rates: Float32Array; drives: Float32Array } {
  return withMemory((memory) => {
    const size = upToFour(units);
    const one = steps * units;
    const matrix = place(memory, inputs.weights, units, false);
    const alphas = storePadded(memory, inputs.decay);
    const ids = memory.store(Uint32Array.from({ length: size }, (_, i) => i));
    const rates = memory.allocate(4 * steps * size);
    const drives = memory.allocate(4 * upToFour(steps) * size);
    const latest = memory.allocate(4 * size);
    const found = {
      rates: new Float32Array(trials * one),
      drives: new Float32Array(trials * one),
    };
    for (let b = 0; b < trials; b++) {
      const rows = memory.floats(rates, steps * size).fill(0);
      const disturbances = memory.floats(drives, steps * size).fill(0);
      copyRows(
        inputs.drive.subarray(b * one, (b + 1) * one),
        units,
        rows.subarray(size),
        size,
        steps - 1,
      );
      if (inputs.noise) {
        const given = inputs.noise.subarray(b * one, (b + 1) * one);
        copyRows(given, units, disturbances, size, steps);
      } else if (noise.initial !== 0 || noise.step !== 0) {
        memory.run.singleNoise(
          drives,
          size,
          ids,
          steps,
          noise.trial + b,
          noise.key,
          noise.initial,
          noise.step,
        );
      }
      memory.run.singleForward(
        0,
        steps,
        size,
        transferFunctions[activation].number,
        matrix,
        alphas,
        rates,
        drives,
        latest,
        0,
      );
      const to = (all: Float32Array) => all.subarray(b * one, (b + 1) * one);
      copyRows(rows, size, to(found.rates), units, steps);
      copyRows(disturbances, size, to(found.drives), units, steps);
      // Row 0 of the drives is no drive.
      to(found.drives).fill(0, 0, units);
    }
    return found;
  });
}

/** Arrays of the way back. */
export interface RateBackwardInputs {
  readonly weights: Float32Array;
  readonly decay: Float32Array;
  readonly rates: Float32Array;
  readonly drives: Float32Array;
  /** dL/dr, B×T×N. */
  readonly byRates: Float32Array;
}

/** Gradients by weights N×N, decay N and drive B×T×N. */
export function rateBackward(
  { trials, steps, units }: ScanShape,
  inputs: RateBackwardInputs,
  activation: RateScanAttributes["activation"],
): { weights: Float32Array; decay: Float32Array; drive: Float32Array } {
  return withMemory((memory) => {
    const { run } = memory;
    const size = upToFour(units);
    const one = steps * units;
    const transposed = place(memory, inputs.weights, units, true);
    const alphas = storePadded(memory, inputs.decay);
    const [rates, drives, gradients] = [0, 1, 2].map(() =>
      memory.allocate(4 * upToFour(steps) * size)
    );
    const outputGradient = memory.store(new Float32Array(upToFour(steps)));
    const state = memory.allocate(4 * size);
    const alphaSums = memory.allocate(16 * size);
    const readoutSums = memory.allocate(16 * size);
    const byAlpha = memory.store(new Float32Array(size));
    const length = 4 * upToFour(steps - 1);
    const post = memory.allocate(length * size);
    const pre = memory.allocate(length * size);
    const byWeight = memory.store(new Float32Array(size * size));
    const groups = memory.store(denseGroups(size, byWeight));
    const byDrive = new Float32Array(trials * one);
    const stride = 4 * size;
    const last = stride * (steps - 1);
    for (let b = 0; b < trials; b++) {
      const load = (from: Float32Array, to: number) => {
        const rows = memory.floats(to, steps * size).fill(0);
        const own = from.subarray(b * one, (b + 1) * one);
        copyRows(own, units, rows, size, steps);
      };
      load(inputs.rates, rates);
      load(inputs.drives, drives);
      load(inputs.byRates, gradients);
      run.singleBackward(
        0,
        steps,
        steps,
        size,
        transferFunctions[activation].number,
        transposed,
        alphas,
        rates,
        drives,
        outputGradient,
        gradients,
        state,
        alphaSums,
        readoutSums,
      );
      run.addPartialSums(byAlpha, alphaSums, size);
      run.reverseSeries(drives + last, size, steps - 1, post);
      run.reverseSeries(rates + last - stride, size, steps - 1, pre);
      run.synapseGradients(groups, size * size / 4, post, pre, length);
      copyRows(
        memory.floats(drives + stride, (steps - 1) * size),
        size,
        byDrive.subarray(b * one, (b + 1) * one),
        units,
        steps - 1,
      );
    }
    const weights = new Float32Array(units * units);
    copyRows(
      memory.floats(byWeight, size * size),
      size,
      weights,
      units,
      units,
    );
    return {
      weights,
      decay: memory.floats(byAlpha, units).slice(),
      drive: byDrive,
    };
  });
}

/** Every pair of units, four presynaptic ones a group: see `synapseGradients`. */
function denseGroups(size: number, to: number): Uint32Array {
  const groups = new Uint32Array(9 * size * size / 4);
  let k = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j += 4) {
      groups[k++] = i;
      for (let m = 0; m < 4; m++) groups[k++] = j + m;
      for (let m = 0; m < 4; m++) groups[k++] = to + 4 * (i * size + j + m);
    }
  }
  return groups;
}
