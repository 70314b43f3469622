/** Collections of NumPy arrays (.npz), for `numpy.load()` and from `numpy.savez()`. */
import { ModelFileError } from "../errors.ts";
import {
  encodeNpy,
  encodeNpyTexts,
  type NpyArray,
  type NpyData,
} from "./npz/npy.ts";
import { decodeNpy, isNpyTexts } from "./npz/npy_read.ts";
import { decodeZip, encodeZip } from "./npz/zip.ts";

export { decodeNpy, encodeNpy, type NpyArray, type NpyData };
export { type NpyType } from "./npz/npy.ts";

/** An array to write: numbers with their sizes, or texts. */
export type NpzEntry = {
  /** Row-major; a Uint8Array holds flags and is written as `bool`. */
  readonly data: NpyData;
  /** Sizes; a vector when left out. */
  readonly shape?: readonly number[];
} | {
  readonly texts: readonly string[];
  /** Sizes; a vector when left out. */
  readonly shape?: readonly number[];
};

/**
 * Writes arrays as .npz. The same arrays give the same bytes.
 *
 * @param arrays by name
 * @param options `compress` as `numpy.savez_compressed()` does. Defaults to false
 * @throws {TypeError} if data and sizes do not fit
 * @throws {RangeError} if a flag is neither 0 nor 1
 */
export function encodeNpz(
  arrays: Readonly<Record<string, NpzEntry>>,
  options: { readonly compress?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const members = Object.entries(arrays).map(([name, entry]) =>
    [`${name}.npy`, npyOf(entry)] as const
  );
  return encodeZip(members, options.compress ?? false);
}

/** The bytes of an array as .npy. */
export function npyOf(entry: NpzEntry): Uint8Array<ArrayBuffer> {
  return "texts" in entry
    ? encodeNpyTexts(entry.texts, entry.shape)
    : encodeNpy(entry.data, entry.shape);
}

/**
 * Reads the arrays of numbers in a .npz file.
 *
 * @param options `maxBytes` that it may unpack to, by default 64 MiB and 16
 * times its size; `names` of the arrays to read, by default all but texts
 * @throws {ModelFileError} if the file is damaged, unpacks to more, or if an
 * array to be read is of another type than floats, integers and bool, or holds
 * an integer that no double holds exactly
 */
export function decodeNpz(
  bytes: Uint8Array,
  options: {
    readonly maxBytes?: number;
    readonly names?: readonly string[];
  } = {},
): Map<string, NpyArray> {
  const maxBytes = options.maxBytes ?? 64 * 2 ** 20 + 16 * bytes.length;
  const arrays = new Map<string, NpyArray>();
  for (const [member, content] of decodeZip(bytes, maxBytes)) {
    const name = member.replace(/\.npy$/, "");
    if (!(options.names?.includes(name) ?? !isNpyTexts(content))) continue;
    try {
      arrays.set(name, decodeNpy(content));
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      throw new ModelFileError(
        `${error.message} (in ${JSON.stringify(member)})`,
        { cause: error },
      );
    }
  }
  return arrays;
}
