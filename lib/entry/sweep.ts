/**
 * Sweeps, many networks by one plan, and the logs of runs.
 *
 * @module
 */
export { type AnyEvent, type Ending, finished } from "../records/finished.ts";
export {
  type OpenSweep,
  openSweep,
  sweep,
  type SweepOptions,
  type Swept,
} from "../runs/sweep/sweep.ts";
export {
  readSweepPlan,
  sweepPlan,
  type SweepTable,
} from "../runs/sweep/plan_file.ts";
export {
  type PointStanding,
  type RunEvent,
  surveySweep,
} from "../runs/sweep/run.ts";
export { writeSweepReport } from "../runs/sweep/report.ts";
export { FailureError } from "../runs/errors.ts";
export { readResults, readSweep, type SweepRecord } from "../sweep/folder.ts";
export type { Plan, Settings } from "../sweep/plan.ts";
export { sweepPoints } from "../sweep/points.ts";
export { type Cell, type ResultRow, resultsTable } from "../sweep/results.ts";
export {
  type GroupSummary,
  type SpikingSummary,
  type Spread,
  summariseSweep,
} from "../sweep/summary.ts";
export type {
  Engine,
  EngineContext,
  Point,
  PointResult,
  PointScore,
  PointState,
  SweepCounts,
  SweepEvent,
} from "../sweep/types.ts";
export type { CalibrationStep } from "../network/calibration_steps.ts";
export type { Correspondence } from "../network/records.ts";
export type { Proportion } from "../network/scores.ts";
export type { CsvCell } from "../formats/csv.ts";
export { toCsv } from "../formats/csv.ts";
export { findLogs } from "../records/follow_log.ts";
export {
  type LoggedEvent,
  readRunLog,
  type ReadRunLogOptions,
} from "../records/read_log.ts";
export { openRunLog, type WrittenRunLog } from "../records/run_log.ts";
