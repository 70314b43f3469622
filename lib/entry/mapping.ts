/**
 * From rate to spikes: searching for scaling factors, choosing among them, and
 * the mapped network.
 *
 * @module
 */
export type { RandomStream } from "../random/stream.ts";
export type {
  Expectation,
  StoppingRule,
  Task,
  TaskWindows,
  Trial,
  Window,
} from "../tasks/types.ts";
export type { Activation } from "../network/activations.ts";
export type { CalibrationStep } from "../network/calibration_steps.ts";
export type {
  CalibrationOutcome,
  CalibrationRecord,
  Correspondence,
  EvaluationRecord,
  FileForm,
  LayerFactorsRecord,
  Model,
  RobustnessCheck,
  SavedTrial,
  ScoredFactors,
  SearchRecord,
  TrainingOutcome,
  TrainingRecord,
  TuneRound,
} from "../network/records.ts";
export type {
  PerformanceRule,
  PopulationRates,
  Proportion,
  Score,
} from "../network/scores.ts";
export type {
  Calibration,
  NeuronModel,
  NeuronName,
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
  Stimulation,
  SynapseModel,
} from "../network/spiking.ts";
export type {
  FloatArray,
  Layer,
  Projection,
  Provenance,
  RateNetwork,
  Readout,
} from "../network/types.ts";
export type {
  AdamOptions,
  Backend,
  BackendName,
  LossName,
  Noise,
  OptimiserState,
  RateParameters,
  RateSession,
  RateTrace,
  RateTrial,
  UpdateResult,
} from "../backend/types.ts";
export type {
  Calibrated,
  CalibrationEnded,
  Checkpointed,
  Decomposed,
  Evaluated,
  FactorFailed,
  FactorTried,
  LayerFactorsTried,
  LayersMapped,
  Mapped,
  Progress,
  SearchEvent,
  Simulated,
  SpikingExample,
  Started,
  Stopped,
  StopReason,
  Trained,
} from "../records/events.ts";
export type {
  KeptEvaluation,
  MetState,
  TrainingState,
} from "../records/training_state.ts";
export type { TrialChoice } from "../simulate/check.ts";
export type { EvaluateSpikingOptions } from "../simulate/evaluate_rate.ts";
export type { TrialScore } from "../simulate/score.ts";
export {
  evaluateTogether,
  type TogetherOptions,
} from "../simulate/evaluate_spiking.ts";
export { mergeScores } from "../simulate/merge_scores.ts";
export { summarise, type TrialResult } from "../simulate/summarise.ts";
export type {
  MatCell,
  MatChar,
  MatLogical,
  MatNumeric,
  MatOpaque,
  MatSparse,
  MatStruct,
  MatValue,
  MatVariables,
  NumericArray,
  NumericClass,
} from "../mat5/types.ts";
export { calibrate, type CalibrateOptions } from "../calibrate/calibrate.ts";
export type { CalibrationGoal } from "../calibrate/settings.ts";
export {
  convert,
  type ConvertOptions,
  withInitialWeights,
} from "../spiking/convert.ts";
export {
  channelCount,
  firstUnits,
  stepsPerRateStep,
  unitCount,
} from "../network/geometry.ts";
export type {
  TunedWeights,
  TuneSettings,
  TuneUpdate,
} from "../calibrate/finetune_settings.ts";
export {
  factorOfSearch,
  mappedNetwork,
  mappingOfSearch,
} from "../spiking/mapped.ts";
export { type SynapseName, synapseNames } from "../network/synapses.ts";
export {
  type NeuronChoice,
  neuronModel,
  synapseModel,
} from "../spiking/neurons.ts";
export { type NeuronConstants, neuronNames } from "../network/neurons.ts";
export {
  type SpikingParameters,
  spikingParameters,
} from "../network/spiking_parameters.ts";
export { defaultFactors } from "../network/scaling_factor.ts";
export { predictFactor } from "../map/predict.ts";
export { type SearchOptions, searchScalingFactor } from "../map/search.ts";
export {
  type LayerSearchOptions,
  searchLayerFactors,
} from "../map/search_layers.ts";
export {
  between,
  choose,
  isBetter,
  isNearer,
  isTelling,
  plateau,
  rank,
  type ScoredFactor,
} from "../map/selection.ts";
export {
  type PopulationName,
  populationNames,
  selectUnits,
  type UnitSelection,
} from "../network/units.ts";
export type { NoiseScale } from "../simulate/noise_levels.ts";
