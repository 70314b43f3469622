/** Buffers that are kept from batch to batch and grow as needed. */
import type { Gpu } from "./gpu.ts";

/** Named buffers of at least the size last asked for. */
export class Scratch {
  readonly #gpu: Gpu;
  readonly #buffers = new Map<string, GPUBuffer>();

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** A buffer of at least `bytes`; what it holds is left over from earlier. */
  get(name: string, bytes: number): GPUBuffer {
    const known = this.#buffers.get(name);
    if (known && known.size >= bytes) return known;
    known?.destroy();
    this.#buffers.delete(name);
    const buffer = this.#gpu.buffer(bytes);
    this.#buffers.set(name, buffer);
    return buffer;
  }

  /** A buffer that starts with `data`. */
  put(name: string, data: Float32Array | Uint32Array): GPUBuffer {
    const buffer = this.get(name, data.byteLength);
    this.#gpu.write(buffer, data);
    return buffer;
  }

  /** Destroys all of them. */
  close(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }
}
