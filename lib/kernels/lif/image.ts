/** The memory of a job, laid out from its base upwards. */
import { jobBase } from "../job.ts";

type Words = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Bytes that an array starts at a multiple of. */
const alignment = 64;

function align(at: number): number {
  return Math.ceil(at / alignment) * alignment;
}

/** Addresses, and what is written there before the calls. */
export class MemoryImage {
  readonly writes: { readonly at: number; readonly data: Words }[] = [];
  #top = jobBase;

  /** Bytes in all, from address 0. */
  get bytes(): number {
    return this.#top;
  }

  /** Address of room for a number of words, whose contents are undefined. */
  room(words: number): number {
    const at = this.#top;
    this.#top = align(at + 4 * words);
    return at;
  }

  /** Address of an array that is written before the calls. */
  put(data: Words): number {
    const at = this.room(data.length);
    if (data.length > 0) this.writes.push({ at, data });
    return at;
  }

  /** The same, filled up to `length`. */
  padded(values: ArrayLike<number>, length: number, fill = 0): number {
    const data = new Float32Array(length).fill(fill);
    data.set(values);
    return this.put(data);
  }
}

/** A record of 32-bit words, in order: addresses and whole numbers, or float32. */
export class WordRecord {
  readonly #view: DataView<ArrayBuffer>;
  #at = 0;

  constructor(words: number) {
    this.#view = new DataView(new ArrayBuffer(4 * words));
  }

  words(...values: number[]): this {
    for (const value of values) {
      this.#view.setUint32(this.#at, value, true);
      this.#at += 4;
    }
    return this;
  }

  floats(...values: number[]): this {
    for (const value of values) {
      this.#view.setFloat32(this.#at, value, true);
      this.#at += 4;
    }
    return this;
  }

  /** The record, which must be full. */
  done(): Uint32Array<ArrayBuffer> {
    if (this.#at !== this.#view.byteLength) {
      throw new Error(
        `Cannot write a record: ${this.#at} of ${this.#view.byteLength} bytes`,
      );
    }
    return new Uint32Array(this.#view.buffer);
  }
}
