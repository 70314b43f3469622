/**
 * Tensors with metadata (.safetensors): a JSON header and raw numbers, quick to
 * read and with nothing in it that could run.
 *
 * Source: Hugging Face, safetensors format description.
 */
import { ModelFileError } from "../errors.ts";
import { ofHalf } from "./half.ts";
import { parseJson } from "./nested_json.ts";
import { canonicalNaN } from "../mat5/nan.ts";

/** Numbers of a tensor. */
export type TensorData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A tensor, row-major. */
export interface Tensor {
  /** Sizes; empty for a single number. */
  readonly shape: readonly number[];
  /** Its numbers, row-major. */
  readonly data: TensorData;
}

/** What a file holds. */
export interface SafeTensors {
  /** Tensors by name. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Text by name. */
  readonly metadata: ReadonlyMap<string, string>;
}

interface TensorArray {
  new (buffer: ArrayBuffer): TensorData;
  readonly BYTES_PER_ELEMENT: number;
}

const arrays: Readonly<Record<string, TensorArray>> = {
  F32: Float32Array,
  F64: Float64Array,
  I8: Int8Array,
  U8: Uint8Array,
  I16: Int16Array,
  U16: Uint16Array,
  I32: Int32Array,
  U32: Uint32Array,
  I64: BigInt64Array,
  U64: BigUint64Array,
};

/** Types that are read alone, as another one that holds all their numbers. */
const widened: Readonly<
  Record<
    string,
    { readonly size: number; read(buffer: ArrayBuffer): TensorData }
  >
> = {
  F16: {
    size: 2,
    read: (buffer) => Float32Array.from(new Uint16Array(buffer), ofHalf),
  },
  BF16: {
    size: 2,
    read: (buffer) =>
      new Float32Array(
        Uint32Array.from(new Uint16Array(buffer), (bits) => bits << 16).buffer,
      ),
  },
  BOOL: { size: 1, read: (buffer) => new Uint8Array(buffer) },
};

/** Longest header that the format allows. */
const maxHeaderLength = 100_000_000;
const metadataName = "__metadata__";

function unreadable(reason: string, cause?: unknown): ModelFileError {
  return new ModelFileError(`Cannot read the safetensors file: ${reason}`, {
    cause,
  });
}

function product(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

function typeOf(data: TensorData): string {
  const found = Object.entries(arrays)
    .find(([, array]) => data instanceof array);
  if (found === undefined) {
    throw new TypeError(
      "Cannot write the safetensors file: received a tensor that is not a typed array of numbers",
    );
  }
  return found[0];
}

/**
 * Writes tensors and metadata. The same content gives the same bytes; tensors
 * of wide numbers come first, so that each is aligned to its own size.
 *
 * @throws {TypeError} if a tensor's numbers and sizes do not fit
 * @throws {RangeError} if a tensor is called `__metadata__`
 */
export function encodeSafeTensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: ReadonlyMap<string, string> = new Map(),
): Uint8Array<ArrayBuffer> {
  const ordered = [...tensors].sort(([, a], [, b]) =>
    b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT
  );
  // Without a prototype, a tensor may have any name.
  const header: Record<string, unknown> = Object.create(null);
  if (metadata.size > 0) {
    header[metadataName] = Object.fromEntries(metadata);
  }
  let offset = 0;
  for (const [name, { shape, data }] of ordered) {
    if (name === metadataName) {
      throw new RangeError(
        `Cannot write the safetensors file: received a tensor called ${metadataName}, allowed is any other name`,
      );
    }
    if (
      product(shape) !== data.length ||
      !shape.every((size) => Number.isSafeInteger(size) && size >= 0)
    ) {
      throw new TypeError(
        `Cannot write the safetensors file: received ${data.length} numbers for shape [${
          shape.join(", ")
        }] of ${JSON.stringify(name)}`,
      );
    }
    const end = offset + data.byteLength;
    header[name] = { dtype: typeOf(data), shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + offset)
    .fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const [, tensor] of ordered) {
    const data = canonicalNaN(tensor.data);
    bytes.set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      at,
    );
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads tensors and metadata. Half precision (F16, BF16) becomes single, and
 * truth values are 0 and 1.
 *
 * @throws {ModelFileError} if the file is damaged: a header that is cut off or
 * no JSON, a type that is not known, sizes that do not fit the bytes, tensors
 * that overlap or leave bytes unused
 */
export function decodeSafeTensors(bytes: Uint8Array): SafeTensors {
  const { header, body } = splitHeader(bytes);
  const metadata = new Map<string, string>();
  const places: { name: string; place: TensorPlace }[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name === metadataName) {
      for (const [key, text] of Object.entries(asObject(value, name))) {
        if (typeof text !== "string") {
          throw unreadable(
            `received metadata ${JSON.stringify(key)} that is not text`,
          );
        }
        metadata.set(key, text);
      }
    } else {
      places.push({ name, place: tensorPlace(name, value) });
    }
  }
  checkCovered(places.map(({ place }) => place), body.length);
  const tensors = new Map(
    places.map(({ name, place: { read, shape, from, to } }) => {
      const content = new Uint8Array(body.subarray(from, to));
      return [name, { shape, data: read(content.buffer) }] as const;
    }),
  );
  return { tensors, metadata };
}

