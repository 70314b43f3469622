/**
 * Stands for lib/report/render/libraries.ts in a bundle: the libraries are texts in
 * it, modules that are loaded when the first figure is drawn.
 */
import type {
  Loading,
  PdfLibraries,
} from "../../lib/report/render/libraries.ts";
import { drawing, pdf } from "./contents.ts";
import { moduleOf, unpacked } from "./packed.ts";

let loaded: Promise<Loading> | undefined;

async function load(): Promise<Loading> {
  const { loading } = await moduleOf(unpacked(drawing));
  return loading as Loading;
}

/** Loads for this thread. */
export const loading: Loading = {
  load: async (specifier) => await (await (loaded ??= load())).load(specifier),
  loadWasm: async (specifier) =>
    await (await (loaded ??= load())).loadWasm(specifier),
};

/** The program of a worker: the libraries, and a function that is given them. */
export function workerText(run: string): string {
  return `${unpacked(drawing)}\n(${run})(globalThis.spikernnDrawing);`;
}

let forPdf: Promise<PdfLibraries> | undefined;

/** Loads what makes PDF files. */
export function pdfLibraries(): Promise<PdfLibraries> {
  return forPdf ??= moduleOf(unpacked(pdf)) as Promise<unknown> as Promise<
    PdfLibraries
  >;
}
