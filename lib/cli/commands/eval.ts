/** `eval`: how well saved networks do their task. */
import { dirname } from "node:path";
import { evaluate } from "../../evaluate/rate.ts";
import { readModel } from "../../formats/model_file.ts";
import type { Model } from "../../formats/types.ts";
import type { Backend } from "../../backend/types.ts";
import { convert } from "../../spiking/convert.ts";
import { diagnose } from "../../spiking/diagnose.ts";
import type { Diagnosis } from "../../spiking/diagnosis_types.ts";
import { unitCount } from "../../spiking/units.ts";
import type { Task } from "../../tasks/types.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { type PlannedWork, withBackend } from "../backend_choice.ts";
import {
  backendFlags,
  outputFlags,
  seedFlags,
  taskFlags,
} from "../common_flags.ts";
import { asUsage, InterruptedError } from "../errors.ts";
import { type Flags, grouped, hidden, onOff, whole } from "../flags.ts";
import { formatNumber } from "../format.ts";
import { interruptible, type Interruption, isAbort } from "../interrupt.ts";
import { newestModel } from "../model_files.ts";
import type { Output } from "../output.ts";
import { Counted } from "../progress/counted.ts";
import { drawSeed } from "../resources.ts";
import { ratesText, scoreTable } from "../score_text.ts";
import {
  factorFlags,
  factorOf,
  mappingFlags,
  mappingOf,
} from "../spiking_flags.ts";
import { openTaskOf, usualTask } from "../task.ts";
import { trainFlags } from "../train_flags.ts";

const shownFlags = {
  ...grouped("Evaluation", {
    trials: whole("number of trials", {
      min: 1,
      max: 10_000_000,
      fallback: 100,
    }),
    spiking: onOff(
      "evaluate the spiking network beside the rate network, and diagnose the mapping",
    ),
  }),
  ...taskFlags,
  ...factorFlags,
  ...mappingFlags,
  ...seedFlags,
  ...backendFlags,
  ...outputFlags,
} satisfies Flags;

const evalFlags = {
  // With the original's command line the settings say which model is meant;
  // what is shown keeps its own place and meaning.
  ...shownFlags,
  ...hidden(trainFlags),
  ...shownFlags,
} satisfies Flags;

type Given = Invocation<typeof evalFlags>;

/** What one evaluation works with. */
interface Evaluation {
  readonly given: Given;
  readonly path: string;
  readonly model: Model;
  readonly task: Task;
  readonly seed: number;
  readonly trials: number;
  readonly backend: Backend;
  readonly interruption: Interruption;
}

/** Evaluates a network, or a network and its spiking twin. */
export default defineCommand({
  usage: ["MODEL.mat [FLAGS]", "MODEL.mat --spiking [FLAGS]"],
  description:
    "Evaluates a saved network on fresh trials of its task (or of another, by --task), by the paper's rule and by the strict one, as a whole and by condition, with 95 % intervals. With --spiking also the spiking network that it maps to. Without a file: the newest model that was trained with the settings given (--task, --N, --P_rec, …), as with the original's --mode eval.",
  operands: {
    name: "MODEL.mat",
    brief: "a model file, of this program or of the original",
    least: 0,
    most: 1,
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
  ],
  async run(given: Given) {
    const { flags, operands, output } = given;
    const path = operands[0] ??
      await newestModel(flags, flags.task ?? usualTask);
    const model = await readModel(path);
    using opened = await openTaskOf(model, flags);
    const { task } = opened;
    const seed = flags.seed ?? drawSeed();
    const trials = given.given.has("trials") || !given.given.has("eval_trials")
      ? flags.trials
      : flags.eval_trials;
    // Whatever is wrong with the mapping is said before anything is computed.
    const factor = flags.spiking ? factorOf(flags, model) : undefined;
    const work: PlannedWork = {
      kind: factor === undefined ? "train" : "simulate",
      units: unitCount(model.network),
      steps: task.steps,
      trials,
      times: 1,
    };
    try {
      await interruptible((interruption) =>
        withBackend(flags, work, {
          output,
          interruption,
          keep: { folder: dirname(path), write: false },
        }, async (backend) => {
          const setup: Evaluation = {
            given,
            path,
            model,
            task,
            seed,
            trials,
            backend,
            interruption,
          };
          if (factor === undefined) await evaluateRateNetwork(setup);
          else await evaluateBoth(setup, factor);
        })
      );
    } catch (error) {
      if (isAbort(error)) {
        throw new InterruptedError("Interrupted: no result", { cause: error });
      }
      throw error;
    }
  },
});

