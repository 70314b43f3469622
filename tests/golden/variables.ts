/** What a model file holds, as texts that tell its bits apart. */
import { decodeMat } from "../../lib/mat5/reader.ts";

/** Each variable's name and what it holds. */
export function variableTexts(bytes: Uint8Array): [string, string][] {
  return [...decodeMat(bytes)].map(([name, value]) => {
    const content = value.kind === "char" ? value.rows : value;
    return [name, JSON.stringify(content, plainArrays)];
  });
}

/** Typed arrays as lists, which tell -0 and NaN apart. */
function plainArrays(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return ArrayBuffer.isView(value)
    ? Array.from(value as Float64Array, (x) => Object.is(x, -0) ? "-0" : `${x}`)
    : value;
}
