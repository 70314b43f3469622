/** The lab's accuracies are those of the library, whether the intact one is kept or not. */
import { deepStrictEqual as equal } from "node:assert/strict";
import {
  convert,
  createNetwork,
  evaluatePerturbed,
  finished,
  getTask,
  openBackend,
  randomStream,
} from "../../lib/entry/web.ts";
import { type Change, perturbationsOf } from "../../site/lab/changes.ts";
import type { Tell } from "../../site/lab/protocol.ts";
import { measure } from "../../site/lab/worker/accuracy.ts";

Deno.test("accuracies of the lab are those of evaluatePerturbed()", async () => {
  const task = getTask("go-nogo");
  const network = createNetwork({ channels: 1, units: 12 }, randomStream(4));
  const twin = convert(network, { scalingFactor: 30, stepMs: task.stepMs });
  const backend = await openBackend();
  const { signal } = new AbortController();
  const strong: Change = {
    ...{ kind: "scale", from: "E", to: "all", amount: 3, span: [200, 700] },
  };
  const all: readonly { changes: readonly Change[]; noise: number }[] = [
    { changes: [{ kind: "lesion", units: [0, 3] }], noise: 2 },
    { changes: [strong], noise: 2 },
    { changes: [], noise: 2 },
    { changes: [], noise: 1 },
  ];
  try {
    for (const { changes, noise } of all) {
      const told: Tell[] = [];
      await measure({
        kind: "accuracy",
        ...{ number: 1, changes, trials: 10 },
        stimulus: { condition: "go", noise, amplitude: 1, trial: 0 },
      }, {
        ...{ model: { network }, task, twin, backend, signal },
        tell: (message) => told.push(message),
      });
      const found = told.map((one) =>
        one.kind === "accuracy" &&
        [one.network, one.intact.value, one.changed.value, one.p, one.last]
      );
      const expected = [];
      for (const  of of[network, twin]) {
        const { intact, effects: [effect] } = await finished(
          evaluatePerturbed(of, task, [
            { ...perturbationsOf(changes), noiseScale: noise },
          ], { seed: 1000, trials: 10, backend }),
        );
        expected.push([
          of === network ? "rate" : "spiking",
          intact.strict.value,
          effect.score.strict.value,
          effect.strict.p,
          of === twin,
        ]);
      }
      equal(found, expected);
    }
  } finally {
    backend.close();
  }
});
