/** Tests of commands on a model: the original's, or a small one. */
import { join } from "node:path";
import { writeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { inFolder } from "../folder.ts";

/** The original's model; what it is shared by most command lines. */
export const original: URL = new URL(
  "../data/gonogo_original.mat",
  import.meta.url,
);

/** Its task, which its file does not say, and a seed. */
export const shared: readonly string[] = ["--task=go-nogo", "--seed=1"];

/** Runs a test on a copy of it, in a folder of its own. */
export async function withModel(
  run: (model: string, folder: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const model = join(folder, "model.mat");
    await Deno.copyFile(original, model);
    await run(model, folder);
  });
}

/**
 * Runs a test on a network of ten units that has learned nothing, if what is
 * tested does not depend on what a network does.
 */
export async function withSmallModel(
  run: (model: string, folder: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const model = join(folder, "model.mat");
    await writeModel(model, {
      network: createNetwork({ units: 10, channels: 1 }, randomStream(1)),
    });
    await run(model, folder);
  });
}
