/** What browsers unpack with gives what `node:zlib` gives, or refuses it. */
import { deepStrictEqual as equal, throws } from "node:assert/strict";
import * as zlib from "node:zlib";
import {
  crc32,
  inflate,
  inflateRaw,
  stored,
} from "../../lib/platform/inflate_browser.ts";
import { randomStream } from "../../mod.ts";

/** Numbers of so many values: what packs well, and what does not. */
function content(length: number, values: number): Uint8Array {
  const stream = randomStream(length);
  return Uint8Array.from(
    { length },
    (_, k) => Math.floor(stream.uniform(k) * values),
  );
}

for (const length of [0, 1, 8, 5000, 200_000]) {
  for (const values of [1, 4, 256]) {
    Deno.test(`${length} bytes of ${values} values are unpacked as by node:zlib`, () => {
      const bytes = content(length, values);
      const packed = Uint8Array.from(zlib.deflateSync(bytes));
      const raw = Uint8Array.from(zlib.deflateRawSync(bytes));
      equal(inflate(packed, {}), bytes);
      equal(inflate(packed, { atMost: length }), bytes);
      equal(inflateRaw(raw, length), bytes);
      equal(crc32(bytes), zlib.crc32(bytes));
      const half = length >> 1;
      equal(
        crc32(bytes.subarray(half), crc32(bytes.subarray(0, half))),
        zlib.crc32(bytes),
      );
      const start = inflate(packed.subarray(0, 131_072), { partial: true });
      equal(start, bytes.subarray(0, start.length));
      equal(start.length >= Math.min(8, length), true);
      if (length === 0) return;
      throws(() => inflate(packed, { atMost: length - 1 }), /more than/);
      throws(() => inflateRaw(raw, length - 1), /more than/);
    });
  }
}

for (const length of [0, 1, 65_535, 65_536, 200_000]) {
  Deno.test(`${length} bytes that a browser stores are what node:zlib reads`, () => {
    const bytes = content(length, 256);
    equal(Uint8Array.from(zlib.inflateSync(stored(bytes))), bytes);
    equal(inflate(stored(bytes), {}), bytes);
  });
}

Deno.test("what is damaged is refused by its checksum, its header or its end", () => {
  const packed = Uint8Array.from(zlib.deflateSync(content(5000, 256)));
  const damaged = (at: number) => {
    const bytes = packed.slice();
    bytes[at] ^= 1;
    return bytes;
  };
  throws(() => inflate(damaged(0), {}), /incorrect header check/);
  throws(() => inflate(damaged(100), {}), /incorrect data check/);
  throws(() => inflate(damaged(packed.length - 1), {}), /data check/);
  throws(() => inflate(packed.subarray(0, 3000), {}), /unexpected/i);
  throws(() => inflate(packed.subarray(0, 4), {}), /unexpected end/);
  throws(() => inflate(new Uint8Array(), {}), /incorrect header check/);
});
