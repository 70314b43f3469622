/** What a run log holds: one event a line, small enough to be read again and drawn. */
import type {
  FactorFailed,
  SpikingExample,
  Started,
  StopReason,
  Trained,
} from "../records/events.ts";

/** Version of the format, in the first line of a log. */
export const logVersion = 1;

/** The first line: whose log it is. */
export interface RunNamed {
  readonly kind: "run";
  readonly version: number;
  readonly name: string;
}

/** A performance with the bounds of its 95 % interval; null where unknown. */
export interface BriefScore {
  readonly paper: number | null;
  readonly strict: number | null;
  /** Bounds of the strict performance. */
  readonly low: number | null;
  readonly high: number | null;
  /** Mean loss; null for spiking networks. */
  readonly loss: number | null;
  /** Mean |output - target| in the strict window. */
  readonly outputError: number | null;
}

/** An evaluation's trial, thinned to what a small plot can show. */
export interface ThinExample {
  readonly condition: string;
  /** Steps from one shown point to the next. */
  readonly stride: number;
  readonly target: readonly (number | null)[];
  readonly outputs: readonly (number | null)[];
  /** One row a channel. */
  readonly inputs: readonly (readonly (number | null)[])[];
  /** Names of the channels; logs of old lack them. */
  readonly channels?: readonly string[];
  readonly rates: ThinRates;
  /** The rates of each layer, on one scale, where there are several. */
  readonly layers?: readonly ThinRates[];
}

/** Units' rates over a trial as bytes: every so many units and steps. */
export interface ThinRates {
  readonly rows: number;
  readonly columns: number;
  /** Units from one row to the next. */
  readonly unitStride: number;
  /** Steps from one column to the next. */
  readonly stepStride: number;
  /** The rate that byte 255 stands for. */
  readonly max: number;
  /** rows×columns bytes, row-major, in base64. */
  readonly bytes: string;
}

/** Spikes of a trial, one bit for every so many units and each bin of time. */
export interface ThinRaster {
  readonly condition: string;
  /** Duration of the trial, in ms. */
  readonly duration: number;
  /** Bins of time. */
  readonly columns: number;
  /** Units from one row to the next, within a population. */
  readonly unitStride: number;
  /** Populations from the top, with their numbers of rows. */
  readonly groups: readonly {
    readonly type: SpikingExample["populations"][number]["type"];
    readonly rows: number;
  }[];
  /** Rows of whole bytes, the first bin in the highest bit, in base64. */
  readonly bits: string;
}

/** A line of the log, without its time. */
export type LogEvent =
  | RunNamed
  | Started
  | Trained
  | {
    readonly kind: "evaluated";
    readonly update: number;
    /** Multiple of the model's noise in training; logs of old lack it. */
    readonly noiseLevel?: number;
    /** Which easier task of the curriculum; absent for the task itself. */
    readonly lesson?: number;
    readonly score: BriefScore;
    readonly example?: ThinExample;
  }
  | {
    readonly kind: "stopped";
    readonly reason: StopReason;
    readonly update: number;
    readonly seconds: number;
    /** Updates before the evaluation that met the criteria first. */
    readonly firstMet?: number;
    /** Updates of the network that was kept, where levels of noise were not met. */
    readonly kept?: number;
  }
  | {
    readonly kind: "factor";
    readonly factor: number;
    readonly done: number;
    readonly total: number;
    readonly score: BriefScore;
    readonly raster?: ThinRaster;
  }
  | FactorFailed
  | {
    readonly kind: "layerFactors";
    readonly factors: readonly number[];
    readonly done: number;
    readonly score: BriefScore;
    readonly best: readonly number[];
  }
  | {
    readonly kind: "mapped";
    readonly chosen: number;
    readonly plateau: readonly number[];
  }
  | {
    readonly kind: "calibrated";
    readonly step: string;
    readonly before: BriefScore;
    readonly after: BriefScore;
    readonly kept: boolean;
  }
  | { readonly kind: "saved"; readonly path: string }
  | { readonly kind: "failed"; readonly error: string };

/** A line of the log: an event and when it was, in seconds since 1970. */
export type LogLine = LogEvent & { readonly time: number };
