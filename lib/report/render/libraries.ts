/**
 * How the libraries that draw are loaded, on this thread and in a worker. In a
 * bundle they are a part of it, and tools/bundle/libraries.ts stands in this
 * module's place.
 */

/** What loads modules, and WebAssembly. */
export interface Loading {
  /** Loads a module by its specifier. */
  load(specifier: string): Promise<unknown>;
  /** Loads WebAssembly by its specifier, compiled. */
  loadWasm(specifier: string): Promise<WebAssembly.Module>;
}

/** Loads for this thread. */
export const loading: Loading = {
  load(specifier) {
    // Literals, so that the package's own dependencies are found beforehand.
    if (/\bvega-lite\b/.test(specifier)) return import("vega-lite");
    if (/\bvega\b/.test(specifier)) return import("vega");
    return import("@resvg/resvg-wasm");
  },
  // An import of the source phase needs no permission, where reading the file
  // would. As text, since neither TypeScript nor bundlers know it yet.
  loadWasm: (specifier) =>
    new Function("it", "return import.source(it)")(specifier),
};

/**
 * The program of a worker: a function that is given what loads there.
 *
 * @param run the function, as text
 */
export function workerText(run: string): string {
  return `(${run})({
    load: (specifier) => import(specifier),
    loadWasm: (specifier) => import.source(specifier),
  });`;
}
