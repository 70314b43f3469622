/** Waits for the end of a stream of events. */
/** Kinds of the events that end a run and carry its result. */
const endings: readonly string[] = [
  "stopped",
  "mapped",
  "layersMapped",
  "calibration",
  "analysed",
  "perturbed",
  "swept",
];

/** Any event, with its kind. */
export interface AnyEvent {
  /** What happened. */
  readonly kind: string;
}

/** An event that ends a run and carries its result. */
export type Ending<E extends AnyEvent> = Extract<
  E,
  {
    readonly kind:
      | "stopped"
      | "mapped"
      | "layersMapped"
      | "calibration"
      | "analysed"
      | "perturbed"
      | "swept";
  }
>;

/**
 * Waits for the end of a run (`train`, `searchScalingFactor`,
 * `searchLayerFactors`, `calibrate`, `analyse`, `evaluatePerturbed`, `sweep`)
 * without handling its events.
 *
 * @param events of the run
 * @returns its last event that carries a result: `stopped` has the `model`,
 * `mapped` the `search`, `layersMapped` the `layers`, `calibration` the
 * `record`, `analysed` and `swept` the `results`, `perturbed` the `effects`
 * @throws whatever the run throws, and an {@linkcode Error} if its events end
 * without a result
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork, finished, getTask, randomStream, searchScalingFactor, train,
 * } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const start = createNetwork({ channels: 1, units: 10 }, randomStream(1));
 * const { model, update } = await finished(
 *   train(start, task, { seed: 1, updates: 2, evalTrials: 2 }),
 * );
 * const { search } = await finished(
 *   searchScalingFactor(model.network, task, {
 *     seed: 1, factors: [40, 50], trials: 2,
 *   }),
 * );
 * assert(update === 2 && [40, 50].includes(search.chosen));
 * ```
 */
export async function finished<E extends AnyEvent>(
  events: AsyncIterable<E>,
): Promise<Ending<E>> {
  let last: Ending<E> | undefined;
  for await (const event of events) {
    if (endings.includes(event.kind)) last = event as Ending<E>;
  }
  if (last === undefined) {
    throw new Error("Cannot tell the result: the events ended without one");
  }
  return last;
}
