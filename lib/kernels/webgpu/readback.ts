/** Copies results from the device to the host, through one buffer that is kept. */
import { usage } from "./device.ts";
import { settledWithin } from "./failures.ts";

/** The start of a buffer. */
export interface BufferStart {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
}

const mapForReading = 0x1;

/** How long after a failure the news of a lost device may come, in ms. */
const lossNotice = 100;

/** The way back from a device. */
export class Readback {
  readonly #device: GPUDevice;
  #staging: GPUBuffer | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /**
   * Waits for all that was submitted and copies the starts of buffers.
   *
   * @param lost settles when the device is lost
   * @returns the bytes of each, or the error that kept them from coming
   */
  async read(
    parts: readonly BufferStart[],
    lost: Promise<Error>,
  ): Promise<ArrayBuffer[] | Error> {
    const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    const staging = this.#stagingOf(total);
    const encoder = this.#device.createCommandEncoder();
    let offset = 0;
    for (const { buffer, bytes } of parts) {
      encoder.copyBufferToBuffer(buffer, 0, staging, offset, bytes);
      offset += bytes;
    }
    this.#device.queue.submit([encoder.finish()]);
    const mapped = staging.mapAsync(mapForReading, 0, Math.max(total, 4));
    const outcome = await Promise.race([
      mapped.then(() => undefined, (error: Error) => error),
      lost,
    ]);
    if (outcome) {
      this.#staging = undefined;
      // A device that is lost says so a little after it stops working.
      await settledWithin(lost, lossNotice);
      return outcome;
    }
    const bytes = staging.getMappedRange(0, Math.max(total, 4));
    let start = 0;
    const copies = parts.map((part) => {
      const copy = bytes.slice(start, start + part.bytes);
      start += part.bytes;
      return copy;
    });
    staging.unmap();
    return copies;
  }

  #stagingOf(bytes: number): GPUBuffer {
    if (!this.#staging || this.#staging.size < bytes) {
      this.#staging?.destroy();
      this.#staging = this.#device.createBuffer({
        size: Math.max(bytes, 4096),
        usage: usage.mapRead | usage.copyDestination,
      });
    }
    return this.#staging;
  }
}
