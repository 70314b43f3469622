/**
 * TensorBoard's event files: records of protocol buffers, each with its length
 * and masked CRC-32C sums.
 *
 * A record is: length (uint64), masked sum of the length (uint32), data, masked
 * sum of the data (uint32), all little-endian. The data is a message `Event`:
 * 1 wall_time (double), 2 step (int64), 3 file_version (string), 5 summary;
 * a summary has any number of 1 value, each with 1 tag (string) and
 * 2 simple_value (float).
 *
 * Source: TensorFlow, core/lib/io/record_writer.h, core/util/event.proto and
 * core/framework/summary.proto.
 */

/** Castagnoli's polynomial, its bits reversed. */
const polynomial = 0x82f63b78;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) {
    sum = sum & 1 ? (sum >>> 1) ^ polynomial : sum >>> 1;
  }
  return sum;
});

/**
 * CRC-32C (Castagnoli) of some bytes.
 *
 * Source: RFC 3720, 12.1 and B.4.
 */
export function crc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (let k = 0; k < bytes.length; k++) {
    sum = (sum >>> 8) ^ table[(sum ^ bytes[k]) & 0xff];
  }
  return (sum ^ 0xffffffff) >>> 0;
}

/** A sum as records hold it: rotated and offset, so that sums of sums differ. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const sum = crc32c(bytes);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

/** Data with its length and sums. */
export function tfRecord(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  // The upper half of the length stays 0.
  view.setUint32(0, data.length, true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

/**
 * The record that a file begins with.
 *
 * @param time seconds since 1970
 */
export function versionRecord(time: number): Uint8Array<ArrayBuffer> {
  event.clear();
  event.double(1, time);
  event.bytes(3, encoder.encode("brain.Event:2"));
  return tfRecord(event.written);
}

/**
 * A record of scalars at a step.
 *
 * @param time seconds since 1970
 * @param step whole, 0 or more
 * @param scalars by tag
 * @throws {RangeError} for a step that is not whole or is below 0
 */
export function scalarsRecord(
  time: number,
  step: number,
  scalars: Readonly<Record<string, number>>,
): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(step) || step < 0) {
    throw new RangeError(
      `Cannot write an event at step ${step}: a whole number of 0 or more is needed`,
    );
  }
  summary.clear();
  for (const tag in scalars) {
    value.clear();
    value.bytes(1, encoder.encode(tag));
    value.float(2, scalars[tag]);
    summary.bytes(1, value.written);
  }
  event.clear();
  event.double(1, time);
  event.varint(2, step);
  event.bytes(5, summary.written);
  return tfRecord(event.written);
}

const encoder = new TextEncoder();

/** How a field's value is written. */
const wire = { varint: 0, eight: 1, counted: 2, four: 5 } as const;

/** A protocol buffer that is being written. */
class Message {
  #bytes = new Uint8Array(64);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  /** What was written so far; it is gone after the next `clear`. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  varint(field: number, value: number): void {
    this.#key(field, wire.varint);
    this.#number(value);
  }

  double(field: number, value: number): void {
    this.#key(field, wire.eight);
    this.#view.setFloat64(this.#grow(8), value, true);
  }

  float(field: number, value: number): void {
    this.#key(field, wire.four);
    this.#view.setFloat32(this.#grow(4), value, true);
  }

  bytes(field: number, data: Uint8Array): void {
    this.#key(field, wire.counted);
    this.#number(data.length);
    const at = this.#grow(data.length);
    this.#bytes.set(data, at);
  }

  #key(field: number, type: number): void {
    this.#number(field << 3 | type);
  }

  /** Seven bits a byte, the lowest first; the top bit says that more follow. */
  #number(value: number): void {
    // Steps may have more than 32 bits: no bit operations on the whole.
    for (; value > 0x7f; value = Math.floor(value / 0x80)) {
      const at = this.#grow(1);
      this.#bytes[at] = value % 0x80 | 0x80;
    }
    const at = this.#grow(1);
    this.#bytes[at] = value;
  }

  /** Makes room, and says where it begins. */
  #grow(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#length);
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return at;
  }
}

/** A run writes a record an update: these are used again and again. */
const event = new Message();
const summary = new Message();
const value = new Message();
