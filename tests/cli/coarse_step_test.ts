/** An integration step that is coarse for the synapses gets a remark, once. */
import { equal, match } from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";
import { small } from "./with_model.ts";

const remark =
  /integration steps of 1\.25 ms are coarse for synapses that rise in 2 ms .* too large/g;

Deno.test("map, eval and simulate remark on an integration step that is coarse for the synapses", async () => {
  await inFolder(async (folder) => {
    const model = join(folder, "model.mat");
    await Deno.copyFile(small, model);
    const shared = [model, "--task=go-nogo", "--seed=1", "--trials=2"];
    const coarse = "--downsample=25";
    const commands = [
      ["map", ...shared, "--factors=50"],
      ["eval", ...shared, "--spiking"],
      ["simulate", ...shared, `--output=${join(folder, "runs.mat")}`],
    ];
    for (const command of commands) {
      const { err } = await run([...command, coarse]);
      match(err, remark);
      equal(err.match(remark)?.length, 1);
    }
    const [, spiking] = commands;
    const fine = await run([...spiking, "--downsample=1"]);
    equal(fine.err.match(remark), null);
  });
});
