/** Figures of the documentation: compared, or written; and results from tables. */
import assert from "node:assert/strict";
import type { PointResult, PointScore } from "../../lib/sweep/types.ts";
import type { Mapping, MeasureName } from "../../tools/twins/measures.ts";
import type { TwinRecord } from "../../tools/twins/study.ts";
import { root } from "./markdown.ts";

/** Fields of a row by the names of columns, as texts. */
type Row = Readonly<Record<string, string>>;

/** Reads a table as `toCsv` writes it. */
export async function readTable(path: string): Promise<Row[]> {
  const text = await Deno.readTextFile(new URL(path, root));
  const [head, ...rows] = text.trimEnd().split("\n").map(fields);
  return rows.map((row) =>
    Object.fromEntries(head.map((name, k) => [name, row[k]]))
  );
}

function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain,
  );
}

/** A number if a text is one. */
function value(text: string): unknown {
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/**
 * Results of a sweep; what figures do not show is left out.
 *
 * @throws {RangeError} for a row whose seed is not that of its point
 */
export function resultsOf(rows: readonly Row[]): PointResult[] {
  return rows.map((row) => {
    if (!row.point.includes(`seed-${row.seed}-`)) {
      throw new RangeError(`seed "${row.seed}" is not that of ${row.point}`);
    }
    const names = Object.keys(row);
    const number = (name: string) => Number(row[name]);
    const score = (network: string) => ({
      paper: number(`${network}_paper`),
      strict: number(`${network}_strict`),
      outputError: number(`${network}_output_error`),
      trials: number("evaluation_trials"),
    } satisfies PointScore);
    return {
      id: row.point,
      // What is varied comes before the seed.
      varied: Object.fromEntries(
        names.slice(0, names.indexOf("seed"))
          .map((name) => [name, value(row[name])]),
      ),
      seed: number("seed"),
      settings: { train: {} },
      version: row.version,
      trained: row.trained === "true",
      updates: number("updates"),
      trials: number("trials_seen"),
      rate: score("rate"),
      ...(row.spiking_strict !== "" && {
        spiking: {
          ...score("spiking"),
          ...(row.uncalibrated_strict !== "" && {
            uncalibrated: score("uncalibrated"),
          }),
          factor: number("scaling_factor"),
          paperFactor: number("paper_rule_factor"),
          paperFactorPerformance: number("paper_rule_factor_paper"),
          excitatoryRate: number("excitatory_hz"),
          inhibitoryRate: number("inhibitory_hz"),
        },
      }),
      seconds: {
        train: number("train_s"),
        evaluate: number("evaluate_s"),
        total: number("total_s"),
      },
      host: "",
      model: "",
    };
  });
}

/** Records of the study of twins, one for each network. */
export function recordsOf(rows: readonly Row[]): TwinRecord[] {
  const networks = Map.groupBy(rows, ({ task, seed }) => `${task} ${seed}`);
  return [...networks.values()].map((own) => ({
    task: own[0].task,
    seed: Number(own[0].seed),
    units: Number(own[0].units),
    trials: Number(own[0].trials),
    trained: true,
    tuned: own[0].tuning_kept === "true",
    measured: own.map(({ mapping, measure, value }) => ({
      mapping: mapping as Mapping,
      measure: measure as MeasureName,
      value: value === "" ? NaN : Number(value),
    })),
  }));
}

/**
 * Holds a figure of the documentation to what the present code draws. With
 * SPIKERNN_DOCS=write the file is written anew.
 *
 * @param path of the figure, from the root
 * @param drawn what the present code draws
 */
export async function compareFigure(
  path: string,
  drawn: Uint8Array,
): Promise<void> {
  const url = new URL(path, root);
  if (Deno.env.get("SPIKERNN_DOCS") === "write") {
    return await Deno.writeFile(url, drawn);
  }
  const there = await Deno.readFile(url);
  assert.ok(
    there.length === drawn.length &&
      there.every((byte, k) => byte === drawn[k]),
    `${path} is not what the present code draws: SPIKERNN_DOCS=write deno ` +
      "test -A tests/docs/figures_test.ts writes those of tables, and deno " +
      "task build-figures those of the README",
  );
}
