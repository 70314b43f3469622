import assert from "node:assert/strict";
import { runCommandLine } from "../../lib/cli/application.ts";
import { registry } from "../../lib/cli/registry.ts";
import { has } from "../require.ts";
import { fakeTerminal } from "./fake_terminal.ts";

Deno.test("doctor finds every backend of this machine in order", async () => {
  const terminal = fakeTerminal();
  const code = await runCommandLine(
    ["doctor", "--fast", "--json"],
    registry,
    terminal,
  );
  assert.equal(code, 0, terminal.written.err);
  const events = terminal.written.out.trim().split("\n").map((line) =>
    JSON.parse(line)
  );
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
  const terminal = fakeTerminal();
  assert.equal(
    await runCommandLine(["doctor", "--fast"], registry, terminal),
    0,
  );
  const { out } = terminal.written;
  assert.match(out, /^Deno +\d/);
  assert.match(out, /gradient +pass +[\d.e-]+ of 1e-3 allowed/);
  assert.doesNotMatch(out, /FAIL/);
});
