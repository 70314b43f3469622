/** The libraries that draw, with their WebAssembly, for a bundle. */
import type { Loading } from "../../lib/report/render/libraries.ts";
import { resvgWasm } from "./contents.ts";

/** Loads what is here. */
export const loading: Loading = {
  load(specifier) {
    if (/\bvega-lite\b/.test(specifier)) return import("vega-lite");
    if (/\bvega\b/.test(specifier)) return import("vega");
    return import("@resvg/resvg-wasm");
  },
  loadWasm: () => WebAssembly.compile(resvgWasm),
};

// A worker's program stands behind this module's text, and finds it there.
Object.assign(globalThis, { spikernnDrawing: loading });
