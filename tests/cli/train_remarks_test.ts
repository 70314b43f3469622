/** What `train` says of settings that may not do what was meant. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { train } from "../../lib/train/train.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";

/** What a short training says on standard error. */
async function said(...flags: string[]): Promise<string> {
  return await inFolder(async (folder) => {
    const { err } = await run([
      ...["train", "--task", "go-nogo", "--N", "12", "--n_trials", "2"],
      ...["--seed", "1", "--plots", "False", "--output_dir", folder, ...flags],
    ]);
    return err;
  });
}

Deno.test("train says time constants in ms and in steps", async () => {
  const usual = await said();
  match(usual, /\(decay 20 to 100 ms, 4 to 20 steps\) on go-nogo/);
  ok(!/warning|--decay_taus/.test(usual), usual);
  match(
    await said("--decay_taus", "20", "100"),
    /^--decay_taus 20 100: these are steps of 5 ms, 100 to 500 ms; 20 to 100 ms would be --decay_taus 4 20$/m,
  );
  match(await said("--decay_taus", "50"), /50 ms would be --decay_taus 10$/m);
  ok(!/--decay_taus/.test(await said("--decay_taus", "20")));
});

Deno.test("train says at once that a network has no synapses, or nothing to balance with", async () => {
  match(
    await said("--gain", "0"),
    /^warning: in layer 1 all recurrent weights are 0, and under Dale's principle they stay 0/m,
  );
  match(await said("--gain", "0"), /no recurrent weight has a gradient/);
  ok(!/warning/.test(await said("--gain", "0", "--apply_dale", "False")));
  match(
    await said("--P_inh", "0"),
    /^warning: in layer 1 none of 12 units is inhibitory \(--P_inh 0\)/m,
  );
  ok(!/warning/.test(await said("--P_inh", "0", "--inhibitory_scale", "1")));
});

Deno.test("train() tells on the first update of layers without a gradient", async () => {
  const task = getTask("go-nogo");
  const stillIn = async (gain: number) => {
    const network = createNetwork(
      { channels: 1, units: 10, gain },
      randomStream(1),
    );
    const still = [];
    for await (const event of train(network, task, { seed: 1, updates: 2 })) {
      if (event.kind === "trained") still.push(event.still);
    }
    return still;
  };
  equal(await stillIn(0), [[0], undefined]);
  equal(await stillIn(1.5), [undefined, undefined]);
});
