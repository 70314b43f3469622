/** Gains and offset of the readout, fitted on spiking activity. */
import type { Backend } from "../backend/types.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import type { Task } from "../tasks/types.ts";
import { stepsPerRateStep } from "./convert.ts";
import { LeastSquares } from "./least_squares.ts";
import { simulateEach } from "./simulate.ts";
import { simulateRate } from "./simulate_rate.ts";

/** What the fits run on. */
export interface FitOptions {
  /** Of the trials and their noise. */
  readonly seed: number;
  readonly trials: number;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
}

/**
 * Fits the readout: a gain for excitatory units, one for inhibitory ones, and an
 * offset, by least squares of the spiking output on the rate network's output
 * (its bias `b_out` included) in the strict window of the same trials. Filtered
 * spike trains are taken once a rate step.
 *
 * @param spiking the network; what was fitted for its units applies, what was
 *   fitted for its readout is replaced
 * @returns the readout; gains are above 0, so that no unit changes its sign
 */
export async function fitReadout(
  spiking: SpikingNetwork,
  task: Task,
  options: FitOptions,
): Promise<NonNullable<Calibration["readout"]>> {
  const { from, to } = task.windows.strict;
  const request = { task, trials: options.trials };
  const rate = await simulateRate(spiking.rate, request, options);
  const every = stepsPerRateStep(spiking);
  const weights = readoutWeights(spiking);
  const apart = new LeastSquares(3);
  const together = new LeastSquares(2);
  const plain: NonNullable<Calibration["readout"]> = {
    gainExcitatory: 1,
    gainInhibitory: 1,
    offset: 0,
  };
  let trial = 0;
  const runs = simulateEach(spiking, request, {
    ...options,
    record: { rates: every },
  });
  for await (const { trace } of runs) {
    const target = rate[trial++].trace.outputs;
    const rates = trace.rates!;
    const samples = rates.length / weights.length;
    for (let step = from; step < Math.min(to, target.length); step++) {
      const parts = [0, 0];
      weights.forEach(({ weight, inhibitory }, unit) => {
        // Sample k is at the end of rate step k, where output k is.
        parts[inhibitory] += weight * rates[unit * samples + step];
      });
      apart.add([...parts, 1], target[step]);
      together.add([parts[0] + parts[1], 1], target[step]);
    }
  }
  const fitted = apart.solve();
  if (fitted && fitted[0] > 0 && fitted[1] > 0) {
    const [gainExcitatory, gainInhibitory, offset] = fitted;
    return { gainExcitatory, gainInhibitory, offset };
  }
  const common = together.solve();
  if (common && common[0] > 0) {
    const [gain, offset] = common;
    return { gainExcitatory: gain, gainInhibitory: gain, offset };
  }
  return plain;
}

/** Readout weights of all units, divided by the scaling factor. */
function readoutWeights(
  { rate, factor }: SpikingNetwork,
): { weight: number; inhibitory: 0 | 1 }[] {
  return rate.layers.flatMap(({ size, inhibitory }, l) => {
    const read = rate.readout.from.indexOf(l);
    const divisor = typeof factor === "number" ? factor : factor[l];
    return Array.from({ length: size }, (_, i) => ({
      weight: read < 0 ? 0 : rate.readout.weights[read][i] / divisor,
      inhibitory: inhibitory[i] ? 1 as const : 0 as const,
    }));
  });
}
