/** Whether a graphics card is looked for. */
import { deepEqual, match } from "node:assert/strict";
import {
  type PlannedWork,
  withBackend,
} from "../../lib/runs/backend_choice.ts";
import { EventKeeper, type Reporter } from "../../lib/runs/reporter.ts";

/** What a command says that may take the first card, where it opens a backend. */
async function notesOn(planned: PlannedWork, workers: number) {
  const notes: string[] = [];
  const output: Reporter = Object.assign(new EventKeeper([]), {
    note: (text: string) => notes.push(text),
  });
  const interruption = {
    signal: new AbortController().signal,
    stop() {},
    breathe: async () => {},
  };
  await withBackend(
    { backend: "auto", gpu: 0, workers },
    planned,
    { output, interruption },
    async () => {},
  );
  return notes;
}

Deno.test("no graphics card is looked for where threads are done in seconds", async () => {
  const batches: PlannedWork = {
    ...{ kind: "train", units: 200, steps: 200 },
    ...{ trials: 16, times: 5000 },
  };
  const single = { ...batches, trials: 1 };
  const grid: PlannedWork = {
    ...{ kind: "simulate", units: 200, steps: 500 },
    ...{ trials: 1200, times: 1 },
  };
  for (
    const [work, workers] of [
      [batches, 2],
      [batches, 1],
      [single, 1],
      [grid, 1],
    ] as const
  ) {
    const notes = await notesOn(work, workers);
    deepEqual(notes.length, 1);
    match(notes[0], /^--gpu 0: not looked for, this is done in seconds/);
  }
});
