/** Spikes of any origin, as plain data. */

/** Values of a column of a table, one for each row. */
export type TableColumn = readonly number[] | readonly string[];

/** Columns of a table by name. */
export type TableColumns = Readonly<Record<string, TableColumn>>;

/**
 * Spikes of trials of one duration, as analyses of spikes take them
 * (`SpikeTrains`), with the tables of trials and units in the file.
 */
export interface RecordedSpikes {
  /** Number of trials. */
  readonly trials: number;
  /** Number of units; a unit without spikes counts. */
  readonly units: number;
  /** Duration of every trial, ms. */
  readonly durationMs: number;
  /** Trial of each spike, from 0; ascending. */
  readonly trial: Uint32Array;
  /** Unit of each spike, from 0: its place in the table of units. */
  readonly unit: Uint32Array;
  /** Time of each spike, ms from the start of its trial. */
  readonly time: Float64Array;
  /** Name of the condition of each trial. */
  readonly conditions: readonly string[];
  /** Columns of the table of trials. */
  readonly trialColumns: TableColumns;
  /** Columns of the table of units; a unit's type may be among them. */
  readonly unitColumns: TableColumns;
  /** What was left out, one sentence for each. */
  readonly remarks: readonly string[];
}

/** Which trials and times are taken from a file. */
export interface ReadSpikesOptions {
  /**
   * Column of the table of trials with their conditions. Defaults to
   * "condition".
   */
  readonly condition?: string;
  /**
   * Column of the table of trials with the time, s, from which a trial's times
   * are counted, such as the onset of a stimulus. Defaults to the trial's
   * start.
   */
  readonly align?: string;
  /** Beginning of the trials, ms from that time. Defaults to 0. */
  readonly fromMs?: number;
  /**
   * End of the trials, ms from that time. Defaults to the end of the shortest
   * trial.
   */
  readonly toMs?: number;
}

/** What a file holds: spikes on one axis of time, and the tables. */
export interface SpikeTables {
  /** Number of units. */
  readonly units: number;
  /** Unit of each spike, in any order. */
  readonly unit: Uint32Array;
  /** Time of each spike, s. */
  readonly time: Float64Array;
  /** To what times were rounded when they were written, s; absent if unknown. */
  readonly resolution?: number;
  /** Start of each trial, s. */
  readonly start: Float64Array;
  /** End of each trial, s. */
  readonly stop: Float64Array;
  readonly trialColumns: TableColumns;
  readonly unitColumns: TableColumns;
  /** Why columns of the table of trials could not be read, by their names. */
  readonly unread?: Readonly<Record<string, string>>;
  /** What was left out, one sentence for each. */
  readonly remarks?: readonly string[];
}
