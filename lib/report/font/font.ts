/** The font that pictures are drawn with, and how wide a text is in it. */
import * as data from "./data.ts";

const unitsPerEm = 2048;

/** The font in two weights, as WOFF2. */
export function fontFiles(): { regular: Uint8Array; bold: Uint8Array } {
  return {
    regular: Uint8Array.fromBase64(data.regular),
    bold: Uint8Array.fromBase64(data.bold),
  };
}

/** Style sheet that brings the font along, for a page that must not load any. */
export function fontFaces(): string {
  const face = (weight: number, base64: string) =>
    `@font-face{font-family:"DejaVu Sans";font-weight:${weight};` +
    `src:url(data:font/woff2;base64,${base64}) format("woff2")}`;
  return face(400, data.regular) + "\n" + face(700, data.bold);
}

/** Widths of characters in em, by character. */
export interface AdvanceTables {
  readonly regular: Readonly<Record<string, number>>;
  readonly bold: Readonly<Record<string, number>>;
}

let tables: AdvanceTables | undefined;

/** How wide the characters of both weights are. */
export function advanceTables(): AdvanceTables {
  const table = (widths: readonly number[]) =>
    Object.fromEntries(
      Array.from(data.characters, (letter, k) => [
        letter,
        widths[k] / unitsPerEm,
      ]),
    );
  return tables ??= {
    regular: table(data.regularAdvances),
    bold: table(data.boldAdvances),
  };
}

/** Width of a text, in the unit of `size`. */
export function textWidth(text: string, size: number, bold = false): number {
  const widths = advanceTables()[bold ? "bold" : "regular"];
  let sum = 0;
  for (const letter of text) sum += widths[letter] ?? widths.n;
  return sum * size;
}
