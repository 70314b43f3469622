/** The form of Play: what its fields say, as a change of the network. */
import { wholeSteps, windowMs } from "../../lib/simulate/windows.ts";
import type { Change, Span, Units } from "./changes.ts";

/** What the fields hold, as they hold it. */
export interface ChangeFields {
  readonly action: "lesion" | "scale" | "exc" | "inh";
  readonly whom: Units;
  readonly to: Units;
  /** Factor of the weights. */
  readonly amount: string;
  /** Bounds of the window, ms; both are empty for the whole trial. */
  readonly span: readonly [from: string, to: string];
}

/** What a trial lasts. */
export interface Lasting {
  readonly steps: number;
  readonly stepMs: number;
}

/**
 * The change that is asked for.
 *
 * @throws {RangeError} saying what was received and what is allowed
 */
export function changeOf(fields: ChangeFields, lasting: Lasting): Change {
  const { action, whom: units, to } = fields;
  const span = spanOf(fields.span, lasting);
  const during = span && { span };
  switch (action) {
    case "lesion":
      return { kind: "lesion", units, ...during };
    case "scale": {
      const amount = numberOf(fields.amount);
      if (!(amount >= 0 && amount <= 100)) {
        throw refused(fields.amount, "Weights times", "numbers from 0 to 100");
      }
      return { kind: "scale", from: units, to, amount, ...during };
    }
    case "exc":
    case "inh": {
      const longest = lasting.steps * lasting.stepMs;
      return {
        kind: "stimulate",
        way: action,
        units,
        span: span ?? [0, longest],
      };
    }
  }
}

/** The window of time; undefined for all of it. */
function spanOf(
  [first, last]: ChangeFields["span"],
  { steps, stepMs }: Lasting,
): Span | undefined {
  if (first.trim() === "" && last.trim() === "") return undefined;
  const durationMs = steps * stepMs;
  const from = first.trim() === "" ? 0 : numberOf(first);
  const to = last.trim() === "" ? durationMs : numberOf(last);
  const allowed = `numbers from 0 to ${durationMs}, or nothing`;
  if (Number.isNaN(from)) throw refused(first, "From (ms)", allowed);
  if (Number.isNaN(to)) throw refused(last, "To (ms)", allowed);
  wholeSteps(
    windowMs({ from, to }, { durationMs, stepMs, dt: stepMs }),
    stepMs,
  );
  return [from, to];
}

/** A number, NaN for a text that is none. */
function numberOf(text: string): number {
  return text.trim() === "" ? NaN : Number(text);
}

function refused(text: string, name: string, allowed: string): RangeError {
  return new RangeError(
    `Cannot take ${JSON.stringify(text.slice(0, 40))} for ${name}: allowed ` +
      `are ${allowed}`,
  );
}
