/** Mean courses of activity and output, condition by condition. */

/**
 * Sums the courses of trials of one network. Both networks are put on the same
 * bins: bin k is the time of output k of the rate network (step k + 1), and for
 * a spiking network the integration steps of rate step k.
 */
export class MeanCourses {
  readonly #conditions = new Map<
    string,
    { trials: number; activity: Float64Array; output: Float64Array }
  >();

  /**
   * @param units number of units
   * @param bins number of bins
   */
  constructor(readonly units: number, readonly bins: number) {}

  /**
   * Adds a trial; samples of a bin are averaged.
   *
   * @param condition its condition
   * @param activity units×(samples a unit); `skip` leading samples are left out
   * @param output output samples, at least bins×perBin of its own number
   * @param perBin samples a bin, of activity and of output
   */
  add(
    condition: string,
    activity: ArrayLike<number>,
    output: ArrayLike<number>,
    perBin: { activity: number; output: number; skip?: number },
  ): void {
    const { units, bins } = this;
    let sums = this.#conditions.get(condition);
    if (!sums) {
      sums = {
        trials: 0,
        activity: new Float64Array(units * bins),
        output: new Float64Array(bins),
      };
      this.#conditions.set(condition, sums);
    }
    sums.trials++;
    addBins(sums.output, 0, output, 0, bins, perBin.output);
    const samples = Math.floor(activity.length / units);
    for (let unit = 0; unit < units; unit++) {
      const start = unit * samples + (perBin.skip ?? 0);
      addBins(
        sums.activity,
        unit * bins,
        activity,
        start,
        bins,
        perBin.activity,
      );
    }
  }

  /** Conditions in the order in which their courses follow one another. */
  conditions(): string[] {
    // Sorted, so that two networks' courses pair up whatever came first.
    return [...this.#conditions.keys()].sort();
  }

  /** Mean outputs of all conditions, one after the other. */
  output(): Float64Array {
    return this.#concatenated((sums) => sums.output);
  }

  /** A unit's mean course over all conditions, one after the other. */
  unit(unit: number): Float64Array {
    return this.#concatenated((sums) =>
      sums.activity.subarray(unit * this.bins, (unit + 1) * this.bins)
    );
  }

  #concatenated(
    part: (
      sums: { activity: Float64Array; output: Float64Array },
    ) => Float64Array,
  ): Float64Array {
    const names = this.conditions();
    const all = new Float64Array(names.length * this.bins);
    names.forEach((name, k) => {
      const sums = this.#conditions.get(name)!;
      all.set(part(sums).map((sum) => sum / sums.trials), k * this.bins);
    });
    return all;
  }
}

function addBins(
  sums: Float64Array,
  at: number,
  samples: ArrayLike<number>,
  start: number,
  bins: number,
  perBin: number,
): void {
  if (perBin === 1) {
    for (let bin = 0; bin < bins; bin++) sums[at + bin] += samples[start + bin];
    return;
  }
  for (let bin = 0, from = start; bin < bins; bin++) {
    let sum = 0;
    for (const end = from + perBin; from < end; from++) sum += samples[from];
    sums[at + bin] += sum / perBin;
  }
}
