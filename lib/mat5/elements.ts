/**
 * The bytes of a MATLAB file as a row of elements, each a type, a length and
 * data; and the budget that keeps a hostile file from costing much.
 */
import { ModelFileError } from "../errors.ts";
import { align8, elementType, numericArrays, storageOfType } from "./layout.ts";
import type { NumericArray, NumericClass } from "./types.ts";

/** Error for a file that cannot be read. */
export function unreadable(reason: string, cause?: unknown): ModelFileError {
  return new ModelFileError(`Cannot read the MATLAB file: ${reason}`, {
    cause,
  });
}

/** A sound variable that this reader has no form for; the others can be read. */
export class UnsupportedError extends ModelFileError {}

/** Error for a variable that is carried along as it is, or left out. */
export function unsupported(reason: string): UnsupportedError {
  return new UnsupportedError(`Cannot read the MATLAB file: ${reason}`);
}

/** Bytes of memory that reading one file may still cost. */
export class Budget {
  #left: number;

  constructor(readonly bytes: number) {
    this.#left = bytes;
  }

  /** @throws {ModelFileError} when the budget is spent */
  charge(bytes: number): void {
    if (!(bytes <= this.#left)) {
      throw unreadable(
        `received content that needs more than the ${
          Math.round(this.bytes / 2 ** 20)
        } MiB allowed for a file of this size (option maxBytes allows more)`,
      );
    }
    this.#left -= bytes;
  }

  /** Gives back what was needed for a while only. */
  refund(bytes: number): void {
    this.#left += bytes;
  }
}

/** One element: its type and its data, without padding. */
export interface Element {
  readonly type: number;
  readonly data: Uint8Array;
}

/** Reads elements one after the other. */
export class Elements {
  #position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(
    bytes: Uint8Array,
    readonly littleEndian: boolean,
    readonly budget: Budget,
  ) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether all bytes are read. */
  get done(): boolean {
    return this.#position >= this.#bytes.length;
  }

  /** The next element. @throws {ModelFileError} if the bytes end within it */
  next(what: string): Element {
    const start = this.#position;
    if (start + 8 > this.#bytes.length) {
      throw unreadable(
        `received a file that ends before ${what} (is it cut off?)`,
      );
    }
    const word = this.#view.getUint32(start, this.littleEndian);
    // Up to 4 bytes of data fit into the tag itself: length above, type below.
    const smallLength = word >>> 16;
    if (smallLength > 0) {
      if (smallLength > 4) {
        throw unreadable(
          `received a small element of ${smallLength} bytes in ${what}, allowed are up to 4`,
        );
      }
      this.#position = start + 8;
      return {
        type: word & 0xffff,
        data: this.#bytes.subarray(start + 4, start + 4 + smallLength),
      };
    }
    let length = this.#view.getUint32(start + 4, this.littleEndian);
    // Matrices are made of aligned elements. Octave 7 gives those with exactly
    // four bytes of text four bytes too many.
    if (word === elementType.matrix) length -= length % 8;
    const from = start + 8;
    if (from + length > this.#bytes.length) {
      throw unreadable(
        `received ${what} of ${length} bytes where the file has ${
          this.#bytes.length - from
        } left (is it cut off, or damaged?)`,
      );
    }
    this.#position = from +
      (word === elementType.compressed ? length : align8(length));
    return { type: word, data: this.#bytes.subarray(from, from + length) };
  }

  /** The next element's numbers, exactly `count` of them, in the class that stores them. */
  numbers(what: string, count?: number): NumericArray {
    const { type, data } = this.next(what);
    const storage = storageOfType.get(type);
    if (storage === undefined) {
      throw unreadable(`received data of type ${type} for ${what}`);
    }
    const size = numericArrays[storage].BYTES_PER_ELEMENT;
    if (data.length !== (count ?? Math.floor(data.length / size)) * size) {
      throw unreadable(
        `received ${data.length} bytes of ${storage} for ${what}, expected ${
          count === undefined ? "whole numbers of them" : `${count} values`
        }`,
      );
    }
    this.budget.charge(data.length);
    return decodeNumbers(data, storage, this.littleEndian);
  }

  /** Whether elements follow the next one. */
  get goesOn(): boolean {
    const start = this.#position;
    this.next("data");
    const more = !this.done;
    this.#position = start;
    return more;
  }

  /**
   * The next element's numbers, or, if it has as many bytes as there are
   * entries, its bytes: MATLAB declares those of sparse truth values as doubles.
   */
  sparseNumbers(what: string, entries: number): NumericArray {
    const start = this.#position;
    const { data } = this.next(what);
    if (data.length === entries) {
      this.budget.charge(data.length);
      return new Uint8Array(data);
    }
    this.#position = start;
    return this.numbers(what);
  }

  /** The next element's numbers as whole numbers of at most 32 bits. */
  integers(what: string, count?: number): Int32Array {
    const numbers = this.numbers(what, count);
    if (numbers instanceof Int32Array) return numbers;
    return convert(numbers, "int32", what) as Int32Array;
  }

  /** The next element's numbers in a class of our choice. */
  numbersOf(wanted: NumericClass, what: string, count: number): NumericArray {
    const stored = this.numbers(what, count);
    if (stored instanceof numericArrays[wanted]) return stored;
    // Whole doubles are stored in fewer bytes: charge for what they become.
    this.budget.charge(count * numericArrays[wanted].BYTES_PER_ELEMENT);
    this.budget.refund(stored.byteLength);
    return convert(stored, wanted, what);
  }
}

/** Copies numbers out of the file's bytes, in this machine's byte order (little-endian). */
function decodeNumbers(
  data: Uint8Array,
  storage: NumericClass,
  littleEndian: boolean,
): NumericArray {
  // Not slice(): a Buffer's shares its memory.
  const copy = new Uint8Array(data);
  const size = numericArrays[storage].BYTES_PER_ELEMENT;
  if (!littleEndian && size > 1) {
    for (let at = 0; at < copy.length; at += size) {
      copy.subarray(at, at + size).reverse();
    }
  }
  return new numericArrays[storage](copy.buffer);
}

/** Converts numbers to a class; integer classes take only numbers they hold exactly. */
function convert(
  numbers: NumericArray,
  wanted: NumericClass,
  what: string,
): NumericArray {
  if (numbers instanceof numericArrays[wanted]) return numbers;
  const result = new numericArrays[wanted](numbers.length);
  const wide = wanted === "int64" || wanted === "uint64";
  const exact = wanted !== "double" && wanted !== "single";
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i];
    if (wide) {
      if (typeof number === "number" && !Number.isInteger(number)) {
        throw unreadable(`received ${number} for ${what} of class ${wanted}`);
      }
      result[i] = BigInt(number);
    } else {
      result[i] = Number(number);
    }
    if (exact && Number(result[i]) !== Number(number)) {
      throw unreadable(`received ${number} for ${what} of class ${wanted}`);
    }
  }
  return result;
}
