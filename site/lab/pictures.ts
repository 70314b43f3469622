/** Pictures of weights, activity and spikes, on canvases. */
import { populationColour } from "../../lib/dashboard/page/colours.ts";
import { populationNames } from "../../lib/report/theme.ts";
import type { Population as PopulationName } from "../../lib/report/types.ts";
import { drawHeat, ticksOn } from "../../lib/dashboard/page/pixels.ts";
import type { Population } from "./protocol.ts";

/** Units from top to bottom, with the population of each. */
export interface UnitOrder {
  readonly units: readonly number[];
  /** The population of each, by place. */
  readonly types: readonly string[];
  /** The place of a unit in it. */
  readonly places: ReadonlyMap<number, number>;
}

/** The colour of a population by its name. */
export function colourOf(type: string): string {
  const [name] = type.split(" ");
  return populationColour(
    Object.hasOwn(populationNames, name) ? name as PopulationName : "units",
  );
}

/** A population in words: "excitatory", "inhibitory PV of layer 2". */
export function populationText(type: string): string {
  const [name, ...layer] = type.split(" ");
  const words = populationNames[name as PopulationName] ?? name;
  return [words[0].toLowerCase() + words.slice(1), ...layer].join(" ");
}

/** Populations one after the other. */
export function orderOf(populations: readonly Population[]): UnitOrder {
  const units = populations.flatMap(({ units }) => units);
  return {
    units,
    types: populations.flatMap(({ type, units }) => units.map(() => type)),
    places: new Map(units.map((unit, place) => [unit, place])),
  };
}

/** Units in the order of their numbers. */
export function plainOrder(count: number): UnitOrder {
  return orderOf([{
    type: "units",
    units: Array.from({ length: count }, (_, unit) => unit),
  }]);
}

/** Blue for inhibition, white for nothing, vermilion for excitation. */
function signed(value: number): [number, number, number] {
  const share = Math.sqrt(Math.abs(value) / 127);
  const [r, g, b] = value < 0 ? [0x00, 0x72, 0xb2] : [0xd5, 0x5e, 0x00];
  const mix = (part: number) => Math.round(255 + (part - 255) * share);
  return [mix(r), mix(g), mix(b)];
}

/** Draws a weight matrix, a pixel a synapse: rows are postsynaptic units. */
export function drawWeights(
  canvas: HTMLCanvasElement,
  weights: Int8Array,
  units: number,
  order: UnitOrder,
): void {
  canvas.width = canvas.height = units;
  const pixels = new ImageData(units, units);
  for (let row = 0; row < units; row++) {
    for (let column = 0; column < units; column++) {
      const value = weights[order.units[row] * units + order.units[column]];
      const at = 4 * (row * units + column);
      const [r, g, b] = signed(value);
      pixels.data[at] = r;
      pixels.data[at + 1] = g;
      pixels.data[at + 2] = b;
      pixels.data[at + 3] = 255;
    }
  }
  canvas.getContext("2d")!.putImageData(pixels, 0, 0);
}

/** Draws rates, a pixel an entry, up to a column; the rest stays empty. */
export function drawActivity(
  canvas: HTMLCanvasElement,
  rates: Uint8Array,
  columns: number,
  order: UnitOrder,
  until = columns,
): void {
  const { units } = order;
  drawHeat(
    canvas,
    { rows: units.length, columns },
    (row, column) => rates[units[row] * columns + column],
    Math.max(0, Math.min(columns, Math.floor(until))),
  );
}

/** Spikes of a trial. */
export interface Spikes {
  readonly times: Float32Array;
  readonly units: Uint32Array;
  readonly durationMs: number;
}

/** Draws spikes as ticks, up to a time. */
export function drawSpikes(
  canvas: HTMLCanvasElement,
  { times, units, durationMs }: Spikes,
  order: UnitOrder,
  until = durationMs,
): void {
  const tick = ticksOn(canvas, order.units.length);
  const colours = order.types.map(colourOf);
  for (let k = 0; k < times.length && times[k] <= until; k++) {
    const place = order.places.get(units[k]) ?? 0;
    tick(times[k] / durationMs, 0, place, colours[place]);
  }
}
