import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask, tasks } from "../../lib/tasks/registry.ts";
import { drawTrialAsText } from "../../lib/tasks/text.ts";

const docs = new URL("../../docs/", import.meta.url);
const page = await readFile(new URL("reference/tasks.md", docs), "utf8");

Deno.test("docs/reference/tasks.md shows the worked example as it is", async () => {
  const example = await readFile(new URL("examples/romo.ts", docs), "utf8");
  const code = example.slice(example.indexOf("import "));
  assert.ok(page.includes("```ts ignore\n" + code + "```"));
});

Deno.test("docs/reference/tasks.md shows a trial as it is drawn", () => {
  const task = getTask("xor");
  const trial = task.trial(randomStream(1), "different:+-");
  assert.ok(page.includes("```\n" + drawTrialAsText(task, trial) + "\n```"));
});

Deno.test("docs/reference/tasks.md lists every task with its timings and windows", () => {
  for (const name of Object.keys(tasks)) {
    const { stepMs, timing, windows, stimuli } = getTask(name);
    const { T, stim_on, stim_dur, delay = "–" } = timing;
    const row = [`\`${name}\``, `${stepMs} ms`, T, stim_on, stim_dur, delay];
    assert.ok(page.includes(`| ${row.join(" | ")} |`), name);
    const line = page.split("\n").find((line) =>
      line.startsWith("| `") && line.includes(", +") &&
      line.split("|")[1].includes(`\`${name}\``)
    );
    assert.ok(line, name);
    const end = stimuli.at(-1)!.to;
    for (const { from } of Object.values(windows)) {
      assert.ok(line.includes(`${from}, +${from - end},`), `${name} ${from}`);
    }
  }
});
