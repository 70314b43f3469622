/**
 * Builds lib/report/font/data.ts from the package `@fontsource/dejavu-sans`:
 * the characters that figures use, in two weights, with their advance widths.
 *
 * Run it after a change of the characters or of the package with
 * `deno run -A --unstable-raw-imports tests/report/font_build.ts`. With
 * `--print` it prints the file instead: so a test proves that the committed
 * file is what this gives.
 */
import { writeFileSync } from "node:fs";
import { Buffer } from "node:buffer";
import process from "node:process";
import subsetFont from "subset-font";

/** Printable ASCII and Latin-1, Greek, and the signs that titles use. */
export function characters(): string {
  const ranges = [[0x20, 0x7e], [0xa0, 0xff], [0x391, 0x3a1], [0x3a3, 0x3c9]];
  const letters = ranges.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, k) => from + k)
  );
  return String.fromCodePoint(...letters) + "–—‘’“”•…−×≤≥≈≠√∞→←↑↓⁻₀₁₂∂∑";
}

/** Advance widths of the characters, in 1/2048 em, read from a TrueType font. */
function advances(font: Uint8Array, text: string): number[] {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  const tables = new Map<string, number>();
  for (let t = 0; t < view.getUint16(4); t++) {
    const entry = 12 + 16 * t;
    const tag = String.fromCharCode(...font.subarray(entry, entry + 4));
    tables.set(tag, view.getUint32(entry + 8));
  }
  const metricCount = view.getUint16(tables.get("hhea")! + 34);
  const glyphOf = characterMap(view, tables.get("cmap")!);
  return Array.from(text, (character) => {
    const glyph = glyphOf(character.codePointAt(0)!);
    if (glyph === 0) throw new Error(`The font lacks ${character}`);
    const metric = Math.min(glyph, metricCount - 1);
    return view.getUint16(tables.get("hmtx")! + 4 * metric);
  });
}

/** The font's format-4 map from code points to glyphs. */
function characterMap(view: DataView, cmap: number): (code: number) => number {
  const count = view.getUint16(cmap + 2);
  for (let k = 0; k < count; k++) {
    const table = cmap + view.getUint32(cmap + 4 + 8 * k + 4);
    if (view.getUint16(table) !== 4) continue;
    const doubled = view.getUint16(table + 6);
    return (code) => {
      for (let s = 0; s < doubled; s += 2) {
        const end = view.getUint16(table + 14 + s);
        if (code > end) continue;
        const start = view.getUint16(table + 16 + doubled + s);
        if (code < start) return 0;
        const delta = view.getInt16(table + 16 + 2 * doubled + s);
        const at = table + 16 + 3 * doubled + s;
        const offset = view.getUint16(at);
        if (offset === 0) return (code + delta) & 0xffff;
        const glyph = view.getUint16(at + offset + 2 * (code - start));
        return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
      }
      return 0;
    };
  }
  throw new Error("The font has no format-4 character map");
}

/** The text of lib/report/font/data.ts. */
export async function fontModule(): Promise<string> {
  const text = characters();
  const parts: string[] = [];
  for (const [name, weight] of [["regular", 400], ["bold", 700]] as const) {
    // Not written as a literal: only the run has the flag that it needs.
    const file =
      `@fontsource/dejavu-sans/files/dejavu-sans-latin-${weight}-normal.woff2`;
    const { default: bytes } = await import(file, { with: { type: "bytes" } });
    const source = Buffer.from(bytes);
    const woff2 = await subsetFont(source, text, { targetFormat: "woff2" });
    const outlines = await subsetFont(source, text, {
      targetFormat: "truetype",
    });
    parts.push(
      `/** DejaVu Sans ${name}, WOFF2, base64. */`,
      `export const ${name} =`,
      `  "${new Uint8Array(woff2).toBase64()}";`,
      "",
      `/** Its advance widths, in 1/2048 em, in the order of \`characters\`. */`,
      `export const ${name}Advances: readonly number[] = JSON.parse(`,
      `  "${JSON.stringify(advances(outlines, text))}",`,
      `);`,
      "",
    );
  }
  return [
    "/**",
    " * Built by tests/report/font_build.ts from `@fontsource/dejavu-sans`; do not",
    " * edit. It is here as text so that it can be had without any permission.",
    " * Licence: LICENSE in this folder.",
    " */",
    "",
    "/** The characters that the font holds. */",
    "export const characters =",
    `  ${JSON.stringify(text)};`,
    "",
    ...parts,
  ].join("\n").trimEnd() + "\n";
}

const text = await fontModule();
if (process.argv.includes("--print")) console.log(text.trimEnd());
else {
  writeFileSync(
    new URL("../../lib/report/font/data.ts", import.meta.url),
    text,
  );
}
