/**
 * A training that can be paused, stepped and stopped, and that is looked at while
 * it goes: by the same settings, and so to the same bits, as `spikernn train`.
 */
import {
  type Backend,
  effectiveWeights,
  getTask,
  type Model,
  randomStream,
  type RateNetwork,
  type RateSession,
  shorterDelays,
  type Task,
  train,
} from "../../../lib/entry/web.ts";
import { fallbacks } from "../../../lib/settings/kinds.ts";
import { underPreset } from "../../../lib/runs/preset.ts";
import { trainFlags } from "../../../lib/runs/train_flags.ts";
import {
  networkOf,
  recorded,
  resolved,
  trainOptions,
} from "../../../lib/runs/train_settings.ts";
import type { Tell } from "../protocol.ts";
import { type LabSettings, settingNames } from "../settings.ts";
import type { Breathe } from "./breathe.ts";
import { bytesOf, signedBytesOf } from "./numbers.ts";

/** Milliseconds from one message of losses to the next. */
const tellEvery = 50;
/** Milliseconds from one look at weights and activity to the next, at least. */
const lookEvery = 200;
/** Share of the time that looking may take. */
const lookShare = 0.1;

/** A training. */
export interface Training {
  pause(): void;
  resume(): void;
  /** Goes on for one update, and pauses. */
  step(): void;
  /** Ends it after the update in hand; the network is kept. */
  stop(): void;
}

/** What a training works with. */
export interface TrainingParts {
  readonly backend: Backend;
  readonly breathe: Breathe;
  readonly tell: (message: Tell, moved?: Transferable[]) => void;
}

/** Starts a training; `model` is there once it has stopped. */
export function startTraining(
  settings: LabSettings,
  parts: TrainingParts,
): { readonly training: Training; readonly model: Promise<Model> } {
  const control = new Control();
  return { training: control, model: run(settings, parts, control) };
}

/** Lets a loop through, or makes it wait. */
class Control implements Training {
  readonly #stopping = new AbortController();
  #steps = Infinity;
  #wake = () => {};

  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  pause(): void {
    this.#steps = 0;
  }

  resume(): void {
    this.#go(Infinity);
  }

  step(): void {
    this.#go(1);
  }

  stop(): void {
    this.#stopping.abort();
    this.#go(Infinity);
  }

  #go(steps: number): void {
    this.#steps = steps;
    this.#wake();
  }

  /** Called after an update; waits where the training is paused. */
  async passed(onPause: () => Promise<void>): Promise<void> {
    if (--this.#steps > 0) return;
    await onPause();
    while (!(this.#steps > 0)) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}

/** Values of the flags of `spikernn train` that the settings stand for. */
export function flagsOf(settings: LabSettings) {
  const given = new Set<string>(settingNames);
  return resolved(
    underPreset({ ...fallbacks(trainFlags), ...settings }, given),
  );
}

async function run(
  settings: LabSettings,
  { backend, breathe, tell }: TrainingParts,
  control: Control,
): Promise<Model> {
  const task = getTask(settings.task);
  const flags = flagsOf(settings);
  const { seed } = settings;
  const network = networkOf(flags, task, seed);
  const viewer = new Viewer(task, seed, tell);
  const losses: number[] = [];
  let updates = 0;
  let told = 0;
  const tellLosses = () => {
    if (losses.length === 0) return;
    const since = Float32Array.from(losses.splice(0));
    tell({ kind: "trained", update: updates, losses: since });
    told = performance.now();
  };
  const events = train(network, task, {
    ...trainOptions(flags),
    seed,
    backend: watched(backend, (session) => viewer.session ??= session),
    curriculum: shorterDelays(task, flags.curriculum)
      .map((timing) => getTask(task.name, timing)),
    settings: recorded(trainFlags, flags, seed),
    signal: control.signal,
  });
  for await (const event of events) {
    await breathe();
    if (event.kind === "started") {
      const { units, updates } = event;
      tell({ kind: "started", task: task.name, units, updates });
      await viewer.look(0);
    } else if (event.kind === "trained") {
      losses.push(event.loss);
      updates = event.update;
      if (performance.now() - told > tellEvery) tellLosses();
      await viewer.lookIfDue(updates);
      await control.passed(async () => {
        tellLosses();
        await viewer.look(updates);
        tell({ kind: "paused", update: updates });
      });
    } else if (event.kind === "evaluated") {
      const { update, score, noiseLevel, lesson } = event;
      tell({
        kind: "evaluated",
        update,
        loss: score.loss,
        strict: score.strict.value,
        paper: score.paper.value,
        noiseLevel,
        lesson,
      });
    } else if (event.kind === "stopped") {
      tellLosses();
      const { reason, update, seconds, model } = event;
      await viewer.show(await runOnce(backend, model.network, viewer), update);
      const met = model.training?.outcome?.met ?? false;
      tell({ kind: "stopped", reason, update, met, seconds });
      return model;
    }
  }
  throw new Error("Cannot train: the training ended without a result");
}

/** The same backend, whose sessions are passed on. */
function watched(
  backend: Backend,
  onSession: (session: RateSession) => void,
): Backend {
  return {
    ...backend,
    async open(network) {
      const session = await backend.open(network);
      onSession(session);
      return session;
    },
  };
}

/** One more trial of a network that is no longer trained. */
async function runOnce(
  backend: Backend,
  network: RateNetwork,
  viewer: Viewer,
) {
  const session = await backend.open(network);
  try {
    return { network, trace: await viewer.trial(session) };
  } finally {
    session.close();
  }
}

/** Looks at a network while it learns: its weights, and one trial, always the same. */
class Viewer {
  session: RateSession | undefined;
  readonly #task: Task;
  readonly #tell: TrainingParts["tell"];
  readonly #trial;
  readonly #key: number;
  #next = 0;

  constructor(task: Task, seed: number, tell: TrainingParts["tell"]) {
    this.#task = task;
    this.#tell = tell;
    const random = randomStream(seed).fork("lab");
    this.#key = random.fork("noise").key;
    this.#trial = task.trial(random.fork("trial"), task.conditions[0]);
  }

  async trial(session: RateSession) {
    const { inputs } = this.#trial;
    const [trace] = await session.run([{
      inputs,
      steps: this.#task.steps,
      noise: { key: this.#key, trial: 0 },
    }], { rates: true });
    return trace;
  }

  async lookIfDue(update: number): Promise<void> {
    if (performance.now() >= this.#next) await this.look(update);
  }

  async look(update: number): Promise<void> {
    const { session } = this;
    if (!session) return;
    const begun = performance.now();
    const trace = await this.trial(session);
    await this.show({ network: session.network(), trace }, update);
    const took = performance.now() - begun;
    this.#next = performance.now() + Math.max(lookEvery, took / lookShare);
  }

  // deno-lint-ignore require-await
  async show(
    { network, trace }: Awaited<ReturnType<typeof runOnce>>,
    update: number,
  ): Promise<void> {
    const { condition, inputs, target } = this.#trial;
    const units = network.layers[0].size;
    const weights = signedBytesOf(effectiveWeights(network, 0));
    const rates = bytesOf(trace.rates!);
    this.#tell({
      kind: "snapshot",
      update,
      units,
      weights: weights.bytes,
      most: weights.most,
      rates: rates.bytes,
      mostRate: rates.most,
      condition,
      inputs: inputs.slice(),
      target: target.slice(),
      output: Float32Array.from(trace.outputs),
    }, [weights.bytes.buffer, rates.bytes.buffer]);
  }
}
