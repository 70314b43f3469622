/**
 * HDF5 files: groups, datasets and attributes as plain data. They are written and read
 * in memory, without permissions, or, as large ones are, in a file that is open. NWB
 * and NIR are files of this kind.
 *
 * Source: The HDF Group, HDF5 data model; computed by its C library in
 * WebAssembly (npm package h5wasm), which is loaded with the first file.
 */
export type * from "./hdf5/types.ts";
export { encodeHdf5, Hdf5Pieces } from "./hdf5/write.ts";
export { type Hdf5File, isHdf5, readHdf5 } from "./hdf5/read.ts";
