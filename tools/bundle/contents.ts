/** Contents of files that tools/bundle.ts puts into the bundle, in this module's place. */

/** The text of the bundle of drawing.ts. */
export const drawing: string = "";

/** The WebAssembly of resvg. */
export const resvgWasm: Uint8Array<ArrayBuffer> = new Uint8Array();
