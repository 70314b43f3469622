/** What happened in a training run so far. */
import type { RateSession } from "../backend/types.ts";
import type { Score } from "../network/scores.ts";
import type { EvaluationRecord } from "../network/records.ts";
import type { RateNetwork } from "../network/types.ts";
import type { Stage } from "./stages.ts";
import type {
  KeptEvaluation,
  MetState,
  TrainingState,
} from "../records/training_state.ts";

/** Losses and evaluations, as they come. */
export class History {
  readonly initial: RateNetwork;
  readonly #losses: number[];
  readonly #evaluations: EvaluationRecord[];
  #evaluation: KeptEvaluation | undefined;
  #met: MetState | undefined;

  constructor(
    initial: RateNetwork,
    resumed?: Pick<
      TrainingState,
      "losses" | "evaluations" | "evaluation" | "met"
    >,
  ) {
    this.initial = initial;
    this.#losses = [...resumed?.losses ?? []];
    this.#evaluations = [...resumed?.evaluations ?? []];
    this.#evaluation = resumed?.evaluation;
    this.#met = resumed?.met;
  }

  /** Notes the mean loss of an update. */
  trained(loss: number): void {
    this.#losses.push(loss);
  }

  /** Notes an evaluation of a stage; returns what is kept of it. */
  evaluated(
    update: number,
    { score: { paper, strict, loss }, outputs, labels }:
      & KeptEvaluation
      & { readonly score: Score },
    { noise, lesson }: Pick<Stage, "noise" | "lesson">,
  ): EvaluationRecord {
    this.#evaluation = { outputs, labels };
    const record = {
      update,
      performance: paper.value,
      strict: strict.value,
      loss,
      noiseLevel: noise,
      ...(lesson !== undefined && { lesson }),
    };
    this.#evaluations.push(record);
    return record;
  }

  /** Keeps the network of the last evaluation, which met the criteria. */
  keep(network: RateNetwork): void {
    this.#met = {
      update: this.updates,
      network,
      evaluation: this.#evaluation!,
    };
  }

  /** What met the criteria last. */
  get met(): MetState | undefined {
    return this.#met;
  }

  /** The history up to what met the criteria last. */
  untilMet({ update, evaluation }: MetState): History {
    return new History(this.initial, {
      losses: this.losses.subarray(0, update),
      evaluations: this.#evaluations.filter((e) => e.update <= update),
      evaluation,
    });
  }

  /** Mean loss of every update. */
  get losses(): Float64Array {
    return Float64Array.from(this.#losses);
  }

  /** Every evaluation. */
  get evaluations(): readonly EvaluationRecord[] {
    return [...this.#evaluations];
  }

  /** The last evaluation in full. */
  get evaluation(): KeptEvaluation | undefined {
    return this.#evaluation;
  }

  /** Updates done. */
  get updates(): number {
    return this.#losses.length;
  }

  /** The state from which training can go on. */
  state(session: RateSession): TrainingState {
    return {
      update: this.updates,
      network: session.network(),
      optimiser: session.optimiser(),
      initial: this.initial,
      losses: this.losses,
      evaluations: this.evaluations,
      ...(this.#evaluation && { evaluation: this.#evaluation }),
      ...(this.#met && { met: this.#met }),
    };
  }
}