function splitHeader(
  bytes: Uint8Array,
): { header: Record<string, unknown>; body: Uint8Array } {
  if (bytes.length < 8) {
    throw unreadable(`received ${bytes.length} bytes, expected at least 8`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > maxHeaderLength || 8 + length > bytes.length) {
    throw unreadable(
      `received a header of ${length} bytes in a file of ${bytes.length}`,
    );
  }
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true })
      .decode(bytes.subarray(8, 8 + length));
    header = parseJson(text);
  } catch (error) {
    throw unreadable("received a header that is not JSON", error);
  }
  return {
    header: asObject(header, "the header"),
    body: bytes.subarray(8 + length),
  };
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(`received ${what} that is not a JSON object`);
  }
  return value as Record<string, unknown>;
}

interface TensorPlace {
  /** Makes its numbers of its bytes. */
  read(buffer: ArrayBuffer): TensorData;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 32 &&
    value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function tensorPlace(name: string, value: unknown): TensorPlace {
  const shown = JSON.stringify(name);
  const entry = asObject(value, `tensor ${shown}`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const type = typeof dtype === "string" ? readingOf(dtype) : undefined;
  if (!type) {
    // If it is not a type, its beginning tells enough.
    const received = JSON.stringify(dtype)?.slice(0, 60) ?? "nothing";
    throw unreadable(
      `received tensor ${shown} of type ${received}, allowed are ${
        [...Object.keys(arrays), ...Object.keys(widened)].join(", ")
      }`,
    );
  }
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw unreadable(
      `received tensor ${shown} without sound sizes and offsets`,
    );
  }
  const [from, to] = offsets;
  if (to - from !== product(shape) * type.size) {
    throw unreadable(
      `received ${
        to - from
      } bytes for tensor ${shown} of type ${dtype} and shape [${
        shape.join(", ")
      }]`,
    );
  }
  return { read: type.read, shape, from, to };
}

/** How tensors of a type are read. */
function readingOf(
  dtype: string,
):
  | { readonly size: number; read(buffer: ArrayBuffer): TensorData }
  | undefined {
  if (Object.hasOwn(widened, dtype)) return widened[dtype];
  if (!Object.hasOwn(arrays, dtype)) return undefined;
  const array = arrays[dtype];
  return {
    size: array.BYTES_PER_ELEMENT,
    read: (buffer) => new array(buffer),
  };
}

/** Every byte belongs to exactly one tensor. */
function checkCovered(places: readonly TensorPlace[], length: number): void {
  let covered = 0;
  const ordered = places.toSorted((a, b) => a.from - b.from || a.to - b.to);
  for (const { from, to } of ordered) {
    if (from !== covered) {
      throw unreadable(
        `received tensors that overlap or leave a gap at byte ${covered}`,
      );
    }
    covered = to;
  }
  if (covered !== length) {
    throw unreadable(
      `received ${length} bytes of numbers, expected ${covered}`,
    );
  }
}
