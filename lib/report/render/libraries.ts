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

/** The document of a PDF, as far as use is made of it here. */
export interface PdfDocument {
  registerFont(name: string, font: Uint8Array): void;
  on(event: "data", listener: (part: Uint8Array) => void): void;
  on(event: "end", listener: () => void): void;
  on(event: "error", listener: (error: Error) => void): void;
  end(): void;
}

/** What makes PDF files. */
export interface PdfLibraries {
  readonly Document: new (
    options: Readonly<Record<string, unknown>>,
  ) => PdfDocument;
  /** Draws an SVG drawing into a document. */
  draw(
    pdf: PdfDocument,
    svg: string,
    x: number,
    y: number,
    options: Readonly<Record<string, unknown>>,
  ): void;
  /** A font of the format WOFF2 as TrueType. */
  decompress(font: Uint8Array): Promise<Uint8Array>;
}

/** Loads what makes PDF files. */
export async function pdfLibraries(): Promise<PdfLibraries> {
  const [{ default: Document }, { default: draw }, { default: decompress }] =
    await Promise.all([
      import("pdfkit"),
      import("svg-to-pdfkit"),
      import("woff2-encoder/decompress"),
    ]);
  return { Document, draw, decompress } as unknown as PdfLibraries;
}

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
