/** Scales of colours for heat maps. */
import { okabeIto } from "./theme.ts";

/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

/** A colour written `#rrggbb`. */
export function fromHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** `#rrggbb` of a colour. */
export function toHex(colour: Rgb): string {
  return "#" + colour.map((part) => part.toString(16).padStart(2, "0")).join(
    "",
  );
}

/** A scale through equally spaced colours, as `count` steps. */
function scale(anchors: readonly string[], count: number): Rgb[] {
  const colours = anchors.map(fromHex);
  return Array.from({ length: count }, (_, k) => {
    const place = k / (count - 1) * (colours.length - 1);
    const left = Math.min(Math.floor(place), colours.length - 2);
    const part = place - left;
    const mix = (c: number) =>
      Math.round(
        colours[left][c] * (1 - part) + colours[left + 1][c] * part,
      );
    return [mix(0), mix(1), mix(2)] as const;
  });
}

/**
 * From dark to light, even in lightness, so that it also reads in grey and for
 * the colour-blind: nine points of viridis (Smith and van der Walt, 2015).
 */
export function sequential(count: number): Rgb[] {
  return scale([
    "#440154",
    "#472d7b",
    "#3b528b",
    "#2c728e",
    "#21918c",
    "#28ae80",
    "#5ec962",
    "#addc30",
    "#fde725",
  ], count);
}

/** Blue (inhibition) through white (none) to vermilion (excitation). */
export function diverging(count: number): Rgb[] {
  return scale([
    "#003a5c",
    okabeIto.blue,
    "#8cc0e0",
    "#ffffff",
    "#f2b48a",
    okabeIto.vermilion,
    "#6e3000",
  ], count);
}
