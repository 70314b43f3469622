/** Thins a spiking trial to what a small raster can show. */
import type { SpikingExample } from "../records/events.ts";
import type { ThinRaster } from "./types.ts";

/** Most units and bins of time. */
const most = { rows: 96, columns: 400 } as const;

/**
 * Every so many units of each population, the first always; whether each spiked
 * in each bin of time.
 *
 * @param example times in ms, units counted over all layers
 */
export function thinRaster(example: SpikingExample): ThinRaster {
  const { condition, duration, times, units, populations } = example;
  const size = populations.reduce((sum, p) => sum + p.units.length, 0);
  const unitStride = Math.max(1, Math.ceil(size / most.rows));
  const columns = Math.max(1, Math.min(most.columns, Math.ceil(duration)));
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
    duration,
    columns,
    unitStride,
    groups,
    bits: bits.toBase64(),
  };
}
