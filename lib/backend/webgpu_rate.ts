/** Rate sessions on the GPU. */
import { BackendError } from "../errors.ts";
import { adamDispatch, normDispatches } from "../kernels/adam/webgpu/adam.ts";
import { adamRate } from "../kernels/adam/reference.ts";
import { GpuRateNetwork } from "../kernels/rate_scan/webgpu/network.ts";
import { OutOfMemory } from "../kernels/webgpu/failures.ts";
import type { Gpu } from "../kernels/webgpu/gpu.ts";
import type { RateNetwork } from "../network/types.ts";
import { checkNetwork } from "../network/check.ts";
import { checkAdam, checkTrials } from "./check.ts";
import type { RateRecord } from "./rate_session.ts";
import {
  entriesWithMoments,
  optimiserState,
  ownCopy,
  trainedNetwork,
} from "./session_state.ts";
import type {
  AdamOptions,
  LossName,
  OptimiserState,
  RateParameters,
  RateSession,
  RateTrace,
  RateTrial,
  UpdateResult,
} from "./types.ts";
import {
  byUnit,
  gpuBatch,
  gpuBatches,
  type PlacedTrials,
  row,
} from "./webgpu_batch.ts";
import {
  flatten,
  parametersOf,
  unflatten,
  wire,
  type WiredNetwork,
  withParameters,
} from "./wiring.ts";

/** The optimiser and the parameters as they were after the last update. */
interface GoodState {
  parameters: Float32Array;
  first: Float32Array;
  second: Float32Array;
  updates: number;
}

/** A network on the device, and how it is laid out there. */
interface Placed {
  readonly wired: WiredNetwork;
  readonly device: GpuRateNetwork;
  /** What the device's vectors are to hold. */
  state: GoodState;
}

/**
 * Opens a session on a copy of a network. After every update the parameters
 * come back to the host together with the losses, so that `network` and
 * `optimiser` always give the last good state, even of a device that was lost.
 *
 * @throws {TypeError} if an array of the network has the wrong length
 * @throws {RangeError} if a value of the network is out of range
 * @throws {BackendError} if the network is too large for the device
 */
export function openGpuSession(gpu: Gpu, network: RateNetwork): RateSession {
  checkNetwork(network, "run");
  return new GpuSession(gpu, network);
}

class GpuSession implements RateSession {
  readonly #gpu: Gpu;
  #network: RateNetwork;
  #placed: Placed | undefined;
  /** Trials of a batch at most, once memory has run out. */
  #most: number | undefined;

  constructor(gpu: Gpu, network: RateNetwork) {
    this.#gpu = gpu;
    this.#network = ownCopy(network);
    this.#placed = this.#place(this.#network);
  }

  #place(network: RateNetwork, state?: OptimiserState): Placed {
    const wired = wire(network, entriesWithMoments(network, state));
    const vector = (from?: RateParameters) => {
      const to = new Float32Array(wired.layout.length);
      if (from) flatten(wired, network, from, to);
      return to;
    };
    const placed = {
      wired,
      device: new GpuRateNetwork(this.#gpu, wired.wiring, wired.layout),
      state: {
        parameters: vector(parametersOf(network)),
        first: vector(state?.first),
        second: vector(state?.second),
        updates: state?.updates ?? 0,
      },
    };
    this.#write(placed);
    return placed;
  }

