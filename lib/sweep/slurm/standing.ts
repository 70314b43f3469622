/** How the points of a run stand. */
import type { Point, SweepEvent } from "../types.ts";

type Place = "waiting" | "submitted" | "done" | "failed";

/** Points, where they are and how often they have failed. */
export class Standing {
  readonly #points: Map<string, { place: Place; failures: number }>;
  readonly #retries: number;

  /**
   * @param points of the run
   * @param retries how often a failed point is tried again
   */
  constructor(points: readonly Point[], retries: number) {
    this.#points = new Map(
      points.map(({ id }) => [id, { place: "waiting", failures: 0 }]),
    );
    this.#retries = retries;
  }

  /** Points that are to be submitted. */
  waiting(): { id: string; failedBefore: boolean }[] {
    return [...this.#points].flatMap(([id, { place, failures }]) =>
      place === "waiting" ? [{ id, failedBefore: failures > 0 }] : []
    );
  }

  /** How many points are neither done nor failed for good. */
  open(): number {
    return [...this.#points.values()].filter(({ place }) =>
      place === "waiting" || place === "submitted"
    ).length;
  }

  /** Whether a point of this run has neither result nor failure yet. */
  isOpen(id: string): boolean {
    const place = this.#points.get(id)?.place;
    return place === "waiting" || place === "submitted";
  }

  /** Whether a point is to be submitted. */
  isWaiting(id: string): boolean {
    return this.#points.get(id)?.place === "waiting";
  }

  submitted(ids: readonly string[]): void {
    this.#move(ids, "submitted");
  }

  /** Back to those that wait; it is not their failure. */
  returned(ids: readonly string[]): void {
    this.#move(ids, "waiting");
  }

  done(id: string): SweepEvent[] {
    if (!this.isOpen(id)) return [];
    this.#points.get(id)!.place = "done";
    return [{ kind: "point-done", id }];
  }

  /**
   * A point failed.
   *
   * @param forGood whether it is not tried again, whatever the retries
   */
  failed(id: string, reason: string, forGood = false): SweepEvent[] {
    const point = this.#points.get(id);
    if (!point || !this.isOpen(id)) return [];
    point.failures++;
    const retriesLeft = forGood
      ? 0
      : Math.max(0, this.#retries + 1 - point.failures);
    point.place = retriesLeft > 0 ? "waiting" : "failed";
    return [{ kind: "point-failed", id, reason, retriesLeft }];
  }

  #move(ids: readonly string[], place: Place): void {
    for (const id of ids) {
      if (this.isOpen(id)) this.#points.get(id)!.place = place;
    }
  }
}
