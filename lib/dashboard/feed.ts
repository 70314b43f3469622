/**
 * What there is to show, in bounded memory: readers take from it what they have
 * not seen, so that a slow reader costs nothing and a new one gets all of it.
 */
import type { LogLine } from "../records/log_lines.ts";
import { addPoint, joined, type LossPoint } from "./loss_points.ts";
import type { Message } from "./messages.ts";
import { distinctNames, type NamedRun } from "./names.ts";

/** A message with its number; later ones have larger numbers. */
export interface Numbered {
  readonly id: number;
  readonly message: Message;
}

/** Most entries of a lane that grows with a run. */
const mostEntries = 1000;

/** Most rasters of a run: each is some kilobytes. */
const mostRasters = 40;

/** Least seconds of a run between two points of its loss. */
const pointEvery = 0.1;

type NumberedPoint = LossPoint & { readonly id: number };

/** What is kept of one run. */
interface Lanes {
  readonly loss: NumberedPoint[];
  /** Messages that follow one another. */
  readonly evaluated: Numbered[];
  readonly factors: Numbered[];
  readonly rasters: Numbered[];
  /** Messages of which only the last counts, by kind. */
  readonly last: Map<string, Numbered>;
  /** Updates that are not told yet, as one point. */
  open?: LossPoint;
  /** When a point was told last. */
  told: number;
}

/** Keeps what several runs have told. */
export class Feed {
  readonly #runs: Lanes[] = [];
  readonly #named: NamedRun[] = [];
  /** Names as they were told last. */
  #names: readonly string[] = [];
  readonly #common = new Map<string, Numbered>();
  readonly #waiting = new Set<() => void>();
  #id = 0;
  #ended = false;

  /** Number of the newest message; 0 before the first. */
  get newest(): number {
    return this.#id;
  }

  /** Whether nothing more will come. */
  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Adds a run and gives its number.
   *
   * @param name of the run
   * @param place path that it comes from, by which runs of one name are told
   *   apart
   */
  addRun(name: string, place?: string): number {
    const run = this.#runs.length;
    this.#runs.push({
      loss: [],
      evaluated: [],
      factors: [],
      rasters: [],
      last: new Map(),
      told: -Infinity,
    });
    this.#name(run, { name, place });
    return run;
  }

  /** Adds what a run tells. */
  add(run: number, line: LogLine): void {
    const lanes = this.#runs[run];
    const { time: _time, ...event } = line;
    if (event.kind === "trained") return this.#trained(lanes, event, line.time);
    this.#close(lanes, line.time);
    switch (event.kind) {
      case "run":
        return this.#name(run, { ...this.#named[run], name: event.name });
      case "evaluated": {
        const { example, ...evaluated } = event;
        this.#push(lanes.evaluated, { ...evaluated, run });
        if (example) {
          const { update } = event;
          this.#setLast(run, { kind: "example", run, update, example });
        }
        return;
      }
      case "factor": {
        const { raster, ...tried } = event;
        this.#push(lanes.factors, { ...tried, run });
        if (raster) {
          const { factor } = event;
          const message = { kind: "raster", run, factor, raster } as const;
          this.#push(lanes.rasters, message, mostRasters);
        }
        return;
      }
      case "factorFailed":
      case "layerFactors":
      case "calibrated":
        return this.#push(lanes.factors, { ...event, run });
      default:
        return this.#setLast(run, { ...event, run });
    }
  }

  /** Tells that a run's log has not been written to since then. */
  quiet(run: number, since: number): void {
    this.#setLast(run, { kind: "quiet", run, since });
  }

  /** Tells what belongs to no run. */
  tell(message: Extract<Message, { kind: "control" | "end" }>): void {
    this.#common.set(message.kind, { id: ++this.#id, message });
    this.#wake();
  }

  /** Nothing more will come. */
  end(): void {
    if (this.#ended) return;
    for (const lanes of this.#runs) this.#close(lanes, lanes.told);
    this.#ended = true;
    this.tell({ kind: "end" });
  }

  /** What came after a message, in order. */
  since(id: number): Numbered[] {
    const found: Numbered[] = [];
    this.#runs.forEach((lanes, run) => {
      for (const { id: of, ...point } of after(lanes.loss, id)) {
        found.push({ id: of, message: { kind: "loss", run, ...point } });
      }
      for (const lane of [lanes.evaluated, lanes.factors, lanes.rasters]) {
        found.push(...after(lane, id));
      }
      for (const one of lanes.last.values()) if (one.id > id) found.push(one);
    });
    for (const one of this.#common.values()) if (one.id > id) found.push(one);
    return found.sort((a, b) => a.id - b.id);
  }

  /** Waits until there is something newer, or some milliseconds. */
  async news(id: number, milliseconds: number): Promise<void> {
    if (this.#id > id || this.#ended) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wake: (() => void) | undefined;
    try {
      await new Promise<void>((resolve) => {
        wake = resolve;
        this.#waiting.add(resolve);
        timer = setTimeout(resolve, milliseconds);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(wake!);
    }
  }

  /** Tells of updates that wait for others, if they have waited long enough. */
  settle(time: number): void {
    for (const lanes of this.#runs) {
      if (time - lanes.told >= pointEvery) this.#close(lanes, time);
    }
  }

  /** Names a run, and tells the names that have changed by it. */
  #name(run: number, named: NamedRun): void {
    this.#named[run] = named;
    const names = distinctNames(this.#named);
    names.forEach((name, k) => {
      if (name !== this.#names[k]) {
        this.#setLast(k, { kind: "run", run: k, name });
      }
    });
    this.#names = names;
  }

  #trained(
    lanes: Lanes,
    { update, loss }: { readonly update: number; readonly loss: number },
    time: number,
  ): void {
    if (!Number.isFinite(loss)) return;
    const point = { from: update, update, loss };
    // A run that went on from an earlier state makes some updates again.
    if (lanes.open && update <= lanes.open.update) this.#close(lanes, time);
    lanes.open = lanes.open ? joined(lanes.open, point) : point;
    if (time - lanes.told >= pointEvery) this.#close(lanes, time);
  }

  #close(lanes: Lanes, time: number): void {
    if (!lanes.open) return;
    const point = { ...lanes.open, id: ++this.#id };
    lanes.open = undefined;
    lanes.told = time;
    addPoint(lanes.loss, point, (a, b) => ({ ...joined(a, b), id: b.id }));
    this.#wake();
  }

  #push(lane: Numbered[], message: Message, most = mostEntries): void {
    lane.push({ id: ++this.#id, message });
    if (lane.length > most) {
      // The newest stays, and of the others every second one.
      const kept = lane.filter((_, k) => (lane.length - 1 - k) % 2 === 0);
      lane.splice(0, lane.length, ...kept);
    }
    this.#wake();
  }

  #setLast(run: number, message: Message): void {
    this.#runs[run].last.set(message.kind, { id: ++this.#id, message });
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
  }
}

/** The end of a lane that is in the order of its numbers. */
function after<T extends { readonly id: number }>(
  lane: readonly T[],
  id: number,
): T[] {
  let low = 0;
  let high = lane.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lane[middle].id > id) high = middle;
    else low = middle + 1;
  }
  return lane.slice(low);
}
