/** Results and events as one line of JSON. */
import { printable } from "../printable.ts";
import type { Progress } from "../records/events.ts";

/**
 * One line of JSON. Typed arrays become arrays; numbers that JSON does not know
 * (NaN, infinities) become `null`. What a terminal would take for an order is
 * escaped, so that a reader gets it back as it was.
 */
export function toJson(data: unknown): string {
  return printable(JSON.stringify(
    data,
    (_, value) =>
      ArrayBuffer.isView(value) && !(value instanceof DataView)
        ? Array.from(value as unknown as ArrayLike<number>)
        : value,
  ));
}

/**
 * An event as it is written with `--json`: without what only figures and files
 * need.
 */
export function withoutBulk(event: Progress): Record<string, unknown> {
  const { example: _example, model: _model, state: _state, ...rest } = event as
    & Progress
    & { example?: unknown; model?: unknown; state?: unknown };
  return rest;
}
