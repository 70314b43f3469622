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

/**
 * What an example does on webgpu in place of what the page says. An update is a
 * hundred operations, each of which a card that is computed hands to its threads.
 */
const instead: readonly [string, string][] = [
  ['await tf.setBackend("cpu");', 'await tf.setBackend("webgpu");'],
  ["update < 300", "update < 30"],
  // On cpu it is 0.84 of the first by then.
  ["course.at(-1)! < course[0] / 2", "course.at(-1)! < course[0] * 0.95"],
];

testWith(
  "webgpu",
  "the examples of docs/reference/tfjs.md run on webgpu",
  async () => {
    assert.equal(examples.length, 4);
    for (const [k, code] of examples.entries()) {
      let program = code + 'assert.equal(tf.getBackend(), "webgpu");\n';
      for (const [of, by] of instead) {
        assert.ok(
          program.includes(of) || (k > 0 && !of.startsWith("await")),
          `example ${k} has no ${of}`,
        );
        program = program.replace(of, by);
      }
      await import(
        `data:application/typescript,${encodeURIComponent(program)}`
      );
    }
  },
);
