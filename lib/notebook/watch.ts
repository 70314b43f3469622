/** A run's events as a line of a notebook, which says how far it has come. */
import { type AnyEvent, type Ending, finished } from "../records/finished.ts";
import { formatDuration, formatPercent } from "../runs/format.ts";

/** What shows the progress: `Deno.jupyter` in a notebook. */
export interface Display {
  /** Shows contents by media type, in place of those of the same name. */
  display(contents: object, options: {
    readonly raw: true;
    readonly update?: boolean;
    readonly display_id: string;
  }): Promise<void>;
}

/** Milliseconds from one line to the next. */
const every = 250;

/**
 * Waits for the end of a run (`train`, `searchScalingFactor`, `calibrate`, …)
 * and shows its progress below the cell, in a line that is updated. Outside of
 * Deno's kernel for Jupyter it shows nothing.
 *
 * @param events of the run
 * @param options.display what shows the line
 * @returns the last event that carries a result
 * @throws whatever the run throws, and an {@linkcode Error} if its events end
 * without a result
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork, getTask, randomStream, train,
 * } from "@spikernn/spikernn";
 * import { watch } from "@spikernn/spikernn/notebook";
 * const task = getTask("go-nogo");
 * const start = createNetwork({ channels: 1, units: 10 }, randomStream(1));
 * const { model } = await watch(
 *   train(start, task, { seed: 1, updates: 2, evalTrials: 2 }),
 * );
 * assert(model.training?.losses.length === 2);
 * ```
 */
export async function watch<E extends AnyEvent>(
  events: AsyncIterable<E>,
  { display = kernel() }: { readonly display?: Display } = {},
): Promise<Ending<E>> {
  const id = crypto.randomUUID();
  const start = performance.now();
  const course = new Course();
  let last = -Infinity;
  let shown = false;
  const line = async (text: string) => {
    await display?.display(
      { "text/plain": text },
      { raw: true, display_id: id, update: shown },
    );
    shown = true;
  };
  return await finished(passing(events, async (event) => {
    const text = course.take(event);
    if (text === undefined || performance.now() - last < every) return;
    last = performance.now();
    await line(text);
  })).finally(async () => {
    if (!shown) return;
    const took = formatDuration((performance.now() - start) / 1000);
    await line(`${course.text}, ${took}`);
  });
}

async function* passing<E extends AnyEvent>(
  events: AsyncIterable<E>,
  look: (event: E) => Promise<void>,
): AsyncGenerator<E> {
  for await (const event of events) {
    await look(event);
    yield event;
  }
}

/** What is known of a run, as a line of text. */
class Course {
  /** The line. */
  text = "";
  #performance = "";

  /** Takes an event; `undefined` for those that change nothing shown. */
  take(event: AnyEvent): string | undefined {
    const { kind, update, loss, score, done, total } = event as AnyEvent & {
      readonly update?: number;
      readonly loss?: number;
      readonly score?: { readonly strict: { readonly value: number } };
      readonly done?: number;
      readonly total?: number;
    };
    if (kind === "evaluated" && score) {
      this.#performance = `, performance ${formatPercent(score.strict.value)}`;
    }
    if (kind === "trained") {
      this.text = `update ${update}, loss ${loss?.toFixed(2)}` +
        this.#performance;
    } else if (done !== undefined && total !== undefined) {
      this.text = `${kind} ${done} of ${total}` +
        (score ? `, performance ${formatPercent(score.strict.value)}` : "");
    } else return undefined;
    return this.text;
  }
}

function kernel(): Display | undefined {
  try {
    // Anywhere else its getter throws.
    return (globalThis.Deno as unknown as { jupyter: Display }).jupyter;
  } catch {
    return undefined;
  }
}
