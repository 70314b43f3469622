/** Thins trials to what a small plot can show. */
import type { Evaluated, SpikingExample } from "./events.ts";
import type { ThinExample, ThinRaster, ThinRates } from "./log_lines.ts";

/** Most points of a curve, units and steps of the activity, channels. */
const most = { points: 200, units: 64, steps: 100, channels: 8 } as const;

/**
 * A trial with every k-th step of its curves and every k-th unit of its activity.
 * Values are not averaged: every value that is shown occurred.
 *
 * @param example a trial: inputs channels×steps, rates units×steps
 */
export function thinExample(example: Evaluated["example"]): ThinExample {
  const steps = example.target.length;
  const stride = Math.max(1, Math.ceil(steps / most.points));
  const { rates, layers = [] } = example;
  const channels = Math.min(
    Math.floor(example.inputs.length / steps),
    most.channels,
  );
  return {
    condition: example.condition,
    ...(example.label && { label: example.label }),
    stride,
    target: everyOf(example.target, stride),
    outputs: everyOf(example.outputs, stride),
    inputs: Array.from(
      { length: channels },
      (_, c) =>
        everyOf(example.inputs.subarray(c * steps, (c + 1) * steps), stride),
    ),
    ...(example.channels &&
      { channels: example.channels.slice(0, channels) }),
    rates: thinRates(rates, steps),
    ...(layers.length > 1 && { layers: thinLayers(rates, layers, steps) }),
  };
}

/** The rates of each layer, on one scale. */
function thinLayers(
  rates: Float32Array,
  layers: readonly number[],
  steps: number,
): ThinRates[] {
  let first = 0;
  const parts = layers.map((units) =>
    rates.subarray(first * steps, (first += units) * steps)
  );
  const { max } = thinRates(rates, steps);
  const thinned = parts.map((part) => thinRates(part, steps));
  const top = Math.max(max, ...thinned.map((part) => part.max));
  return parts.map((part) => thinRates(part, steps, top));
}

/** @param top the rate of the last byte. Defaults to the largest that is taken */
function thinRates(
  rates: Float32Array,
  steps: number,
  top?: number,
): ThinRates {
  const units = Math.floor(rates.length / steps);
  const unitStride = Math.max(1, Math.ceil(units / most.units));
  const stepStride = Math.max(1, Math.ceil(steps / most.steps));
  const rows = Math.ceil(units / unitStride);
  const columns = Math.ceil(steps / stepStride);
  let max = top ?? 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const rate = rates[row * unitStride * steps + column * stepStride];
      if (rate > max && rate < Infinity) max = rate;
    }
  }
  const bytes = new Uint8Array(rows * columns);
  const scale = 255 / (max || 1);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const rate = rates[row * unitStride * steps + column * stepStride];
      // Anything but a number becomes 0, as it does in an array of bytes.
      bytes[row * columns + column] = Math.round(
        Math.min(Math.max(rate * scale, 0), 255),
      );
    }
  }
  return {
    rows,
    columns,
    unitStride,
    stepStride,
    max: brief(max) ?? 0,
    bytes: bytes.toBase64(),
  };
}

function everyOf(values: Float32Array, stride: number): (number | null)[] {
  return Array.from(
    { length: Math.ceil(values.length / stride) },
    (_, k) => brief(values[k * stride]),
  );
}

/** Four digits are more than a plot shows; what is not finite has no place in one. */
function brief(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null;
}

/** Most units and bins of time. */
const mostOfRaster = { rows: 96, columns: 400 } as const;

/**
 * Every k-th unit of each population, the first always, and whether it spiked
 * in each bin of time.
 *
 * @param example times in ms, units counted over all layers
 */
export function thinRaster(example: SpikingExample): ThinRaster {
  const { condition, label, duration, times, units, populations } = example;
  const size = populations.reduce((sum, p) => sum + p.units.length, 0);
  const unitStride = Math.max(1, Math.ceil(size / mostOfRaster.rows));
  const columns = Math.max(
    1,
    Math.min(mostOfRaster.columns, Math.ceil(duration)),
  );
  const rowOf = new Map<number, number>();
  const groups = populations.map(({ type, units }) => {
    const before = rowOf.size;
    for (let k = 0; k < units.length; k += unitStride) {
      rowOf.set(units[k], rowOf.size);
    }
    return { type, rows: rowOf.size - before };
  });
  const stride = Math.ceil(columns / 8);
  const bits = new Uint8Array(rowOf.size * stride);
  for (let k = 0; k < times.length; k++) {
    const row = rowOf.get(units[k]);
    if (row === undefined) continue;
    const column = Math.min(
      columns - 1,
      Math.floor(times[k] / duration * columns),
    );
    bits[row * stride + (column >> 3)] |= 0x80 >> (column & 7);
  }
  return {
    condition,
    ...(label && { label }),
    duration,
    columns,
    unitStride,
    groups,
    bits: bits.toBase64(),
  };
}
