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
export * from "./lib/errors.ts";
export * from "./lib/random/stream.ts";
export * from "./lib/tasks/types.ts";
export * from "./lib/tasks/registry.ts";
export * from "./lib/tasks/draw.ts";
export * from "./lib/tasks/curriculum.ts";
export * from "./lib/tasks/define.ts";
export * from "./lib/tasks/load_task.ts";
export * from "./lib/tasks/task_source.ts";
export * from "./lib/tasks/text.ts";
export type { Timings } from "./lib/tasks/from_module.ts";
export type { TwoStimuliTiming } from "./lib/tasks/two_stimuli.ts";
export * from "./lib/tasks/go_nogo.ts";
export * from "./lib/tasks/mante.ts";
export * from "./lib/tasks/xor.ts";
export * from "./lib/tasks/xor_original.ts";
export * from "./lib/tasks/dms.ts";
export * from "./lib/network/types.ts";
export * from "./lib/network/spiking.ts";
export {
  checkTaus,
  type CompleteSettings,
  completeSettings,
  type NetworkSettings,
  usualBetweenGain,
  usualInhibition,
  type WeightDistribution,
} from "./lib/network/settings.ts";
export * from "./lib/network/create.ts";
export * from "./lib/network/effective.ts";
export * from "./lib/network/scores.ts";
export * from "./lib/network/records.ts";
export * from "./lib/network/diverged.ts";
export {
  type CalibrationStep,
  calibrationSteps,
} from "./lib/network/calibration_steps.ts";
export {
  type LayerSummary,
  type NetworkSummary,
  spectralRadius,
  type Spread,
  summariseNetwork,
  type WeightCounts,
} from "./lib/network/summary.ts";
export * from "./lib/backend/types.ts";
export * from "./lib/backend/open.ts";
export * from "./lib/records/events.ts";
export * from "./lib/records/training_state.ts";
export {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  type ReadCheckpoint,
} from "./lib/train/checkpoint.ts";
export type { TrainOptions } from "./lib/train/options.ts";
export * from "./lib/train/presets.ts";
export * from "./lib/train/train.ts";
export type { TrialChoice } from "./lib/evaluate/check.ts";
export * from "./lib/evaluate/wilson.ts";
export * from "./lib/evaluate/score.ts";
export * from "./lib/evaluate/summarise.ts";
export * from "./lib/evaluate/rate.ts";
export * from "./lib/evaluate/spiking.ts";
export * from "./lib/formats/model_file.ts";
export type * from "./lib/formats/mat5/types.ts";
export type { DecodeOptions } from "./lib/formats/mat5/reader.ts";
export * from "./lib/formats/model_path.ts";
export * from "./lib/spiking/convert.ts";
export * from "./lib/spiking/neurons.ts";
export * from "./lib/spiking/units.ts";
export * from "./lib/spiking/perturb.ts";
export type { Run, RunOptions } from "./lib/spiking/run.ts";
export type * from "./lib/spiking/trials.ts";
export type { Regression } from "./lib/spiking/statistics.ts";
export * from "./lib/spiking/simulate.ts";
export * from "./lib/spiking/simulate_rate.ts";
export * from "./lib/spiking/calibrate.ts";
export {
  tuneDefaults,
  type TunedWeights,
  type TuneSettings,
  type TuneUpdate,
} from "./lib/spiking/finetune_settings.ts";
export * from "./lib/spiking/mapped.ts";
export * from "./lib/spiking/selection.ts";
export * from "./lib/spiking/search.ts";
export * from "./lib/spiking/search_layers.ts";
export * from "./lib/spiking/diagnosis_types.ts";
export * from "./lib/spiking/diagnose.ts";
export { verdictText } from "./lib/spiking/verdict.ts";
