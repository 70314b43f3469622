/** The training loop. */
import { unitCount } from "../network/geometry.ts";
import { checkAddressable, trainingSize } from "../backend/memory.ts";
import { openBackend } from "../backend/open.ts";
import type { RateSession } from "../backend/types.ts";
import { DivergedError } from "../network/diverged.ts";
import { letAbortIn } from "../platform/turn.ts";
import { checkChannels } from "../simulate/check.ts";
import type { RateNetwork } from "../network/types.ts";
import { taskIdentity } from "../tasks/identity.ts";
import type { Task } from "../tasks/types.ts";
import { evaluateSession } from "./evaluation.ts";
import { assembleModel } from "./model.ts";
import { completeOptions, type TrainOptions } from "./options.ts";
import type { TrainingOutcome } from "../network/records.ts";
import type {
  Evaluated,
  StopReason,
  TrainingEvent,
} from "../records/events.ts";
import { History } from "./history.ts";
import { Stages, stagesOf } from "./stages.ts";
import { TrainingTrials } from "./trials.ts";

/**
 * Trains a rate network on a task by back-propagation through time, with one
 * Adam update for each trial (or batch), and yields events.
 *
 * After updates 2, 102, 202, … (with `evalEvery` 100, as the original counts)
 * the network is evaluated on fresh trials; it stops once mean loss and
 * performance meet the task's rule. With several `noiseLevels` it goes on to
 * the next level instead of stopping, until the rule is met at the last one. If
 * the network loses what it had learned, training goes back to the last network
 * that met the rule, with half the learning rate, at most three times. With a
 * `curriculum` the easier tasks come first, in the same way. The last event is
 * `stopped`, with the trained model. The same network, seed and options give
 * the same model to the last bit, whatever the backend's number of workers.
 *
 * @param network the network to start from, which is not changed
 * @param task what it is to learn
 * @param options seed, batch, learning rate, stopping, …; `onLeave` is given
 * the network of a loop that is left early
 * @yields typed events, `started` first and `stopped` last
 * @throws {RangeError} for an option out of range, or a network and trials that
 * the backend's memory can never hold
 * @throws {TypeError} for a network with another number of input channels, or
 * an easier task with others, or with steps of another duration
 * @throws {TaskError} for a task that makes wrong trials
 * @throws {DivergedError} once a loss is not finite; its `model` is the state
 * of the last evaluation
 *
 * Source: Kim, Li and Sejnowski, PNAS 116:22811 (2019), Methods.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, getTask, randomStream, train } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ channels: 1, units: 20 }, randomStream(1));
 * for await (const event of train(network, task, { seed: 1, updates: 3 })) {
 *   if (event.kind === "trained") assert(event.loss > 0);
 * }
 * ```
 */
