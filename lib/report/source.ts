/** What the figures of a model are drawn of. */
import type { Backend } from "../backend/types.ts";
import type { Model } from "../network/records.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { Task } from "../tasks/types.ts";
import type { Decomposed, Simulated } from "../records/events.ts";

/** What figures are drawn from. */
export interface FigureSource {
  /** The model. */
  readonly model: Model;
  /** The task that it does. */
  readonly task: Task;
  /** The spiking twin, from `convert`; without it there are no rasters and rates. */
  readonly spiking?: SpikingNetwork;
  /** Of the trials that are drawn and simulated. */
  readonly seed: number;
  /** Trials of each condition for means and firing rates. Defaults to 25. */
  readonly trials?: number;
  /** Trials of each condition in a raster. Defaults to 1. */
  readonly rasterTrials?: number;
  /** Conditions to show in `output`, `raster` and `rates`. Defaults to all. */
  readonly conditions?: readonly string[];
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
  /**
   * Called with the trials done, and with the part of a spectrum that is
   * computed.
   */
  readonly onProgress?: (event: Simulated | Decomposed) => void;
}
