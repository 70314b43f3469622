/** A sweep's plan: what is varied, what is fixed, and over which seeds. */
import { parse, TomlError } from "smol-toml";
import { countOf } from "../count.ts";
import { parseJson } from "../formats/nested_json.ts";
import { evaluationSettings } from "../simulate/settings.ts";

/** Settings by the names of flags. */
export type Settings = Readonly<Record<string, unknown>>;

/** The groups of settings. */
export type Part = "train" | "map" | "perturb";

/** A plan. */
export interface Plan {
  /** Name of the sweep and of its folder. */
  readonly name: string;
  /** Settings that all networks share. */
  readonly train: Settings;
  /**
   * Settings of the mapping that all networks share. If absent, networks are
   * not mapped.
   */
  readonly map?: Settings;
  /** Trials of the final evaluation. */
  readonly trials: number;
  /** Names of the analyses whose numbers become columns. Defaults to none. */
  readonly analyse?: readonly string[];
  /** Whether a point's folder keeps the tables and arrays of these analyses. */
  readonly analysisFiles?: boolean;
  /**
   * Perturbations of each network, by the names of flags of `perturb`; the
   * effects become columns. Defaults to none.
   */
  readonly perturb?: readonly Settings[];
  /** Every combination of these values, by setting (`N`, `map.factors`). */
  readonly grid: Readonly<Record<string, readonly unknown[]>>;
  /** Combinations of settings one by one; each of them with all of the grid. */
  readonly points: readonly Settings[];
  /** Seeds of each combination. */
  readonly seeds: readonly number[];
  /** Settings of the SLURM engine, as in the plan. */
  readonly slurm?: unknown;
}

/**
 * Reads a value by the rule of the flag of that name.
 *
 * @throws {RangeError} for a name that is unknown or a value that is not
 *   allowed, saying both
 */
export type ReadSetting = (part: Part, name: string, value: unknown) => unknown;

/** More seeds than this are a slip of the hand. */
const mostSeeds = 100_000;

/** More points than this are one too, and would fill the memory. */
const mostPoints = 100_000;

const keys = [
  "name",
  "train",
  "map",
  "evaluate",
  "analyse",
  "analysis_files",
  "perturb",
  "grid",
  "points",
  "seeds",
  "slurm",
];

/** Keys that say what networks there are; a plan has one of them at least. */
const describing = new Set(["train", "map", "grid", "points", "seeds"]);

/**
 * Reads a plan from TOML.
 *
 * @param text of the plan
 * @param fallbackName of a plan that gives none
 * @param read checks every setting
 * @throws {RangeError} if it is not a plan; the message names the place
 */
export function planFromToml(
  text: string,
  fallbackName: string,
  read: ReadSetting,
): Plan {
  let table: Record<string, unknown>;
  try {
    table = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [reason] = error.message.split("\n");
    throw new RangeError(
      `Cannot read the plan, line ${error.line}, column ${error.column}: ${reason}`,
    );
  }
  return planFromTable(table, fallbackName, read);
}

/**
 * Reads a plan from JSON; of the same keys as in TOML.
 *
 * @param text of the plan
 * @param fallbackName of a plan that gives none
 * @param read checks every setting
 * @throws {RangeError} if it is not a plan; the message names the place
 */
export function planFromJson(
  text: string,
  fallbackName: string,
  read: ReadSetting,
): Plan {
  let table: unknown;
  try {
    table = parseJson(text);
  } catch (error) {
    throw new RangeError(`Cannot read the plan: ${(error as Error).message}`);
  }
  if (!isTable(table)) {
    throw new RangeError(
      `Cannot read the plan: it is ${show(table).slice(0, 40)}, allowed is a ` +
        "JSON object",
    );
  }
  return planFromTable(table, fallbackName, read);
}

/**
 * Reads a plan from its table.
 *
 * @param table of the plan
 * @param fallbackName of a plan that gives none
 * @param read checks every setting
 * @throws {RangeError} if it is not a plan; the message names the place
 */
export function planFromTable(
  table: Readonly<Record<string, unknown>>,
  fallbackName: string,
  read: ReadSetting,
): Plan {
  for (const key of Object.keys(table)) {
    if (!keys.includes(key)) fail(key, "is unknown", keys.join(", "));
  }
  const name = table.name ?? fallbackName;
  if (typeof name !== "string" || !/^[\w][\w .+-]{0,99}$/.test(name)) {
    fail("name", `is ${show(name)}`, "letters, digits, _ . + - and spaces");
  }
  const fixed = tableAt("train", table.train ?? {});
  if ("seed" in fixed) {
    fail("train.seed", "is set", "seeds at the top of the plan");
  }
  const map = table.map === undefined
    ? undefined
    : settings("map", tableAt("map", table.map), read);
  const plan = {
    name: name as string,
    train: settings("train", fixed, read),
    map,
    trials: trialsOf(table.evaluate),
    ...(table.analyse !== undefined && { analyse: namesOf(table.analyse) }),
    ...(keepsFiles(table) && { analysisFiles: true }),
    ...(table.perturb !== undefined && {
      perturb: perturbationsOf(table.perturb, read),
    }),
    grid: gridOf(tableAt("grid", table.grid ?? {}), map !== undefined, read),
    points: pointsOf(table.points, map !== undefined, read),
    seeds: seedsOf(table.seeds),
    slurm: table.slurm,
  };
  if (!keys.some((key) => describing.has(key) && key in table)) {
    throw new RangeError(
      "Cannot use the plan: it says nothing of networks, allowed is a plan with " +
        "[train], [map], [grid], [[points]] or seeds, for example of the lines " +
        '`train.task = "go-nogo"`, `grid.N = [100, 200]`, `seeds = [1, 2, 3]`',
    );
  }
  const lengths = Object.values(plan.grid).map(({ length }) => length);
  const count = [plan.points.length, plan.seeds.length, ...lengths]
    .reduce((product, length) => product * length, 1);
  if (count > mostPoints) {
    fail("grid", `makes ${countOf(count, "point")}`, `up to ${mostPoints}`);
  }
  return plan;
}

