import type { MatVariables } from "../../lib/formats/mat5.ts";
import type { Comparison } from "./comparison.ts";
export function isSpikingCase(file: MatVariables): boolean {
  return file.has("raster_full") && file.has("v0");
}
export function verifySpikingCase(
  _f: MatVariables,
  _p: string,
  _r: unknown,
): Promise<Comparison[]> {
  throw new Error("later");
}
