/** `eval`: how well saved networks do their task. */
import { join } from "node:path";
import { defineCommand, type Invocation } from "../command.ts";
import { eachModel } from "../../runs/each_model.ts";
import { InterruptedError } from "../../runs/errors.ts";
import { evalFlags } from "../../runs/eval_flags.ts";
import { evaluateModel, type Evaluation } from "../../runs/evaluation.ts";
import {
  evaluationLine,
  evaluationText,
  tellEvents,
  togetherText,
} from "../evaluation_text.ts";
import { interruptible, isAbort } from "../../runs/interrupt.ts";
import { modelFiles, newestModel } from "../../runs/model_files.ts";
import { drawSeed } from "../../runs/resources.ts";
import { factorFlags, mappingFlags } from "../../runs/spiking_flags.ts";
import { usualTask } from "../../runs/task.ts";

/** Evaluates networks, or networks and their spiking twins. */
export default defineCommand({
  usage: [
    "MODEL.mat|FOLDER... [FLAGS]",
    "MODEL.mat|FOLDER... --spiking [FLAGS]",
  ],
  description:
    "Evaluates a saved network on fresh trials of its task (or of another, by --task), by the paper's rule and by the strict one, as a whole and by condition, with 95 % intervals. With --spiking also the spiking network that it maps to. Several models, or folders of them, take a line each, and end with their mean. Without a file: the newest model that was trained with the settings given (--task, --N, --P_rec, …), as with the original's --mode eval.",
  operands: {
    name: "MODEL.mat|FOLDER",
    brief: "model files, of this program or of the original, or folders",
    least: 0,
    most: Infinity,
  },
  flags: evalFlags,
  examples: [
    ["eval model.mat", "100 trials"],
    ["eval model.mat --trials 1000 --seed 1", "more of them, always the same"],
    ["eval model.mat --spiking", "rate and spiking network side by side"],
    [
      "eval model.mat --spiking --factor 50",
      "with a scaling factor of your own",
    ],
    ["eval models --spiking", "every model in a folder, and their mean"],
  ],
  needs: ({ flags, operands }) => ({
    read: operands.length > 0 ? operands : [join(flags.output_dir, "models")],
  }),
  async run({ flags, given, operands, output }: Invocation<typeof evalFlags>) {
    const files = operands.length > 0
      ? await modelFiles(operands)
      : [{ path: await newestModel(flags, flags.task ?? usualTask) }];
    const idle = flags.spiking
      ? []
      : Object.keys({ ...factorFlags, ...mappingFlags })
        .filter((name) => given.has(name)).map((name) => `--${name}`);
    if (idle.length > 0) {
      output.note(
        `without --spiking the rate network alone is evaluated, and ${
          idle.join(", ")
        } changes nothing`,
      );
    }
    const seed = flags.seed ?? drawSeed();
    const trials = given.has("trials") || !given.has("eval_trials")
      ? flags.trials
      : flags.eval_trials;
    const done: Evaluation[] = [];
    try {
      await interruptible(
        (interruption) =>
          eachModel(files, "evaluate", output, async (path) => {
            const setup = { flags, given, seed, trials, output, interruption };
            const found = await evaluateModel(path, setup);
            done.push(found);
            tellEvents(found, seed, output);
            const lines = files.length > 1
              ? [evaluationLine(found)]
              : evaluationText(found, { trials, seed });
            for (const line of lines) output.result(line);
          }),
        { output, next: "what was evaluated by now is all" },
      );
    } catch (error) {
      if (!isAbort(error)) throw error;
      throw new InterruptedError(
        files.length > 1
          ? `Interrupted: ${done.length} of ${files.length} models were evaluated`
          : "Interrupted: no result",
        { cause: error },
      );
    } finally {
      if (done.length > 1) {
        for (const line of togetherText(done, { trials, seed })) {
          output.result(line);
        }
      }
    }
  },
});
