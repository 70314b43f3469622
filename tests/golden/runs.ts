/**
 * Tiny seeded runs of the command line and what they leave, to the byte:
 * what a change to the structure of the code must not change.
 */
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { getTask, presets, randomStream } from "../../mod.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { encodeCheckpoint } from "../../lib/train/checkpoint.ts";
import { train } from "../../lib/train/train.ts";
import { inFolder } from "../folder.ts";
import { run, seemToHaveCores } from "../cli/in_process.ts";
import { taskText } from "../tasks/task_files.ts";
import { variableTexts } from "./variables.ts";

// The pages of these runs name the workers of two cores, whatever this machine has.
seemToHaveCores(2);

/** What a run leaves. */
export interface Golden {
  /** SHA-256 of the model file (none if it holds a path of the folder) and of its variables. */
  readonly model: Readonly<Record<string, string>>;
  /** Its events, a line each. */
  readonly events: readonly string[];
  /** SHA-256 of the report. */
  readonly report: string;
}

const tiny = [
  ...["--N", "12", "--n_trials", "40", "--eval_freq", "20"],
  ...["--eval_trials", "8", "--seed", "5", "--plots", "False", "--json"],
  ...["--backend", "simd", "--workers", "2"],
];
const searched = [
  ...["--seed", "3", "--json", "--backend", "simd", "--workers", "2"],
];
const search = ["--trials", "6", ...searched];

/** The command lines of each run; MODEL and FOLDER stand for its own. */
const commands: Readonly<Record<string, readonly (readonly string[])[]>> = {
  one_layer: [
    ["train", "--task", "go-nogo", "--preset", "robust", ...tiny],
    [
      ...["map", "MODEL", ...search, "--force", "--calibrate_anyway"],
      ...["--calibrate", "readout"],
      ...["units", "weights", "tune", "--calibrate_trials", "6"],
      ...["--tune_updates", "3", "--tune_batch", "4", "--tune_rounds", "1"],
    ],
  ],
  // At far too small a factor a readout is better beyond chance: it is kept.
  calibrated: [
    ["train", "--task", "go-nogo", "--preset", "fast", ...tiny],
    [
      ...["map", "MODEL", ...searched, "--force", "--write_anyway"],
      ...["--factors", "6", "--trials", "16"],
      ...["--calibrate_anyway", "--calibrate", "readout", "tune"],
      ...["--calibrate_trials", "6", "--tune_updates", "3"],
      ...["--tune_batch", "4", "--tune_rounds", "1"],
    ],
  ],
  two_layers: [
    ["train", "--task", "dms", "--preset", "fast", "--n_layers", "2", ...tiny],
    ["map", "MODEL", ...search, "--force", "--write_anyway"],
  ],
  task_file: [
    ["train", "--task", "FOLDER/pulse.ts", "--preset", "paper", ...tiny],
    ["map", "MODEL", "--task", "FOLDER/pulse.ts", ...search, "--force"],
  ],
};

/** Names of the runs. */
export const goldenRuns: readonly string[] = Object.keys(commands);

/**
 * Makes a run in a new folder, under a clock that stands still.
 *
 * @param name of the run, one of `goldenRuns`
 * @returns what it left
 */
export async function makeGolden(name: string): Promise<Golden> {
  return await inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "pulse.ts"), taskText({}));
    const resume = stopClock();
    try {
      let model = "";
      const events: string[] = [];
      const taskFlags = name === "task_file"
        ? ["--task", join(folder, "pulse.ts")]
        : [];
      for (const [at, command] of commands[name].entries()) {
        const args = command.map((word) =>
          word.replace("MODEL", model).replace("FOLDER", folder)
        );
        if (at === 0) args.push("--output_dir", folder);
        const { out } = await run(args);
        const lines = out.trimEnd().split("\n");
        model ||= savedPath(lines);
        events.push(...lines.map((line) => line.replaceAll(folder, "FOLDER")));
      }
      const bytes = await Deno.readFile(model);
      const page = join(dirname(model), "page.html");
      await run([
        ...["report", model, "--out", page, "--trials", "4", "--seed", "2"],
        ...taskFlags,
      ]);
      const text = (await Deno.readTextFile(page)).replaceAll(folder, "FOLDER");
      return { model: digests(bytes, folder), events, report: sha(text) };
    } finally {
      resume();
    }
  });
}

/** SHA-256 of the last checkpoint of a tiny training. */
export async function goldenCheckpoint(): Promise<string> {
  const task = getTask("xor");
  const { network, training } = presets.robust;
  const start = createNetwork({
    channels: task.channels.length,
    units: 14,
    ...network,
  }, randomStream(9));
  let last = "";
  const resume = stopClock();
  try {
    const events = train(start, task, {
      ...training,
      ...{ seed: 4, updates: 12, evalEvery: 5, evalTrials: 4 },
      checkpoints: true,
    });
    for await (const event of events) {
      if (event.kind !== "checkpoint") continue;
      last = sha(encodeCheckpoint({
        state: event.state,
        seed: 4,
        task: { name: task.name, timing: task.timing, fingerprint: "" },
        settings: {},
      }));
    }
  } finally {
    resume();
  }
  return last;
}

function savedPath(lines: readonly string[]): string {
  for (const line of lines) {
    const event = JSON.parse(line);
    if (event.kind === "saved") return event.path;
  }
  throw new Error("Cannot find the model: no event says where it was saved");
}

/** A path within the folder, as a task file's, has another length every time. */
function digests(bytes: Uint8Array, folder: string): Record<string, string> {
  const texts = variableTexts(bytes);
  const parts: Record<string, string> = {};
  if (!texts.some(([, text]) => text.includes(folder))) {
    parts.file = sha(bytes);
  }
  for (const [name, text] of texts) {
    parts[name] = sha(text.replaceAll(folder, "FOLDER"));
  }
  return parts;
}

function sha(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Lets every clock stand still; gives what lets them go on. */
function stopClock(): () => void {
  const { Date: RealDate } = globalThis;
  const instant = RealDate.UTC(2026, 0, 2, 3, 4, 5);
  class StoppedDate extends RealDate {
    constructor(...given: []) {
      super(...(given.length === 0 ? [instant] as unknown as [] : given));
    }
    static override now(): number {
      return instant;
    }
  }
  const { now } = performance;
  globalThis.Date = StoppedDate as DateConstructor;
  performance.now = () => 1000;
  return () => {
    globalThis.Date = RealDate;
    performance.now = now;
  };
}
