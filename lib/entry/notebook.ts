/**
 * Notebooks: results as the output of cells, and the progress of runs, in
 * Deno's kernel for Jupyter.
 *
 * @module
 */
export type { Model } from "../network/records.ts";
export type { Score } from "../network/scores.ts";
export type { RateNetwork } from "../network/types.ts";
export type { Figure, FigureWidth } from "../report/types.ts";
export type { AnyEvent, Ending } from "../records/finished.ts";
export {
  type MediaBundle,
  type Row,
  show,
  type Showable,
  type Shown,
} from "../notebook/show.ts";
export { type Display, watch } from "../notebook/watch.ts";
