/** How far a piece of work has come, as data. */

/** What is shown while something runs. */
export interface Status {
  /** What is going on: "train". */
  readonly label: string;
  /** Pieces done, of how many. */
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural: "updates". */
  readonly unit: string;
  /** What the work gave so far: "loss 5.2", "performance 87 %". */
  readonly details: readonly string[];
  /** Pieces a second; NaN while unknown. */
  readonly rate: number;
  /** Milliseconds since the work began, now. */
  readonly elapsed?: number;
  /** Milliseconds since the last piece was done. */
  readonly waited?: number;
  /** The work may end before `total`. */
  readonly mayEndEarly?: boolean;
  /** Numbers for a sparkline, oldest first. */
  readonly course?: readonly number[];
}

/** Seconds left at the present rate; NaN while unknown. */
export function secondsLeft(
  { done, total, rate, waited = 0 }: Status,
): number {
  return rate > 0 ? Math.max(0, (total - done) / rate - waited / 1000) : NaN;
}
