/**
 * Stands for lib/formats/hdf5_library.ts in a bundle: the library is a text in it, a
 * module that is loaded with the first HDF5 file.
 */
import type { Hdf5 } from "../../lib/formats/hdf5_library.ts";
import { hdf5 } from "./contents.ts";
import { moduleOf, unpacked } from "./packed.ts";

/** Loads it. */
export async function loadHdf5(): Promise<Hdf5> {
  return (await moduleOf(unpacked(hdf5))).default as Hdf5;
}