export async function* train(
  network: RateNetwork,
  task: Task,
  options: TrainOptions,
): AsyncGenerator<TrainingEvent, void> {
  const settings = completeOptions(options);
  const { seed, updates, batch, evalEvery, signal, resume } = settings;
  checkChannels(network, task);
  checkCurriculum(settings.curriculum, task);
  const backend = options.backend ?? await openBackend();
  let session: RateSession | undefined;
  /** Whether the events came to their end; a loop that is left stops between them. */
  let ended = false;
  const begun = performance.now();
  try {
    if (backend.name === "simd") {
      const longest = Math.max(
        ...[task, ...settings.curriculum].map(({ steps }) => steps),
      );
      const run = { steps: longest, batch, workers: 1 };
      checkAddressable(trainingSize(resume?.network ?? network, run));
    }
    session = await backend.open(resume?.network ?? network);
    if (resume) session.restore(resume.optimiser);
    const initial = resume?.initial ?? session.network();
    const history = new History(initial, resume);
    const trials = new TrainingTrials(task, settings);
    const trialsOf = new Map([
      ...settings.curriculum.map((easier) =>
        [easier, new TrainingTrials(easier, settings)] as const
      ),
      [task, trials],
    ]);
    const stages = new Stages(
      stagesOf(task, settings),
      { ...settings.stopping, rule: settings.criterion, batch },
      history.evaluations,
    );
    let update = resume?.update ?? 0;
    let good = session.network();
    let reason: StopReason = "limit";

    const identity = await taskIdentity(task);
    const model = (
      of: RateNetwork | RateSession,
      outcome: TrainingOutcome,
      until = history,
    ) =>
      assembleModel({
        outcome,
        ...("layers" in of
          ? { network: of }
          : { network: of.network(), session: of }),
        task,
        identity,
        history: until,
        trials,
        backend,
        options: settings,
      });

    yield {
      kind: "started",
      task: task.name,
      units: unitCount(network),
      update,
      updates,
      batch,
      backend: backend.description,
      seed,
    };
    // A run may have been killed between its last evaluation and its end.
    if (stages.done) reason = "criterion";
    while (!stages.done && update < updates) {
      await letAbortIn(signal);
      if (signal?.aborted) {
        reason = "interrupted";
        break;
      }
      const stage = stages.current;
      const { losses, gradientNorm } = await session.update(
        await trialsOf.get(stage.task)!.ofUpdate(update, stage.noise),
        settings.loss,
        {
          ...settings,
          learningRate: settings.learningRate * stages.step *
            warmth(update, settings.warmUp),
        },
      );
      const loss = losses.reduce((sum, l) => sum + l, 0) / losses.length;
      if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
        const ended = { reason: "diverged", met: false } as const;
        throw diverged(update, loss, gradientNorm, await model(good, ended));
      }
      update++;
      history.trained(loss);
      // Later updates move what the first one does, or tell of themselves.
      const still = update === 1 ? stillLayers(initial, session.network()) : [];
      yield {
        kind: "trained",
        update,
        loss,
        gradientNorm,
        ...(still.length > 0 && { still }),
      };
      // The original evaluates after trials 1, 101, … of a count from 0.
      if ((update - 2) % evalEvery !== 0) continue;
      const evaluation = await evaluateSession(
        session,
        stage.task,
        settings,
        update,
      );
      const { score, example } = evaluation;
      const record = history.evaluated(update, evaluation, stage);
      const verdict = stages.take(record);
      const { met } = history;
      let returned: Evaluated["returned"];
      if (verdict === "lost" && met) {
        // The optimiser's moments are those of the way that led astray.
        session.close();
        session = await backend.open(met.network);
        const learningRate = settings.learningRate * stages.step;
        returned = { to: met.update, learningRate };
      }
      good = session.network();
      if (verdict === "met") history.keep(good);
      if (stages.done) reason = "criterion";
      const layers = good.layers.map(({ size }) => size);
      yield {
        kind: "evaluated",
        update,
        score,
        noiseLevel: stage.noise,
        ...(stage.lesson !== undefined && { lesson: stage.lesson }),
        ...(returned && { returned }),
        ...(reason === "criterion" && { last: true }),
        example: layers.length > 1 ? { ...example, layers } : example,
      };
      if (settings.checkpoints) {
        yield { kind: "checkpoint", state: history.state(session) };
      }
    }
    if (settings.checkpoints) {
      yield { kind: "checkpoint", state: history.state(session) };
    }
    // Stronger noise may undo what met the criteria, and not bring it back.
    const kept = reason === "limit" ? history.met : undefined;
    const met = reason === "criterion" || kept !== undefined;
    yield {
      kind: "stopped",
      reason,
      update,
      ...(stages.firstMet !== undefined && { firstMet: stages.firstMet }),
      ...(kept && { kept: kept.update }),
      seconds: (performance.now() - begun) / 1000,
      model: kept
        ? await model(kept.network, { reason, met }, history.untilMet(kept))
        : await model(session, { reason, met }),
    };
    ended = true;
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (session && !ended) options.onLeave?.(session.network());
    session?.close();
    if (!options.backend) backend.close();
  }
}

/** Layers whose recurrent weights are what they were. */
function stillLayers(before: RateNetwork, after: RateNetwork): number[] {
  return [...after.layers.keys()].filter((layer) => {
    const { weights } = before.layers[layer];
    return after.layers[layer].weights.every((w, i) => w === weights[i]);
  });
}

function checkCurriculum(curriculum: readonly Task[], task: Task): void {
  const kind = ({ channels, stepMs }: Task) =>
    `channels ${channels.join(", ")} and steps of ${stepMs} ms`;
  for (const easier of curriculum) {
    if (kind(easier) === kind(task)) continue;
    throw new TypeError(
      `Cannot train on task ${task.name} after ${easier.name}: the first has ` +
        `${kind(task)}, the other ${kind(easier)}`,
    );
  }
}

function diverged(
  update: number,
  loss: number,
  gradientNorm: number,
  model: DivergedError["model"],
): DivergedError {
  const what = Number.isFinite(loss)
    ? `the gradient's norm in update ${update + 1} is ${gradientNorm}`
    : `the loss of update ${update + 1} is ${loss}`;
  const error = new DivergedError(
    `Cannot go on training: ${what}, allowed are finite numbers; ` +
      "try a smaller learning rate, or clip the gradient's norm",
  );
  error.model = model;
  return error;
}

/** The part of the learning rate that an update has, counted from 0. */
function warmth(update: number, warmUp = 1): number {
  return Math.min(1, (update + 1) / warmUp);
}
