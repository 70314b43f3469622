/** MATLAB files: variables of real models recombined, elements that lie. */
import { deflateSync } from "node:zlib";
import { decodeMat, type MatValue } from "../../../lib/mat5/mod.ts";
import {
  arrayClass,
  elementType,
  headerLength,
} from "../../../lib/mat5/layout.ts";
import { decodeModel, encodeModel } from "../../../lib/formats/model_file.ts";
import { fullModel, network } from "../../../tests/formats/samples.ts";
import { assertSound } from "../../../tests/formats/sound.ts";
import type { Dice } from "../dice.ts";
import type { HostileFormat } from "./format.ts";

/** Hostile numbers for data and sizes. */
const numbers = [
  ...[0, 1, -1, 2, 0.5, NaN, Infinity, -Infinity, 1e-320, 1e308, -0],
  ...[127, 255, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 53],
];

const types = Object.values(elementType);
const classes = Object.values(arrayClass);
const names = ["", "__proto__", "w", "W", "a".repeat(63), "a".repeat(200)]
  .concat("constructor", "\u001b[2J", "x\u0000y", "é", "taus", "1a", "..");

/** Writes elements in a byte order, some of them wrong. */
class Writer {
  constructor(
    readonly dice: Dice,
    readonly little: boolean,
    /** One element in so many is wrong. */
    readonly every: number,
  ) {}

  /** A tag and data; what the tag says need not be so. */
  element(type: number, data: Uint8Array): Uint8Array {
    const { dice } = this;
    let length = data.length;
    if (dice.once(this.every)) {
      switch (dice.below(5)) {
        case 0:
          type = dice.pick(types);
          break;
        case 1:
          length = dice.pick([0, length + 1, length + 8, length - 1, 1 << 16]);
          break;
        case 2:
          length = dice.pick([2 ** 31, 2 ** 32 - 1, 2 ** 31 - 8, 2 ** 28]);
          break;
        case 3:
          data = data.subarray(0, dice.below(data.length + 1));
          break;
        default:
          type = dice.below(2 ** 16);
      }
    }
    if (data.length > 0 && data.length <= 4 && dice.below(4) > 0) {
      const small = new Uint8Array(8);
      small.set(this.words(((length & 0xffff) << 16) | type));
      small.set(data, 4);
      return small;
    }
    const padded = new Uint8Array(8 + Math.ceil(data.length / 8) * 8);
    padded.set(this.words(type, length));
    padded.set(data, 8);
    return type === elementType.compressed
      ? padded.subarray(0, 8 + data.length)
      : padded;
  }

  words(...values: number[]): Uint8Array {
    const view = new DataView(new ArrayBuffer(4 * values.length));
    values.forEach((v, k) => view.setUint32(4 * k, v >>> 0, this.little));
    return new Uint8Array(view.buffer);
  }

  /** Numbers as bytes of an element type. */
  numbers(values: ArrayLike<number | bigint>, type: number): Uint8Array {
    const size = sizes[type] ?? 8;
    const view = new DataView(new ArrayBuffer(size * values.length));
    for (let k = 0; k < values.length; k++) {
      const at = k * size;
      const value = Number(values[k]);
      if (type === elementType.double) view.setFloat64(at, value, this.little);
      else if (type === elementType.single) {
        view.setFloat32(at, value, this.little);
      } else if (size === 1) view.setUint8(at, value);
      else if (size === 2) view.setUint16(at, value, this.little);
      else if (size === 4) view.setUint32(at, value, this.little);
      else {
        const whole = Number.isFinite(value) ? Math.trunc(value) : 0;
        view.setBigUint64(at, BigInt.asUintN(64, BigInt(whole)), this.little);
      }
    }
    return new Uint8Array(view.buffer);
  }

