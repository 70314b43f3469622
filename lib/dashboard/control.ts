/** Steers a run from the page: pause between updates, go on, stop. */
import type { ControlState } from "./messages.ts";

/** A run that can be steered, once it has said how it is stopped. */
export class RunControl {
  #stop: (() => void) | undefined;
  #paused = false;
  #stopping = false;
  #release: (() => void) | undefined;
  readonly #changed: (state: ControlState) => void;

  /** @param changed is told how things stand */
  constructor(changed: (state: ControlState) => void) {
    this.#changed = changed;
  }

  /** How things stand. */
  get state(): ControlState {
    return {
      steerable: this.#stop !== undefined,
      paused: this.#paused,
      stopping: this.#stopping,
    };
  }

  /**
   * The run begins; it is not steerable before.
   *
   * @param stop asks the run to stop, as Ctrl-C does
   * @param signal aborted once the run has been asked to stop by anybody
   */
  attach(stop: () => void, signal: AbortSignal): void {
    this.#stop = stop;
    const stopped = () => {
      this.#stopping = true;
      this.#letGo();
      this.#tell();
    };
    if (signal.aborted) stopped();
    else signal.addEventListener("abort", stopped, { once: true });
    this.#tell();
  }

  /** The run has ended: nothing to steer any more. */
  detach(): void {
    this.#stop = undefined;
    this.#letGo();
    this.#tell();
  }

  /** The run waits at its next event. */
  pause(): void {
    if (!this.#stop || this.#stopping || this.#paused) return;
    this.#paused = true;
    this.#tell();
  }

  /** The run goes on. */
  resume(): void {
    if (!this.#paused) return;
    this.#letGo();
    this.#tell();
  }

  /** The run stops and saves the network so far. */
  stop(): void {
    if (!this.#stop || this.#stopping) return;
    this.#stop();
  }

  /** Resolves once the run may go on. */
  async gate(): Promise<void> {
    while (this.#paused) {
      await new Promise<void>((resolve) => this.#release = resolve);
    }
  }

  #letGo(): void {
    this.#paused = false;
    this.#release?.();
    this.#release = undefined;
  }

  #tell(): void {
    this.#changed(this.state);
  }
}
