/** Numbers as bytes, for pictures. */
import type { FloatArray } from "../../../lib/entry/web.ts";

/** Numbers from 0 up as bytes of the largest one. */
export function bytesOf(
  values: FloatArray,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly most: number } {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  const scale = most > 0 ? 255 / most : 0;
  const bytes = new Uint8Array(values.length);
  for (let k = 0; k < bytes.length; k++) {
    bytes[k] = Math.max(0, Math.round(values[k] * scale));
  }
  return { bytes, most };
}

/** Numbers of both signs as bytes of the largest size. */
export function signedBytesOf(
  values: FloatArray,
): { readonly bytes: Int8Array<ArrayBuffer>; readonly most: number } {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  const scale = most > 0 ? 127 / most : 0;
  const bytes = new Int8Array(values.length);
  for (let k = 0; k < bytes.length; k++) {
    bytes[k] = Math.round(values[k] * scale);
  }
  return { bytes, most };
}
