/** What all panels share: the worker, what is known of the network, what is said. */
import { element, say } from "../../lib/dashboard/page/dom.ts";
import type { Task } from "../../lib/tasks/types.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import type { Change } from "./changes.ts";
import type { Client } from "./client.ts";
import { orderOf, type UnitOrder } from "./pictures.ts";
import type { Told } from "./protocol.ts";
import type { LabSettings } from "./settings.ts";

/** Names of the panels, in their order. */
export const panelNames = ["train", "map", "play", "look", "keep"] as const;

/** A panel's name. */
export type PanelName = (typeof panelNames)[number];

/** The network there is. */
export interface Present {
  readonly about: Told<"network">;
  readonly task: Task;
  readonly order: UnitOrder;
}

/** What the page knows, and what panels do through it. */
export class Page {
  readonly client: Client;
  /** Settings of the network there is, or of the one that is trained. */
  settings: LabSettings | undefined;
  /** The network there is; none before the first training. */
  present: Present | undefined;
  /** Updates, of a training that was stopped by hand. */
  stoppedAt: number | undefined;
  /** Trials of each factor, of the mapping there is. */
  mapped: number | undefined;
  tuned = false;
  changes: readonly Change[] = [];
  /** What the worker is at; nothing when it rests. */
  #busy = "";
  readonly #listeners: (() => void)[] = [];

  constructor(client: Client) {
    this.client = client;
    client.on("network", (about) => this.#keep(about));
    client.on("failed", ({ message }) => {
      // Not what was said last: it may be that something is being done.
      this.say("it did not work: the reason is below");
      this.busy = "";
      this.fail(message);
    });
    client.on("cancelled", ({ doing }) => {
      if (this.busy === doing) this.busy = "";
    });
    client.on("note", ({ message }) => {
      this.say(message);
      // It must not go with the next thing that is said.
      const place = element("#note");
      say(place, message);
      place.hidden = false;
    });
  }

  #keep(about: Told<"network">): void {
    this.present = {
      about,
      task: getTask(about.task, about.timing),
      order: orderOf(about.populations),
    };
    if (about.from !== "trained") this.settings = undefined;
    if (this.busy === "open") {
      // Another network: what was done to the one before is not done to it.
      this.#busy = "";
      if (element("#note").hidden) this.say(`opened ${about.from}`);
      this.changes = [];
      this.stoppedAt = this.mapped = undefined;
    }
    if (about.factor === "") this.mapped = undefined;
    this.tuned = about.tuned;
    this.tellChanged();
  }

  /** What the worker is at. */
  get busy(): string {
    return this.#busy;
  }

  set busy(doing: string) {
    this.#busy = doing;
    this.tellChanged();
  }

  /** Calls a function whenever something of the above is another. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Tells everybody that something is another. */
  tellChanged(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Says what goes on, where screen readers hear it. */
  say(text: string): void {
    say(element("#status"), text);
  }

  /** Says what went wrong; it stays until it is closed. */
  fail(text: string): void {
    const place = element("#failure");
    say(element("#failure span"), text);
    place.hidden = false;
  }
}

/** Calls a function with the next frame, however often it is asked for before. */
export function eachFrame(draw: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/** Whether the user wants nothing to move. */
export function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** A share in words: "94 % (88 to 97)". */
export function shareText(
  { value, low, high }: {
    readonly value: number;
    readonly low: number;
    readonly high: number;
  },
): string {
  const percent = (part: number) => Math.round(100 * part);
  return `${percent(value)} % (${percent(low)} to ${percent(high)})`;
}
