/** NumPy's files: headers that lie, archives whose parts disagree. */
import { crc32, deflateRawSync } from "node:zlib";
import { decodeNpy, decodeNpz, encodeNpy } from "../../../lib/formats/npz.ts";
import { readStimulus } from "../../../lib/cli/stimulus_file.ts";
import { join } from "node:path";
import type { Dice } from "../dice.ts";
import type { HostileFormat } from "./format.ts";

const types = [
  ...["<f4", "<f8", "<i4", "<u4", "|b1", "<f2", "<i8", "<u8", "|u1", "|i1"],
  ...[">f8", ">f4", ">i2", ">u8", "=f4", "<c16", "|O", "<U5", "|S3", "|V8"],
  ...["<f16", "f8", "<M8[ns]", "", "<f4,<f4", "float64", "<f-4", "<f4'"],
];

const shapes = [
  ...["()", "(0,)", "(1,)", "(2, 3)", "(3, 4)", "(6,)", "(1, 1, 1, 6)"],
  ...["(4294967296,)", "(65536, 65536)", "(2147483648, 2147483648)", "(-1,)"],
  ...["(9007199254740993,)", "(1e3,)", "(True,)", "[2, 3]", "6", "None", "(6"],
  ...["(2, 3L)", "(0, 9999999999999)", "(" + "1, ".repeat(40) + ")"],
  "(" + "1, ".repeat(5000) + ")",
];

