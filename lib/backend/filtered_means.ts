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
      const at = unit * perBin + m;
      inR[at] = r;
      inS[at] = s;
      // Of the samples at the end of the bin, and every so many steps before it.
      const earlier = m < every ? 0 : inMean[at - every];
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
  return (spikes, bins) => {
    const means = new Float64Array(units * bins);
    const { steps, bounds } = byUnit(spikes, units);
    for (let unit = 0; unit < units; unit++) {
      const [ofR, ofS] = [meanOfR[unit], meanOfS[unit]];
      const [keeps, rises, waits] = [kept[unit], risen[unit], rising[unit]];
      const last = bounds[unit + 1];
      let next = bounds[unit];
      let [r, s] = [0, 0];
      for (let bin = 0; bin < bins; bin++) {
        let mean = ofR * r + ofS * s;
        r = keeps * r + rises * s;
        s = waits * s;
        const end = (bin + 1) * perBin;
        for (; next < last && steps[next] <= end; next++) {
          const at = unit * perBin + end - steps[next];
          mean += inMean[at];
          r += inR[at];
          s += inS[at];
        }
        means[unit * bins + bin] = mean;
      }
    }
    return means;
  };
}

/** Steps of spikes, those of a unit together and in order, and where each begins. */
function byUnit(
  { steps, units: fired }: SpikeList,
  units: number,
): { readonly steps: Uint32Array; readonly bounds: Uint32Array } {
  const bounds = new Uint32Array(units + 1);
  for (let k = 0; k < fired.length; k++) bounds[fired[k] + 1]++;
  for (let unit = 0; unit < units; unit++) bounds[unit + 1] += bounds[unit];
  const next = bounds.slice();
  const sorted = new Uint32Array(steps.length);
  for (let k = 0; k < fired.length; k++) sorted[next[fired[k]]++] = steps[k];
  return { steps: sorted, bounds };
}
