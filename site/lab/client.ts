/** The page's side of the worker. */
import { type Ask, readTell, type Tell, type Told } from "./protocol.ts";

type Kind = Tell["kind"];
type Listener<K extends Kind> = (message: Told<K>) => void;

/** The worker, as the page sees it. */
export class Client {
  readonly #worker: Worker;
  readonly #listeners = new Map<Kind, ((message: Tell) => void)[]>();
  readonly #waiting: Ask[] = [];
  #ready = false;

  /** @param broken is told why the worker does nothing any more */
  constructor(worker: Worker, broken: (reason: string) => void) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      try {
        this.#take(readTell(data));
      } catch (error) {
        broken((error as Error).message);
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      broken(event.message || "it did not start");
    };
    this.on("ready", () => {
      this.#ready = true;
      for (const ask of this.#waiting.splice(0)) this.send(ask);
    });
  }

  /** Asks the worker; what is asked before it is ready waits. */
  send(ask: Ask, moved: Transferable[] = []): void {
    if (this.#ready) this.#worker.postMessage(ask, moved);
    else this.#waiting.push(ask);
  }

  /** Calls a function for every message of a kind. */
  on<K extends Kind>(kind: K, listener: Listener<K>): void {
    const known = this.#listeners.get(kind) ?? [];
    known.push(listener as (message: Tell) => void);
    this.#listeners.set(kind, known);
  }

  #take(message: Tell): void {
    for (const listener of this.#listeners.get(message.kind) ?? []) {
      listener(message);
    }
  }
}