function npy(dice: Dice): Uint8Array {
  // Most parts are as they should be, so that the others are reached.
  const descr = dice.pick(dice.once(3) ? types : types.slice(0, 10));
  const shape = dice.pick(dice.once(3) ? shapes : shapes.slice(0, 8));
  const parts = [
    `'descr': ${dice.once(25) ? `[('a', '${descr}')]` : `'${descr}'`}`,
    `'fortran_order': ${
      dice.once(20) ? dice.pick(["0", "None"]) : dice.pick(["False", "True"])
    }`,
    `'shape': ${shape}`,
  ];
  if (dice.once(24)) parts.splice(dice.below(3), 1);
  if (dice.once(24)) parts.push(dice.pick(parts));
  if (dice.once(24)) parts.push("'__proto__': 1");
  if (dice.once(8)) parts.reverse();
  let text = `{${parts.join(", ")}, }`;
  if (dice.once(40)) text = text.slice(0, dice.below(text.length));
  if (dice.once(40)) text = "{".repeat(dice.pick([1, 1000, 60_000])) + text;
  const version = dice.once(25) ? dice.below(256) : 1 + dice.below(3);
  const wide = version > 1;
  const padded = dice.once(4)
    ? text
    : text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + "\n";
  const header = new TextEncoder().encode(padded);
  const start = new DataView(new ArrayBuffer(wide ? 12 : 10));
  [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].forEach((b, k) => start.setUint8(k, b));
  start.setUint8(6, version);
  start.setUint8(7, dice.once(40) ? 9 : 0);
  const claim = dice.once(30)
    ? dice.pick([0, 1, header.length - 1, header.length + 1, 2 ** 32 - 1])
    : header.length;
  if (wide) start.setUint32(8, claim, true);
  else start.setUint16(8, claim, true);
  const size = Number(/\d+/.exec(descr)?.[0] ?? 8);
  const counts = [...shape.slice(0, 200).matchAll(/\d+/g)].map(Number);
  const bytes = counts.reduce((a, b) => a * b, 1) * size;
  const body = new Uint8Array(
    dice.once(20) ? dice.below(100) : Math.min(
      Math.max(0, bytes + (dice.once(20) ? dice.pick([-1, 1, 8]) : 0)),
      4096,
    ),
  );
  const flags = descr === "|b1" || dice.once(2);
  for (let k = 0; k < body.length; k++) {
    body[k] = flags ? dice.below(2) : dice.pick([0, 0, 1, 63, 127, 128, 255]);
  }
  return joined([new Uint8Array(start.buffer), header, body]);
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

const names = ["u.npy", "u", "conditions.npy", "../u.npy", "", "/etc/u.npy"]
  .concat("__proto__.npy", "a".repeat(3000), "\u001b[2J.npy", "é.npy", "u.npz");

/** An array as it should be. */
const sound = encodeNpy(Float32Array.of(0, 1, 0), [1, 3]);

/** One member's two headers, which may disagree. */
function member(
  dice: Dice,
  index: number,
  offset: number,
): { local: Uint8Array; central: Uint8Array } {
  const content = dice.below(4) > 0 ? sound : npy(dice);
  const method = dice.once(60) ? dice.below(100) : dice.pick([0, 8]);
  const bomb = dice.once(600);
  const whole = bomb ? joined([content, new Uint8Array(1 << 27)]) : content;
  let data: Uint8Array = method === 0 && !bomb
    ? content
    : deflateRawSync(whole, { level: 1 });
  if (dice.once(60)) data = data.subarray(0, dice.below(data.length + 1));
  const name = new TextEncoder().encode(
    dice.once(5) ? dice.pick(names) : index === 0 ? "u.npy" : `${index}.npy`,
  );
  const wrong = dice.once(4);
  const number = (right: number) =>
    wrong && dice.once(30)
      ? dice.pick([0, 1, right + 1, right - 1, 2 ** 31, 2 ** 32 - 1])
      : right;
  const shared = () => {
    const view = new DataView(new ArrayBuffer(26));
    view.setUint16(0, dice.once(30) ? 45 : 20, true);
    view.setUint16(2, dice.once(30) ? dice.below(65536) : 0x800, true);
    view.setUint16(4, method, true);
    view.setUint32(10, number(crc32(whole)), true);
    view.setUint32(14, number(data.length), true);
    view.setUint32(18, number(whole.length), true);
    view.setUint16(22, number(name.length), true);
    view.setUint16(24, dice.once(60) ? dice.below(65536) : 0, true);
    return new Uint8Array(view.buffer);
  };
  const extra = dice.once(40)
    ? Uint8Array.of(1, 0, 16, 0, ...new Uint8Array(16).fill(255))
    : new Uint8Array();
  const local = joined([
    words(number(0x04034b50)),
    shared(),
    name,
    data,
  ]);
  const place = new DataView(new ArrayBuffer(14));
  place.setUint32(10, number(offset), true);
  const central = joined([
    words(number(0x02014b50)),
    Uint8Array.of(20, 0),
    shared(),
    new Uint8Array(place.buffer),
    name,
    extra,
  ]);
  return { local, central };
}

function words(...values: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((v, k) => view.setUint32(4 * k, v, true));
  return new Uint8Array(view.buffer);
}

function zip(dice: Dice): Uint8Array {
  const locals: Uint8Array[] = [];
  const centrals: Uint8Array[] = [];
  let offset = 0;
  for (let k = dice.below(4); k >= 0; k--) {
    const { local, central } = member(dice, k, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
    // Members that share their bytes.
    if (dice.once(20)) {
      for (let n = dice.pick([1, 500, 5000]); n > 0; n--) {
        centrals.push(central);
      }
    }
  }
  const length = centrals.reduce((sum, part) => sum + part.length, 0);
  const end = new DataView(new ArrayBuffer(22));
  const number = (right: number) =>
    dice.once(60) ? dice.pick([0, right + 1, right - 1, 65535]) : right;
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, number(centrals.length), true);
  end.setUint16(10, number(centrals.length), true);
  end.setUint32(12, number(length), true);
  end.setUint32(16, dice.once(60) ? 2 ** 32 - 1 : number(offset), true);
  end.setUint16(20, dice.once(60) ? dice.below(65536) : 0, true);
  return joined([...locals, ...centrals, new Uint8Array(end.buffer)]);
}

/** Single arrays, as a stimulus is. */
export const npyFormat: HostileFormat = {
  name: "array (.npy)",
  what: "types, sizes, headers and lengths that do not agree",
  prepare: (folder) => ({
    make: npy,
    async read(bytes) {
      const path = join(folder, "stimulus.npy");
      await Deno.writeFile(path, bytes);
      await readStimulus(path);
      decodeNpy(bytes);
    },
  }),
};

/** Archives of arrays. */
export const npz: HostileFormat = {
  name: "arrays (.npz)",
  what: "headers of members that disagree, shared members, bombs, counts",
  prepare: (folder) => ({
    make: zip,
    async read(bytes) {
      const path = join(folder, "stimulus.npz");
      await Deno.writeFile(path, bytes);
      const all = [() => decodeNpz(bytes), () => readStimulus(path)];
      const ended = await Promise.allSettled(all.map(async (f) => await f()));
      // Each must end well by itself: an unexpected error goes first.
      const errors = ended.flatMap((e) =>
        e.status === "rejected" ? [e.reason] : []
      );
      const strange = errors.find((error) => error?.name !== "ModelFileError");
      if (errors.length > 0) throw strange ?? errors[0];
    },
  }),
};
