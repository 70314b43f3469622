/** What the page knows of the runs, from the messages it was sent. */
import type {
  BriefScore,
  ThinExample,
  ThinRaster,
} from "../../records/log_lines.ts";
import { addPoint, joined, type LossPoint } from "../loss_points.ts";
import type { ControlState, Message } from "../messages.ts";

/** The last message of a kind. */
type Of<K extends Message["kind"]> = Extract<Message, { kind: K }>;

/** One run. */
export interface RunView {
  name: string;
  started?: Of<"started">;
  readonly loss: LossPoint[];
  evaluated: {
    readonly update: number;
    readonly score: BriefScore;
    readonly noiseLevel?: number;
    readonly lesson?: number;
  }[];
  example?: { readonly update: number; readonly example: ThinExample };
  factors: Of<"factor">[];
  failedFactors: number;
  /** Choices of one factor a layer, by the factors in words; the newest last. */
  readonly layerFactors: Map<string, Of<"layerFactors">>;
  /** A trial of each factor, by factor; the newest last. */
  readonly rasters: Map<number, ThinRaster>;
  calibrated: Of<"calibrated">[];
  mapped?: Of<"mapped">;
  stopped?: Of<"stopped">;
  saved?: string;
  error?: string;
  /** When its log was last written to, in s since 1970, if it grows no more. */
  quietSince?: number;
}

/** All there is to show. */
export interface View {
  readonly runs: RunView[];
  control: ControlState;
  ended: boolean;
}

/** A view of nothing. */
export function emptyView(): View {
  return {
    runs: [],
    control: { steerable: false, paused: false, stopping: false },
    ended: false,
  };
}

/** Takes a message into the view. */
export function take(view: View, message: Message): void {
  if (message.kind === "control") {
    view.control = message;
    return;
  }
  if (message.kind === "end") {
    view.ended = true;
    return;
  }
  const run = view.runs[message.run] ??= {
    name: `run ${message.run + 1}`,
    loss: [],
    evaluated: [],
    factors: [],
    failedFactors: 0,
    layerFactors: new Map(),
    rasters: new Map(),
    calibrated: [],
  };
  if (message.kind !== "run") run.quietSince = undefined;
  switch (message.kind) {
    case "quiet":
      run.quietSince = message.since;
      break;
    case "run":
      run.name = message.name;
      break;
    case "started":
      run.started = message;
      break;
    case "loss":
      addPoint(run.loss, message, joined);
      break;
    case "evaluated":
      run.evaluated = [
        ...run.evaluated.filter(({ update }) => update < message.update),
        message,
      ];
      break;
    case "example":
      run.example = message;
      break;
    case "factor":
      run.factors = [
        ...run.factors.filter(({ factor }) => factor !== message.factor),
        message,
      ].sort((a, b) => a.factor - b.factor);
      break;
    case "factorFailed":
      run.failedFactors++;
      break;
    case "layerFactors":
      run.layerFactors.delete(inWords(message.factors));
      run.layerFactors.set(inWords(message.factors), message);
      break;
    case "raster":
      run.rasters.delete(message.factor);
      run.rasters.set(message.factor, message.raster);
      break;
    case "calibrated":
      run.calibrated = [
        ...run.calibrated.filter(({ step }) => step !== message.step),
        message,
      ];
      break;
    case "mapped":
      run.mapped = message;
      break;
    case "stopped":
      run.stopped = message;
      break;
    case "saved":
      run.saved = message.path;
      break;
    case "failed":
      run.error = message.error;
      break;
  }
}

/** Whether a run has come to its end. */
function isOver({ stopped, saved, error }: RunView): boolean {
  return stopped !== undefined || saved !== undefined || error !== undefined;
}

/** How the page and its runs stand, in a few words. */
export function stateOf(
  { ended, control, runs }: View,
  connected: boolean,
): string {
  if (ended) return "ended";
  if (!connected) return "connection lost, trying again";
  if (control.stopping) return "stopping";
  if (control.paused) return "paused";
  // A run that is steered from here goes on, whatever was saved before it.
  if (control.steerable || runs.length === 0) return "live";
  if (runs.every(isOver)) return "finished";
  const still = (run: RunView) => isOver(run) || run.quietSince !== undefined;
  return runs.every(still) ? "no news" : "live";
}

/** Factors of layers, from the first layer on. */
export function inWords(factors: readonly number[]): string {
  return factors.join(", ");
}

const reasons = {
  criterion: "the criteria are met",
  limit: "all updates were made",
  interrupted: "stopped",
} as const;

/** How a run stands, in a line. */
export function lineOf(run: RunView): string {
  const { name, started, loss, stopped, saved, error, factors, mapped } = run;
  const parts = [name];
  if (started) {
    const { task, units, seed, backend } = started;
    parts.push(`${units} units on ${task}, seed ${seed}, ${backend}`);
    const update = stopped?.update ?? loss.at(-1)?.update ?? started.update;
    parts.push(`update ${update} of ${started.updates}`);
  }
  const last = factors.reduce(
    (most, { done, total }) => done > most.done ? { done, total } : most,
    { done: 0, total: 0 },
  );
  if (last.done > 0 && !mapped) {
    parts.push(`factor ${last.done} of ${last.total}`);
  }
  if (stopped) {
    parts.push(reasons[stopped.reason]);
    const { firstMet, update } = stopped;
    // With several levels of noise training goes on after that.
    if (firstMet !== undefined && firstMet < update) {
      parts.push(`criteria first met at update ${firstMet}`);
    }
  }
  if (saved !== undefined) parts.push(`saved ${saved}`);
  if (error !== undefined) parts.push(`failed: ${error}`);
  if (run.quietSince !== undefined && !isOver(run)) {
    const since = new Date(1000 * run.quietSince);
    parts.push(`no news since ${since.toLocaleString()}`);
  }
  return parts.join(" · ");
}
