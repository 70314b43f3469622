import { deepStrictEqual as equal } from "node:assert/strict";
import { posix } from "node:path";
import { fromBase64, toBase64 } from "../../lib/platform/base64.ts";
import { slashPaths } from "../../lib/platform/paths.ts";
import { versionTrouble } from "../../lib/platform/runtime.ts";

Deno.test("versionTrouble() refuses versions that are too old, and no other", () => {
  for (
    const version of ["2.8.0", "2.8.0-rc.1", "2.10.0", "3.0.0", "2.9.6+abc"]
  ) {
    equal(versionTrouble("deno", version), undefined, version);
  }
  equal(
    versionTrouble("deno", "2.7.14"),
    "Cannot run spikernn under Deno 2.7.14: 2.8.0 or later is needed; " +
      "`deno upgrade` brings it",
  );
  equal(
    versionTrouble("node", "20.20.2"),
    "Cannot run spikernn under Node 20.20.2: 22.3.0 or later is needed",
  );
  equal(versionTrouble("node", "24.0.0"), undefined);
  equal(versionTrouble("bun", "1.10.0"), undefined);
  equal(versionTrouble("browser", ""), undefined);
  equal(versionTrouble(), undefined);
});

Deno.test("base64 is the same where the runtime has none of its own for bytes", () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, k) => k * 7);
  const text = toBase64(bytes);
  const { fromBase64: from } = Uint8Array;
  const { toBase64: to } = Uint8Array.prototype;
  try {
    Object.assign(Uint8Array, { fromBase64: undefined });
    Object.assign(Uint8Array.prototype, { toBase64: undefined });
    equal(toBase64(bytes), text);
    equal(fromBase64(text), bytes);
  } finally {
    Object.assign(Uint8Array, { fromBase64: from });
    Object.assign(Uint8Array.prototype, { toBase64: to });
  }
});

Deno.test("paths in browsers are those of node:path", () => {
  const own = slashPaths();
  const paths = [
    "a/b/c.mat",
    "/a/b",
    "a",
    "/a",
    "a/",
    "./a/../b",
    "../a",
    "/",
    ".",
  ];
  for (const path of paths) {
    equal(own.dirname(path), posix.dirname(path), path);
    equal(own.basename(path), posix.basename(path), path);
    const parts = [path, "x", "", "../y", "z.mat"];
    equal(own.join(...parts), posix.join(...parts), path);
  }
});
