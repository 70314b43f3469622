/**
 * The worker of the lab: everything that takes time runs here, one piece of work
 * at a time, and the page stays free. What is asked next stops what goes on,
 * except for a training, which is stopped by name.
 */
import {
  type Backend,
  decodeModel,
  DivergedError,
  encodeModel,
  getTask,
  mappedNetwork,
  type Model,
  openBackend,
  populationsOf,
  type SearchRecord,
  type SpikingNetwork,
  type Task,
  tasks,
  unitCount,
  version,
  weightsHash,
} from "../../../lib/entry/web.ts";
import { factorOfSearch } from "../../../lib/spiking/mapped.ts";
import { type Ask, readAsk, type Tell } from "../protocol.ts";
import { type LabSettings, mostUnits } from "../settings.ts";
import { measure } from "./accuracy.ts";
import { breathing } from "./breathe.ts";
import { mapModel, tuneModel } from "./mapping.ts";
import { play, type PlayParts, showTwin } from "./playing.ts";
import { flagsOf, startTraining, type Training } from "./training.ts";

/** Workers at most: more have nothing to do in one trial each of a batch. */
const mostWorkers = 8;

const breathe = breathing();
const workers = Math.min(navigator.hardwareConcurrency || 1, mostWorkers);
const backend = await openBackend({ workers });

/** The network there is. */
let model: Model | undefined;
let task: Task | undefined;
let twin: SpikingNetwork | undefined;
let from = "";

let training: Training | undefined;
/** What goes on, to be waited for. */
let going: Promise<void> = Promise.resolve();
let stopping = new AbortController();

function tell(message: Tell, moved: Transferable[] = []): void {
  postMessage(message, { transfer: moved });
}

