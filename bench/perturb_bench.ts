/** A grid of changed synapses on the trained Go-NoGo network's spiking twin. */
import { finished } from "../lib/records/finished.ts";
import { evaluatePerturbed } from "../lib/simulate/evaluate_perturbed.ts";
import { convert } from "../lib/spiking/convert.ts";
import { getTask } from "../lib/tasks/registry.ts";
import { trainedNetwork } from "./networks.ts";

const task = getTask("go-nogo");
const network = convert(await trainedNetwork(), {
  scalingFactor: 50,
  stepMs: task.stepMs,
});
const classes = ["E", "I", "PV", "all"] as const;
const strengths = [0, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.6, 2];

/** 16 pairs of classes × 9 strengths, on as many trials as asked for. */
async function grid(trials: number, window?: { from: number; to: number }) {
  const points = classes.flatMap((from) =>
    classes.flatMap((to) =>
      strengths.map((amount) => ({
        modifications: [{ from, to, kind: "scale" as const, amount, window }],
      }))
    )
  );
  await finished(evaluatePerturbed(network, task, points, { seed: 1, trials }));
}

const group = "144 changed networks of 200 units, 4 trials of 1 s, one core";

// Deno waits for a benchmark only if it is an async function.
Deno.bench("throughout", { group, baseline: true }, async () => {
  await grid(4);
});

Deno.bench(
  "in a window (limit 1.1 times as long)",
  { group },
  async () => {
    await grid(4, { from: 100, to: 900 });
  },
);
