/** Segments of currents of some trials: the part of the work that a thread takes. */
import type { Span, SpikeTrains } from "./activity.ts";
import {
  currentSampling,
  currentsOnto,
  currentTables,
  type SynapticFilter,
} from "./currents.ts";
import { periodograms, segmentSize } from "./spectrum.ts";

/** Some trials of a spiking network. */
export interface PowerJob {
  readonly filter: SynapticFilter;
  readonly spikes: SpikeTrains;
  readonly window: Span;
  readonly segmentMs: number;
  /** First trial. */
  readonly from: number;
  /** One past the last trial. */
  readonly to: number;
}

/** Squared amplitudes of the segments of some trials, for a thread. */
export async function powerOfTrials(
  { filter, spikes, window, segmentMs, from, to }: PowerJob,
  onDone?: (done: number) => void | Promise<void>,
): Promise<Float64Array[]> {
  const every = currentSampling(filter);
  const size = segmentSize(every, segmentMs);
  const { units } = spikes;
  const tables = currentTables(filter, Math.round(every / filter.dt));
  const found: Float64Array[] = [];
  for (let trial = from; trial < to; trial++) {
    const { samples, excitatory, inhibitory } = currentsOnto(
      tables,
      spikes,
      trial,
    );
    const first = Math.ceil(window.from / every);
    const signal = new Float64Array(samples - first);
    for (let u = 0; u < units; u++) {
      for (let t = first; t < samples; t++) {
        const at = u * samples + t;
        signal[t - first] += excitatory[at] - inhibitory[at];
      }
    }
    found.push(...periodograms(signal, size));
    await onDone?.(trial - from + 1);
  }
  return found;
}
