import assert from "node:assert/strict";
import { has } from "../require.ts";
import { run } from "./in_process.ts";

Deno.test("doctor finds every backend of this machine in order", async () => {
  const { out } = await run(["doctor", "--fast", "--json"]);
  const events = out.trim().split("\n").map((line) => JSON.parse(line));
  const [machine, ...rest] = events;
  assert.equal(machine.kind, "machine");
  assert.equal(machine.deno, Deno.version.deno);
  assert.equal(machine.processors, navigator.hardwareConcurrency);
  const answers = rest.filter(({ kind }) => kind === "answer");
  const expected = ["simd", "reference"];
  if (await has("webgpu")) {
    expected.push("webgpu");
    assert.ok(machine.adapter.name.length > 0);
    assert.ok(machine.limits.maxBufferSize > 0);
  } else {
    const { error } = rest.find(({ backend }) => backend === "webgpu");
    assert.match(error, /no adapter was found/);
  }
  assert.deepEqual(
    [...new Set(answers.map(({ backend }) => backend))],
    expected,
  );
  assert.equal(answers.length, 4 * expected.length);
  assert.ok(answers.every(({ passed }) => passed));
});

Deno.test("doctor says in words what passed", async () => {
  const { out } = await run(["doctor", "--fast"]);
  assert.match(out, /^Deno +\d/);
  assert.match(out, /gradient +pass +[\d.e-]+ of 1e-3 allowed/);
  assert.doesNotMatch(out, /FAIL/);
});
