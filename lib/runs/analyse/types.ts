/** What an analysis is, what it is given, and what it gives. */
import type {
  Activity,
  NamedSpan,
  SpikeTrains,
} from "../../analysis/activity.ts";
import type { ConditionVariable } from "../../analysis/variables.ts";
import type { Backend } from "../../backend/types.ts";
import type { NumberArray } from "../../formats/arrays.ts";
import type { CsvCell } from "../../formats/csv.ts";
import type { UnitPopulation } from "../../network/geometry.ts";
import type { Model } from "../../network/records.ts";
import type { SpikingNetwork } from "../../network/spiking.ts";
import type { Simulated } from "../../records/events.ts";
import type { Figure } from "../../report/types.ts";
import type { Task } from "../../tasks/types.ts";

/** Which network a result is of. */
export type NetworkName = "rate" | "spiking";

/**
 * What an analysis may need: the model with its task, its spiking twin, the
 * activity of either network on trials of the task, and spikes without a
 * stimulus. A file of spikes brings `spiking` alone.
 */
export type Data = "model" | "twin" | "rate" | "spiking" | "silence";

/** What an analysis is given; what it `needs` is there. */
export interface AnalysisContext {
  /** The model; absent for spikes from a file. */
  readonly model?: Model;
  /** The task; absent for spikes from a file. */
  readonly task?: Task;
  /** The spiking twin; absent if no scaling factor is known. */
  readonly twin?: SpikingNetwork;
  /** Activity of the rate network on trials of the task. */
  readonly rate?: Activity;
  /** Activity of the spiking network on the same trials: spikes a second, not smoothed. */
  readonly spiking?: Activity;
  /** Its spikes on these trials. */
  readonly spikes?: SpikeTrains;
  /** Its spikes in trials of a second without a stimulus. */
  readonly silence?: SpikeTrains;
  /** The units by layer and type; one population for spikes from a file. */
  readonly populations: readonly UnitPopulation[];
  /** What the conditions differ in. */
  readonly variables: readonly ConditionVariable[];
  /** Stimuli, the delays between them, and the response, ms. */
  readonly windows: readonly NamedSpan[];
  /** Trials of a condition that were asked for. */
  readonly trials: number;
  /** Width of a bin, ms. */
  readonly binMs: number;
  /** Whether intervals by bootstrap are asked for. */
  readonly intervals: boolean;
  /** Whether each unit is to have one. */
  readonly unitIntervals: boolean;
  /** Seed of everything that is drawn; fork a stream of your own by a purpose. */
  readonly seed: number;
  /** Where networks run; absent for spikes from a file. */
  readonly backend?: Backend;
  /** Stops the work. */
  readonly signal?: AbortSignal;
  /**
   * Says how far the analysis has come, lets Ctrl-C through and throws if the
   * work is to stop: to be awaited about every 50 ms of computing.
   */
  progress(done: number, total: number): Promise<void>;
}

/** A number that the text of a paper would quote. */
export interface Scalar {
  /** Which network it is of; absent for both together. */
  readonly network?: NetworkName;
  /** Short name: `participation_ratio`. */
  readonly name: string;
  /** What it is of, if there are several: a population, a window, a variable. */
  readonly of?: string;
  /** The value; NaN if it does not exist, and then `reason` says why. */
  readonly value: number;
  /** Lower end of its 95 % interval. */
  readonly low?: number;
  /** Upper end of its 95 % interval. */
  readonly high?: number;
  /** Its unit: "ms", "Hz"; none for a pure number. */
  readonly unit?: string;
  /** Why there is no value. */
  readonly reason?: string;
}

/** A table with one observation in each row. */
export interface AnalysisTable {
  /** Name, part of the file's: `units`. */
  readonly name: string;
  /** What a row is. */
  readonly description: string;
  /** The columns, and what they hold, in order. */
  readonly columns: Readonly<Record<string, string>>;
  /** The rows; a number that is NaN is written as an empty field. */
  readonly rows: readonly Readonly<Record<string, CsvCell>>[];
}

/** An array that goes to `.npz` and `.mat`. */
export interface AnalysisArray extends NumberArray {
  /** What each dimension is: ["unit", "bin"]; empty for a single number. */
  readonly axes: readonly string[];
  /** What it holds, with the unit. */
  readonly description: string;
}

/** Result of an analysis. */
export interface AnalysisResult {
  /** Numbers that a text quotes. */
  readonly scalars: readonly Scalar[];
  /** Tables with one observation in each row. */
  readonly tables: readonly AnalysisTable[];
  /** Arrays by their names, which are valid names of MATLAB variables. */
  readonly arrays: Readonly<Record<string, AnalysisArray>>;
  /** Figures; the name of the first one is the analysis', of others `NAME_part`. */
  readonly figures: readonly Figure[];
  /** Summary, in lines of text that a reader can quote. */
  readonly summary: readonly string[];
  /** What is doubtful or left out, and why. */
  readonly remarks?: readonly string[];
}

/** An analysis. */
export interface Analysis {
  /** Name on the command line. */
  readonly name: string;
  /** What it asks, in one sentence. */
  readonly question: string;
  /** Without which it cannot be made. */
  readonly needs: readonly Data[];
  /** What it also uses where it is there. */
  readonly uses?: readonly Data[];
  /** Why it cannot be made of a task, if it cannot. */
  lack?(task: Task): string | undefined;
  /**
   * Computes it.
   *
   * @throws {RangeError} if the trials do not allow it
   */
  compute(context: AnalysisContext): AnalysisResult | Promise<AnalysisResult>;
}

/** Progress of an analysis. */
export interface Analysing {
  /** Kind of the event. */
  readonly kind: "analysing";
  /** Name of the analysis. */
  readonly analysis: string;
  /** Number of parts done. */
  readonly done: number;
  /** Total number of parts. */
  readonly total: number;
}

/** An analysis is done. */
export interface AnalysisDone {
  /** Kind of the event. */
  readonly kind: "analysis";
  /** Name of the analysis. */
  readonly analysis: string;
  /** What came out. */
  readonly result: AnalysisResult;
  /** Duration of the analysis without the trials, s. */
  readonly seconds: number;
}

/** An analysis cannot be made here; the others go on. */
export interface AnalysisLeftOut {
  /** Kind of the event. */
  readonly kind: "leftOut";
  /** Name of the analysis. */
  readonly analysis: string;
  /** Why. */
  readonly reason: string;
}

/** All analyses are done. */
export interface Analysed {
  /** Kind of the event. */
  readonly kind: "analysed";
  /** What came out, by the name of the analysis. */
  readonly results: Readonly<Record<string, AnalysisResult>>;
  /** Analyses that were left out, and why. */
  readonly leftOut: Readonly<Record<string, string>>;
}

/** Any event of {@linkcode analyse}. */
export type AnalysisEvent =
  | Simulated
  | Analysing
  | AnalysisDone
  | AnalysisLeftOut
  | Analysed;
