/**
 * A WebGPU device as the kernels use it: buffers, compiled kernels, dispatches,
 * one readback, and every error turned into a BackendError.
 */
import { BackendError } from "../../errors.ts";
import { type AdapterFacts, adapterFacts } from "./adapter.ts";
import { type Capacity, capacityOf } from "./capacity.ts";
import { compile, type Kernel } from "./compile.ts";
import { requestDevice, usage } from "./device.ts";
import { DeviceFailure, OutOfMemory } from "./failures.ts";
import { type BufferStart, Readback } from "./readback.ts";
import { declarations, type KernelSource } from "./source.ts";

export type { Kernel } from "./compile.ts";

/** Words of a uniform buffer at least: as many as the largest struct has. */
const uniformWords = 16;

/** Part of a buffer; the whole of it where no range is given. */
export type BufferPart = GPUBuffer | GPUBufferBinding;

/** One dispatch. */
export interface Dispatch {
  readonly kernel: Kernel;
  /** One buffer a binding, in order. */
  readonly buffers: readonly BufferPart[];
  /** Workgroups in x, y and z. */
  readonly workgroups: readonly [number, number?, number?];
}

/** A WebGPU device with its compiled kernels. */
export class Gpu {
  readonly device: GPUDevice;
  readonly facts: AdapterFacts;
  readonly capacity: Capacity;
  /** Settles when the device is lost: the error to throw. */
  readonly lost: Promise<DeviceFailure>;
  #failure: BackendError | undefined;
  #isLost = false;
  readonly #kernels = new Map<string, Kernel>();
  readonly #checks: Promise<unknown>[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  readonly #readback: Readback;
  readonly #temporary: GPUBuffer[] = [];

  /**
   * @param device an open device; it stays the caller's where `close` is not called
   * @param capacity limits that are to be lower than the device's
   */
  constructor(
    device: GPUDevice,
    facts: AdapterFacts,
    capacity: Partial<Capacity> = {},
  ) {
    this.device = device;
    this.#readback = new Readback(device);
    this.facts = facts;
    this.capacity = { ...capacityOf(device.limits, facts), ...capacity };
    this.lost = device.lost.then((info) => {
      const error = new DeviceFailure(
        `Cannot go on with the GPU: ${facts.name} was lost (${
          info.message || info.reason
        })`,
      );
      this.#failure = error;
      this.#isLost = true;
      return error;
    });
    device.addEventListener("uncapturederror", (event) => {
      const { error } = event as GPUUncapturedErrorEvent;
      this.#fail(error);
    });
  }

  /**
   * Opens a device with all that the adapter can give of what kernels need.
   *
   * @throws {BackendError} if the adapter gives no device
   */
  static async open(
    adapter: GPUAdapter,
    capacity: Partial<Capacity> = {},
  ): Promise<Gpu> {
    const facts = adapterFacts(adapter.info);
    const device = await requestDevice(adapter, facts);
    return new Gpu(device, facts, capacity);
  }

  /** Threads of a workgroup that has `items` things to do side by side. */
  workgroupSizeFor(items: number): number {
    // A software adapter runs a workgroup on one core, where more threads only
    // mean more state to switch between, up to the point where each has too
    // many turns of its loops to make.
    const wanted = this.facts.software
      ? Math.min(Math.ceil(items / 8), 256)
      : Math.min(items, 512);
    return Math.min(
      Math.max(Math.ceil(wanted / 32) * 32, 32),
      this.capacity.workgroupSize,
    );
  }

