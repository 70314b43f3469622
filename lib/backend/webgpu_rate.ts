/** The engine of rate sessions on the GPU. */
import { adamDispatch, normDispatches } from "../kernels/adam/webgpu/adam.ts";
import { GpuRateNetwork } from "../kernels/rate_scan/webgpu/network.ts";
import { OutOfMemory } from "../kernels/webgpu/failures.ts";
import type { Gpu } from "../kernels/webgpu/gpu.ts";
import type { RateNetwork } from "../network/types.ts";
import {
  type ClippedStep,
  openRateSession,
  type RateEngine,
  type RateRecord,
  type SessionVectors,
} from "./rate_session.ts";
import { entriesWithMoments } from "./session_state.ts";
import type {
  LossName,
  OptimiserState,
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
import { wire, type WiredNetwork } from "./wiring.ts";

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
  return openRateSession(
    network,
    (start, state) => new GpuEngine(gpu, start, state),
  );
}

class GpuEngine implements RateEngine {
  readonly wired: WiredNetwork;
  readonly #gpu: Gpu;
  readonly #device: GpuRateNetwork;
  /** What the device's vectors are to hold. */
  #vectors: SessionVectors;
  /** Trials of a batch at most, once memory has run out. */
  #most: number | undefined;

  constructor(gpu: Gpu, network: RateNetwork, state?: OptimiserState) {
    this.#gpu = gpu;
    this.wired = wire(network, entriesWithMoments(network, state));
    const { wiring, layout } = this.wired;
    this.#device = new GpuRateNetwork(gpu, wiring, layout);
    const zeros = () => new Float32Array(layout.length);
    this.#vectors = {
      parameters: zeros(),
      gradients: zeros(),
      first: zeros(),
      second: zeros(),
    };
  }

  vectors(): SessionVectors {
    return this.#vectors;
  }

  changed(): void {
    const { parameters, first, second } = this.#vectors;
    this.#gpu.write(this.#device.parameters, parameters as Float32Array);
    this.#gpu.write(this.#device.first, first as Float32Array);
    this.#gpu.write(this.#device.second, second as Float32Array);
  }

  /** Runs a task; where memory runs out, again with batches half as large. */
  async #withBatches<T>(
    trials: readonly RateTrial[],
    histories: number,
    task: (batches: readonly PlacedTrials[]) => Promise<T>,
  ): Promise<T> {
    for (;;) {
      const batches = gpuBatches(
        trials,
        this.wired.wiring.units,
        histories,
        this.#gpu.capacity,
        this.#most,
      );
      try {
        return await this.#gpu.exclusive(() => task(batches));
      } catch (error) {
        const largest = Math.max(...batches.map(({ trials }) => trials.length));
        if (!(error instanceof OutOfMemory) || largest === 1) throw error;
        this.#most = largest >> 1;
        // The failed attempt may have left anything on the device.
        this.changed();
      }
    }
  }

  run(
    trials: readonly RateTrial[],
    record: RateRecord,
  ): Promise<RateTrace[]> {
    const states = record.states ?? false;
    const histories = 1 + Number(states) + 1;
    return this.#withBatches(trials, histories, async (batches) => {
      const [device, wired] = [this.#device, this.wired];
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
    const [device, wired] = [this.#device, this.wired];
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
  ): Promise<{ losses: Float64Array; traces: RateTrace[] }> {
    const { length } = this.wired.layout;
    return this.#withBatches(trials, 4, async (batches) => {
      const { losses, traces, rest } = await this.#gradient(
        batches,
        loss,
        trials.length,
        () => [{ buffer: this.#device.gradient, bytes: 4 * length }],
      );
      this.#vectors = {
        ...this.#vectors,
        gradients: new Float32Array(rest[0]),
      };
      return { losses, traces };
    });
  }

  update(
    trials: readonly RateTrial[],
    loss: LossName,
    { clipNorm, ...step }: ClippedStep,
  ): Promise<UpdateResult> {
    const [gpu, device] = [this.#gpu, this.#device];
    const { length } = this.wired.layout;
    return this.#withBatches(trials, 4, async (batches) => {
      const { losses, rest } = await this.#gradient(
        batches,
        loss,
        trials.length,
        () => {
          gpu.run([
            ...normDispatches(gpu, device, length, clipNorm),
            adamDispatch(gpu, device, length, step),
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
      this.#vectors = { ...this.#vectors, parameters, first, second };
      return { losses, gradientNorm: norm[0] };
    });
  }

  close(): void {
    this.#device.close();
  }
}