  #write({ device, state }: Placed): void {
    this.#gpu.write(device.parameters, state.parameters);
    this.#gpu.write(device.first, state.first);
    this.#gpu.write(device.second, state.second);
  }

  get #open(): Placed {
    if (this.#placed === undefined) {
      throw new BackendError("Cannot use the session: it was closed");
    }
    return this.#placed;
  }

  /** Runs a task; where memory runs out, again with batches half as large. */
  async #withBatches<T>(
    trials: readonly RateTrial[],
    histories: number,
    task: (batches: readonly PlacedTrials[], placed: Placed) => Promise<T>,
  ): Promise<T> {
    const placed = this.#open;
    for (;;) {
      const batches = gpuBatches(
        trials,
        placed.wired.wiring.units,
        histories,
        this.#gpu.capacity,
        this.#most,
      );
      try {
        return await this.#gpu.exclusive(() => task(batches, placed));
      } catch (error) {
        const largest = Math.max(...batches.map(({ trials }) => trials.length));
        if (!(error instanceof OutOfMemory) || largest === 1) throw error;
        this.#most = largest >> 1;
        // The failed attempt may have left anything on the device.
        this.#write(placed);
      }
    }
  }

  run(
    trials: readonly RateTrial[],
    record: RateRecord = {},
  ): Promise<RateTrace[]> {
    checkTrials(this.#network, trials, false);
    const states = record.states ?? false;
    const histories = 1 + Number(states) + 1;
    return this.#withBatches(trials, histories, async (batches, placed) => {
      const { device, wired } = placed;
      const traces: RateTrace[] = new Array(trials.length);
      this.#gpu.run(device.prepare());
      for (const batch of batches) {
        const { steps } = batch.trials[0];
        const count = batch.trials.length;
        const results = device.forward(gpuBatch(batch, wired, false), {
          states,
          drives: false,
        });
        const history = 4 * count * steps * wired.wiring.units;
        const [outputs, kept, rates] = await this.#gpu.read([
          { buffer: results.outputs, bytes: 4 * count * (steps - 1) },
          { buffer: results.states, bytes: states ? history : 0 },
          { buffer: results.rates, bytes: record.rates ? history : 0 },
        ]);
        batch.places.forEach((place, b) => {
          traces[place] = {
            outputs: row(outputs, b, steps - 1),
            ...states && { states: byUnit(kept, b, steps, wired) },
            ...record.rates && { rates: byUnit(rates, b, steps, wired) },
          };
        });
      }
      return traces;
    });
  }

  /** Submits forward and backward scans; the losses and outputs come back. */
  async #gradient(
    batches: readonly PlacedTrials[],
    { device, wired }: Placed,
    loss: LossName,
    trials: number,
    /** Called before the last batch is read back. */
    atEnd: () => { readonly buffer: GPUBuffer; readonly bytes: number }[],
  ): Promise<
    { losses: Float64Array; traces: RateTrace[]; rest: ArrayBuffer[] }
  > {
    const losses = new Float64Array(trials);
    const traces: RateTrace[] = new Array(trials);
    let rest: ArrayBuffer[] = [];
    this.#gpu.run(device.prepare());
    for (const [k, placedTrials] of batches.entries()) {
      const batch = gpuBatch(placedTrials, wired, true);
      const results = device.forward(batch, { states: false, drives: true });
      device.backward(batch, results, loss, 1 / trials, k > 0);
      const { steps } = batch;
      const [outputs, lossBytes, ...more] = await this.#gpu.read([
        { buffer: results.outputs, bytes: 4 * batch.trials * (steps - 1) },
        { buffer: results.losses, bytes: 8 * batch.trials },
        ...k === batches.length - 1 ? atEnd() : [],
      ]);
      rest = more;
      const pairs = new Float32Array(lossBytes);
      placedTrials.places.forEach((place, b) => {
        losses[place] = pairs[2 * b];
        traces[place] = { outputs: row(outputs, b, steps - 1) };
      });
    }
    return { losses, traces, rest };
  }

  gradient(
    trials: readonly RateTrial[],
    loss: LossName,
  ): Promise<
    { losses: Float64Array; traces: RateTrace[]; gradient: RateParameters }
  > {
    checkTrials(this.#network, trials, true);
    return this.#withBatches(trials, 4, async (batches, placed) => {
      const { wired, device } = placed;
      const { losses, traces, rest } = await this.#gradient(
        batches,
        placed,
        loss,
        trials.length,
        () => [{ buffer: device.gradient, bytes: 4 * wired.layout.length }],
      );
      const gradient = unflatten(
        wired,
        this.#network,
        new Float32Array(rest[0]),
      );
      return { losses, traces, gradient };
    });
  }

  update(
    trials: readonly RateTrial[],
    loss: LossName,
    adam: AdamOptions,
  ): Promise<UpdateResult> {
    checkTrials(this.#network, trials, true);
    checkAdam(adam);
    const gpu = this.#gpu;
    return this.#withBatches(trials, 4, async (batches, placed) => {
      const { wired, device, state } = placed;
      const { length } = wired.layout;
      const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = adam;
      const updates = state.updates + 1;
      const rate = adamRate(adam.learningRate, beta1, beta2, updates);
      const { losses, rest } = await this.#gradient(
        batches,
        placed,
        loss,
        trials.length,
        () => {
          gpu.run([
            ...normDispatches(gpu, device, length, adam.clipNorm),
            adamDispatch(gpu, device, length, { rate, beta1, beta2, epsilon }),
          ]);
          return [
            { buffer: device.norm, bytes: 8 },
            { buffer: device.parameters, bytes: 4 * length },
            { buffer: device.first, bytes: 4 * length },
            { buffer: device.second, bytes: 4 * length },
          ];
        },
      );
      const [norm, parameters, first, second] = rest.map((bytes) =>
        new Float32Array(bytes)
      );
      placed.state = { parameters, first, second, updates };
      return { losses, gradientNorm: norm[0] };
    });
  }

  network(): RateNetwork {
    const { wired, state } = this.#open;
    return trainedNetwork(wired, this.#network, state.parameters);
  }

  optimiser(): OptimiserState {
    const { wired, state } = this.#open;
    return optimiserState(wired, this.#network, state);
  }

  set(parameters: RateParameters): void {
    const open = this.#open;
    const network = ownCopy(withParameters(this.#network, parameters));
    checkNetwork(network, "run");
    const placed = this.#place(
      network,
      open.state.updates > 0 ? this.optimiser() : undefined,
    );
    open.device.close();
    this.#network = network;
    this.#placed = placed;
  }

  restore(state: OptimiserState): void {
    const network = this.network();
    const placed = this.#place(network, state);
    this.#open.device.close();
    this.#network = network;
    this.#placed = placed;
  }

  close(): void {
    this.#placed?.device.close();
    this.#placed = undefined;
  }
}
