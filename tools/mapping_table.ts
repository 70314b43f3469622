/**
 * The table of docs/results/robust-mapping.md, from what sweeps such as that of
 * docs/plans/mapping.toml left: by task, activation and size, performance up to
 * each step, correspondence, fragility, how many networks were mapped and how many
 * relearned, seconds.
 *
 *   deno task mapping-table            # the sweep, or what is left of it, and the table
 *   deno run -A tools/mapping_table.ts FOLDER... [--trials 100] [--workers 2]
 *     [--csv FILE]
 *
 * The table, of the networks of all folders, goes to standard output; --csv writes
 * what it is made of, a row for each network and step. Fragility is measured here,
 * by the factor alone and with all that was kept, in as many trials as --trials
 * (0: not at all), and stays beside each result in `fragility.json`: a run that was
 * interrupted goes on.
 */
import { parseArgs } from "node:util";
import { join } from "node:path";
import { openBackend } from "../lib/backend/open.ts";
import type { Backend } from "../lib/backend/types.ts";
import { processors } from "../lib/platform/threads.ts";
import { readModel } from "../lib/formats/model_file.ts";
import { writeAtomic } from "../lib/formats/atomic.ts";
import { type CsvCell, toCsv } from "../lib/formats/csv.ts";
import { disturbances } from "../lib/calibrate/keep.ts";
import { isRelearned } from "../lib/map/verdict.ts";
import type {
  CalibrationOutcome,
  Correspondence,
} from "../lib/network/records.ts";
import type { SpikingNetwork } from "../lib/network/spiking.ts";
import { evaluateSpiking } from "../lib/simulate/evaluate_spiking.ts";
import { mappedNetwork } from "../lib/spiking/mapped.ts";
import { pointFolder, readResults, readSweep } from "../lib/sweep/folder.ts";
import {
  markdownTable,
  percentSpread,
  type TextTable,
} from "../lib/sweep/report_tables.ts";
import { type Spread, spread, successLevel } from "../lib/sweep/summary.ts";
import type { PointResult } from "../lib/sweep/types.ts";
import { getTask } from "../lib/tasks/registry.ts";

/** Strict performance under each disturbance, by its name. */
export type Fragility = Readonly<Record<string, number>>;

/** What a network was with what was kept up to a step. */
export interface StepMeasures {
  /** `factor`, or the last step that was tried. */
  readonly step: string;
  readonly strict: number;
  readonly correspondence?: Correspondence;
  readonly fragility?: Fragility;
}

/** A network of the sweep. */
export interface MeasuredNetwork {
  readonly task: string;
  readonly activation: string;
  readonly units: number;
  readonly seed: number;
  readonly steps: readonly StepMeasures[];
  /** Of the search and the calibration together. */
  readonly seconds: number;
}

/** Beside those that decide whether a step is kept. */
const further = [
  { name: "noise ×2", noiseScale: 2 },
  // Noise is drawn once a step: as much in all takes less of it in each.
  { name: "half the step", noiseScale: Math.SQRT1_2, halved: true },
] as const;

const measured = [...disturbances, ...further];

/** Strict performance of a network, disturbed in each way. */
export async function fragilityOf(
  spiking: SpikingNetwork,
  task: ReturnType<typeof getTask>,
  run: { seed: number; trials: number; backend: Backend },
): Promise<Fragility> {
  const found: Record<string, number> = {};
  for (const { name, ...disturbance } of measured) {
    const halved = "halved" in disturbance;
    const network = halved ? { ...spiking, dt: spiking.dt / 2 } : spiking;
    const { strict } = await evaluateSpiking(network, task, {
      ...run,
      ...disturbance,
      balanced: true,
    });
    found[name] = strict.value;
  }
  return found;
}

/**
 * A result and its record as measures, step by step: a step that was not kept
 * leaves what there was.
 */