  /** The kernel of a source, compiled on first use. */
  kernel(source: KernelSource): Kernel {
    const code = declarations(source.bindings) + source.code;
    const known = this.#kernels.get(code);
    if (known) return known;
    const { kernel, fault } = compile(this.device, source, code);
    this.#check(fault.then((message) => {
      if (message === undefined) return;
      // Its next user is to hear of it too.
      this.#kernels.delete(code);
      this.#failure ??= new BackendError(
        `Cannot compile the kernel ${source.label} for ${this.facts.name}: ` +
          message,
      );
    }));
    this.#kernels.set(code, kernel);
    return kernel;
  }

  /**
   * A storage buffer of zeros.
   *
   * @throws {OutOfMemory} if it is larger than the device allows
   */
  buffer(bytes: number): GPUBuffer {
    const size = Math.max(Math.ceil(bytes / 4) * 4, 4);
    if (size > this.capacity.bufferBytes) {
      throw new OutOfMemory(
        `Cannot hold ${size} bytes in one buffer of ${this.facts.name}: ` +
          `at most ${this.capacity.bufferBytes} are allowed`,
      );
    }
    return this.device.createBuffer({
      size,
      usage: usage.storage | usage.copySource | usage.copyDestination,
    });
  }

  /** A storage buffer that holds `data`. */
  upload(data: Float32Array | Uint32Array): GPUBuffer {
    const buffer = this.buffer(data.byteLength);
    this.write(buffer, data);
    return buffer;
  }

  /** Writes `data` at the start of a buffer. */
  write(buffer: GPUBuffer, data: Float32Array | Uint32Array): void {
    // Only shared memory is excluded by the type asked for; it is not used here.
    this.device.queue.writeBuffer(
      buffer,
      0,
      data as Float32Array<ArrayBuffer>,
    );
  }

  /** Has a buffer destroyed when the present task ends. */
  temporary(buffer: GPUBuffer): GPUBuffer {
    this.#temporary.push(buffer);
    return buffer;
  }

  /** Destroys the temporary buffers; work that was submitted still gets them. */
  release(): void {
    for (const buffer of this.#temporary.splice(0)) buffer.destroy();
  }

  /** Copies bytes of a buffer to another. */
  copy(
    source: GPUBuffer,
    target: GPUBuffer,
    bytes: number,
    to = 0,
    from = 0,
  ): void {
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(source, from, target, to, bytes);
    this.device.queue.submit([encoder.finish()]);
  }

  /** A temporary uniform buffer that holds unsigned numbers, then floats. */
  uniform(
    words: readonly number[],
    floats: readonly number[] = [],
  ): GPUBuffer {
    const length = words.length + floats.length;
    const data = new Uint32Array(
      Math.max(Math.ceil(length / 4) * 4, uniformWords),
    );
    data.set(words);
    new Float32Array(data.buffer).set(floats, words.length);
    const buffer = this.device.createBuffer({
      size: data.byteLength,
      usage: usage.uniform | usage.copyDestination,
    });
    this.device.queue.writeBuffer(buffer, 0, data);
    return this.temporary(buffer);
  }

  /**
   * Runs dispatches one after the other, in one submission. Long scans are cut
   * into several: a driver may end a submission that takes seconds.
   */
  run(dispatches: readonly Dispatch[]): void {
    const { device } = this;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const { kernel, buffers, workgroups } of dispatches) {
      pass.setPipeline(kernel.pipeline);
      pass.setBindGroup(
        0,
        device.createBindGroup({
          label: kernel.label,
          layout: kernel.layout,
          entries: buffers.map((part, binding) => ({
            binding,
            resource: "buffer" in part ? part : { buffer: part },
          })),
        }),
      );
      pass.dispatchWorkgroups(...workgroups as [number, number, number]);
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  /**
   * Waits for all that was submitted and copies the starts of buffers to the
   * host, all of them in one readback.
   *
   * @param parts buffer and number of bytes of each
   * @returns the bytes of each
   * @throws {BackendError} for any error since the last readback
   */
  async read(
    parts: readonly BufferStart[],
  ): Promise<ArrayBuffer[]> {
    const copies = await this.#readback.read(parts, this.lost);
    if (copies instanceof Error) {
      this.throwFailure();
      throw new BackendError(
        `Cannot read results back from ${this.facts.name}: ${copies.message}`,
      );
    }
    await this.settle();
    return copies;
  }

  /**
   * Runs `task` alone on the device, with every error of the device caught.
   *
   * @throws {BackendError} what the device reported
   */
  exclusive<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(async () => {
      this.throwFailure();
      const { device } = this;
      device.pushErrorScope("out-of-memory");
      device.pushErrorScope("validation");
      let value: T | undefined;
      let thrown: unknown;
      try {
        value = await task();
      } catch (error) {
        thrown = error;
      }
      this.release();
      const validation = await device.popErrorScope().catch(() => null);
      const memory = await device.popErrorScope().catch(() => null);
      // A buffer that could not be had makes everything that uses it invalid.
      const error = memory ?? validation;
      if (error) this.#fail(error);
      // What the device says explains best what the task ran into.
      const failure = this.#failure;
      if (failure instanceof OutOfMemory) this.#failure = undefined;
      if (failure) throw failure;
      if (thrown) throw thrown;
      return value as T;
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  /**
   * Waits until every kernel compiled so far was checked.
   *
   * @throws {BackendError} for one that does not compile
   */
  async settle(): Promise<void> {
    await this.compiled();
    this.throwFailure();
  }

  /** Waits until every kernel compiled so far was checked. */
  async compiled(): Promise<void> {
    await Promise.all(this.#checks.splice(0));
  }

  /** Throws what went wrong on the device, if anything did. */
  throwFailure(): void {
    if (this.#failure) throw this.#failure;
  }

  /**
   * The same, once: what went wrong with a kernel or a batch is then forgotten, as
   * others may go well. A device that is lost stays so.
   */
  throwFailureOnce(): void {
    const failure = this.#failure;
    if (!this.#isLost) this.#failure = undefined;
    if (failure) throw failure;
  }

  /** Gives the device back. */
  close(): void {
    this.device.destroy();
  }

  #check(check: Promise<unknown>): void {
    this.#checks.push(check.catch(() => {}));
  }

  #fail(error: GPUError): void {
    const message = error.message.trim();
    this.#failure ??= error instanceof GPUOutOfMemoryError
      ? new OutOfMemory(
        `Cannot hold the batch on ${this.facts.name}: out of memory`,
      )
      : new BackendError(
        `Cannot compute on ${this.facts.name}: ${message || "unknown error"}`,
      );
  }
}
