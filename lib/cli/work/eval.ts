/** What `eval` does. */
import { join } from "node:path";
import { countOf } from "../../count.ts";
import type { Output } from "../output.ts";
import type { Flag, Values } from "../../settings/kinds.ts";
import type { Invocation } from "../command.ts";
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
import { usualModels } from "../../runs/needs.ts";
import { theModel } from "../../runs/newest_model.ts";
import { drawSeed } from "../../runs/resources.ts";
import { idleMapping } from "../../runs/spiking_flags.ts";
import { usualTask } from "../../runs/task.ts";

/**
 * Evaluates networks, or networks and their spiking twins.
 *
 * @returns what was found of each
 */
export async function run(
  { flags, given, operands, output }: Invocation<typeof evalFlags>,
): Promise<Evaluation[]> {
  const files = operands.length > 0
    ? await modelFiles(operands)
    : [{ path: await newest(flags, given, output) }];
  const idle = idleMapping(
    "without --spiking the rate network alone is evaluated",
    given,
  );
  if (idle && !flags.spiking) output.note(idle);
  // Settings of training say which model is meant, if none is named.
  const unused = operands.length === 0 ? [] : Object.entries(evalFlags)
    .filter(([name, flag]: [string, Flag<unknown>]) =>
      flag.hidden && given.has(name) && name !== "eval_trials"
    );
  for (const [name] of unused) {
    output.note(`--${name}: no effect, a model is named`);
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
    return done;
  } catch (error) {
    if (!isAbort(error)) throw error;
    throw new InterruptedError(
      files.length > 1
        ? `Interrupted: ${done.length} of ${
          countOf(files.length, "model was", "models were")
        } evaluated`
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
}

/** Settings of `train` that stand in the names of models and their folders. */
const naming = [
  "task",
  "N",
  "n_layers",
  "layer_sizes",
  "P_rec",
  "decay_taus",
  "act",
  "apply_dale",
];

/** The newest model of all, or of those with the settings that are named. */
async function newest(
  flags: Values<typeof evalFlags>,
  given: ReadonlySet<string>,
  output: Output,
): Promise<string> {
  if (!naming.some((name) => given.has(name))) {
    const folder = join(flags.output_dir, usualModels);
    return await theModel(undefined, "evaluate", output, folder);
  }
  const path = await newestModel(flags, flags.task ?? usualTask);
  output.note(`the newest model with these settings: ${path}`);
  return path;
}
