/** Trials of spiking networks on the CPU. */
import { DivergedError } from "../errors.ts";
import { simulateTrial32, simulateTrial64 } from "../kernels/lif/reference.ts";
import type {
  LifNetwork,
  LifRecording,
  LifTrace,
} from "../kernels/lif/types.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../network/spiking.ts";
import { prepareNetwork, prepareTrial } from "./spiking_network.ts";

/** A recording with every choice made. */
function complete(record: Recording): LifRecording {
  const { outputs = false, spikes = false } = record;
  const every = (kind: "voltages" | "currents" | "rates") => {
    const value = record[kind] ?? 0;
    if (!(Number.isInteger(value) && value >= 0)) {
      throw new RangeError(
        `Cannot record ${kind} every ${value} steps: ` +
          "allowed are whole numbers from 1, or 0 for none",
      );
    }
    return value;
  };
  return {
    outputs,
    spikes,
    voltages: every("voltages"),
    currents: every("currents"),
    rates: every("rates"),
  };
}

/** The trace without the kernel's flag, which becomes an error. */
function checked(
  trace: LifTrace,
  trials: readonly SpikingTrial[],
  index: number,
): SpikingTrace {
  const { finite, ...rest } = trace;
  if (!finite) {
    throw new DivergedError(
      `Cannot simulate trial ${index} (number ${
        trials[index].noise.trial
      } of ` +
        "its random stream): voltages or currents left the finite numbers, " +
        "weights or stimulus are too large",
    );
  }
  return rest;
}

/** Network and trials as the kernels take them, checked. */
function prepare(
  network: SpikingNetwork,
  trials: readonly SpikingTrial[],
) {
  const prepared = prepareNetwork(network);
  return {
    prepared,
    ready: trials.map((trial, k) => prepareTrial(prepared, trial, k)),
  };
}

/**
 * Runs trials on the plain TypeScript reference: in double precision the model to
 * the letter, in single precision bit for bit what the SIMD kernel gives.
 *
 * @returns the traces in the order of the trials; outputs, voltages (mV),
 *   currents and rates (1/s) in the precision asked for
 * @throws {TypeError} for inputs or initial voltages of a wrong length
 * @throws {RangeError} for values that are not finite or out of range
 * @throws {DivergedError} for a trial that leaves the finite numbers
 */
export function simulateReference(
  network: SpikingNetwork,
  trials: readonly SpikingTrial[],
  record: Recording,
  precision: "float32" | "float64",
): SpikingTrace[] {
  const { prepared, ready } = prepare(network, trials);
  const run = precision === "float64" ? simulateTrial64 : simulateTrial32;
  const recording = complete(record);
  return ready.map((trial, k) =>
    checked(run(prepared, trial, recording), trials, k)
  );
}
