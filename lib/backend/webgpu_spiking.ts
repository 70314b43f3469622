/** Spiking networks on the GPU. */
import { runSpikingTrials } from "../kernels/lif/webgpu/launch.ts";
import type { Gpu } from "../kernels/webgpu/gpu.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../network/spiking.ts";
import { withMeans } from "./filtered_means.ts";
import { checked, complete } from "./spiking.ts";
import { prepareNetwork, prepareTrial, weightsFor } from "./spiking_network.ts";

/** Trials of one network; networks of one job list may differ in their factors. */
export interface SpikingJob {
  readonly network: SpikingNetwork;
  readonly trials: readonly SpikingTrial[];
}

/**
 * Runs jobs. Those whose networks differ in nothing but the scaling factor share
 * a batch, so that a grid of factors takes one go.
 *
 * @returns the traces of each job, in order
 * @throws {TypeError} for inputs or initial voltages of a wrong length
 * @throws {RangeError} for values that are not finite or out of range
 * @throws {DivergedError} for a trial that leaves the finite numbers
 * @throws {BackendError} if the device fails
 */
export async function simulateOnGpu(
  gpu: Gpu,
  jobs: readonly SpikingJob[],
  record: Recording,
): Promise<SpikingTrace[][]> {
  const found = jobs.map(({ trials }) =>
    new Array<SpikingTrace>(trials.length)
  );
  const recording = complete(record);
  const networks = jobs.map(({ network }) => prepareNetwork(network));
  const prepared = jobs.map(({ network, trials }, job) => {
    const weightsOf = weightsFor(network);
    return trials.map((trial, k) =>
      prepareTrial(networks[job], trial, k, weightsOf)
    );
  });
  const finished = networks.map((network) => withMeans(network, record));
  for (const places of groups(jobs)) {
    const own = [...new Set(places.map(({ job }) => job))];
    const traces = await runSpikingTrials(
      gpu,
      own.map((job) => networks[job]),
      places.map(({ job, trial }) => ({
        network: own.indexOf(job),
        trial: prepared[job][trial],
      })),
      recording,
    );
    places.forEach(({ job, trial }, k) => {
      const trace = checked(traces[k], jobs[job].trials, trial);
      found[job][trial] = finished[job](trace);
    });
  }
  return found;
}

interface Place {
  readonly job: number;
  readonly trial: number;
}

/** Trials that can share a batch. */
function groups(jobs: readonly SpikingJob[]): Place[][] {
  const found: {
    network: SpikingNetwork;
    columns: number;
    weights: SpikingTrial["weights"];
    places: Place[];
  }[] = [];
  jobs.forEach(({ network, trials }, job) => {
    trials.forEach(({ columns, weights }, trial) => {
      let group = found.find((other) =>
        other.columns === columns && other.weights === weights &&
        alike(other.network, network)
      );
      if (!group) found.push(group = { network, columns, weights, places: [] });
      group.places.push({ job, trial });
    });
  });
  return found.map(({ places }) => places);
}

/**
 * Whether two networks differ in nothing but the scaling factor. With a factor
 * of its own a layer's weights to other layers depend on it.
 */
function alike(a: SpikingNetwork, b: SpikingNetwork): boolean {
  const several = typeof a.factor !== "number" || typeof b.factor !== "number";
  return a === b ||
    (!several || `${a.factor}` === `${b.factor}`) &&
      a.rate === b.rate && a.calibration === b.calibration &&
      a.dt === b.dt && a.stepMs === b.stepMs &&
      JSON.stringify([a.neuron, a.synapse]) ===
        JSON.stringify([b.neuron, b.synapse]);
}
