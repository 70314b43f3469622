/**
 * Stands for lib/report/render/libraries.ts in a bundle: the libraries are a
 * text in it, a module that is loaded when the first figure is drawn.
 */
import type { Loading } from "../../lib/report/render/libraries.ts";
import { drawing } from "./contents.ts";

let loaded: Promise<Loading> | undefined;

async function load(): Promise<Loading> {
  const url = URL.createObjectURL(
    new Blob([drawing], { type: "text/javascript" }),
  );
  try {
    const { loading } = await import(url);
    return loading;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Loads for this thread. */
export const loading: Loading = {
  load: async (specifier) => await (await (loaded ??= load())).load(specifier),
  loadWasm: async (specifier) =>
    await (await (loaded ??= load())).loadWasm(specifier),
};

/** The program of a worker: the libraries, and a function that is given them. */
export function workerText(run: string): string {
  return `${drawing}\n(${run})(globalThis.spikernnDrawing);`;
}
