/** What the page is told. */
import type { LossPoint } from "./loss_points.ts";
import type {
  BriefScore,
  LogEvent,
  ThinExample,
  ThinRaster,
} from "../records/log_lines.ts";

/** What a run's page shows, piece by piece; `run` is the run's number. */
export type Message =
  | { readonly kind: "run"; readonly run: number; readonly name: string }
  | (LossPoint & { readonly kind: "loss"; readonly run: number })
  | {
    readonly kind: "evaluated";
    readonly run: number;
    readonly update: number;
    readonly noiseLevel?: number;
    readonly lesson?: number;
    readonly score: BriefScore;
  }
  | {
    readonly kind: "example";
    readonly run: number;
    readonly update: number;
    readonly example: ThinExample;
  }
  | {
    readonly kind: "raster";
    readonly run: number;
    readonly factor: number;
    readonly raster: ThinRaster;
  }
  | (
    & Extract<
      LogEvent,
      {
        kind:
          | "started"
          | "stopped"
          | "factor"
          | "factorFailed"
          | "layerFactors"
          | "mapped"
          | "calibrated"
          | "saved"
          | "failed";
      }
    >
    & { readonly run: number }
  )
  | {
    /** A log that says no end has not been written to for a while. */
    readonly kind: "quiet";
    readonly run: number;
    /** When it was written to last, in s since 1970. */
    readonly since: number;
  }
  | ControlState & { readonly kind: "control" }
  | { readonly kind: "end" };

/** Whether the run can be steered from the page, and how it stands. */
export interface ControlState {
  /** Whether pause and stop do anything: not where a log is replayed. */
  readonly steerable: boolean;
  readonly paused: boolean;
  readonly stopping: boolean;
}
