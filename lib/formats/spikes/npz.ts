/** Spikes and trials of an .npz file. */
import { ModelFileError } from "../../errors.ts";
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
  const read = <Got>(
    name: string,
    decode: (content: Uint8Array) => Got,
  ): Got => {
    try {
      return decode(contents.get(name)!);
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      throw new ModelFileError(
        `its ${name} cannot be read: ${
          error.message.replace(/^Cannot [^:]*: /, "")
        }`,
        { cause: error },
      );
    }
  };
  return arrayTables({
    first: 0,
    names: [...contents.keys()],
    numbers: (name) => Float64Array.from(read(name, decodeNpy).data),
    shape: (name) => read(name, decodeNpy).shape,
    column: (name) =>
      read(
        name,
        (content) =>
          isNpyTexts(content)
            ? decodeNpyTexts(content)
            : Array.from(decodeNpy(content).data),
      ),
  });
}
