/** Mean filtered spikes of each unit over some steps at a time, from spikes alone. */
import { exp } from "../arithmetic/elementary.ts";
import type { LifNetwork } from "../kernels/lif/types.ts";
import { filterOf, riseTime, spikeArea } from "../network/synapses.ts";
import type { Recording, SpikingTrace } from "../network/spiking.ts";

/** Steps and units of the spikes of a trial, in the order of time. */
type SpikeList = NonNullable<SpikingTrace["spikes"]>;

/**
 * Makes traces with mean filtered spikes, if they are asked for, of traces with
 * spikes.
 */
export function withMeans(
  network: LifNetwork,
  { means, spikes: asked }: Recording,
): (trace: SpikingTrace) => SpikingTrace {
  if (means === undefined) return (trace) => trace;
  const meansOf = filteredMeans(network, means);
  return ({ spikes, ...rest }) => ({
    ...rest,
    ...asked && { spikes },
    means: meansOf(spikes!, Math.floor(rest.steps / means.steps)),
  });
}

/**
 * What filters make of the spikes of a trial, on average over each bin.
 * The filters are linear: the mean over a bin follows from where it begins and
 * from the spikes within it, so that the filtered spikes of single integration
 * steps need not be recorded, which takes as long as the trial itself.
 *
 * @returns from spikes and a number of bins, means (1/s), units×bins
 */
function filteredMeans(
  { units, decay, synapse, dt }: LifNetwork,
  { steps: perBin, samples }: NonNullable<Recording["means"]>,
): (spikes: SpikeList, bins: number) => Float64Array {
  const { decays, rises } = filterOf(synapse);
  // Of each unit: what a bin leaves of r and s, and their part in its mean r.
  const [kept, risen, rising, meanOfR, meanOfS] = Array.from(
    { length: 5 },
    () => new Float64Array(units),
  );
  // Of a spike m steps before a bin ends: in r and s there, and in its mean r.
  const [inR, inS, inMean] = Array.from(
    { length: 3 },
    () => new Float64Array(units * perBin),
  );
  const every = perBin / samples;
  for (let unit = 0; unit < units; unit++) {
    const td = decay[unit];
    const d = decays ? exp(-dt / td) : 0;
    const e = rises ? exp(-dt / riseTime(synapse, td)!) : 0;
    const jump = 1000 / spikeArea(synapse, td, dt);
    let [r, s] = rises ? [0, jump] : [jump, 0];
    for (let m = 0; m < perBin; m++) {
      const at = m * units + unit;
      inR[at] = r;
      inS[at] = s;
      // Of the samples at the end of the bin, and every so many steps before it.
      const earlier = m < every ? 0 : inMean[at - every * units];
      inMean[at] = earlier + r / samples;
      [r, s] = [d * r + dt * s, e * s];
    }
    let [left, ofS, rest] = [1, 0, 1];
    for (let m = 0; m < perBin; m++) {
      [left, ofS, rest] = [d * left, d * ofS + dt * rest, e * rest];
      if ((m + 1) % every !== 0) continue;
      meanOfR[unit] += left / samples;
      meanOfS[unit] += ofS / samples;
    }
    kept[unit] = left;
    risen[unit] = ofS;
    rising[unit] = rest;
  }
  return ({ steps, units: fired }, bins) => {
    const means = new Float64Array(units * bins);
    const r = new Float64Array(units);
    const s = new Float64Array(units);
    for (let bin = 0, next = 0; bin < bins; bin++) {
      for (let unit = 0; unit < units; unit++) {
        const [before, waiting] = [r[unit], s[unit]];
        means[unit * bins + bin] = meanOfR[unit] * before +
          meanOfS[unit] * waiting;
        r[unit] = kept[unit] * before + risen[unit] * waiting;
        s[unit] = rising[unit] * waiting;
      }
      const end = (bin + 1) * perBin;
      for (; next < steps.length && steps[next] <= end; next++) {
        const unit = fired[next];
        const at = (end - steps[next]) * units + unit;
        means[unit * bins + bin] += inMean[at];
        r[unit] += inR[at];
        s[unit] += inS[at];
      }
    }
    return means;
  };
}
