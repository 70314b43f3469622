/** `simulate`: runs trials of a saved network and writes what they gave. */
import { dirname } from "node:path";
import { numberArray } from "../../formats/arrays.ts";
import type { Model } from "../../network/records.ts";
import { stepsPerRateStep, unitCount } from "../../network/geometry.ts";
import {
  simulateEach,
  type SimulateOptions,
  type SpikingRun,
} from "../../simulate/simulate.ts";
import { simulateRate } from "../../simulate/simulate_rate.ts";
import {
  isTask,
  trialCount,
  type TrialRequest,
} from "../../simulate/requests.ts";
import type { Task } from "../../tasks/types.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { readWrite, together } from "../../runs/needs.ts";
import { type PlannedWork, withBackend } from "../../runs/backend_choice.ts";
import {
  backendFlags,
  conditionNames,
  outputFlags,
  seedFlags,
  taskFlags,
} from "../../runs/common_flags.ts";
import { asUsage, UsageError } from "../../runs/errors.ts";
import {
  type Flags,
  grouped,
  onOff,
  text,
  words,
} from "../../settings/kinds.ts";
import { whole } from "../../settings/numbers.ts";
import { interruptible } from "../../runs/interrupt.ts";
import { makeFile } from "../../runs/making.ts";
import {
  perturbationFlags,
  type Perturbations,
  perturbationsOf,
} from "../perturbation_flags.ts";
import { checkTarget, forceFlag, writeTarget } from "../overwriting.ts";
import { Counted } from "../../runs/progress/counted.ts";
import { drawSeed } from "../../runs/resources.ts";
import {
  encodingOf,
  rateFields,
  runBytes,
  type RunFields,
  spikingFields,
} from "../runs_file.ts";
import {
  factorFlags,
  factorOf,
  mappingFlags,
  mappingOf,
  toSpiking,
} from "../../runs/spiking_flags.ts";
import { readStimulus } from "../stimulus_file.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import { openTaskOf } from "../../runs/task.ts";

const simulateFlags = {
  ...grouped("Trials", {
    trial: conditionNames(
      "conditions to run in turn (see tasks show NAME)",
      "every one once",
    ),
    trials: whole("number of trials", {
      min: 1,
      max: 100_000,
      fallback: undefined,
      shown: "one of each condition",
    }),
    stimulus: text(
      "file (.mat, .npz, .npy or .safetensors) with a stimulus u, channels by steps, in place of the task's",
      { fallback: undefined, placeholder: "FILE", path: "file" },
    ),
    rate: onOff("run the rate network, in place of its spiking twin"),
  }),
  ...taskFlags,
  ...factorFlags,
  ...mappingFlags,
  ...perturbationFlags,
  ...grouped("Output", {
    output: text("file to write, .mat or .npz", {
      fallback: undefined,
      placeholder: "FILE",
      path: "file",
      shown: "beside the model, …_spiking.mat or …_rate.mat",
    }),
    record: words("what to keep besides outputs and spikes", {
      placeholder: "voltages|currents|rates...",
      allowed: "voltages, currents, rates",
      pattern: /^(voltages|currents|rates)$/,
      names: ["voltages", "currents", "rates"],
      shown: "nothing",
    }),
    every: whole("keep voltages, currents and rates at every so many steps", {
      min: 1,
      fallback: 20,
    }),
  }),
  ...seedFlags,
  ...backendFlags,
  ...forceFlag,
  ...outputFlags,
} satisfies Flags;

type Given = Invocation<typeof simulateFlags>;

