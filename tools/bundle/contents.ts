/** Contents of files that tools/bundle.ts puts into the bundle, in this module's place. */

/** The bundle of drawing.ts, packed. */
export const drawing: string = "";

/** The bundle of pdf.ts, packed. */
export const pdf: string = "";

/** The bundle of hdf5.ts, packed. */
export const hdf5: string = "";

/** The WebAssembly of resvg. */
export const resvgWasm: Uint8Array<ArrayBuffer> = new Uint8Array();
