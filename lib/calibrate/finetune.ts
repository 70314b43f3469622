/** Fine-tuning of a mapped network's weights by surrogate gradients. */
import {
  evaluateTogether,
  type TogetherOptions,
} from "../simulate/evaluate_spiking.ts";
import { heard } from "../heard.ts";
import type { Score } from "../network/scores.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import type { Task } from "../tasks/types.ts";
import { type BatchGradient, batchGradient } from "./finetune_batch.ts";
import {
  type BatchOptions,
  drawBatch,
  type NoisyCurve,
  prepareBatches,
} from "./finetune_draw.ts";
import {
  BiasOptimiser,
  calibrationOf,
  parametersOf,
  type TunedParameters,
  WeightOptimiser,
} from "./finetune_parameters.ts";
import type { RoundOptions } from "./finetune_settings.ts";
import { batchesFrom, varied } from "./finetune_turns.ts";
import { isNearer, isTelling } from "../map/selection.ts";
import { transferCurve } from "../map/transfer.ts";

/**
 * Trials of a check at least: where fewer are all right, there may still be more
 * wrong ones than a twentieth.
 */
const leastCheckTrials = 100;

/** Updates from one check to the next; closer at first, where it may be enough. */
const checkEvery = 20;
const firstChecks = [5, 10, 30];

/**
 * Coarse steps are taken for as long as they tell how the network does in its own: a
 * check that is right in this share of its trials is confirmed by some of them in the
 * network's own steps. If fewer are right there by more than `tolerance`, everything
 * goes on in those.
 */
const confirmed = { from: 0.95, trials: 1 / 2, tolerance: 0.05 };

/**
 * Checks in a row without a better one after which it goes back to the best, to
 * go on from there in smaller steps, or ends.
 */
const patience = 10;

/** The same where the best is right in this share of them: then it ends. */
const settled = { performance: 0.98, patience: 4 };

/** How often it goes back, and the learning rate then, a share of what it was. */
const returns = { most: 2, share: 1 / 3 };

/** The learning rate falls to this share of it, linearly. */
const lastShare = 0.1;

/**
 * Learning rates beside that of the synapses. The readout's is smaller: it could
 * follow the loss down to a silent output before the synapses have moved. Of the
 * bias currents in mV, of the offset in units of the output.
 */
const shares = { readout: 0.2, bias: 0.5, offset: 0.1 };

/**
 * Moves readout and synaptic weights down the gradient of the output's squared
 * error, taken on spiking trials. Trials are run forward as spikes (LIF units in
 * steps of 0.25 ms with noise of the same strength), and backward through the
 * smoothed model: intervals of 5 ms, in which a spike has the derivative of its
 * expected number, from the measured transfer function, at the inputs that
 * occurred. Bias currents are moved with the synapses.
 *
 * The network is checked in the same coarse steps before the first update, after
 * updates 5, 10, 20 and 30, and then after every 20. The best network is returned.
 * Tuning ends if all trials of a check are right, with the network's own
 * integration step too. After ten checks without a better one it goes on from the
 * best in steps of a third, and the third time it ends; if the best is right in
 * 98 % of trials, it ends after four.
 *
 * As long as no check was right in 80 % of its trials it also counts how far the
 * units' filtered spikes are from the rates of their rate units on the same trials:
 * outputs alone say little to a network that is silent, or always gives the same
 * answer. Beyond that, units may find rates of their own.
 *
 * A weight keeps its sign, and an absent synapse stays absent.
 *
 * @param spiking the network; tuning starts from its calibration
 * @returns the calibration with the gains of readout and synapses
 * @throws {RangeError} for synapses without a filter
 */
