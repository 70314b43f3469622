/** Pictures of weights, activity and spikes, on canvases. */
import { heat } from "../../lib/dashboard/page/colours.ts";
import { populationColours } from "../../lib/report/theme.ts";
import type { Population } from "./protocol.ts";

/** Units from top to bottom, with the colour of each. */
export interface UnitOrder {
  readonly units: readonly number[];
  readonly colours: readonly string[];
  /** The place of a unit in it. */
  readonly places: ReadonlyMap<number, number>;
}

/** The colour of a population by its name. */
export function colourOf(type: string): string {
  const [name] = type.split(" ");
  return populationColours[name as keyof typeof populationColours] ??
    populationColours.units;
}

/** Populations one after the other. */
export function orderOf(populations: readonly Population[]): UnitOrder {
  const units = populations.flatMap(({ units }) => units);
  return {
    units,
    colours: populations.flatMap(({ type, units }) =>
      units.map(() => colourOf(type))
    ),
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

/** Makes a canvas so many pixels large, and gives what draws on it. */
function sized(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D {
  canvas.width = Math.max(1, width);
  canvas.height = Math.max(1, height);
  return canvas.getContext("2d")!;
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
  const context = sized(canvas, units, units);
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
  context.putImageData(pixels, 0, 0);
}

/** The colours of a heat map, by byte. */
const heats = Array.from({ length: 256 }, (_, byte) => heat(byte));

/** Draws rates, a pixel an entry, up to a column; the rest stays empty. */
export function drawActivity(
  canvas: HTMLCanvasElement,
  rates: Uint8Array,
  columns: number,
  order: UnitOrder,
  until = columns,
): void {
  const rows = rates.length / columns;
  const context = sized(canvas, columns, rows);
  const shown = Math.max(0, Math.min(columns, Math.floor(until)));
  if (shown === 0) return;
  const pixels = new ImageData(shown, rows);
  for (let row = 0; row < rows; row++) {
    const start = order.units[row] * columns;
    for (let column = 0; column < shown; column++) {
      const at = 4 * (row * shown + column);
      const [r, g, b] = heats[rates[start + column]];
      pixels.data[at] = r;
      pixels.data[at + 1] = g;
      pixels.data[at + 2] = b;
      pixels.data[at + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
}

/** Spikes of a trial. */
export interface Spikes {
  readonly times: Float32Array;
  readonly units: Uint32Array;
  readonly durationMs: number;
}

/** Draws spikes as ticks, up to a time; gives the number of those drawn. */
export function drawSpikes(
  canvas: HTMLCanvasElement,
  { times, units, durationMs }: Spikes,
  order: UnitOrder,
  until = durationMs,
): number {
  const ratio = devicePixelRatio;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  const context = sized(canvas, width, height);
  const row = height / Math.max(1, order.units.length);
  const tick = Math.max(1, ratio);
  let k = 0;
  for (; k < times.length && times[k] <= until; k++) {
    const place = order.places.get(units[k]) ?? 0;
    context.fillStyle = order.colours[place];
    context.fillRect(
      Math.floor(times[k] / durationMs * (width - tick)),
      Math.floor(place * row),
      tick,
      Math.max(1, row),
    );
  }
  return k;
}
