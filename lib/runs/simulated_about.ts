/** What a file of simulated trials says of how they came about; JSON. */
import { pathOutside } from "../formats/archive_path.ts";
import { modelBytes } from "../formats/model_file.ts";
import { files } from "../platform/files.ts";
import { basename } from "../platform/paths.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";
import { selectUnits } from "../network/units.ts";
import type { StimulationRequest } from "../simulate/perturb.ts";
import type { RunOptions } from "../simulate/run.ts";
import { taskIdentity } from "../tasks/identity.ts";
import type { Task } from "../tasks/types.ts";
import { sha256 } from "../platform/hash.ts";
import { version } from "../version.ts";

/** A file that was read: its name, without folders, and the hash of its bytes. */
export interface ReadFile {
  readonly file: string;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** A file's name and hash. */
export async function readFileOf(path: string): Promise<ReadFile> {
  const bytes = await files.readFile(path);
  return { file: basename(path), sha256: await sha256(bytes) };
}

/**
 * The name and the hash of a model's file, or of that of a model in an archive.
 *
 * @throws {ModelFileError} if it cannot be read
 */
export async function modelFileOf(path: string): Promise<ReadFile> {
  const bytes = await modelBytes(path) as Uint8Array<ArrayBuffer>;
  return { file: basename(pathOutside(path)), sha256: await sha256(bytes) };
}

/** A simulation, as it was asked for. */
export interface SimulationSettings {
  /** File of the model; undefined for a network of no file. */
  readonly model?: ReadFile;
  /** The network that was run, before perturbations. */
  readonly network: RateNetwork;
  /** How it was mapped; undefined if the rate network was run. */
  readonly spiking?: SpikingNetwork;
  /** The task; undefined for a stimulus of your own. */
  readonly task?: Task;
  /** File of a stimulus of your own. */
  readonly stimulus?: ReadFile;
  /** Seed and perturbations. */
  readonly run: Pick<
    RunOptions,
    | "seed"
    | "noiseScale"
    | "lesion"
    | "stimulation"
    | "modifications"
    | "initialWeights"
  >;
  /** Name of the backend. */
  readonly backend: string;
}

/**
 * Everything that a simulation follows from, beside the numbers in the file:
 * what is there gives the same trials again.
 */
export async function aboutSimulation(
  { model, network, spiking, task, stimulus, run, backend }: SimulationSettings,
): Promise<Record<string, unknown>> {
  const { calibration } = spiking ?? {};
  return {
    program: "spikernn",
    version,
    network: spiking ? "spiking" : "rate",
    model,
    seed: run.seed,
    backend,
    layers: network.layers.map(({ size }) => size),
    activation: network.activation,
    dale: network.dale,
    task: task && {
      name: task.name,
      stepMs: task.stepMs,
      steps: task.steps,
      timing: task.timing,
      conditions: task.conditions,
      ...await namesOnly(task),
    },
    stimulus,
    neuron: spiking?.neuron,
    synapse: spiking?.synapse,
    dt: spiking?.dt,
    scalingFactor: spiking?.factor,
    calibration: spiking && {
      readout: calibration?.readout
        ? {
          ...calibration.readout,
          units: calibration.readout.units !== undefined,
        }
        : false,
      units: calibration?.units !== undefined,
      synapses: calibration?.synapses !== undefined,
    },
    initialWeights: run.initialWeights !== undefined,
    noise: run.noiseScale ?? 1,
    lesion: run.lesion === undefined ? [] : selectUnits(network, run.lesion),
    modifications: run.modifications ?? [],
    stimulation: stimulationsOf(run.stimulation).map((request) => ({
      ...request,
      units: selectUnits(network, request.units),
      window: { unit: "ms", ...request.window },
    })),
  };
}

function stimulationsOf(
  stimulation: RunOptions["stimulation"],
): readonly StimulationRequest[] {
  if (!stimulation) return [];
  return "kind" in stimulation ? [stimulation] : stimulation;
}

/** A task of your own by fingerprint and the name of its file. */
async function namesOnly(task: Task): Promise<Record<string, unknown>> {
  const { fingerprint, file } = await taskIdentity(task);
  return {
    fingerprint,
    file: file && { file: basename(file.path), sha256: file.sha256 },
  };
}