/** Runs trials and saves them. */
export default defineCommand({
  usage: ["MODEL.mat [FLAGS]"],
  description:
    "Runs trials of a spiking network (or, with --rate, of the rate network that it comes from) and writes stimuli, outputs, spikes, firing rates and what else is recorded to a MATLAB or NumPy file. Both networks take the same stimuli, for the same seed, and the same perturbations.",
  operands: { name: "MODEL.mat", brief: "a model file", least: 1, most: 1 },
  flags: simulateFlags,
  examples: [
    ["simulate model.mat", "one trial of every condition"],
    [
      "simulate model.mat --trial go --trials 20 --record voltages rates",
      "20 Go trials, with membrane voltages",
    ],
    [
      "simulate model.mat --stim inh --stim_units SST --stim_window 250:375",
      "inhibit the SST units while the cue is on",
    ],
    [
      "simulate model.mat --lesion PV --output lesioned.npz",
      "without PV units",
    ],
    ["simulate model.mat --stimulus u.mat --rate", "a stimulus of your own"],
  ],
  needs: ({ flags, operands: [path] }) =>
    together({ read: [path] }, readWrite(dirname(targetOf(path, flags)))),
  async run(given: Given) {
    const { flags, operands: [path], output } = given;
    const model = await readModelFor(path, output);
    if (flags.stimulus !== undefined && (flags.trial || flags.trials)) {
      throw new UsageError(
        "Cannot use --stimulus together with --trial or --trials: " +
          "leave one of them out",
      );
    }
    if (given.given.has("every") && flags.rate) {
      output.note("--every: no effect with --rate, every step is kept");
    } else if (given.given.has("every") && !flags.record?.length) {
      output.note("--every: no effect without --record");
    }
    const stimulus = flags.stimulus === undefined
      ? undefined
      : await readStimulus(flags.stimulus);
    // A stimulus of one's own may have any length.
    using opened = await openTaskOf(
      model,
      flags,
      stimulus ? undefined : (remark) => remarkOn(path, output, remark),
    );
    const { task } = opened;
    const seed = flags.seed ?? drawSeed();
    const target = targetOf(path, flags);
    const encoding = encodingOf(target);
    const place = await checkTarget(target, {
      kind: "trials",
      force: flags.force,
      named: flags.output !== undefined,
    });
    const request: TrialRequest = stimulus ? [stimulus] : {
      task,
      trials: flags.trials,
      conditions: flags.trial,
    };
    const perturbations = perturbationsOf(flags);
    const work: PlannedWork = {
      kind: flags.rate ? "train" : "simulate",
      units: unitCount(model.network),
      steps: stimulus?.columns ?? task.steps,
      trials: trialCount(request),
      times: 1,
    };
    await makeFile(target, output, async () => {
      const fields = await interruptible(
        (interruption) =>
          withBackend(flags, work, {
            output,
            interruption,
            keep: { folder: dirname(path), write: false },
          }, (backend) => {
            const initialWeights = mappingOf(flags, model).initialWeights;
            const run = {
              ...perturbations,
              ...(flags.rate && { initialWeights }),
              seed,
              backend,
              signal: interruption.signal,
            };
            output.note(
              `simulating on ${backend.description}, seed ${seed}`,
            );
            return flags.rate
              ? runRate(model, task, request, run)
              : runSpiking(given, model, task, request, run);
          }),
        { output, next: "nothing is written" },
      );
      const withSeed = { ...fields.arrays, seed: numberArray(seed) };
      const size = sizeOf(fields);
      if (size >= longWriting) {
        output.note(`writing ${target}: ${Math.round(size / 1e6)} MB`);
      }
      const bytes = runBytes(encoding, { ...fields, arrays: withSeed });
      return await writeTarget(place, bytes, (remark) => output.note(remark));
    });
  },
});

/** The file to write. */
function targetOf(
  path: string,
  { output, rate }: Pick<Given["flags"], "output" | "rate">,
): string {
  return output ?? path.replace(/(\.mat)?$/i, "") +
      (rate ? "_rate.mat" : "_spiking.mat");
}

/** How a simulation is run. */
type Run =
  & Pick<SimulateOptions, "seed" | "backend" | "signal" | "initialWeights">
  & Perturbations;

/** Bytes of recordings that are held and written at most. */
const mostBytes = 2 ** 30;

/** Bytes from which packing and writing takes so long that it is said. */
const longWriting = 16e6;

function sizeOf({ arrays }: RunFields): number {
  return Object.values(arrays)
    .reduce((sum, { data }) => sum + data.byteLength, 0);
}

async function runSpiking(
  { flags, output }: Given,
  model: Model,
  task: Task,
  request: TrialRequest,
  run: Run,
): Promise<RunFields> {
  const spiking = await toSpiking(model, {
    ...mappingOf(flags, model),
    scalingFactor: factorOf(flags, model),
    stepMs: task.stepMs,
  }, output);
  const total = trialCount(request);
  const steps = stepsPerRateStep(spiking) *
    (isTask(request) ? task.steps : request[0].columns - 1);
  const wanted = new Set(flags.record);
  if (wanted.size > 0 && flags.every > steps) {
    throw new UsageError(
      `Cannot record at every ${flags.every} steps: a trial has ${steps} ` +
        `steps of integration, allowed are 1 to ${steps}`,
    );
  }
  const samples = wanted.size * unitCount(model.network) *
    Math.ceil(steps / flags.every);
  checkSize(total, 4 * (steps + samples));
  const every = (what: string) => wanted.has(what) ? flags.every : undefined;
  const counted = new Counted("simulate", "trials", output);
  const runs: SpikingRun[] = [];
  await asUsage(async () => {
    const trials = simulateEach(spiking, request, {
      ...run,
      record: {
        outputs: true,
        spikes: true,
        voltages: every("voltages"),
        currents: every("currents"),
        rates: every("rates"),
      },
    });
    for await (const trial of trials) {
      runs.push(trial);
      counted.show(runs.length, total);
    }
  });
  output.endProgress();
  return spikingFields(runs, spiking, flags.every);
}

async function runRate(
  model: Model,
  task: Task,
  request: TrialRequest,
  run: Run,
): Promise<RunFields> {
  const steps = isTask(request) ? task.steps : request[0].columns;
  checkSize(trialCount(request), 8 * steps * unitCount(model.network));
  const runs = await asUsage(() =>
    simulateRate(model.network, request, {
      ...run,
      stepMs: task.stepMs,
      record: { states: true, rates: true },
    })
  );
  return rateFields(runs, task.stepMs);
}

function checkSize(trials: number, bytesPerTrial: number): void {
  const bytes = trials * bytesPerTrial;
  if (bytes <= mostBytes) return;
  throw new UsageError(
    `Cannot keep ${trials} trials: they would take ` +
      `${(bytes / 2 ** 30).toFixed(1)} GiB, allowed is 1; run fewer trials, ` +
      "record less, or at a larger --every",
  );
}
