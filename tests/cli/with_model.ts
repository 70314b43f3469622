/** Tests of commands on a model: a small one that has learned its task, or nothing. */
import { join } from "node:path";
import { writeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { inFolder } from "../folder.ts";

/** The original's model. */
export const original: URL = new URL(
  "../data/gonogo_original.mat",
  import.meta.url,
);

/**
 * A network of 60 units that does its task, its spiking twin at the factors 45 and
 * 50, in a tenth of the time that the original's takes: what most command lines
 * share. small_model_test.ts makes it.
 */
export const small: URL = new URL("../data/gonogo_small.mat", import.meta.url);

/** Its task, which its file does not say, and a seed. */
export const shared: readonly string[] = ["--task=go-nogo", "--seed=1"];

/** Runs a test on a copy of it, in a folder of its own. */
export async function withModel(
  run: (model: string, folder: string) => Promise<void>,
  of: URL = small,
): Promise<void> {
  await inFolder(async (folder) => {
    const model = join(folder, "model.mat");
    await Deno.copyFile(of, model);
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