async function evaluateRateNetwork(setup: Evaluation): Promise<void> {
  const { given, model, task, seed, trials, backend, interruption } = setup;
  const { flags, output } = given;
  const recorded = model.provenance?.settings.loss_fn;
  const loss = given.given.has("loss_fn") ||
      (recorded !== "l1" && recorded !== "l2")
    ? flags.loss_fn
    : recorded;
  const counted = new Counted("evaluate", "trials", output);
  const score = await asUsage(() =>
    evaluate(model.network, task, {
      seed,
      trials,
      loss,
      backend,
      signal: interruption.signal,
      onProgress: ({ done, total }) => counted.show(done, total),
    })
  );
  output.endProgress();
  output.event({
    kind: "evaluation",
    network: "rate",
    task: task.name,
    seed,
    loss,
    score,
  });
  introduce(setup);
  for (const line of scoreTable([["rate", score]])) output.result(line);
  output.result(`mean loss (${loss}) ${formatNumber(score.loss)}`);
}

async function evaluateBoth(
  setup: Evaluation,
  factor: number | readonly number[],
): Promise<void> {
  const { given, model, task, seed, trials, backend, interruption } = setup;
  const { flags, output } = given;
  const spiking = await asUsage(() =>
    convert(model.network, {
      ...mappingOf(flags, model),
      scalingFactor: factor,
      stepMs: task.stepMs,
    })
  );
  const counted = new Counted("evaluate", "trials", output);
  const diagnosis = await asUsage(() =>
    diagnose(model.network, spiking, task, {
      seed,
      trials,
      backend,
      searched: model.search?.factors,
      signal: interruption.signal,
      onProgress: ({ done, total }) => counted.show(done, total),
    })
  );
  output.endProgress();
  introduce(setup);
  report(diagnosis, { task, seed, factor }, output);
}

/** What was evaluated, and how. */
function introduce(
  { given, path, task, trials, seed, backend }: Evaluation,
): void {
  given.output.result(path);
  given.output.result(
    `task ${task.name}, ${trials} trials, seed ${seed}, ${backend.description}`,
  );
}

/** Both performances, the rates, and what is wrong. */
function report(
  diagnosis: Diagnosis,
  { task, seed, factor }: {
    task: Task;
    seed: number;
    factor: number | readonly number[];
  },
  output: Output,
): void {
  const { rate, spiking, verdict, findings, output: regression, units } =
    diagnosis;
  output.event({
    kind: "evaluation",
    network: "rate",
    task: task.name,
    seed,
    score: rate,
  });
  output.event({
    kind: "evaluation",
    network: "spiking",
    task: task.name,
    seed,
    factor,
    score: spiking,
  });
  output.event({ kind: "diagnosis", verdict, findings, output: regression });
  for (const line of scoreTable([["rate", rate], ["spiking", spiking]])) {
    output.result(line);
  }
  output.result(
    `${
      typeof factor === "number"
        ? `scaling factor ${factor}`
        : `scaling factors of the layers ${factor.join(", ")}`
    }; firing rates: ${ratesText(spiking)}`,
  );
  output.result(
    `spiking output = ${formatNumber(regression.gain)} × rate output + ` +
      `${formatNumber(regression.offset)} (correlation ` +
      `${
        formatNumber(regression.correlation)
      }); ${units.silent.length} silent, ` +
      `${units.saturated.length} saturated of ${units.firing.length} units`,
  );
  output.result(`conversion: ${verdict}`);
  for (const { severity, message, advice } of findings) {
    output.result(`  ${severity}: ${message}; advice: ${advice}`);
  }
}
