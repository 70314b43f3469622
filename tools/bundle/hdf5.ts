/** The library of HDF5 files, for a bundle. */
export { default } from "h5wasm";