export function measuresOf(
  { spiking, settings, seed, seconds }: PointResult,
  outcomes: readonly CalibrationOutcome[],
  fragility: { readonly alone?: Fragility; readonly last?: Fragility },
): MeasuredNetwork | undefined {
  if (!spiking) return;
  const { task, act, N } = settings.train;
  let now: StepMeasures = {
    step: "factor",
    strict: spiking.uncalibrated?.strict ?? spiking.strict,
    correspondence: spiking.uncalibratedCorrespondence ??
      spiking.correspondence,
    fragility: fragility.alone,
  };
  const steps = [now];
  outcomes.forEach(({ step, kept, after, correspondence }, k) => {
    const last = k === outcomes.length - 1;
    now = {
      ...now,
      step,
      ...kept && { strict: after.strict.value, correspondence },
      // The last one on the trials that nothing was decided on.
      ...last && {
        strict: spiking.strict,
        correspondence: spiking.correspondence,
      },
      fragility: last ? fragility.last : undefined,
    };
    steps.push(now);
  });
  return {
    task: String(task),
    activation: String(act),
    units: Number(N),
    seed,
    steps,
    seconds: seconds.map ?? NaN,
  };
}

/** The table: a row for each task, activation and size. */
export function mappingTable(networks: readonly MeasuredNetwork[]): TextTable {
  const cells = Map.groupBy(
    networks,
    ({ task, activation, units }) => [task, activation, units].join(" "),
  );
  const steps = stepsOf(networks);
  return {
    caption:
      "Spiking networks by task, activation and size. Strict performance " +
      "by the factor alone and with what was kept up to each step, in %, mean ± SD, " +
      "and the least in the end. Then, by the factor alone → in the end: medians " +
      "of the units’ correlation with their rate units and of CKA; the change of " +
      "the weights; means of strict performance under disturbances; networks of " +
      "95 % and more at 0.5, 1, 1.5 and 2 times the noise. In the end: those of " +
      "95 % and more that are mapped, and that have relearned; median seconds of " +
      "search and calibration together.",
    head: [
      "Task",
      "Activation",
      "N",
      "Networks",
      ...steps.map((step) => step === "factor" ? "Factor alone" : `+ ${step}`),
      "Least",
      "Unit correlation",
      "CKA",
      "Weights changed",
      ...measured.map(({ name }) => name),
      "≥ 95 % from half to twice the noise",
      "Mapped, ≥ 95 %",
      "Relearned, ≥ 95 %",
      "Seconds",
    ],
    rows: [...cells.values()].map((cell) => rowOf(cell, steps)),
  };
}

/** What the table is made of: a row for each network and step. */
export function networkRows(
  networks: readonly MeasuredNetwork[],
): Readonly<Record<string, CsvCell>>[] {
  return networks.flatMap(({ steps, seconds, ...network }) =>
    steps.map(({ step, strict, correspondence, fragility }, k) => ({
      ...network,
      step,
      strict,
      unit_correlation: correspondence?.unitCorrelation ?? null,
      cka: correspondence?.cka ?? null,
      weight_change: correspondence?.weightChange ?? null,
      relearned: correspondence
        ? isRelearned(correspondence, steps[0].correspondence)
        : null,
      ...Object.fromEntries(measured.map(({ name }) => [
        name.replace("×", "x").replace("%", "percent").replaceAll(/\W+/g, "_"),
        fragility?.[name] ?? null,
      ])),
      map_s: k === steps.length - 1 ? seconds : null,
    }))
  );
}

/** All steps that were tried, in their order. */
function stepsOf(networks: readonly MeasuredNetwork[]): string[] {
  const [longest] = networks.toSorted((a, b) =>
    b.steps.length - a.steps.length
  );
  return [
    ...new Set(
      [longest, ...networks].flatMap(({ steps }) =>
        steps.map(({ step }) => step)
      ),
    ),
  ];
}

/** Whether a network of 95 % stays one from half to twice the noise. */
function holds({ strict, fragility }: StepMeasures): boolean {
  return strict >= successLevel &&
    ["noise ×0.5", "noise ×1.5", "noise ×2"].every((name) =>
      (fragility?.[name] ?? NaN) >= successLevel
    );
}

