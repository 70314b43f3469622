/**
 * The library for pages: training, search, simulation, perturbation and
 * analyses of networks, as a small set of exports whose bundle is a third of
 * that of the main entry. It needs nothing that a browser lacks: no file, no
 * `Deno.…`, no built-in module. Models are read and written as bytes
 * ({@linkcode decodeModel}, {@linkcode encodeModel}); the kernels are part of
 * the modules; analyses and WebGPU are loaded with their first use. The same
 * seed gives the same bits as in other runtimes.
 *
 * Training blocks its thread during each update, so a page should run it in a
 * worker.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork, finished, getTask, presets, randomStream,
 *   searchScalingFactor, train, weightsHash,
 * } from "@spikernn/spikernn/web";
 * const task = getTask("go-nogo");
 * const { network, training } = presets.fast;
 * const start = createNetwork(
 *   { channels: task.channels.length, units: 20, ...network },
 *   randomStream(1).fork("network"),
 * );
 * const { model } = await finished(
 *   train(start, task, { ...training, seed: 1, updates: 3 }),
 * );
 * const { search } = await finished(
 *   searchScalingFactor(model.network, task, { seed: 1, factors: [40, 50], trials: 2 }),
 * );
 * assert(search.factors.includes(search.chosen));
 * assert((await weightsHash(model.network)).length === 64);
 * ```
 *
 * @module
 */
export { BackendError, ModelFileError, TaskError } from "../errors.ts";
export { version } from "../version.ts";
export { type RandomStream, randomStream } from "../random/stream.ts";

// Tasks.
export { withAmplitude, withMeans } from "../tasks/altered.ts";
export { shorterDelays } from "../tasks/curriculum.ts";
export { defineTask } from "../tasks/define.ts";
export type {
  Draft,
  Layout,
  TaskDefinition,
  TaskFactory,
  Timing,
} from "../tasks/definition.ts";
export { type DrawRequest, drawTrials } from "../tasks/draw.ts";
export { type EpochName, epochNames, epochWindows } from "../tasks/epochs.ts";
export { conditionLabel } from "../tasks/labels.ts";
export { getTask, type NamedTaskFactory, tasks } from "../tasks/registry.ts";
export type {
  Expectation,
  GradedStimuli,
  StoppingRule,
  Task,
  TaskFile,
  TaskWindows,
  Trial,
  Window,
} from "../tasks/types.ts";

// Networks.
export { type Activation, activations } from "../network/activations.ts";
export type { CalibrationStep } from "../network/calibration_steps.ts";
export { createNetwork } from "../network/create.ts";
export { DivergedError } from "../network/diverged.ts";
export {
  decayTimeConstants,
  effectiveProjection,
  effectiveWeights,
} from "../network/effective.ts";
export {
  channelCount,
  firstUnits,
  populationsOf,
  unitCount,
  type UnitPopulation,
  unitTypes,
} from "../network/geometry.ts";
export { weightsHash } from "../network/hash.ts";
export {
  type ModificationKind,
  modificationKinds,
  modify,
  type SynapseEnd,
  type WeightChange,
} from "../network/modify.ts";
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
export { defaultFactors } from "../network/scaling_factor.ts";
export {
  type PerformanceRule,
  performanceRules,
  type PopulationRates,
  type Proportion,
  type Score,
} from "../network/scores.ts";
export type {
  NetworkSettings,
  WeightDistribution,
} from "../network/settings.ts";
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
export {
  type LayerSummary,
  type NetworkSummary,
  type Spread,
  summariseNetwork,
  type WeightCounts,
} from "../network/summary.ts";
export type {
  FloatArray,
  Layer,
  Projection,
  Provenance,
  RateNetwork,
  Readout,
  WeightsFrom,
} from "../network/types.ts";
export {
  type PopulationName,
  populationNames,
  selectUnits,
  type UnitSelection,
} from "../network/units.ts";

// Models as bytes.
export { decodeModel, encodeModel } from "../formats/model_file.ts";
export type { DecodeOptions } from "../mat5/reader.ts";
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

