/**
 * Recurrent neural networks that obey Dale's principle, perform tasks, and
 * spike: train a rate network, map it one-to-one to leaky integrate-and-fire
 * units, and see how well both do.
 *
 * The method is that of Kim, Li and Sejnowski, "Simple framework for
 * constructing functional spiking recurrent neural networks", PNAS
 * 116:22811–22820 (2019).
 *
 * @module
 */
export { BackendError, ModelFileError, TaskError } from "./lib/errors.ts";
export {
  type RandomStream,
  randomStream,
  streamOfKey,
} from "./lib/random/stream.ts";
export { shorterDelays } from "./lib/tasks/curriculum.ts";
export type { EpochName } from "./lib/tasks/epochs.ts";
export { defineTask } from "./lib/tasks/define.ts";
export {
  type Draft,
  type Layout,
  type TaskDefinition,
  type TaskFactory,
  type Timing,
} from "./lib/tasks/definition.ts";
export { type DrawRequest, drawTrials } from "./lib/tasks/draw.ts";
export type { Timings } from "./lib/tasks/from_module.ts";
export type { GoNogoTiming } from "./lib/tasks/go_nogo.ts";
export {
  type LoadedTask,
  loadTask,
  type LoadTaskOptions,
} from "./lib/tasks/load_task.ts";
export type { ManteTiming } from "./lib/tasks/mante.ts";
export { conditionLabel } from "./lib/tasks/labels.ts";
export { getTask, type NamedTaskFactory, tasks } from "./lib/tasks/registry.ts";
export type { TaskSource } from "./lib/tasks/task_source.ts";
export type { TwoStimuliTiming } from "./lib/tasks/two_stimuli.ts";
export type {
  Expectation,
  GradedStimuli,
  StoppingRule,
  Task,
  TaskFile,
  TaskWindows,
  Trial,
  Window,
} from "./lib/tasks/types.ts";
export { defaultFactors } from "./lib/network/scaling_factor.ts";
export { type Activation, activations } from "./lib/network/activations.ts";
export {
  type CalibrationStep,
  calibrationSteps,
} from "./lib/network/calibration_steps.ts";
export { createNetwork } from "./lib/network/create.ts";
export {
  type ModificationKind,
  modificationKinds,
  modify,
  type SynapseEnd,
  type WeightChange,
} from "./lib/network/modify.ts";
export { DivergedError } from "./lib/network/diverged.ts";
export {
  decayTimeConstants,
  effectiveWeights,
} from "./lib/network/effective.ts";
export { unitCount, unitTypes } from "./lib/network/geometry.ts";
export { weightsHash } from "./lib/network/hash.ts";
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
} from "./lib/network/records.ts";
export {
  type PerformanceRule,
  performanceRules,
  type PopulationRates,
  type Proportion,
  type Score,
} from "./lib/network/scores.ts";
export type {
  CompleteSettings,
  NetworkSettings,
  WeightDistribution,
} from "./lib/network/settings.ts";
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
} from "./lib/network/spiking.ts";
export {
  type LayerSummary,
  type NetworkSummary,
  type Spread,
  summariseNetwork,
  type WeightCounts,
} from "./lib/network/summary.ts";
export type {
  FloatArray,
  Layer,
  Projection,
  Provenance,
  RateNetwork,
  Readout,
  WeightsFrom,
} from "./lib/network/types.ts";
export { openBackend, type OpenOptions } from "./lib/backend/open.ts";
export type {
  AdamOptions,
  Backend,
  BackendName,
  LossName,
  Noise,
  OptimiserState,
  RateParameters,
  RateSession,
  RateStimulation,
  RateTrace,
  RateTrial,
  SpikingRequest,
  UpdateResult,
} from "./lib/backend/types.ts";
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
  TrainingEvent,
} from "./lib/records/events.ts";
export {
  type AnyEvent,
  type Ending,
  finished,
} from "./lib/records/finished.ts";
export type {
  KeptEvaluation,
  MetState,
  TrainingState,
} from "./lib/records/training_state.ts";
export { type PresetName, presetNames } from "./lib/settings/presets.ts";
export type { Checkpoint, ReadCheckpoint } from "./lib/train/checkpoint.ts";
export type { TrainOptions } from "./lib/train/options.ts";
export { type Preset, presets } from "./lib/train/presets.ts";
export { train } from "./lib/train/train.ts";
export type { TrialChoice } from "./lib/simulate/check.ts";
export {
  evaluate,
  type EvaluateOptions,
  type EvaluateSpikingOptions,
} from "./lib/simulate/evaluate_rate.ts";
export {
  type OutputKind,
  scoreTrial,
  type TrialScore,
} from "./lib/simulate/score.ts";
export { evaluateSpiking } from "./lib/simulate/evaluate_spiking.ts";
export type { TrialResult } from "./lib/simulate/summarise.ts";
export {
  correspondence,
  type CorrespondenceOptions,
} from "./lib/map/correspondence.ts";
export {
  comparePaired,
  type PairedCounts,
  type PairedDifference,
} from "./lib/simulate/paired.ts";
export { wilson } from "./lib/simulate/wilson.ts";
export type { DecodeOptions } from "./lib/mat5/reader.ts";
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
} from "./lib/mat5/types.ts";
export {
  readModel,
  writeModel,
  writeNewModel,
} from "./lib/formats/model_file.ts";
export { remarkOnTask } from "./lib/formats/model/steps.ts";
export type { ModelPathSettings } from "./lib/formats/model_path.ts";
export { calibrate, type CalibrateOptions } from "./lib/calibrate/calibrate.ts";
export type { CalibrationGoal } from "./lib/calibrate/settings.ts";
export {
  type Exported,
  type ExportedFile,
  exportNetwork,
  type ExportOptions,
} from "./lib/export/export.ts";
export {
  type ImportedArray,
  type ImportedArrays,
  importNetwork,
  type ImportOptions,
} from "./lib/export/import.ts";
export {
  type ExportFormat,
  exportFormats,
  type NirFlavour,
} from "./lib/export/names.ts";
export type { TrialsForScript } from "./lib/export/numbers.ts";
export { convert, type ConvertOptions } from "./lib/spiking/convert.ts";
export { diagnose, type DiagnoseOptions } from "./lib/map/diagnose.ts";
export type {
  Comparison,
  Diagnosis,
  Finding,
  FindingCode,
  Judgement,
  Severity,
  UnitComparison,
  Verdict,
} from "./lib/map/diagnosis_types.ts";
export {
  tuneDefaults,
  type TunedWeights,
  type TuneSettings,
  type TuneUpdate,
} from "./lib/calibrate/finetune_settings.ts";
export { mappedNetwork } from "./lib/spiking/mapped.ts";
export type { NeuronChoice } from "./lib/spiking/neurons.ts";
export { type SynapseName, synapseNames } from "./lib/network/synapses.ts";
export { type NeuronConstants, neuronNames } from "./lib/network/neurons.ts";
export {
  lesion,
  rateStimulation,
  spikingStimulation,
  type StimulationRequest,
} from "./lib/simulate/perturb.ts";
export type { Modification } from "./lib/simulate/modifications.ts";
export type { TimeWindow } from "./lib/simulate/windows.ts";
export {
  evaluatePerturbed,
  type EvaluatePerturbedOptions,
  type IntactTried,
  type PerturbationEffect,
  type PerturbationEvent,
  type PerturbationFailed,
  type PerturbationTried,
  type Perturbed,
} from "./lib/simulate/evaluate_perturbed.ts";
export type { Perturbations, RunOptions } from "./lib/simulate/run.ts";
export type { Run } from "./lib/simulate/trials.ts";
export { type SearchOptions, searchScalingFactor } from "./lib/map/search.ts";
export {
  type LayerSearchOptions,
  searchLayerFactors,
} from "./lib/map/search_layers.ts";
export type { ScoredFactor } from "./lib/map/selection.ts";
export {
  simulate,
  simulateEach,
  type SimulateOptions,
  type SpikingRun,
} from "./lib/simulate/simulate.ts";
export {
  type RateRun,
  simulateRate,
  simulateRateEach,
  type SimulateRateOptions,
} from "./lib/simulate/simulate_rate.ts";
export type { Regression } from "./lib/map/statistics.ts";
export type {
  PreparedTrial,
  SimulatedTrials,
  StimulusTrial,
  TaskTrials,
  TrialRequest,
} from "./lib/simulate/requests.ts";
export {
  type PopulationName,
  selectUnits,
  type UnitSelection,
} from "./lib/network/units.ts";
export { verdictText } from "./lib/map/verdict.ts";
export type { NoiseScale } from "./lib/simulate/noise_levels.ts";