  /** An array: flags, sizes, name and content, each of which may be wrong. */
  matrix(name: string, value: MatValue, depth = 0): Uint8Array {
    const { dice } = this;
    const wrong = () => dice.once(this.every);
    if (value.kind === "opaque") {
      return this.element(elementType.matrix, value.content);
    }
    let number = classNumber(value);
    if (wrong()) number = dice.pick(classes);
    let flags = value.kind === "logical" ? 2 : 0;
    if ("imaginary" in value && value.imaginary) flags |= 8;
    if (wrong()) flags = dice.below(256);
    let dims = [...value.dims] as number[];
    if (wrong()) dims = this.dims(dims);
    const parts = [
      this.element(elementType.uint32, this.words(number | flags << 8, 0)),
      this.element(elementType.int32, this.numbers(dims, elementType.int32)),
      this.element(elementType.int8, new TextEncoder().encode(name)),
      ...this.content(value, depth),
    ];
    if (wrong()) {
      const at = dice.below(parts.length);
      if (dice.once(2)) parts.splice(at, 1);
      else parts.splice(at, 0, dice.pick(parts));
    }
    return this.element(elementType.matrix, joined(parts));
  }

  dims(dims: number[]): number[] {
    const { dice } = this;
    switch (dice.below(4)) {
      case 0:
        return dims.toReversed();
      case 1:
        return [...dims, dice.pick([0, 1, 2, 1 << 30])];
      case 2:
        return Array.from({ length: dice.below(40) }, () => 1);
      default:
        dims[dice.below(dims.length)] = dice.pick(numbers);
        return dims;
    }
  }

  content(
    value: Exclude<MatValue, { kind: "opaque" }>,
    depth: number,
  ): Uint8Array[] {
    const { dice } = this;
    switch (value.kind) {
      case "numeric":
      case "logical": {
        const type = dice.once(2 * this.every)
          ? dice.pick(types)
          : value.kind === "logical"
          ? elementType.uint8
          : elementType[value.class];
        const parts = [this.element(type, this.numbers(value.data, type))];
        if ("imaginary" in value && value.imaginary) parts.push(parts[0]);
        return parts;
      }
      case "char": {
        const type = dice.pick([
          elementType.utf8,
          elementType.utf16,
          elementType.uint16,
          elementType.utf32,
          elementType.uint8,
        ]);
        const units = Array.from(value.rows.join(""), (c) => c.charCodeAt(0));
        return [this.element(type, this.numbers(units, type))];
      }
      case "cell":
        return value.cells.map((cell) => this.matrix("", cell, depth + 1));
      case "struct": {
        const fields = [...value.fields];
        const width = dice.once(this.every) ? dice.pick([0, 1, 5, 64, -1]) : 32;
        const text = new Uint8Array(fields.length * 32);
        fields.forEach(([name], k) =>
          text.set(new TextEncoder().encode(name).subarray(0, 31), 32 * k)
        );
        return [
          this.element(elementType.int32, this.words(width)),
          this.element(elementType.int8, text),
          ...fields.flatMap(([, values]) =>
            values.map((inner) => this.matrix("", inner, depth + 1))
          ),
        ];
      }
      case "sparse":
        return [value.rowIndices, value.columnStarts, value.data].map((part) =>
          this.element(elementType.int32, this.numbers(part, elementType.int32))
        );
    }
  }

  /** A variable, compressed or not, or more than once. */
  variable(name: string, value: MatValue): Uint8Array {
    const plain = this.matrix(name, value);
    if (this.dice.below(3) > 0) return plain;
    let packed: Uint8Array = deflateSync(
      this.dice.once(200) ? joined([plain, new Uint8Array(1 << 24)]) : plain,
    );
    if (this.dice.once(this.every)) {
      const twice = this.element(elementType.compressed, packed);
      packed = this.dice.once(2)
        ? deflateSync(twice)
        : packed.subarray(0, this.dice.below(packed.length + 1));
    }
    return this.element(elementType.compressed, packed);
  }
}

const sizes: Record<number, number> = {
  1: 1,
  2: 1,
  3: 2,
  4: 2,
  5: 4,
  6: 4,
  7: 4,
  9: 8,
  12: 8,
  13: 8,
  16: 1,
  17: 2,
  18: 4,
};

