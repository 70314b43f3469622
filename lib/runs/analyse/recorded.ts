/** Spikes of a file as something to analyse. */
import type {
  RecordedSpikes,
  TableColumn,
} from "../../formats/spikes/types.ts";
import type { UnitPopulation } from "../../network/geometry.ts";
import type { AnalysedSpikes } from "./analyse.ts";

/** Types of units that have a place in analyses; others are plain units. */
const types = ["E", "I", "PV", "SST"] as const;

/**
 * Spikes from `readSpikes`, with the populations from the columns `unit_type`
 * (E, I, PV, SST) and `layer` (or `unit_layer`) of the file's table of units.
 * Layers count from 1, or from 0 if one of them is 0.
 *
 * @param recorded of `readSpikes`
 * @returns what {@linkcode analyse} takes
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeNpz, decodeSpikes } from "@spikernn/spikernn/files";
 * import { spikesToAnalyse } from "@spikernn/spikernn/analysis";
 * const bytes = encodeNpz({
 *   spike_times: { data: Float64Array.of(0.1, 1.2, 1.3) },
 *   spike_units: { data: Int32Array.of(7, 7, 9) },
 *   trials_start: { data: Float64Array.of(0, 1) },
 *   trials_stop: { data: Float64Array.of(1, 2) },
 *   trials_condition: { texts: ["left", "right"] },
 * });
 * const { spikes, populations } = spikesToAnalyse(await decodeSpikes(bytes));
 * assert(spikes.units === 2 && populations!.length === 1);
 * ```
 */
export function spikesToAnalyse(recorded: RecordedSpikes): AnalysedSpikes {
  const { unitColumns, units } = recorded;
  const layers = numbersOf(
    unitColumns.layer ?? unitColumns.unit_layer,
    units,
  );
  const first = layers.includes(0) ? 0 : 1;
  const names = Array.from(
    { length: units },
    (_, unit) => typeOf(unitColumns.unit_type?.[unit]),
  );
  const populations: UnitPopulation[] = [];
  for (const layer of [...new Set(layers)].sort((a, b) => a - b)) {
    for (const type of [...types, "units"] as const) {
      const members = names.flatMap((name, unit) =>
        name === type && layers[unit] === layer ? [unit] : []
      );
      if (members.length === 0) continue;
      populations.push({ layer: layer - first, type, units: members });
    }
  }
  return { spikes: recorded, populations };
}

function typeOf(value: string | number | undefined): UnitPopulation["type"] {
  return types.find((type) => type === value) ?? "units";
}

/** Layers of units; all are of the first one if the file does not say it well. */
function numbersOf(column: TableColumn | undefined, units: number): number[] {
  const numbers = column?.map(Number) ?? [];
  return numbers.length === units &&
      numbers.every((value) => Number.isInteger(value) && value >= 0)
    ? numbers
    : new Array<number>(units).fill(1);
}
