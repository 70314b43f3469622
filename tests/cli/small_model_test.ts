/**
 * The small network of tests/data, which has learned Go-NoGo: most command lines
 * take it. SPIKERNN_GOLDEN=write writes it anew.
 */
import { deepStrictEqual as equal } from "node:assert/strict";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";
import { small } from "./with_model.ts";

Deno.test("the small network of tests/data is what a command trains", () =>
  inFolder(async (folder) => {
    const { out } = await run([
      ...["train", "--task=go-nogo", "--preset=robust", "--N=60", "--seed=2"],
      ...["--plots=False", "--quiet", "--output_dir", folder],
    ]);
    const { network } = await readModel(/^saved (.*)$/m.exec(out)![1]);
    if (Deno.env.get("SPIKERNN_GOLDEN") === "write") {
      // As in the original's file, nothing says what it has learned, and how.
      await writeModel(small.pathname, { network });
    }
    equal((await readModel(small.pathname)).network, network);
  }));
