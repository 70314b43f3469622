/** How strong the currents of a spiking network are at each frequency. */
import type { Span, SpikeTrains } from "./activity.ts";
import { currentSampling, type SynapticFilter } from "./currents.ts";
import {
  inWorkers,
  sharedTrains,
  type SharedWorkOptions,
  spans,
} from "./in_workers.ts";
import { meanSpectrum, type PowerSpectrum, segmentSize } from "./spectrum.ts";

/**
 * Power spectrum of |I_E| + |I_I|, summed over units, by Welch's method.
 *
 * @param filter from `synapticFilter`
 * @param spikes of all trials
 * @param options window and segment in ms; threads, what stops the work, and
 *   what is awaited between trials
 * @returns mV²/Hz; NaN if the window is shorter than a segment
 */
export async function currentPower(
  filter: SynapticFilter,
  spikes: SpikeTrains,
  { window, segmentMs, workers = 1, signal, onTrial }: SharedWorkOptions & {
    readonly window: Span;
    readonly segmentMs: number;
    readonly onTrial?: (done: number) => void | Promise<void>;
  },
): Promise<PowerSpectrum> {
  const sampleMs = currentSampling(filter);
  const size = segmentSize(sampleMs, segmentMs);
  const trains = sharedTrains(spikes, workers);
  const found = await inWorkers(
    "power",
    spans(spikes.trials, workers > 1 ? 4 * workers : 1).map((span) => ({
      ...{ filter, spikes: trains, window, segmentMs },
      ...span,
    })),
    { workers, signal, onDone: onTrial },
  );
  return meanSpectrum(found.flat(), { size, sampleMs });
}
