/** Rounds of fine-tuning, until one is good enough. */
import { evaluateSpiking } from "../evaluate/spiking.ts";
import type { Score } from "../evaluate/types.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import type { Task } from "../tasks/types.ts";
import { tuneWeights } from "./finetune.ts";
import type {
  RoundOptions,
  TuneSettings,
  TuneUpdate,
} from "./finetune_settings.ts";
import { isNearer, isTelling } from "./selection.ts";

/**
 * When no further round is needed: a network that is right in 97 % of 200 trials
 * is seldom one that is right in less than 95 %.
 */
const judgement = { trials: 200, goodEnough: 0.97 };

/**
 * Tunes until the network is right in 97 % of 200 fresh trials, the same for all
 * rounds, or no round is left. The first round starts from what the network has.
 * Where its network is right in less than 80 %, the second starts from the
 * scaling factor alone: what lessened the error before, a small readout for
 * instance, can be a poor place to start from. Every other round starts from the
 * best so far, with trials of its own and the learning rate of the beginning.
 *
 * @param spiking the network; tuning starts from its calibration
 * @returns the calibration of the best round
 * @throws {RangeError} for synapses without a filter
 */
export async function tuneInRounds(
  spiking: SpikingNetwork,
  task: Task,
  options: TuneSettings & Omit<RoundOptions, "onUpdate"> & {
    /** Told after every update. */
    readonly onUpdate?: (update: TuneUpdate) => void;
  },
): Promise<Calibration> {
  const { rounds, backend, signal } = options;
  const random = randomStream(options.seed).fork("rounds");
  const start = spiking.calibration ?? {};
  let best = await round(1, start);
  for (let next = 2; next <= rounds && !isGood(best.score); next++) {
    const afresh = next === 2 && !isTelling(best.score) &&
      Object.keys(start).length > 0;
    const found = await round(next, afresh ? {} : best.calibration);
    if (isNearer(found.score, best.score)) best = found;
  }
  return best.calibration;

  async function round(
    number: number,
    from: Calibration,
  ): Promise<{ calibration: Calibration; score: Score }> {
    const calibration = await tuneWeights(
      { ...spiking, calibration: from },
      task,
      {
        ...options,
        seed: number === 1 ? options.seed : random.fork(`round ${number}`).key,
        onUpdate: (update) => options.onUpdate?.({ ...update, round: number }),
      },
    );
    const judged = { ...spiking, calibration };
    const score = await evaluateSpiking(judged, task, {
      seed: random.fork("judgement").key,
      trials: judgement.trials,
      balanced: true,
      backend,
      signal,
    });
    return { calibration, score };
  }
}

function isGood({ strict }: Score): boolean {
  return strict.value >= judgement.goodEnough;
}
