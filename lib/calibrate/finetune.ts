/** Fine-tuning of a mapped network's weights by surrogate gradients. */
import { heard } from "../heard.ts";
import type { Score } from "../network/scores.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import { heedAbort } from "../platform/turn.ts";
import { randomStream } from "../random/stream.ts";
import type { Task } from "../tasks/types.ts";
import { type BatchGradient, batchGradient } from "./finetune_batch.ts";
import { type BatchSteps, RoundChecks } from "./finetune_checks.ts";
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
import { isTelling } from "../map/selection.ts";
import { transferCurve } from "../map/transfer.ts";

/** Updates from one check to the next; closer at first, where it may be enough. */
const checkEvery = 20;
const firstChecks = [5, 10, 30];

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

/** What a round of tuning found. */
export interface RoundResult {
  /** Gains of readout and synapses, of the best check. */
  readonly calibration: Calibration;
  /** Whether it ended in the network's own integration steps. */
  readonly ownSteps: boolean;
}

/**
 * Moves readout and synaptic weights down the gradient of the output's squared
 * error, taken on spiking trials. Trials are run forward as spikes (LIF units in
 * coarse steps of 0.25 ms with noise of the same strength), and backward through the
 * smoothed model: intervals of 5 ms, in which a spike has the derivative of its
 * expected number, from the measured transfer function, at the inputs that
 * occurred. Bias currents are moved with the synapses.
 *
 * The network is checked in the same steps before the first update, after updates 5,
 * 10, 20 and 30, and then after every 20. The best network is returned. A check in
 * coarse steps that is the best so far and right in 95 % of its trials is confirmed
 * by half as many in the network's own integration step. If fewer are right there by
 * more than 5 percentage points (2 if all were right), updates and checks go on in
 * that step, and the present network counts as the best.
 *
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
 * @returns the calibration of the best check, and the steps in which it ended
 * @throws {RangeError} for synapses without a filter
 */
export async function tuneWeights(
  spiking: SpikingNetwork,
  task: Task,
  options: RoundOptions,
): Promise<RoundResult> {
  const { updates, batch, learningRate, guide, hold, backend, signal } =
    options;
  const random = randomStream(options.seed).fork("tune");
  const all = options.weights === "all";
  const checks = new RoundChecks(
    await batchSteps(spiking, task, {
      ...options,
      seed: random.fork("transfer").key,
    }),
    { ...options, seed: random.fork("check").key },
  );
  let descent = new TunedDescent(spiking, all);
  let best = await checks.check(descent.calibration());
  let [worse, returned, share] = [0, 0, 1];
  /** The batch of the next update, drawn while the present one runs. */
  let ahead: ReturnType<typeof draw> | undefined;
  for (let k = 1; k <= updates && !best.done; k++) {
    await heedAbort(signal);
    const { batches, run, drawn } = ahead ?? draw(k);
    const pending = batchGradient(
      batches,
      descent.parameters,
      run,
      await drawn,
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
    const checked = await checks.check(descent.calibration(), best.score);
    if (checked.isBest) {
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
  return { calibration: best.calibration, ownSteps: checks.inOwnSteps };

  function draw(number: number) {
    const seed = random.fork(`batch ${number}`).key;
    const batches = batchesFrom(
      varied(checks.batches, options, seed),
      number,
      batch,
    );
    const run: BatchOptions = {
      trials: batch,
      seed,
      backend,
      signal,
      all,
      guide: isTelling(best.score) ? hold : guide,
    };
    return { batches, run, drawn: heard(drawBatch(batches, run)) };
  }
}

/** Batches at each strength of the noise, by the slopes that are measured there. */
async function batchSteps(
  spiking: SpikingNetwork,
  task: Task,
  { noise: levels, seed, backend, signal }: RoundOptions,
): Promise<BatchSteps> {
  const curves: NoisyCurve[] = [];
  for (const noise of levels) {
    const curve = await transferCurve(spiking, {
      seed,
      noiseScale: noise,
      backend,
      signal,
    });
    curves.push({ noise, curve });
  }
  const coarse = prepareBatches(spiking, task, curves);
  return {
    coarse,
    own: coarse.network.dt === spiking.dt
      ? coarse
      : prepareBatches(spiking, task, curves, spiking.dt),
  };
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

function isSettled({ strict }: Score): boolean {
  return strict.value >= settled.performance;
}
