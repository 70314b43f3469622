/** What the formats of other programs take and give. */
import type { SpikingNetwork } from "../network/spiking.ts";
import type { SpikingParameters } from "../network/spiking_parameters.ts";
import type { Task } from "../tasks/types.ts";

/** Which trials go with a script. */
export interface TrialsForScript {
  /** Task whose trials they are. */
  readonly task: Task;
  /** Conditions, one trial of each. Defaults to all of the task. */
  readonly conditions?: readonly string[];
  /** Seed of the trials: those of `simulate` with the same seed and conditions. */
  readonly seed: number;
}

/**
 * Two ways to write a graph of NIR: the exact one, or the one that snnTorch
 * reads.
 */
export type NirFlavour = "graph" | "snntorch";

/** A file to be written. */
export interface ExportedFile {
  /** Its name. */
  readonly name: string;
  /** Its content. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Result of an export. */
export interface Exported {
  /** The files; the first is the one to open or run. */
  readonly files: readonly ExportedFile[];
  /** Properties of the network that the files lack, a phrase for each. */
  readonly lost: readonly string[];
}

/** A network that is about to be written. */
export interface ToWrite {
  readonly spiking: SpikingNetwork;
  /** The same in plain numbers. */
  readonly parameters: SpikingParameters;
  /** Name of the files, without ending. */
  readonly name: string;
  /** What writes it: program and version. */
  readonly by: string;
  /** Trials that go with it, if the format takes them. */
  readonly trials?: TrialsForScript;
  readonly flavour?: NirFlavour;
}

/**
 * Writes a network in one format.
 *
 * @throws {RangeError} for a network that the format cannot hold
 */
export type WriteNetwork = (network: ToWrite) => Exported | Promise<Exported>;
