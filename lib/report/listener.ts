/**
 * The panels of training as files, drawn while training goes on: a listener of
 * its events. Drawing runs in a worker, and never takes more than a small share
 * of the machine: what comes faster than that is left out, the newest is drawn.
 */
import { join } from "node:path";
import { ModelFileError } from "../errors.ts";
import { fileTrouble, writeAtomic } from "../formats/atomic.ts";
import type { Layer, RateNetwork } from "../network/types.ts";
import type { Task } from "../tasks/types.ts";
import type { Evaluated, Progress } from "../progress.ts";
import { stimulusWindows } from "./collect/network.ts";
import { layerGroups } from "./collect/order.ts";
import { panelsFigure } from "./figures/panels.ts";
import { drawPng } from "./render/picture.ts";
import { drawSvg } from "./render/svg.ts";
import { type WorkerEngine, workerEngine } from "./render/worker_engine.ts";
import type { Figure } from "./types.ts";

/** Where the panels go, and what of. */
export interface PanelsOptions {
  /** An existing folder. */
  readonly folder: string;
  /** Name of the files, without an ending. */
  readonly name: string;
  readonly task: Task;
  /** What is trained: its layers' sizes and unit types. */
  readonly network: RateNetwork;
  /** Evaluations before this run, where it goes on from a checkpoint. */
  readonly earlier?: readonly {
    readonly update: number;
    readonly performance: number;
    readonly loss: number;
  }[];
  /** Is told, once, where the panels cannot be drawn or written. */
  readonly warn?: (message: string) => void;
}

/** A listener that draws. */
export interface PanelsListener {
  /** Takes an event of the training; returns at once. */
  listen(event: Progress): void;
  /**
   * Draws the newest evaluation if it is not drawn yet, gives the files their
   * final name, and ends the worker.
   *
   * @param name final name of the files, without an ending
   * @returns the files
   */
  finish(name?: string): Promise<string[]>;
  /** Ends the worker and removes the files: the training came to nothing. */
  discard(): Promise<void>;
}

/** Share of all cores that drawing may take. */
const share = 0.05;
/**
 * What the first drawing takes, ms, with loading what draws: so long as that is
 * more than the share, a training that is soon over is drawn at its end alone.
 */
const firstDrawing = 1500;
/** Dots an inch: these pictures are looked at on a screen. */
const dots = 200;

const endings = ["svg", "png"] as const;

/**
 * Makes the listener. Its files are replaced at every evaluation that is drawn.
 *
 * @param options folder, name, task, network
 *
 * @example
 * ```ts
 * import { type RateNetwork, type Task, train } from "@spikernn/spikernn";
 * import { panelsListener } from "@spikernn/spikernn/report";
 * async function watched(network: RateNetwork, task: Task) {
 *   const panels = panelsListener({ folder: ".", name: "run", task, network });
 *   for await (const event of train(network, task, { seed: 1 })) {
 *     panels.listen(event);
 *   }
 *   return await panels.finish();
 * }
 * console.assert(typeof watched === "function");
 * ```
 */
export function panelsListener(options: PanelsOptions): PanelsListener {
  const { folder, name, warn } = options;
  const cores = navigator.hardwareConcurrency ?? 1;
  const evaluations = [...options.earlier ?? []];
  const path = (ending: string) => join(folder, `${name}.${ending}`);
  let engine: WorkerEngine | undefined;
  let newest: Evaluated | undefined;
  let working: Promise<void> | undefined;
  let restUntil = performance.now() + firstDrawing / (share * cores);
  let written = false;
  let failed = false;

  async function draw(event: Evaluated): Promise<void> {
    const start = performance.now();
    try {
      engine ??= workerEngine();
      const figure = figureOf(event, evaluations, options);
      const svg = await drawSvg(figure, { engine });
      await writeAtomic(path("svg"), new TextEncoder().encode(svg));
      await writeAtomic(path("png"), await drawPng(svg, { engine, dots }));
      written = true;
    } catch (error) {
      // Training is worth more than its pictures.
      if (!failed) {
        warn?.(error instanceof Error ? error.message : String(error));
      }
      failed = true;
    }
    const now = performance.now();
    restUntil = now + (now - start) * (1 / (share * cores) - 1);
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
      if (event.kind !== "evaluated") return;
      evaluations.push({
        update: event.update,
        performance: event.score.paper.value,
        loss: event.score.loss,
      });
      newest = event;
      if (performance.now() >= restUntil) start();
    },
    async finish(final = name) {
      await working;
      start();
      await working;
      engine?.close();
      if (!written) return [];
      const files = endings.map((ending) => join(folder, `${final}.${ending}`));
      if (final !== name) {
        await Promise.all(
          endings.map((ending, k) => rename(path(ending), files[k])),
        );
      }
      return files;
    },
    async discard() {
      newest = undefined;
      engine?.close();
      failed = true;
      await working;
      for (const ending of endings) {
        await Deno.remove(path(ending)).catch(() => {});
      }
    },
  };
}

async function rename(from: string, to: string): Promise<void> {
  try {
    await Deno.rename(from, to);
  } catch (error) {
    throw new ModelFileError(
      `Cannot rename ${JSON.stringify(from)}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}

/** The figure of an evaluation. */
function figureOf(
  { update, example }: Evaluated,
  evaluations: PanelsOptions["earlier"] & object,
  { task, network }: PanelsOptions,
): Figure {
  const steps = task.steps;
  let first = 0;
  return panelsFigure({
    evaluations: evaluations.filter((past) => past.update <= update),
    stopping: task.stopping,
    condition: example.condition,
    stepMs: task.stepMs,
    stimuli: stimulusWindows(task),
    target: example.target,
    outputs: example.outputs,
    layers: network.layers.map((layer, l) => {
      const rates = example.rates.subarray(
        first * steps,
        (first + layer.size) * steps,
      );
      first += layer.size;
      return {
        name: `layer ${l + 1}`,
        size: layer.size,
        rates: sorted(layer, rates, steps, network.dale),
      };
    }),
  });
}

/** Rows in the order in which figures show units. */
function sorted(
  layer: Layer,
  rates: Float32Array,
  steps: number,
  dale: boolean,
): Float32Array {
  const order = layerGroups(layer, dale).flatMap(({ units }) => units);
  const rows = new Float32Array(rates.length);
  order.forEach((unit, row) =>
    rows.set(rates.subarray(unit * steps, (unit + 1) * steps), row * steps)
  );
  return rows;
}
