/** Windows of time in a trial. */

/**
 * A window of time [from, to) in a trial: in ms (the default), in steps of the
 * rate network, or in integration steps of the spiking network.
 */
export interface TimeWindow {
  /** Onset, from the start of the trial. */
  readonly from: number;
  /** End, not included, from the start of the trial. */
  readonly to: number;
  /** Unit of both: ms, steps of the rate network, or integration steps. */
  readonly unit?: "ms" | "steps" | "integrationSteps";
}

/** Clock of a trial: what a window is converted with. */
export interface Clock {
  readonly durationMs: number;
  readonly stepMs: number;
  readonly dt: number;
}

/**
 * A window in ms.
 *
 * @throws {RangeError} for a window that is empty or reaches outside the trial
 */
export function windowMs(
  window: TimeWindow,
  { durationMs, stepMs, dt }: Clock,
): { from: number; to: number } {
  const unit = window.unit ?? "ms";
  const factor = { ms: 1, steps: stepMs, integrationSteps: dt }[unit];
  if (factor === undefined) {
    throw new RangeError(
      `Cannot use a window in ${JSON.stringify(unit)}: ` +
        "allowed are ms, steps, integrationSteps",
    );
  }
  const from = window.from * factor;
  const to = window.to * factor;
  // A window may end with the trial; products such as 0.05·20000 round.
  if (!(from >= 0 && from < to && to <= durationMs * (1 + 1e-9))) {
    throw new RangeError(
      `Cannot use the window ${window.from}:${window.to} ${unit}: it must ` +
        `begin before it ends and lie within the trial's 0:${
          Math.round(durationMs / factor)
        } ${unit}`,
    );
  }
  return { from, to };
}

/**
 * A window in whole steps.
 *
 * @param step duration of a step, ms
 * @throws {RangeError} for a window shorter than a step
 */
export function wholeSteps(
  window: { from: number; to: number },
  step: number,
): { from: number; to: number } {
  const from = Math.round(window.from / step);
  const to = Math.round(window.to / step);
  if (from === to) {
    throw new RangeError(
      `Cannot use the window ${window.from}:${window.to} ms: it is shorter ` +
        `than a step of ${step} ms`,
    );
  }
  return { from, to };
}
