/**
 * How the library of HDF5 files is loaded. In a bundle of the command line it is a
 * part of it, and tools/bundle/hdf5_library.ts stands in this module's place.
 */

/** The library. */
export type Hdf5 = typeof import("h5wasm").default;

/** Loads it. */
export async function loadHdf5(): Promise<Hdf5> {
  return (await import("h5wasm")).default;
}