export async function tuneWeights(
  spiking: SpikingNetwork,
  task: Task,
  options: RoundOptions,
): Promise<TunedWeightsFound> {
  const { updates, batch, learningRate, guide, backend, signal } = options;
  const random = randomStream(options.seed).fork("tune");
  const all = options.weights === "all";
  const { noise: levels, hold } = options;
  const curves: NoisyCurve[] = [];
  for (const noise of levels) {
    const curve = await transferCurve(spiking, {
      seed: random.fork("transfer").key,
      noiseScale: noise,
      backend,
      signal,
    });
    curves.push({ noise, curve });
  }
  const coarse = prepareBatches(spiking, task, curves);
  const own = coarse.network.dt === spiking.dt
    ? coarse
    : prepareBatches(spiking, task, curves, spiking.dt);
  let batches = options.ownSteps ? own : coarse;
  const run = {
    seed: random.fork("check").key,
    trials: Math.max(leastCheckTrials, options.trials),
    balanced: true,
    backend,
    signal,
  };
  const check = async (
    calibration: Calibration,
    rival?: Score,
  ): Promise<Checked> => {
    const score = await scoreOf({ ...batches.network, calibration }, task, {
      ...run,
      noiseScale: batches.noiseScales,
      enough: ([soFar]) => rival !== undefined && isBeaten(soFar, rival),
    });
    if (batches === own) {
      return { calibration, score, done: isPerfect(score), misled: false };
    }
    const isBest = rival === undefined || isNearer(score, rival);
    if (!isBest || score.strict.value < confirmed.from) {
      return { calibration, score, done: false, misled: false };
    }
    const trials = Math.ceil(confirmed.trials * run.trials);
    const wrong = trials * (1 - score.strict.value + confirmed.tolerance);
    const isMisled = ({ strict }: Score) =>
      strict.trials - strict.correct > wrong;
    const inOwn = await scoreOf({ ...spiking, calibration }, task, {
      ...run,
      trials,
      noiseScale: levels,
      enough: ([soFar]) => isMisled(soFar),
    });
    return {
      calibration,
      score,
      done: isPerfect(score) && isPerfect(inOwn),
      misled: isMisled(inOwn),
    };
  };
  let descent = new TunedDescent(spiking, all);
  let best = await check(descent.calibration());
  if (best.misled) best = await inOwnSteps();
  let [worse, returned, share] = [0, 0, 1];
  /** The batch of the next update, drawn while the one before it runs. */
  let ahead: ReturnType<typeof draw> | undefined;
  for (let k = 1; k <= updates && !best.done; k++) {
    signal?.throwIfAborted();
    const { from, options: of, trials } = ahead ?? draw(k);
    const pending = batchGradient(
      from,
      descent.parameters,
      of,
      await trials,
    );
    const due = k % checkEvery === 0 || firstChecks.includes(k) ||
      k === updates;
    // A check may change what the next batch is drawn for.
    ahead = due ? undefined : draw(k + 1);
    const gradient = await pending;
    const fall = 1 - (1 - lastShare) * (k - 1) / updates;
    descent.update(gradient, learningRate * share * fall);
    options.onUpdate?.({ done: k, total: updates, loss: gradient.loss });
    if (!due) continue;
    const checked = await check(descent.calibration(), best.score);
    if (checked.misled) {
      best = await inOwnSteps();
      worse = 0;
      continue;
    }
    if (checked.done || isNearer(checked.score, best.score)) {
      best = checked;
      worse = 0;
      continue;
    }
    worse++;
    if (isSettled(best.score) && worse >= settled.patience) break;
    if (worse === patience) {
      if (returned++ === returns.most) break;
      descent = new TunedDescent({
        ...spiking,
        calibration: best.calibration,
      }, all);
      share *= returns.share;
      worse = 0;
    }
  }
  return { calibration: best.calibration, ownSteps: batches === own };

  function draw(number: number) {
    const seed = random.fork(`batch ${number}`).key;
    const from = batchesFrom(varied(batches, options, seed), number, batch);
    const of: BatchOptions = {
      trials: batch,
      seed,
      backend,
      signal,
      all,
      guide: isTelling(best.score) ? hold : guide,
    };
    return { from, options: of, trials: heard(drawBatch(from, of)) };
  }

  /** Goes on in the network's own steps, in which the present one is the best. */
  function inOwnSteps(): Promise<Checked> {
    batches = own;
    return check(descent.calibration());
  }
}

/** The parameters of a network on their way down. */
class TunedDescent {
  readonly parameters: TunedParameters;
  readonly #spiking: SpikingNetwork;
  readonly #all: boolean;
  readonly #synapses: WeightOptimiser;
  readonly #readout: WeightOptimiser;
  readonly #bias: BiasOptimiser;

  /** @param all whether synapses and bias currents move, not the readout alone */
  constructor(spiking: SpikingNetwork, all: boolean) {
    this.parameters = parametersOf(spiking);
    this.#spiking = spiking;
    this.#all = all;
    this.#synapses = new WeightOptimiser(this.parameters.synapses);
    this.#readout = new WeightOptimiser(this.parameters.readout);
    this.#bias = new BiasOptimiser(this.parameters.bias);
  }

  update(gradient: BatchGradient, rate: number): void {
    if (this.#all) {
      this.#synapses.update(gradient.synapses, rate);
      this.#bias.update(gradient.bias, shares.bias * rate);
    }
    const readoutRate = this.#all ? shares.readout * rate : rate;
    this.#readout.update(gradient.readout, readoutRate);
    this.parameters.offset -= shares.offset * rate *
      Math.sign(gradient.offset);
  }

  calibration(): Calibration {
    return calibrationOf(this.#spiking, this.parameters, this.#all);
  }
}

/** What a round of tuning found. */
export interface TunedWeightsFound {
  readonly calibration: Calibration;
  /** Whether it ended in the network's own integration steps. */
  readonly ownSteps: boolean;
}

/** How well a calibration did in a check. */
interface Checked {
  readonly calibration: Calibration;
  readonly score: Score;
  /** Whether there is nothing left to tune. */
  readonly done: boolean;
  /** Whether the network is worse in its own steps than in the coarse ones. */
  readonly misled: boolean;
}

async function scoreOf(
  network: SpikingNetwork,
  task: Task,
  options: TogetherOptions,
): Promise<Score> {
  const [found] = await evaluateTogether([network], task, options);
  if (found.status === "rejected") throw found.reason;
  return found.value;
}

function isPerfect({ strict }: Score): boolean {
  return strict.correct === strict.trials;
}

function isSettled({ strict }: Score): boolean {
  return strict.value >= settled.performance;
}

/**
 * Whether a check that is not at its end cannot become better than a rival: where
 * strict performance decides, with more wrong trials.
 */
function isBeaten({ strict }: Score, rival: Score): boolean {
  const wrong = strict.trials - strict.correct;
  return isTelling(rival) &&
    wrong > rival.strict.trials - rival.strict.correct;
}
