/** The names that the library of HDF5 files has for types of values. */
import type { Hdf5Numbers, Hdf5Value } from "./types.ts";

const types: readonly (readonly [new () => Hdf5Numbers, string])[] = [
  [Float32Array, "<f"],
  [Float64Array, "<d"],
  [Int8Array, "<b"],
  [Uint8Array, "<B"],
  [Int16Array, "<h"],
  [Uint16Array, "<H"],
  [Int32Array, "<i"],
  [Uint32Array, "<I"],
  [BigInt64Array, "<q"],
  [BigUint64Array, "<Q"],
];

/** Texts of any length, UTF-8. */
const textType = "S";

/**
 * The name of a value's type.
 *
 * @param path where the value is to be
 * @throws {TypeError} if it is of none
 */
export function typeOf(value: Hdf5Value, path: string): string {
  if (typeof value === "string" || isTexts(value)) return textType;
  const found = types.find(([array]) => value instanceof array);
  if (found) return found[1];
  throw new TypeError(
    `Cannot write ${path} of the HDF5 file: received something else than ` +
      "numbers in a typed array, or texts",
  );
}

/** Whether a value is a list of texts. */
export function isTexts(value: Hdf5Value): value is readonly string[] {
  return Array.isArray(value) &&
    value.every((text) => typeof text === "string");
}
