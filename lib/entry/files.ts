/**
 * Files: models and where they are kept, checkpoints, MATLAB files, NumPy arrays, safetensors;
 * spikes of recordings and simulations.
 *
 * @module
 */
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
export type { Calibration } from "../network/spiking.ts";
export type {
  FloatArray,
  Layer,
  Projection,
  Provenance,
  RateNetwork,
  Readout,
} from "../network/types.ts";
export type { OptimiserState, RateParameters } from "../backend/types.ts";
export type {
  KeptEvaluation,
  MetState,
  TrainingState,
} from "../records/training_state.ts";
export {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  type ReadCheckpoint,
} from "../train/checkpoint.ts";
export { archivedModels, encodeArchive } from "../formats/archive.ts";
export { type ArchivedModel, archivedModel } from "../formats/archive_path.ts";
export {
  decodeModel,
  encodeModel,
  readModel,
  writeModel,
  writeNewModel,
} from "../formats/model_file.ts";
export { remarkOnTask } from "../formats/model/steps.ts";
export {
  modelFolder,
  modelPath,
  type ModelPathSettings,
  pythonFloat,
  safeName,
  taskOfPath,
  timestamp,
} from "../formats/model_path.ts";
export * from "../mat5/mod.ts";
export {
  decodeNpy,
  decodeNpz,
  encodeNpy,
  encodeNpz,
  type NpyArray,
  type NpyData,
  type NpyType,
  type NpzEntry,
} from "../formats/npz.ts";
export {
  decodeSafeTensors,
  encodeSafeTensors,
  type SafeTensors,
  type Tensor,
  type TensorData,
} from "../formats/safetensors.ts";
export { saveTrials, type SaveTrialsOptions } from "../runs/save_trials.ts";
export type { RecordedCourse } from "../runs/record_trials.ts";
export { decodeSpikes, readSpikes } from "../formats/spikes/read.ts";
export type {
  ReadSpikesOptions,
  RecordedSpikes,
  TableColumn,
  TableColumns,
} from "../formats/spikes/types.ts";
