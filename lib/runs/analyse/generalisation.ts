/** `generalisation`: performance where trials differ from those of the training. */
import type { Proportion } from "../../network/scores.ts";
import {
  type GeneralisationData,
  generalisationFigure,
} from "../../report/figures/generalisation.ts";
import { show } from "../../report/figures/layers.ts";
import { evaluate } from "../../simulate/evaluate_rate.ts";
import { evaluateSpiking } from "../../simulate/evaluate_spiking.ts";
import { withAmplitude } from "../../tasks/altered.ts";
import { getTask, tasks } from "../../tasks/registry.ts";
import type { Task } from "../../tasks/types.ts";
import type {
  Analysis,
  AnalysisContext,
  AnalysisResult,
  NetworkName,
  Scalar,
} from "./types.ts";

/** Trials behind each performance, at most. */
const mostTrials = 100;
/** Delays, as shares of the task's own. */
const delays = [0.25, 0.5, 1, 1.5, 2, 3];
/** Noise, as multiples of the model's. */
const noises = [0, 0.5, 1, 2, 4];
/** Amplitudes of stimuli, as multiples of the task's. */
const amplitudes = [0.25, 0.5, 0.75, 1, 1.5, 2];

/** What is varied. */
interface Grid {
  readonly name: "delay" | "noise" | "amplitude";
  /** Quantity and unit. */
  readonly quantity: string;
  /** The task's own. */
  readonly own: number;
  readonly points: readonly {
    readonly value: number;
    readonly task: Task;
    readonly noiseScale?: number;
  }[];
}

/** A performance at one place. */
interface Row {
  readonly network: NetworkName;
  readonly varied: Grid["name"];
  readonly value: number;
  readonly strict: Proportion;
  readonly outputError: number;
}

const analysis: Analysis = {
  name: "generalisation",
  question:
    "Do both networks do the task with other delays, noise and stimuli than in training?",
  needs: ["model"],
  uses: ["twin"],
  async compute(context): Promise<AnalysisResult> {
    const { task, twin } = context;
    const remarks: string[] = [];
    const grids = gridsOf(task!, remarks);
    const networks: NetworkName[] = twin ? ["rate", "spiking"] : ["rate"];
    const total = networks.length *
      grids.reduce((sum, { points }) => sum + points.length, 0);
    const rows: Row[] = [];
    for (const grid of grids) {
      for (const { value, task, noiseScale } of grid.points) {
        for (const network of networks) {
          await context.progress(rows.length, total);
          rows.push({
            network,
            varied: grid.name,
            value,
            ...await performance(context, network, task, noiseScale),
          });
        }
      }
    }
    const worst = (network: NetworkName, { name }: Grid): Row =>
      rows.filter((row) => row.network === network && row.varied === name)
        .reduce((a, b) => b.strict.value < a.strict.value ? b : a);
    return {
      scalars: rows.map((row): Scalar => ({
        network: row.network,
        name: "strict_performance",
        of: `${row.varied} ${row.value}`,
        value: row.strict.value,
        low: row.strict.low,
        high: row.strict.high,
      })),
      tables: [{
        name: "performance",
        description: "one network at one place of a grid a row",
        columns: {
          network: "rate or spiking",
          varied: "delay (ms), noise (times the model's) or amplitude (times " +
            "the task's)",
          value: "its value",
          trials: "trials",
          strict: "performance by the strict rule",
          low: "lower end of its 95 % interval",
          high: "upper end",
          output_error: "mean |output - target| in the strict window",
        },
        rows: rows.map(({ strict, outputError, ...row }) => ({
          ...row,
          trials: strict.trials,
          strict: strict.value,
          low: strict.low,
          high: strict.high,
          output_error: outputError,
        })),
      }],
      arrays: {},
      figures: [generalisationFigure(dataOf(grids, networks, rows))],
      summary: networks.flatMap((network) =>
        grids.map((grid) => {
          const low = worst(network, grid);
          const points = grid.points.map(({ value }) => value);
          return `${network} network, ${grid.name} ` +
            `${show(Math.min(...points))} to ${show(Math.max(...points))}: ` +
            `strict performance at least ${show(100 * low.strict.value)} % ` +
            `(at ${show(low.value)})`;
        })
      ),
      remarks,
    };
  },
};
export default analysis;

function gridsOf(task: Task, remarks: string[]): Grid[] {
  const grids: Grid[] = [];
  const { delay, T } = task.timing;
  const builtIn = Object.hasOwn(tasks, task.name) && !task.file;
  if (delay === undefined || delay === 0) {
    remarks.push(`no delays: task ${task.name} has none`);
  } else if (!builtIn) {
    remarks.push(
      `no delays: task ${task.name} is not a built-in one, its timings ` +
        "cannot be changed here",
    );
  } else {
    grids.push({
      name: "delay",
      quantity: "Delay (ms)",
      own: delay * task.stepMs,
      points: [...new Set(delays.map((share) => Math.round(share * delay)))]
        .map((steps) => ({
          value: steps * task.stepMs,
          task: getTask(task.name, {
            ...task.timing,
            delay: steps,
            T: T - delay + steps,
          }),
        })),
    });
  }
  grids.push(
    {
      name: "noise",
      quantity: "Noise (times the model’s)",
      own: 1,
      points: noises.map((noiseScale) => ({
        value: noiseScale,
        task,
        noiseScale,
      })),
    },
    {
      name: "amplitude",
      quantity: "Stimulus (times the task’s)",
      own: 1,
      points: amplitudes.map((value) => ({
        value,
        task: withAmplitude(task, value),
      })),
    },
  );
  return grids;
}

async function performance(
  { model, twin, seed, backend, signal, trials }: AnalysisContext,
  network: NetworkName,
  task: Task,
  noiseScale: number | undefined,
): Promise<Pick<Row, "strict" | "outputError">> {
  const options = {
    seed,
    trials: Math.min(mostTrials, trials * task.conditions.length),
    balanced: true,
    backend,
    signal,
    noiseScale,
  };
  const { strict, outputError } = network === "rate"
    ? await evaluate(model!.network, task, options)
    : await evaluateSpiking(twin!, task, options);
  return { strict, outputError };
}

function dataOf(
  grids: readonly Grid[],
  networks: readonly NetworkName[],
  rows: readonly Row[],
): GeneralisationData {
  return {
    panels: grids.map(({ name, quantity, own }) => ({
      name,
      quantity,
      own,
      networks: networks.map((network) => {
        const those = rows.filter((row) =>
          row.network === network && row.varied === name
        );
        return {
          network,
          values: those.map(({ value }) => value),
          strict: those.map(({ strict }) => strict),
        };
      }),
    })),
  };
}
