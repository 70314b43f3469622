/** Figures of a page, drawn while what the others show is still computed. */
import { heard } from "../../heard.ts";
import { drawSvg } from "../render/svg.ts";
import { type WorkerEngine, workerEngine } from "../render/worker_engine.ts";
import type { Figure } from "../types.ts";

/** Draws a figure as SVG, for a page with a background of its own. */
export type DrawFigure = (figure: Figure) => Promise<string>;

/** What draws the figures of a page. */
export interface Drawing {
  /** Has a figure drawn that the page will show, if a thread can. */
  begin(figure: Figure): void;
  /** The figure, drawn. */
  readonly draw: DrawFigure;
  /** Ends the thread. */
  close(): void;
}

/** Draws in this thread. */
export const drawHere: DrawFigure = (figure) =>
  drawSvg(figure, { background: "none" });

/**
 * Opens what draws. A thread of its own draws if there may be several: what it
 * cannot draw, this thread does.
 *
 * @param threads number of threads that may run
 */
export function openDrawing(threads: number): Drawing {
  if (!(threads > 1)) return { begin() {}, draw: drawHere, close() {} };
  const drawn = new Map<Figure, Promise<string>>();
  let engine: WorkerEngine | undefined;
  const draw = (figure: Figure) => {
    let drawing = drawn.get(figure);
    if (!drawing) {
      // Whoever asks for the figure is told why there is none.
      drawing = heard(inThread(figure).catch(() => drawHere(figure)));
      drawn.set(figure, drawing);
    }
    return drawing;
  };
  async function inThread(figure: Figure): Promise<string> {
    engine ??= workerEngine();
    return await drawSvg(figure, { background: "none", engine });
  }
  return { begin: draw, draw, close: () => engine?.close() };
}
