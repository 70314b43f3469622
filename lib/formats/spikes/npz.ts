/** Spikes and trials of an .npz file. */
import { decodeNpy, decodeNpyTexts, isNpyTexts } from "../npz/npy_read.ts";
import { decodeZip } from "../npz/zip.ts";
import { arrayTables } from "./arrays.ts";
import type { SpikeTables } from "./types.ts";

/**
 * Reads spikes and trials.
 *
 * @param bytes of an .npz file
 * @throws {ModelFileError} if it is damaged, or an array is missing or of
 *   another length than it should be
 */
export function npzTables(bytes: Uint8Array): SpikeTables {
  const contents = new Map(
    [...decodeZip(bytes, 2 ** 26 + 16 * bytes.length)]
      .map(([name, content]) => [name.replace(/\.npy$/, ""), content]),
  );
  const array = (name: string) => decodeNpy(contents.get(name)!);
  return arrayTables({
    first: 0,
    names: [...contents.keys()],
    numbers: (name) => Float64Array.from(array(name).data),
    shape: (name) => array(name).shape,
    column(name) {
      const content = contents.get(name)!;
      return isNpyTexts(content)
        ? decodeNpyTexts(content)
        : Array.from(array(name).data);
    },
  });
}