// Where it is computed.
export type { Times, TimesMemory, Work } from "../backend/calibrate.ts";
export {
  type ChooseOptions,
  type OpenChosen,
  openChosenBackend,
  type OpenChosenOptions,
} from "../backend/choose.ts";
export { openBackend, type OpenOptions } from "../backend/open.ts";
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
} from "../backend/types.ts";

// Training.
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
} from "../records/events.ts";
export { type AnyEvent, type Ending, finished } from "../records/finished.ts";
export type {
  KeptEvaluation,
  MetState,
  TrainingState,
} from "../records/training_state.ts";
export {
  type PresetName,
  presetNames,
  usualPreset,
} from "../settings/presets.ts";
export type { TrainOptions } from "../train/options.ts";
export { type Preset, presets } from "../train/presets.ts";
export { train } from "../train/train.ts";

// Mapping.
export { calibrate, type CalibrateOptions } from "../calibrate/calibrate.ts";
export type { CalibrationGoal } from "../calibrate/settings.ts";
export type {
  TunedWeights,
  TuneSettings,
  TuneUpdate,
} from "../calibrate/finetune_settings.ts";
export {
  correspondence,
  type CorrespondenceOptions,
} from "../map/correspondence.ts";
export { type SearchOptions, searchScalingFactor } from "../map/search.ts";
export type { ScoredFactor } from "../map/selection.ts";
export { convert, type ConvertOptions } from "../spiking/convert.ts";
export {
  factorOfSearch,
  mappedNetwork,
  mappingOfSearch,
} from "../spiking/mapped.ts";
export type { NeuronChoice } from "../spiking/neurons.ts";
export { type SynapseName, synapseNames } from "../network/synapses.ts";
export { type NeuronConstants, neuronNames } from "../network/neurons.ts";

// Simulation and perturbation.
export type { TrialChoice } from "../simulate/check.ts";
export {
  evaluatePerturbed,
  type EvaluatePerturbedOptions,
  type IntactTried,
  type PerturbationEffect,
  type PerturbationEvent,
  type PerturbationFailed,
  type PerturbationTried,
  type Perturbed,
} from "../simulate/evaluate_perturbed.ts";
export {
  evaluate,
  type EvaluateOptions,
  type EvaluateSpikingOptions,
} from "../simulate/evaluate_rate.ts";
export { evaluateSpiking } from "../simulate/evaluate_spiking.ts";
export type { Modification } from "../simulate/modifications.ts";
export type { NoiseScale } from "../simulate/noise_levels.ts";
export {
  comparePaired,
  type PairedCounts,
  type PairedDifference,
} from "../simulate/paired.ts";
export { lesion, type StimulationRequest } from "../simulate/perturb.ts";
export type {
  PreparedTrial,
  SimulatedTrials,
  StimulusTrial,
  TaskTrials,
  TrialRequest,
} from "../simulate/requests.ts";
export type { Perturbations, RunOptions } from "../simulate/run.ts";
export {
  type OutputKind,
  scoreTrial,
  type TrialScore,
} from "../simulate/score.ts";
export {
  simulate,
  simulateEach,
  type SimulateOptions,
  type SpikingRun,
} from "../simulate/simulate.ts";
export {
  type RateRun,
  simulateRate,
  simulateRateEach,
  type SimulateRateOptions,
} from "../simulate/simulate_rate.ts";
export type { TrialResult } from "../simulate/summarise.ts";
export type { Run } from "../simulate/trials.ts";
export type { TimeWindow } from "../simulate/windows.ts";
export { wilson } from "../simulate/wilson.ts";

// Analyses, each loaded with its first use.
export type { NamedSpan, Span, SpikeTrains } from "../analysis/activity.ts";
export type { NumberArray } from "../formats/arrays.ts";
export type { CsvCell } from "../formats/csv.ts";
export type {
  ColourBar,
  Figure,
  FigureWidth,
  LegendEntry,
  Panel,
  Spec,
} from "../report/types.ts";
export {
  analyse,
  type AnalysedNetwork,
  type AnalysedSpikes,
  type AnalyseOptions,
} from "../runs/analyse/analyse.ts";
export { analysisNames } from "../runs/analyse/registry.ts";
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
