/** What analyses found, as files. */
import { encodeArrays } from "../../formats/arrays.ts";
import { type CsvCell, toCsv } from "../../formats/csv.ts";
import type { FileKind } from "../../formats/file_kind.ts";
import { fileOf } from "../../report/figure_file.ts";
import type { FigureFormat } from "../../report/names.ts";
import type { Engine } from "../../report/render/engine.ts";
import type { AnalysisResult, AnalysisTable, Scalar } from "./types.ts";

/** A file to be written. */
export interface AnalysisFile {
  /** Its name, without a folder. */
  readonly name: string;
  /** What it is, for whoever looks whether it may be written over. */
  readonly kind: FileKind;
  /** Its contents. */
  readonly bytes: Uint8Array;
}

const text = (content: string) => new TextEncoder().encode(content);

/**
 * The files of one analysis but its figures: a `.csv` a table, all arrays as
 * `.npz` and as `.mat`.
 *
 * @param analysis its name
 * @param result what it found
 */
export function filesOf(
  analysis: string,
  result: AnalysisResult,
): AnalysisFile[] {
  return dataFiles(analysis, result, ["npz", "mat"]);
}

/**
 * The figures of one analysis, drawn one after the other.
 *
 * @param result what it found
 * @param format of the figures
 * @param engine what draws
 */
export async function* figureFiles(
  { figures }: AnalysisResult,
  format: FigureFormat,
  engine: Engine,
): AsyncGenerator<AnalysisFile, void> {
  for (const figure of figures) {
    yield {
      name: `${figure.name}.${format}`,
      kind: format,
      bytes: await fileOf(figure, { format, engine }),
    };
  }
}

/** The files of one analysis that a sweep's point keeps: tables and `.npz`. */
export function keptFiles(
  analysis: string,
  result: AnalysisResult,
): AnalysisFile[] {
  return dataFiles(analysis, result, ["npz"]);
}

function dataFiles(
  analysis: string,
  { tables, arrays }: AnalysisResult,
  endings: readonly ("npz" | "mat")[],
): AnalysisFile[] {
  const files: AnalysisFile[] = tables.map((table) => ({
    name: `${analysis}_${table.name}.csv`,
    kind: "other",
    bytes: text(tableText(table)),
  }));
  if (Object.keys(arrays).length === 0) return files;
  return [
    ...files,
    ...endings.map((ending): AnalysisFile => ({
      name: `${analysis}.${ending}`,
      kind: "arrays",
      bytes: encodeArrays(ending, arrays),
    })),
  ];
}

/** A table as comma-separated values; what is not a number is an empty field. */
function tableText({ columns, rows }: AnalysisTable): string {
  const names = Object.keys(columns);
  return toCsv(rows.map((row) => fields(row, names)), names);
}

function fields(
  row: Readonly<Record<string, CsvCell | undefined>>,
  names: readonly string[],
): Record<string, CsvCell> {
  return Object.fromEntries(names.map((name) => {
    const cell = row[name] ?? null;
    return [
      name,
      typeof cell === "number" && !Number.isFinite(cell) ? null : cell,
    ];
  }));
}

/**
 * The files of all analyses together: `scalars.csv`, every number that a text
 * quotes, and `fields.csv`, what every column and every array holds.
 *
 * @param results by the name of the analysis
 */
export function sharedFiles(
  results: Readonly<Record<string, AnalysisResult>>,
): AnalysisFile[] {
  const scalars = Object.entries(results).flatMap(([analysis, { scalars }]) =>
    scalars.map((scalar) => ({ analysis, ...scalar }))
  );
  const columns = [
    "analysis",
    "network",
    "name",
    "of",
    "value",
    "low",
    "high",
    "unit",
    "reason",
  ] as const satisfies readonly (keyof Scalar | "analysis")[];
  const described = Object.entries(results).flatMap(([analysis, result]) => [
    ...result.tables.flatMap(({ name, columns }) =>
      Object.entries(columns).map(([field, description]) => ({
        file: `${analysis}_${name}.csv`,
        field,
        axes: "",
        shape: "",
        description,
      }))
    ),
    ...Object.entries(result.arrays).map((
      [field, { axes, shape, description }],
    ) => ({
      file: `${analysis}.npz, ${analysis}.mat`,
      field,
      axes: axes.join(" × "),
      shape: shape.join(" × "),
      description,
    })),
  ]);
  return [
    {
      name: "scalars.csv",
      kind: "other",
      bytes: text(
        toCsv(scalars.map((row) => fields(row, columns)), columns),
      ),
    },
    {
      name: "fields.csv",
      kind: "other",
      bytes: text(
        toCsv(described, ["file", "field", "axes", "shape", "description"]),
      ),
    },
  ];
}

/**
 * All scalars under names that columns of a table can have:
 * `trajectories_rate_participation_ratio_all`. A number that is none is null.
 *
 * @param results by the name of the analysis
 */
export function scalarColumns(
  results: Readonly<Record<string, AnalysisResult>>,
): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(results).flatMap(([analysis, { scalars }]) =>
      scalars.map(({ network, name, of, value }) => [
        columnText([analysis, network, name, of]),
        Number.isFinite(value) ? value : null,
      ])
    ),
  );
}

/** A name that a column of a table can have, of parts of text. */
export function columnText(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" ")
    .replace(/[^A-Za-z0-9.]+/g, "_").replace(/_$/, "");
}