/** Does a piece of work once the one before it has stopped. */
function begin(
  doing: string,
  work: (signal: AbortSignal) => Promise<void>,
): void {
  stopping.abort();
  training?.stop();
  const own = stopping = new AbortController();
  going = going.then(async () => {
    if (own.signal.aborted) return tell({ kind: "cancelled", doing });
    try {
      await work(own.signal);
    } catch (error) {
      if (own.signal.aborted) tell({ kind: "cancelled", doing });
      else tell({ kind: "failed", doing, message: messageOf(error) });
    }
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function keep(next: Model, of: Task, name: string): Promise<void> {
  model = next;
  task = of;
  from = name;
  twin = next.search && mappedNetwork(next);
  const { network, search, remarks = [] } = next;
  const layers = network.layers.length;
  tell({
    kind: "network",
    from: name,
    task: of.name,
    timing: { ...of.timing },
    units: unitCount(network),
    populations: populationsOf(network).map(({ type, layer, units }) => ({
      type: layers > 1 ? `${type} of layer ${layer + 1}` : type,
      units,
    })),
    hash: await weightsHash(network).catch(() => ""),
    factor: search ? factorText(search) : "",
    tuned: isTuned(next),
    about: remarks,
  });
}

function parts(signal: AbortSignal): PlayParts {
  if (!model || !task) {
    throw new Error("Cannot do this: there is no network yet, train one first");
  }
  return { model, task, twin, backend: breathed, signal, tell };
}

/** Lets messages in between the calls of the backend. */
const breathed = {
  ...backend,
  simulate: async (...asked: Parameters<typeof backend.simulate>) => {
    await breathe();
    return await backend.simulate(...asked);
  },
  ...(backend.simulateTogether && {
    simulateTogether: async (
      ...asked: Parameters<NonNullable<typeof backend.simulateTogether>>
    ) => {
      await breathe();
      return await backend.simulateTogether!(...asked);
    },
  }),
};

function startOf({ settings, gpu }: Extract<Ask, { kind: "train" }>): void {
  begin("training", async () => {
    const of = getTask(settings.task);
    const chosen = gpu ? await fasterOf(settings, of) : backend;
    try {
      const parts = { backend: chosen, breathe, tell };
      const started = startTraining(settings, parts);
      training = started.training;
      await keep(await started.model, of, "trained");
    } catch (error) {
      // What there was at the last evaluation is not lost.
      if (error instanceof DivergedError && error.model) {
        await keep(error.model, of, "trained");
      }
      throw error;
    } finally {
      training = undefined;
      if (chosen !== backend) chosen.close();
    }
  });
}

/** The graphics card if there is one that is measured to be faster; says why. */
async function fasterOf(settings: LabSettings, of: Task): Promise<Backend> {
  const { openChosenBackend } = await import("../../../lib/backend/choose.ts");
  const { backend, reason } = await openChosenBackend({
    workers,
    work: {
      kind: "train",
      units: settings.N,
      steps: of.steps,
      trials: flagsOf(settings).batch,
    },
    // A card that is lost: the processor goes on, and the user knows.
    warn: (message) => tell({ kind: "note", message }),
  });
  const message = `computed on ${backend.description}: ${reason}`;
  tell({ kind: "note", message });
  return backend;
}

/** Shows what the spiking network does, if there is one. */
async function showPresent(signal: AbortSignal): Promise<void> {
  if (!twin || !model?.search) return;
  await showTwin(factorText(model.search), isTuned(model), parts(signal));
}

function factorText(search: SearchRecord): string {
  return [factorOfSearch(search)].flat().join(", ");
}

function isTuned({ search }: Model): boolean {
  return search?.calibration?.outcomes.some(({ kept }) => kept) ?? false;
}

async function open(
  { name, bytes }: Extract<Ask, { kind: "open" }>,
  signal: AbortSignal,
) {
  const next = decodeModel(bytes);
  const units = unitCount(next.network);
  if (units > mostUnits) {
    throw new RangeError(
      `Cannot open ${name}: its network has ${units} units, a page takes ` +
        `${mostUnits}; the command line takes it (spikernn info ${name})`,
    );
  }
  await keep(next, taskOf(next, name), name);
  await showPresent(signal);
}

/** The task of a file; a guess by its channels where it says none. */
function taskOf({ task, network }: Model, name: string): Task {
  if (task && Object.hasOwn(tasks, task.name) && !task.fingerprint) {
    return getTask(task.name, task.timing);
  }
  if (task) {
    throw new RangeError(
      `Cannot open ${name}: it does the task ${task.name}, which is not one of ` +
        `the built-in ones; the command line takes it with --task FILE.ts`,
    );
  }
  const channels = network.inputs.length === 0
    ? 0
    : network.inputs[0].weights.length /
      network.layers[network.inputs[0].to].size;
  const fitting = Object.values(tasks).map((make) => make())
    .find((one) => one.channels.length === channels);
  if (!fitting) {
    throw new RangeError(
      `Cannot open ${name}: it does not say its task, and no built-in task has ` +
        `${channels} channels`,
    );
  }
  tell({
    kind: "note",
    message:
      `${name} does not say its task: taken for ${fitting.name}, which ` +
      `has as many input channels (${channels})`,
  });
  return fitting;
}

function take(ask: Ask): void {
  switch (ask.kind) {
    case "train":
      return startOf(ask);
    case "pause":
      return training?.pause();
    case "resume":
      return training?.resume();
    case "step":
      return training?.step();
    case "stop":
      return training?.stop();
    case "cancel":
      return stopping.abort();
    case "map":
      return begin("map", async (signal) => {
        const { model, task } = parts(signal);
        const run = { backend: breathed, signal, tell };
        await keep(await mapModel(model, task, ask.trials, run), task, from);
      });
    case "tune":
      return begin("tune", async (signal) => {
        const { model, task } = parts(signal);
        const run = { backend: breathed, signal, tell };
        await keep(await tuneModel(model, task, run), task, from);
        if (isTuned(parts(signal).model)) await showPresent(signal);
      });
    case "play":
      return begin("play", async (signal) => await play(ask, parts(signal)));
    case "accuracy":
      return begin(
        "accuracy",
        async (signal) => await measure(ask, parts(signal)),
      );
    case "look":
      return begin("look", async (signal) => {
        const { look } = await import("./looking.ts").catch((error) => {
          throw new Error(
            "Cannot load the code that draws figures, which comes with the " +
              "first figure: there is no connection to where the page comes " +
              `from. Press Look again when there is (${messageOf(error)})`,
          );
        });
        const pause = async () => await breathe();
        await look(ask.analyses, { ...parts(signal), pause });
      });
    case "open":
      return begin("open", async (signal) => await open(ask, signal));
    case "save":
      return begin("save", (signal) => {
        const { model, task } = parts(signal);
        const bytes = encodeModel(model);
        const name = from === "trained" ? `${task.name}.mat` : from;
        tell({ kind: "saved", name, bytes }, [bytes.buffer]);
        return Promise.resolve();
      });
  }
}

self.onmessage = ({ data }) => {
  try {
    take(readAsk(data));
  } catch (error) {
    tell({ kind: "failed", doing: "message", message: messageOf(error) });
  }
};

tell({ kind: "ready", version, backend: backend.description });
