/** Task files to load: their text, and what comes of it. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { TaskError } from "../../lib/errors.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { drawTrials } from "../../lib/tasks/draw.ts";
import { loadTask, type LoadTaskOptions } from "../../lib/tasks/load_task.ts";
import type { Trial } from "../../lib/tasks/types.ts";
import { inFolder } from "../folder.ts";

/** The worked example of a task file. */
export const romo =
  new URL("../../docs/examples/romo.ts", import.meta.url).href;

/** A task file with some of its parts replaced. */
export function taskText(
  parts: { head?: string; layout?: string; trial?: string },
) {
  return `import { defineTask } from "@spikernn/spikernn";
${parts.head ?? ""}
export default defineTask({
  name: "mine",
  description: "A pulse to answer.",
  timing: { T: 60, stim_on: 10, stim_dur: 10 },
  channels: ["pulse"],
  conditions: ["pulse", "none"],
  layout: ${
    parts.layout ??
      "({ T, stim_on, stim_dur }) => ({ stimuli: { pulse: [stim_on, stim_on + stim_dur] }, response: [stim_on + stim_dur, T] })"
  },
  trial(draft) {
    ${parts.trial ?? ""}
    if (draft.condition === "none") return;
    draft.channel("pulse").fill(1, draft.timing.stim_on, 20);
    draft.target.fill(1, 20);
  },
});
`;
}

/** Runs with a file of the given text; returns what `use` returns. */
export function withFile<T>(
  text: string,
  use: (path: string) => Promise<T>,
  name = "mine.ts",
): Promise<T> {
  return inFolder(async (folder) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return await use(path);
  });
}

/** Loads a file of the given text and draws trials of it. */
export function trialsOf(
  text: string,
  options: LoadTaskOptions & { condition?: string } = {},
): Promise<Trial[]> {
  return withFile(text, async (path) => {
    using task = await loadTask(path, options);
    const { condition } = options;
    return await drawTrials(task, randomStream(1), { count: 3, condition });
  });
}

/** Asserts that loading the file or drawing from it is refused for a reason. */
export async function refused(
  text: string,
  reason: RegExp,
  options: LoadTaskOptions & { condition?: string } = {},
): Promise<void> {
  await assert.rejects(trialsOf(text, options), (error: Error) => {
    assert.ok(error instanceof TaskError, error.stack);
    assert.match(
      error.message,
      /^Cannot (load|make trials of|make a trial of) task \S+mine\.ts: /,
    );
    assert.match(error.message, reason);
    // One line, fit for a terminal.
    assert.doesNotMatch(error.message, /\p{Cc}/u);
    return true;
  });
}

/** What each of several expressions throws, in one file; one that throws none fails. */
export async function eachOf(
  expressions: readonly string[],
): Promise<string[]> {
  const said: string[] = [];
  const head = expressions.map((one) =>
    `try { ${one}; console.log("nothing"); } catch (e) { console.log(String(e)); }`
  ).join("\n");
  await trialsOf(taskText({ head }), { print: (line) => said.push(line) });
  assert.equal(said.length, expressions.length);
  return said;
}

/** In a process of its own, and in a worker, if no process may be started. */
export function bothWays(name: string, run: () => Promise<void>): void {
  Deno.test(name, run);
  Deno.test({
    name: `${name}, in a worker`,
    permissions: { run: false, read: true, write: true, env: true, net: true },
    fn: run,
  });
}
