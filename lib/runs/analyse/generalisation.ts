/** `generalisation`: performance where trials differ from those of the training. */
import type { Proportion, Score } from "../../network/scores.ts";
import {
  type GeneralisationData,
  generalisationFigure,
} from "../../report/figures/generalisation.ts";
import { show } from "../../report/figures/layers.ts";
import { evaluateLevels, type Level } from "../../simulate/evaluate_levels.ts";
import { evaluate } from "../../simulate/evaluate_rate.ts";
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

/** Trials behind each performance, at most, but for one of each condition. */
const mostTrials = 50;
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
  readonly points: readonly Place[];
}

/** A place of a grid: the task, and the strengths of noise and stimuli. */
interface Place extends Level {
  readonly value: number;
  readonly task: Task;
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
    const done = await performances(context, networks, grids);
    const rows = grids.flatMap(({ name, points }) =>
      points.flatMap((place) =>
        networks.map((network): Row => ({
          network,
          varied: name,
          value: place.value,
          ...done(network, place),
        }))
      )
    );
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
          // Places of a grid are whole or short numbers: none is rounded.
          const place = (value: number) =>
            `${show(value, 9)}${grid.name === "delay" ? " ms" : ""}`;
          return `${network} network, ${grid.name} ` +
            `${show(Math.min(...points), 9)} to ` +
            `${place(Math.max(...points))}: strict performance at least ` +
            `${show(100 * low.strict.value)} % (at ${place(low.value)})`;
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
  const own = { task, noise: 1, amplitude: 1 };
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
          ...own,
          value: steps * task.stepMs,
          ...(steps !== delay && {
            task: getTask(task.name, {
              ...task.timing,
              delay: steps,
              T: T - delay + steps,
            }),
          }),
        })),
    });
  }
  grids.push(
    {
      name: "noise",
      quantity: "Noise (times the model’s)",
      own: 1,
      points: noises.map((noise) => ({ ...own, value: noise, noise })),
    },
    {
      name: "amplitude",
      quantity: "Stimulus (times the task’s)",
      own: 1,
      points: amplitudes.map((amplitude) => ({
        ...own,
        value: amplitude,
        amplitude,
      })),
    },
  );
  return grids;
}

/**
 * Evaluates the networks at the places of all grids, each once: the task's own
 * is a place of every grid.
 */
async function performances(
  { model, twin, seed, backend, signal, trials, progress }: AnalysisContext,
  networks: readonly NetworkName[],
  grids: readonly Grid[],
) {
  const keyOf = ({ task, noise, amplitude }: Place) =>
    [task.steps, noise, amplitude].join();
  const places = new Map(
    grids.flatMap(({ points }) => points.map((at) => [keyOf(at), at])),
  );
  const scores = new Map<string, Score>();
  const total = networks.length * places.size;
  for (const network of networks) {
    const tasks = Map.groupBy(places.values(), ({ task }) => task);
    for (const [task, those] of tasks) {
      const conditions = task.conditions.length;
      const each = Math.max(1, Math.floor(mostTrials / conditions));
      const options = {
        seed,
        trials: conditions * Math.min(each, trials),
        balanced: true,
        backend: backend!,
        signal,
      };
      if (network === "rate") {
        for (const at of those) {
          await progress(scores.size, total);
          const { noise, amplitude } = at;
          const altered = amplitude === 1
            ? task
            : withAmplitude(task, amplitude);
          const score = await evaluate(model!.network, altered, {
            ...options,
            noiseScale: noise,
          });
          scores.set(`rate,${keyOf(at)}`, score);
        }
        continue;
      }
      await progress(scores.size, total);
      const found = await evaluateLevels(twin!, task, those, {
        ...options,
        // What it throws when the work is to stop is thrown by the trials, too.
        onProgress: ({ done, total: trials }) =>
          void progress(scores.size + those.length * done / trials, total)
            .catch(() => {}),
      });
      those.forEach((at, k) => scores.set(`spiking,${keyOf(at)}`, found[k]));
    }
  }
  return (network: NetworkName, at: Place) => {
    const { strict, outputError } = scores.get(`${network},${keyOf(at)}`)!;
    return { strict, outputError };
  };
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
