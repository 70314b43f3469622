/**
 * The golden runs as a program makes them that imports the library: in any
 * runtime, with no file and no terminal. What they give has the bits of the
 * command line's, variable by variable.
 */
import type { Model, PresetName, SearchOptions, Task } from "../../mod.ts";
import type * as web from "../../lib/entry/web.ts";
import { sha256 } from "../../lib/platform/hash.ts";
import { variableTexts } from "./variables.ts";

/** What of the library the runs take. */
export type Library = Pick<
  typeof web,
  | "calibrate"
  | "convert"
  | "createNetwork"
  | "defineTask"
  | "encodeModel"
  | "finished"
  | "getTask"
  | "mappingOfSearch"
  | "openBackend"
  | "presets"
  | "randomStream"
  | "searchScalingFactor"
  | "shorterDelays"
  | "train"
>;

/** The task of `taskText({})`, without a file. */
const pulseOf = ({ defineTask }: Library) =>
  defineTask({
    name: "mine",
    description: "A pulse to answer.",
    timing: { T: 60, stim_on: 10, stim_dur: 10 },
    channels: ["pulse"],
    conditions: ["pulse", "none"],
    layout: ({ T, stim_on, stim_dur }) => ({
      stimuli: { pulse: [stim_on, stim_on + stim_dur] },
      response: [stim_on + stim_dur, T],
    }),
    trial(draft) {
      if (draft.condition === "none") return;
      draft.channel("pulse").fill(1, draft.timing.stim_on, 20);
      draft.target.fill(1, 20);
    },
  });

interface Run {
  readonly task: Task;
  readonly preset: PresetName;
  readonly units: readonly number[];
  readonly tune?: boolean;
}

const runsOf = (library: Library): Readonly<Record<string, Run>> => ({
  one_layer: {
    task: library.getTask("go-nogo"),
    ...{ preset: "robust", units: [12], tune: true },
  },
  two_layers: {
    ...{ task: library.getTask("dms"), preset: "fast", units: [12, 12] },
  },
  task_file: { task: pulseOf(library)(), preset: "paper", units: [12] },
});

/**
 * SHA-256 of the variables of each run's model, by run and name.
 *
 * @param only the run that is made, where one is enough
 */
export async function libraryRuns(
  library: Library,
  only?: string,
): Promise<Record<string, Record<string, string>>> {
  const found: Record<string, Record<string, string>> = {};
  for (const [name, run] of Object.entries(runsOf(library))) {
    if (only !== undefined && name !== only) continue;
    const digests: Record<string, string> = {};
    for (
      const [key, text] of variableTexts(
        library.encodeModel(await made(library, run)),
      )
    ) {
      digests[key] = await sha256(text);
    }
    found[name] = digests;
  }
  return found;
}

async function made(
  library: Library,
  { task, preset, units, tune }: Run,
): Promise<Model> {
  const { calibrate, convert, createNetwork, finished, getTask } = library;
  const { mappingOfSearch, openBackend, presets, randomStream } = library;
  const { searchScalingFactor, shorterDelays, train } = library;
  const backend = await openBackend({ workers: 2 });
  try {
    const { network, training, delays } = presets[preset];
    const start = createNetwork({
      ...{ units, channels: task.channels.length, ...network },
    }, randomStream(5).fork("network"));
    const { model } = await finished(train(start, task, {
      ...training,
      ...{ updates: 40, evalEvery: 20, evalTrials: 8, seed: 5, backend },
      curriculum: shorterDelays(task, delays)
        .map((timing) => getTask(task.name, timing)),
    }));
    const options: SearchOptions = { trials: 6, seed: 3, backend };
    const { search } = await finished(
      searchScalingFactor(model.network, task, options),
    );
    if (!tune) return { ...model, search };
    const spiking = convert(model.network, {
      ...mappingOfSearch(search, model.initial),
      stepMs: task.stepMs,
    });
    const { record } = await finished(calibrate(spiking, task, {
      ...{ seed: 3, trials: 6, validation: 6, force: true, backend },
      tune: { updates: 3, batch: 4, rounds: 1 },
    }));
    return { ...model, search: { ...search, calibration: record } };
  } finally {
    backend.close();
  }
}