function rowOf(
  cell: readonly MeasuredNetwork[],
  steps: readonly string[],
): string[] {
  const [{ task, activation, units }] = cell;
  const alone = cell.map((network) => network.steps[0]);
  const last = cell.map((network) => network.steps.at(-1)!);
  const good = cell.filter((_, k) => last[k].strict >= successLevel);
  const relearned = good.filter((network) => {
    const { correspondence } = network.steps.at(-1)!;
    return correspondence &&
      isRelearned(correspondence, network.steps[0].correspondence);
  }).length;
  const { median } = spread(cell.map(({ seconds }) => seconds));
  return [
    task,
    activation,
    String(units),
    String(cell.length),
    ...steps.map((name) =>
      percentSpread(
        numbers(
          cell.flatMap((network) =>
            network.steps.find(({ step }) => step === name) ?? []
          ),
          ({ strict }) => strict,
        ),
      ).replace(" %", "")
    ),
    percent(Math.min(...last.map(({ strict }) => strict))),
    change(
      alone,
      last,
      (now) =>
        fixed(
          numbers(now, ({ correspondence: c }) => c?.unitCorrelation).median,
        ),
    ),
    change(
      alone,
      last,
      (now) => fixed(numbers(now, ({ correspondence: c }) => c?.cka).median),
    ),
    percent(numbers(last, ({ correspondence: c }) => c?.weightChange).median),
    ...measured.map(({ name }) =>
      change(
        alone,
        last,
        (now) =>
          percent(numbers(now, ({ fragility }) => fragility?.[name]).mean),
      )
    ),
    change(
      alone,
      last,
      (now) =>
        now.every(({ fragility }) => fragility)
          ? String(now.filter(holds).length)
          : none,
    ),
    String(good.length - relearned),
    String(relearned),
    Number.isNaN(median) ? none : String(Math.round(median)),
  ];
}

/** What stands where nothing was measured. */
const none = "–";

function numbers(
  steps: readonly StepMeasures[],
  of: (one: StepMeasures) => number | undefined,
): Spread {
  return spread(steps.map(of).filter((value) => value !== undefined));
}

function percent(value: number): string {
  return Number.isNaN(value) ? none : (100 * value).toFixed(1);
}

function fixed(value: number): string {
  return Number.isNaN(value) ? none : value.toFixed(2);
}

/** A value by the factor alone and in the end. */
function change(
  alone: readonly StepMeasures[],
  last: readonly StepMeasures[],
  of: (steps: readonly StepMeasures[]) => string,
): string {
  return `${of(alone)} → ${of(last)}`;
}

async function networkOf(
  folder: string,
  result: PointResult,
  run: { trials: number; backend: Backend },
): Promise<MeasuredNetwork | undefined> {
  if (!result.spiking) return;
  const place = pointFolder(folder, result.id);
  const model = await readModel(join(place, result.model));
  const spiking = mappedNetwork(model);
  const outcomes = model.search?.calibration?.outcomes ?? [];
  const file = join(place, "fragility.json");
  const known = await Deno.readTextFile(file).then(JSON.parse, () => undefined);
  if (known?.trials === run.trials) {
    return measuresOf(result, outcomes, known);
  }
  if (run.trials === 0) return measuresOf(result, outcomes, {});
  const task = getTask(String(result.settings.train.task));
  const options = { ...run, seed: result.seed };
  const alone = await fragilityOf(
    { ...spiking, calibration: undefined },
    task,
    options,
  );
  const last = spiking.calibration
    ? await fragilityOf(spiking, task, options)
    : alone;
  const text = JSON.stringify({ trials: run.trials, alone, last });
  await writeAtomic(file, new TextEncoder().encode(text));
  return measuresOf(result, outcomes, { alone, last });
}

async function main(): Promise<void> {
  const { positionals: folders, values } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      trials: { type: "string", default: "100" },
      workers: { type: "string", default: String(processors()) },
      csv: { type: "string" },
    },
  });
  const [trials, workers] = [Number(values.trials), Number(values.workers)];
  if (folders.length === 0 || !(Number.isInteger(trials) && trials >= 0)) {
    throw new RangeError(
      "Cannot make the table: give folders of sweeps, and --trials as a whole " +
        "number from 0",
    );
  }
  const backend = await openBackend({ workers });
  try {
    const networks: MeasuredNetwork[] = [];
    for (const folder of folders) {
      const { points } = await readSweep(folder);
      const results = await readResults(folder, points, (id, reason) => {
        console.error(`${id}: ${reason}`);
      });
      for (const [k, result] of results.entries()) {
        console.error(`${k + 1} of ${results.length} networks: ${result.id}`);
        const one = await networkOf(folder, result, { trials, backend });
        if (one) networks.push(one);
      }
    }
    if (networks.length === 0) {
      throw new RangeError(
        `Cannot make the table: no mapped network in ${folders.join(", ")}`,
      );
    }
    if (values.csv !== undefined) {
      const text = toCsv(networkRows(networks));
      await writeAtomic(values.csv, new TextEncoder().encode(text));
    }
    console.log(markdownTable(mappingTable(networks)));
  } finally {
    backend.close();
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(2);
  }
}
