/**
 * The panels of training as files, drawn while training goes on: a listener of
 * its events. Drawing runs in a worker, and never takes more than a small share
 * of the machine: evaluations that come faster than that are left out, the
 * newest is drawn, and the last one always.
 */
import { files } from "../platform/files.ts";
import { join } from "../platform/paths.ts";
import { ModelFileError } from "../errors.ts";
import { fileTrouble, writeAtomic } from "../formats/atomic.ts";
import type { RateNetwork } from "../network/types.ts";
import type { Task } from "../tasks/types.ts";
import type { Evaluated, Progress } from "../records/events.ts";
import { evaluationFigure, type PastEvaluation } from "./collect/panels.ts";
import { drawPng } from "./render/picture.ts";
import { drawSvg } from "./render/svg.ts";
import { workerEngine } from "./render/worker_engine.ts";

/** Options of the panels: where they go, and what they show. */
export interface PanelsOptions {
  /** An existing folder. */
  readonly folder: string;
  /** Name of the files, without the number of updates and the ending. */
  readonly name: string;
  /** The task that is learned. */
  readonly task: Task;
  /**
   * The network that is trained, for the sizes and unit types of its layers.
   */
  readonly network: RateNetwork;
  /** Evaluations before this run, if it goes on from a checkpoint. */
  readonly earlier?: readonly PastEvaluation[];
  /**
   * Share of the time of all cores that drawing may take. Defaults to 0.05;
   * evaluations that come faster are left out. With 1, drawing is never held
   * back.
   */
  readonly share?: number;
  /** Called once if the panels cannot be drawn or written. */
  readonly warn?: (message: string) => void;
}

/** A listener that draws. */
export interface PanelsListener {
  /** Takes an event of the training, and returns at once. */
  listen(event: Progress): void;
  /**
   * Draws the newest evaluation if it is not drawn yet, renames the files to
   * their final names, writes the last evaluation's panels under the bare name
   * as well, and ends the worker.
   *
   * @param name final name of the files, without the number of updates and the
   * ending
   * @returns the files, in the order of their updates, the bare name last
   */
  finish(name?: string): Promise<string[]>;
  /** Ends the worker and removes the files, if training has no result. */
  discard(): Promise<void>;
}

/**
 * What the first drawing takes, ms, with loading what draws: as long as that is
 * more than the share, a training that is soon over is drawn at its end alone.
 */
const firstDrawing = 1500;
/**
 * Dots an inch: these pictures are looked at on a screen. The time of a first one
 * is that of compiling what draws it, of which fewer pixels need less.
 */
const dots = 144;

const endings = ["svg", "png"] as const;

type Ending = typeof endings[number];

/**
 * Makes the listener. Every evaluation that is drawn is two files of its own,
 * NAME_update000101.svg and .png, with the number of updates before it.
 *
 * @param options folder, name, task, network
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, getTask, randomStream, train } from "@spikernn/spikernn";
 * import { panelsListener } from "@spikernn/spikernn/report";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const folder = Deno.makeTempDirSync();
 * const panels = panelsListener({ folder, name: "run", task, network });
 * const few = { seed: 1, updates: 2, evalTrials: 2 };
 * for await (const event of train(network, task, few)) panels.listen(event);
 * const files = await panels.finish();
 * assert(files.length > 0);
 * Deno.removeSync(folder, { recursive: true });
 * ```
 */
export function panelsListener(options: PanelsOptions): PanelsListener {
  const { folder, name, warn, share = 0.05 } = options;
  /** Milliseconds of rest for each that something was drawn. */
  const rest = 1 / Math.min(1, share * (navigator.hardwareConcurrency ?? 1)) -
    1;
  const evaluations = [...options.earlier ?? []];
  const path = (stem: string, ending: string) =>
    join(folder, `${stem}.${ending}`);
  const drawn: number[] = [];
  let last: Readonly<Record<Ending, Uint8Array>> | undefined;
  const engine = workerEngine();
  // Beside what the training begins with, most of which one core does. What
  // fails now fails again where it is drawn, and is told there.
  engine.prepare().catch(() => {});
  let newest: Evaluated | undefined;
  let working: Promise<void> | undefined;
  let restUntil = performance.now() + firstDrawing * rest;
  let failed = false;

  /** Writes a pair of files, both or none. */
  async function write(
    stem: string,
    files: Readonly<Record<Ending, Uint8Array>>,
  ): Promise<void> {
    try {
      for (const ending of endings) {
        await writeAtomic(path(stem, ending), files[ending]);
      }
    } catch (error) {
      await remove(stem);
      throw error;
    }
  }

  async function remove(stem: string): Promise<void> {
    for (const ending of endings) {
      await files.remove(path(stem, ending)).catch(() => {});
    }
  }

  /** Gives a pair of files another name. */
  async function rename(from: string, to: string): Promise<string[]> {
    for (const ending of from === to ? [] : endings) {
      try {
        await files.rename(path(from, ending), path(to, ending));
      } catch (error) {
        throw new ModelFileError(
          `Cannot rename ${path(from, ending)}: ${fileTrouble(error)}`,
          { cause: error },
        );
      }
    }
    return endings.map((ending) => path(to, ending));
  }

  /** Training is worth more than its pictures: what fails is told, once. */
  function fail(error: unknown): void {
    if (!failed) warn?.(error instanceof Error ? error.message : String(error));
    failed = true;
  }

  async function draw(event: Evaluated): Promise<void> {
    const start = performance.now();
    try {
      const figure = evaluationFigure(event, evaluations, options);
      const svg = await drawSvg(figure, { engine });
      const files = {
        svg: new TextEncoder().encode(svg),
        png: await drawPng(svg, { engine, dots }),
      };
      await write(stemOf(name, event.update), files);
      drawn.push(event.update);
      last = files;
    } catch (error) {
      fail(error);
    }
    const now = performance.now();
    restUntil = now + (now - start) * rest;
  }

  /** Starts drawing the newest evaluation, unless something is in the way. */
  function start(): void {
    if (!newest || working || failed) return;
    const event = newest;
    newest = undefined;
    working = draw(event).finally(() => working = undefined);
  }

  return {
    listen(event) {
      if (event.kind === "stopped") start();
      if (event.kind !== "evaluated") return;
      evaluations.push({
        update: event.update,
        performance: event.score.paper.value,
        loss: event.score.loss,
        noiseLevel: event.noiseLevel,
        lesson: event.lesson,
      });
      newest = event;
      // At the end of a training the model is made and saved meanwhile.
      if (event.last || performance.now() >= restUntil) start();
    },
    async finish(final = name) {
      await working;
      start();
      await working;
      engine.close();
      if (!last) return [];
      const files: string[] = [];
      try {
        for (const update of drawn) {
          files.push(
            ...await rename(stemOf(name, update), stemOf(final, update)),
          );
        }
        await write(final, last);
        files.push(...endings.map((ending) => path(final, ending)));
      } catch (error) {
        fail(error);
      }
      return files;
    },
    async discard() {
      newest = undefined;
      engine.close();
      failed = true;
      await working;
      for (const update of drawn) await remove(stemOf(name, update));
    },
  };
}

/** Name of an evaluation's files: in order where names are sorted. */
function stemOf(name: string, update: number): string {
  return `${name}_update${String(update).padStart(6, "0")}`;
}
