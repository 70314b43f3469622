/** Tests of commands on a model of the original. */
import { join } from "node:path";
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
