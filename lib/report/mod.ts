/**
 * Figures and reports of networks: for a paper (SVG, PNG), for a page, and
 * while a network is trained. A figure is plain data until it is drawn; what
 * draws is loaded with the first drawing.
 *
 * @module
 */
export type * from "./types.ts";
export { widthInMm } from "./theme.ts";
export * from "./figures/decoding.ts";
export * from "./figures/connectivity.ts";
export * from "./figures/currents.ts";
export * from "./figures/fixed_points.ts";
export * from "./figures/generalisation.ts";
export * from "./figures/output.ts";
export * from "./figures/panels.ts";
export * from "./figures/psychometric.ts";
export * from "./figures/raster.ts";
export * from "./figures/rates.ts";
export * from "./figures/search.ts";
export * from "./figures/silent.ts";
export * from "./figures/spectrum.ts";
export * from "./figures/spike_trains.ts";
export * from "./figures/task.ts";
export * from "./figures/taus.ts";
export * from "./figures/timescales.ts";
export * from "./figures/perturbation.ts";
export * from "./figures/training.ts";
export * from "./figures/trajectories.ts";
export * from "./figures/tuning.ts";
export * from "./figures/weights.ts";
export {
  collectFigures,
  type FigureName,
  figureNames,
  type FigureSource,
  needsSimulation,
  whyNot,
} from "./collect.ts";
export type { PastEvaluation } from "./collect/panels.ts";
export type { StagedEvaluation } from "./figures/stages.ts";
export * from "./draw.ts";
export * from "./listener.ts";
export * from "./report.ts";
