/** The examples of docs/reference/tfjs.md on the other backend; on cpu they run as tests. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { testWith } from "../require.ts";

const page = await readFile(
  new URL("../../docs/reference/tfjs.md", import.meta.url),
  "utf8",
);
const examples = Array.from(
  page.matchAll(/^```ts\n(.+?)^```/gms),
  ([, code]) => code,
);

testWith(
  "webgpu",
  "the examples of docs/reference/tfjs.md run on webgpu",
  async () => {
    assert.equal(examples.length, 4);
    for (const [k, code] of examples.entries()) {
      const set = 'await tf.setBackend("cpu");';
      assert.ok(code.includes(set), `example ${k}`);
      const program = code.replace(set, 'await tf.setBackend("webgpu");') +
        'assert.equal(tf.getBackend(), "webgpu");\n';
      await import(
        `data:application/typescript,${encodeURIComponent(program)}`
      );
    }
  },
);
