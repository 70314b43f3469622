/**
 * Analyses of activity and spikes: of a model and its spiking twin together, or
 * as single functions on plain arrays of any origin.
 *
 * @module
 */
export {
  type Activity,
  averageByCondition,
  type NamedSpan,
  ofUnits,
  smoothed,
  type Span,
  type SpikeTrains,
  windowMeans,
} from "../analysis/activity.ts";
export { binSpikes } from "../analysis/binning.ts";
export {
  type ConditionNames,
  type ConditionVariable,
  conditionVariables,
} from "../analysis/variables.ts";
export {
  type Alignment,
  alignment,
  type Components,
  componentsFor,
  participationRatio,
  principalComponents,
  projections,
} from "../analysis/trajectories.ts";
export {
  type CrossTemporal,
  crossTemporal,
  stratifiedFolds,
  widened,
} from "../analysis/decoding.ts";
export type { SharedWorkOptions } from "../analysis/in_workers.ts";
export {
  discriminability,
  type HalfAverages,
  halfDifferences,
  quartiles,
} from "../analysis/discriminability.ts";
export {
  autocorrelations,
  type DecayFit,
  type Exclusion,
  lagCount,
  meanCorrelation,
  timescale,
  type UnitTimescale,
} from "../analysis/timescales.ts";
export {
  type Design,
  type Effect,
  falseDiscovery,
  type Selectivity,
  selectivity,
  twoWayDesign,
  twoWayVariance,
  type Variance,
} from "../analysis/tuning.ts";
export {
  type ConstantInput,
  constantInputs,
} from "../analysis/constant_inputs.ts";
export {
  type CurrentStatistics,
  currentStatistics,
} from "../analysis/current_statistics.ts";
export {
  type SynapticCurrents,
  synapticCurrents,
  type SynapticFilter,
  synapticFilter,
} from "../analysis/currents.ts";
export {
  type AnswerCount,
  type Estimate,
  fitPsychometric,
  type PsychometricFit,
} from "../analysis/psychometric.ts";
export { findSilentUnits, type SilentUnits } from "../analysis/silence.ts";
export { silentUnits } from "../analysis/silent.ts";
export { withAmplitude, withMeans } from "../tasks/altered.ts";
export { type PowerSpectrum, welch } from "../analysis/spectrum.ts";
export {
  countCorrelations,
  fanoFactors,
  type Irregularity,
  irregularity,
  type PairCorrelation,
  type SpikeCounts,
  spikeCounts,
} from "../analysis/spike_trains.ts";
export { synchrony } from "../analysis/synchrony.ts";
export {
  type ClassConnection,
  classConnections,
  type Reciprocity,
  reciprocity,
  type UnitClass,
  type UnitConnection,
  unitConnections,
} from "../analysis/weights.ts";
export {
  findFixedPointsAt,
  type FixedPointSearchOptions,
} from "../analysis/fixed_point_searches.ts";
export {
  findFixedPoints,
  type FixedPoint,
  type FixedPointOptions,
  type FixedPoints,
  startingStates,
  type VisitedStates,
} from "../analysis/fixed_points.ts";
export {
  constantDrive,
  outputAt,
  type RateDynamics,
  rateDynamics,
} from "../analysis/rate_dynamics.ts";
export {
  analyse,
  type AnalysedNetwork,
  type AnalysedSpikes,
  type AnalyseOptions,
} from "../runs/analyse/analyse.ts";
export { spikesToAnalyse } from "../runs/analyse/recorded.ts";
export type {
  RecordedSpikes,
  TableColumn,
  TableColumns,
} from "../formats/spikes/types.ts";
export { analysisNames } from "../runs/analyse/registry.ts";
export type { Eigenvalues } from "../network/eigenvalues.ts";
export type { NumberArray } from "../formats/arrays.ts";
export type { CsvCell } from "../formats/csv.ts";
export type { UnitPopulation } from "../network/geometry.ts";
export type {
  Analysed,
  Analysing,
  AnalysisArray,
  AnalysisDone,
  AnalysisEvent,
  AnalysisLeftOut,
  AnalysisResult,
  AnalysisTable,
  NetworkName,
  Scalar,
} from "../runs/analyse/types.ts";
