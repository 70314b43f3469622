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
  for (const byte of bytes) sum = (sum >>> 8) ^ table[(sum ^ byte) & 0xff];
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
  view.setBigUint64(0, BigInt(data.length), true);
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
  return tfRecord(Uint8Array.from([
    ...double(1, time),
    ...text(3, "brain.Event:2"),
  ]));
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
  const summary = Object.entries(scalars).flatMap(([tag, value]) =>
    bytes(1, [...text(1, tag), ...float(2, value)])
  );
  return tfRecord(Uint8Array.from([
    ...double(1, time),
    ...key(2, wire.varint),
    ...varint(step),
    ...bytes(5, summary),
  ]));
}

const encoder = new TextEncoder();

/** How a field's value is written. */
const wire = { varint: 0, eight: 1, counted: 2, four: 5 } as const;

function key(field: number, type: number): number[] {
  return varint(field << 3 | type);
}

/** Seven bits a byte, the lowest first; the top bit says that more follow. */
function varint(value: number): number[] {
  const out: number[] = [];
  // Steps may have more than 32 bits: no bit operations on the whole.
  for (; value > 0x7f; value = Math.floor(value / 0x80)) {
    out.push(value % 0x80 | 0x80);
  }
  return [...out, value];
}

function bytes(field: number, data: ArrayLike<number>): number[] {
  return [
    ...key(field, wire.counted),
    ...varint(data.length),
    ...Array.from(data),
  ];
}

function text(field: number, value: string): number[] {
  return bytes(field, encoder.encode(value));
}

const scratchBytes = new Uint8Array(8);
const scratch = new DataView(scratchBytes.buffer);

function double(field: number, value: number): number[] {
  scratch.setFloat64(0, value, true);
  return [...key(field, wire.eight), ...scratchBytes];
}

function float(field: number, value: number): number[] {
  scratch.setFloat32(0, value, true);
  return [...key(field, wire.four), ...scratchBytes.subarray(0, 4)];
}
