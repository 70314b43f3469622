/** The results of a sweep as a tidy table: one row a network. */
import {
  type CalibrationStep,
  calibrationSteps,
} from "../network/calibration_steps.ts";
import { isRelearned } from "../map/verdict.ts";
import type { CsvCell } from "../formats/csv.ts";
import type { PointResult } from "./types.ts";

/** Content of a field of the table; null if it is empty. */
export type Cell = CsvCell;

/** One network: fields by the names of columns, the same in every row. */
export type ResultRow = Readonly<Record<string, Cell>>;

/** The columns that every table has, after those of the varied settings. */
const measures: readonly (readonly [
  name: string,
  of: (result: PointResult) => Cell | undefined,
])[] = [
  ["seed", ({ seed }) => seed],
  ["trained", ({ trained }) => trained],
  ["updates", ({ updates }) => updates],
  ["trials_seen", ({ trials }) => trials],
  [
    "trials_to_criterion",
    ({ trialsToCriterion, trained, trials }) =>
      trialsToCriterion ?? (trained ? trials : null),
  ],
  ["rate_paper", ({ rate }) => rate.paper],
  ["rate_strict", ({ rate }) => rate.strict],
  ["rate_output_error", ({ rate }) => rate.outputError],
  ["scaling_factor", ({ spiking }) => spiking?.factor],
  ["spiking_paper", ({ spiking }) => spiking?.paper],
  ["spiking_strict", ({ spiking }) => spiking?.strict],
  ["spiking_output_error", ({ spiking }) => spiking?.outputError],
  ["uncalibrated_paper", ({ spiking }) => spiking?.uncalibrated?.paper],
  ["uncalibrated_strict", ({ spiking }) => spiking?.uncalibrated?.strict],
  [
    "unit_correlation",
    ({ spiking }) => spiking?.correspondence?.unitCorrelation,
  ],
  ["cka", ({ spiking }) => spiking?.correspondence?.cka],
  ["weight_change", ({ spiking }) => spiking?.correspondence?.weightChange],
  [
    "synapses_changed",
    ({ spiking }) => spiking?.correspondence?.synapsesChanged,
  ],
  ["relearned", ({ spiking }) =>
    spiking?.correspondence &&
    isRelearned(spiking.correspondence, spiking.uncalibratedCorrespondence)],
  ["paper_rule_factor", ({ spiking }) => spiking?.paperFactor],
  [
    "paper_rule_factor_paper",
    ({ spiking }) => spiking?.paperFactorPerformance,
  ],
  ["excitatory_hz", ({ spiking }) => spiking?.excitatoryRate],
  ["inhibitory_hz", ({ spiking }) => spiking?.inhibitoryRate],
  ["evaluation_trials", ({ rate }) => rate.trials],
  ["train_s", ({ seconds }) => seconds.train],
  ["map_s", ({ seconds }) => seconds.map],
  ["evaluate_s", ({ seconds }) => seconds.evaluate],
  ["total_s", ({ seconds }) => seconds.total],
  ["host", ({ host }) => host],
  ["version", ({ version }) => version],
  ["point", ({ id }) => id],
];

const measureNames = new Set(measures.map(([name]) => name));

/**
 * Makes the table: the varied settings as columns, then seed, training,
 * performances (proportions), scaling factor, firing rates (Hz), times (s) and
 * host; for calibrated networks, strict performance after each step and the
 * number of rounds of tuning; for analysed networks, the numbers of the
 * analyses; for perturbed networks, the effects. Rows are in the order of the
 * varied settings' values and of the seeds, so the same networks give the same
 * table in whatever order they finish.
 *
 * @param results of the points, in any order
 * @returns one row for each result, all with the same columns
 */
export function resultsTable(results: readonly PointResult[]): ResultRow[] {
  const settings = variedSettings(results);
  const steps = calibrationSteps.filter((step) =>
    results.some((result) => strictAfter(result, step) !== undefined)
  );
  const found = [
    ...new Set(results.flatMap((result) => Object.keys(findingsOf(result)))),
  ];
  return inOrder(results).map((result) =>
    Object.fromEntries([
      ...settings.map((name) => [
        columnOf(name),
        cellOf(result.varied[name]),
      ]),
      ...measures.map(([name, of]) => [name, finite(of(result) ?? null)]),
      ...steps.map((step) => [
        `after_${step}_strict`,
        finite(strictAfter(result, step) ?? null),
      ]),
      ...(results.some(tuneRounds)
        ? [["tune_rounds", tuneRounds(result) ?? null]]
        : []),
      ...found.map((name) => [
        name,
        finite(findingsOf(result)[name] ?? null),
      ]),
    ])
  );
}

/** Numbers of analyses and of perturbations, by the names of their columns. */
function findingsOf({ analyses, perturbations }: PointResult) {
  return { ...analyses, ...perturbations };
}

function tuneRounds({ spiking }: PointResult): number | undefined {
  return spiking?.steps?.find(({ rounds }) => rounds !== undefined)?.rounds;
}

function strictAfter(
  { spiking }: PointResult,
  wanted: CalibrationStep,
): number | undefined {
  return spiking?.steps?.find(({ step }) => step === wanted)?.strict;
}

/** Names of the settings that any of the points varies, in their order there. */
export function variedSettings(results: readonly PointResult[]): string[] {
  return [
    ...new Set(results.flatMap(({ varied }) => Object.keys(varied))),
  ].filter((name) => name !== "seed");
}

/** Results by the values of the varied settings, then by seed. */
export function inOrder(results: readonly PointResult[]): PointResult[] {
  const settings = variedSettings(results);
  return [...results].sort((a, b) => {
    for (const name of settings) {
      const order = compareValues(a.varied[name], b.varied[name]);
      if (order !== 0) return order;
    }
    return a.seed - b.seed || compareTexts(a.id, b.id);
  });
}

/**
 * A table as JSON: an array with one object a row, a row a line.
 *
 * @param rows of `resultsTable`
 * @returns the text of the file
 */
export function toJson(rows: readonly ResultRow[]): string {
  return rows.length === 0
    ? "[]\n"
    : `[\n${rows.map((row) => JSON.stringify(row)).join(",\n")}\n]\n`;
}

/** A setting's value as a field: lists as the command line has them, `4 20`. */
export function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(textOf).join(" ");
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      return finite(value);
    default:
      return JSON.stringify(value);
  }
}

/**
 * Compares two values of a setting: numbers by size, lists entry by entry (a
 * list that goes on comes later), everything else as text; what is absent
 * comes first.
 */
export function compareValues(a: unknown, b: unknown): number {
  const [left, right] = [listOf(a), listOf(b)];
  for (let k = 0; k < Math.min(left.length, right.length); k++) {
    const [one, other] = [left[k], right[k]];
    const order = typeof one === "number" && typeof other === "number"
      ? one - other
      : compareTexts(textOf(one), textOf(other));
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/**
 * A setting's value as text. Files by others may hold tables there, which have
 * no text of their own.
 */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** By code units: the same on every machine, whatever its language. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A column for a setting: its flag's name, unless a measure has that name. */
function columnOf(setting: string): string {
  return measureNames.has(setting) ? `setting_${setting}` : setting;
}

/** Neither format has a word for what is not a number. */
function finite(cell: Cell): Cell {
  return typeof cell === "number" && !Number.isFinite(cell) ? null : cell;
}