/** The part of a setting of a grid or of a point, and its own name. */
export function partOf(key: string): { part: Part; name: string } {
  const [, part = "train", name] = /^(?:(train|map)\.)?(.*)$/s.exec(key)!;
  return { part: part as Part, name };
}

function settings(part: Part, table: Settings, read: ReadSetting): Settings {
  return Object.fromEntries(
    Object.entries(table).map((
      [name, value],
    ) => [name, read(part, name, value)]),
  );
}

function gridOf(table: Settings, mapped: boolean, read: ReadSetting) {
  return Object.fromEntries(
    Object.entries(flat(table)).map(([key, values]) => {
      if (!Array.isArray(values) || values.length === 0) {
        fail(`grid.${key}`, `is ${show(values)}`, "lists of one value or more");
      }
      const read_ = (values as unknown[]).map((value) =>
        variedSetting(`grid.${key}`, key, value, mapped, read)
      );
      if (new Set(read_.map(show)).size < read_.length) {
        fail(`grid.${key}`, "has a value twice", "each value once");
      }
      return [key, read_];
    }),
  );
}

function pointsOf(value: unknown, mapped: boolean, read: ReadSetting) {
  if (value === undefined) return [{}];
  if (!Array.isArray(value) || value.length === 0) {
    fail("points", `is ${show(value)}`, "tables under [[points]]");
  }
  return (value as unknown[]).map((entry, index) => {
    const place = `points[${index}]`;
    return Object.fromEntries(
      Object.entries(flat(tableAt(place, entry))).map(([key, setting]) => [
        key,
        variedSetting(`${place}.${key}`, key, setting, mapped, read),
      ]),
    );
  });
}

function variedSetting(
  place: string,
  key: string,
  value: unknown,
  mapped: boolean,
  read: ReadSetting,
): unknown {
  const { part, name } = partOf(key);
  if (name === "seed") {
    fail(place, "varies the seed", "seeds at the top of the plan");
  }
  if (part === "map" && !mapped) {
    fail(place, "varies the mapping", "this in plans with a [map] table");
  }
  return read(part, name, value);
}

/** `map.factors = …` in TOML makes a table in a table; here names have dots. */
function flat(table: Settings): Settings {
  return Object.fromEntries(
    Object.entries(table).flatMap(([key, value]) =>
      (key === "map" || key === "train") && isTable(value)
        ? Object.entries(value).map((
          [name, inner],
        ) => [key === "map" ? `map.${name}` : name, inner])
        : [[key, value]]
    ),
  );
}

function trialsOf(value: unknown): number {
  const { fallback, accepts, allowed } = evaluationSettings.trials;
  const { trials = fallback, ...rest } = tableAt("evaluate", value ?? {});
  const [unknown] = Object.keys(rest);
  if (unknown) fail(`evaluate.${unknown}`, "is unknown", "trials");
  if (!accepts(trials)) fail("evaluate.trials", `is ${show(trials)}`, allowed);
  return trials as number;
}

function namesOf(value: unknown): string[] {
  const names = Array.isArray(value) ? value : [];
  const fit = names.length > 0 &&
    names.every((name) => typeof name === "string") &&
    new Set(names).size === names.length;
  if (!fit) {
    fail("analyse", `is ${show(value)}`, "a list of different analyses");
  }
  return names;
}

function keepsFiles({ analyse, analysis_files: value }: Settings): boolean {
  if (value === undefined || value === false) return false;
  if (value !== true) {
    fail("analysis_files", `is ${show(value)}`, "true and false");
  }
  if (analyse === undefined) {
    fail("analysis_files", "is set", "this in plans with analyse");
  }
  return true;
}

function perturbationsOf(value: unknown, read: ReadSetting): Settings[] {
  const tables = Array.isArray(value) ? value : [value];
  if (tables.length === 0) {
    fail("perturb", "is []", "tables of flags of perturb");
  }
  return tables.map((entry, index) =>
    settings("perturb", tableAt(`perturb[${index}]`, entry), read)
  );
}

function seedsOf(value: unknown): number[] {
  const allowed =
    "a list of different whole numbers from 0, or { from = 1, count = 10 }";
  const isSeed = (seed: unknown) =>
    Number.isSafeInteger(seed) && (seed as number) >= 0;
  if (value === undefined) return [1];
  if (Array.isArray(value)) {
    const distinct = new Set(value).size === value.length;
    if (value.length > 0 && value.every(isSeed) && distinct) return value;
  } else if (isTable(value)) {
    const { from = 1, count, ...rest } = value;
    if (
      Object.keys(rest).length === 0 && isSeed(from) && isSeed(count) &&
      (count as number) > 0 && (count as number) <= mostSeeds
    ) {
      return Array.from(
        { length: count as number },
        (_, index) => (from as number) + index,
      );
    }
  }
  return fail("seeds", `is ${show(value)}`, allowed);
}

function tableAt(place: string, value: unknown): Settings {
  return isTable(value) ? value : fail(place, `is ${show(value)}`, "a table");
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  // TOML has numbers that JSON lacks.
  if (typeof value === "number") return String(value);
  return JSON.stringify(value) ?? String(value);
}

function fail(place: string, received: string, allowed: string): never {
  throw new RangeError(
    `Cannot use the plan: ${place} ${received}, allowed is ${allowed}`,
  );
}
