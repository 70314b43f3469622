/** What happened in a training run so far. */
import type { RateSession } from "../backend/types.ts";
import type { Score } from "../evaluate/types.ts";
import type { EvaluationRecord } from "../formats/types.ts";
import type { RateNetwork } from "../network/types.ts";
import type { KeptEvaluation, TrainingState } from "./state.ts";

/** Losses and evaluations, as they come. */
export class History {
  readonly initial: RateNetwork;
  readonly #losses: number[];
  readonly #evaluations: EvaluationRecord[];
  #evaluation: KeptEvaluation | undefined;

  constructor(initial: RateNetwork, resumed?: TrainingState) {
    this.initial = initial;
    this.#losses = [...resumed?.losses ?? []];
    this.#evaluations = [...resumed?.evaluations ?? []];
    this.#evaluation = resumed?.evaluation;
  }

  /** Notes the mean loss of an update. */
  trained(loss: number): void {
    this.#losses.push(loss);
  }

  /** Notes an evaluation; returns what is kept of it. */
  evaluated(
    update: number,
    { paper, strict, loss }: Score,
    { outputs, labels }: KeptEvaluation,
  ): EvaluationRecord {
    this.#evaluation = { outputs, labels };
    const record = {
      update,
      performance: paper.value,
      strict: strict.value,
      loss,
    };
    this.#evaluations.push(record);
    return record;
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
    };
  }
}