function classNumber(value: Exclude<MatValue, { kind: "opaque" }>): number {
  if (value.kind === "numeric") return arrayClass[value.class];
  return value.kind === "logical" ? arrayClass.uint8 : arrayClass[value.kind];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A value with other numbers, sizes or kind, or in another. */
function changed(
  value: MatValue,
  dice: Dice,
  others: readonly MatValue[],
): MatValue {
  switch (dice.below(9)) {
    case 0:
      return dice.pick(others);
    case 1: {
      let inner = value;
      const depth = dice.once(10) ? 400 : 1 + dice.below(40);
      for (let k = 0; k < depth; k++) {
        inner = { kind: "cell", dims: [1, 1], cells: [inner] };
      }
      return inner;
    }
    case 2:
      return {
        kind: "struct",
        dims: [1, 1],
        fields: new Map([[dice.pick(names), [value]]]),
      };
    case 3: {
      const data = Float64Array.from(
        { length: dice.below(5) },
        () => dice.pick(numbers),
      );
      const dims = dice.once(2) ? [1, data.length] : [data.length, 1];
      return { kind: "numeric", class: "double", dims, data };
    }
    case 4: {
      const text = dice.pick(['{"__proto__":1}', "[", "NaN", "", "gaus", "\0"]);
      return { kind: "char", dims: [1, text.length], rows: [text] };
    }
    case 5:
      if (value.kind === "char") {
        const [text = ""] = value.rows;
        const cut = text.slice(0, dice.below(text.length + 1)) + text;
        return { ...value, dims: [1, cut.length], rows: [cut] };
      }
      return { kind: "numeric", class: "double", dims: [0, 0], data: none };
    default:
      if (value.kind !== "numeric" || value.data.length === 0) {
        return dice.pick(others);
      }
      return withNumber(value, dice);
  }
}

const none = new Float64Array();

function withNumber(
  value: Extract<MatValue, { kind: "numeric" }>,
  dice: Dice,
): MatValue {
  const data = Float64Array.from(value.data, Number);
  for (let k = dice.below(4); k >= 0; k--) {
    data[dice.below(data.length)] = dice.pick(numbers);
  }
  const kind = dice.once(3) ? "double" : value.class;
  return kind === "double" ? { ...value, class: kind, data } : {
    ...value,
    data: kind === "single" ? Float32Array.from(data) : value.data,
  };
}

/** The header, sometimes of another file or byte order. */
function header(dice: Dice, little: boolean): Uint8Array {
  const bytes = new Uint8Array(headerLength);
  bytes.set(new TextEncoder().encode("MATLAB 5.0 MAT-file, by an attack"));
  bytes.set(little ? [0, 1, 0x49, 0x4d] : [1, 0, 0x4d, 0x49], 124);
  if (dice.once(50)) bytes[dice.pick([0, 124, 125, 126, 127])] ^= 1;
  return bytes;
}

function make(
  dice: Dice,
  pools: readonly (readonly [string, MatValue][])[],
): Uint8Array {
  const little = dice.below(4) > 0;
  const variables = [...dice.pick(pools)];
  const others = variables.map(([, value]) => value);
  const structural = dice.below(3) > 0 ? 1 + dice.below(4) : 0;
  for (let k = 0; k < structural; k++) {
    const at = dice.below(variables.length);
    const [name, value] = variables[at];
    switch (dice.below(6)) {
      case 0:
        variables.splice(at, 1);
        break;
      case 1:
        variables.push([name, changed(value, dice, others)]);
        break;
      case 2:
        variables[at] = [dice.pick(names), value];
        break;
      default:
        variables[at] = [name, changed(value, dice, others)];
    }
    if (variables.length === 0) break;
  }
  // Either the fields are wrong, or the bytes too.
  const writer = new Writer(
    dice,
    little,
    dice.once(2) ? 2 ** 31 : 20 + dice.below(400),
  );
  return joined([
    header(dice, little),
    ...variables.map(([name, value]) => writer.variable(name, value)),
  ]);
}

/** Model files. */
export const mat: HostileFormat = {
  name: "model (.mat)",
  what: "wrong fields, sizes, classes, byte order, nesting, tags, compression",
  prepare() {
    const pools = [
      fullModel([4]),
      fullModel([3, 2]),
      fullModel([3], false),
      { network: network([5]) },
    ].map((model) => [...decodeMat(encodeModel(model))]);
    return {
      make: (dice) => make(dice, pools),
      read(bytes) {
        const model = decodeModel(bytes);
        assertSound(model);
        // What was read can be written, and read again.
        decodeModel(encodeModel(model));
      },
    };
  },
};
