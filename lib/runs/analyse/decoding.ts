/** `decoding`: what a linear readout knows of the conditions, and when. */
import {
  binsOf,
  binTimes,
  type NamedSpan,
  ofUnits,
} from "../../analysis/activity.ts";
import {
  type CrossTemporal,
  crossTemporal,
  stratifiedFolds,
  widened,
} from "../../analysis/decoding.ts";
import { countOf } from "../../count.ts";
import type { CsvCell } from "../../formats/csv.ts";
import {
  crossTemporalFigure,
  decodingFigure,
} from "../../report/figures/decoding.ts";
import { wilson } from "../../simulate/wilson.ts";
import { formatProportion } from "../format.ts";
import {
  furtherPopulations,
  groupsOf,
  networksOf,
  noActivity,
  threadsOf,
  titles,
} from "./shared.ts";
import type {
  Analysis,
  AnalysisArray,
  AnalysisContext,
  NetworkName,
  Scalar,
} from "./types.ts";

/** Number of folds. */
const foldCount = 5;

/** Most bins that are trained at: work and matrices grow as their square. */
const mostBins = 64;

const analysis: Analysis = {
  name: "decoding",
  question:
    "What does a linear readout of activity know of the conditions, when, and does the same readout serve at other times?",
  needs: [],
  uses: ["rate", "spiking"],
  async compute(context) {
    const networks = networksOf(context);
    const { variables, windows } = context;
    if (networks.length === 0) throw noActivity("decoding");
    if (variables.length === 0) {
      throw new RangeError(
        "Cannot analyse decoding: all trials are of one condition, two or " +
          "more are needed",
      );
    }
    const [{ activity: first }] = networks;
    const folds = stratifiedFolds(first.conditions, foldCount);
    const factor = Math.ceil(first.bins / mostBins);
    const scalars: Scalar[] = [];
    const arrays: Record<string, AnalysisArray> = {};
    const rows: Record<string, CsvCell>[] = [];
    const summary: string[] = [];
    const drawn: Parameters<typeof decodingFigure>[0]["networks"][number][] =
      [];
    let times: Float64Array = new Float64Array(0);
    const groups = groupsOf(context);
    const populations = furtherPopulations(context);
    const best = new Map<string, string[]>();
    const parts = networks.flatMap(({ network, activity }) =>
      [...groups, ...populations]
        .map(({ name, units }) => ({ network, activity, name, units }))
    );
    for (const [k, { network, activity, name, units }] of parts.entries()) {
      const whole = name === "all";
      const wide = widened(
        whole ? activity : ofUnits(activity, units),
        factor,
      );
      times = binTimes(wide);
      const decoded = await crossTemporal(wide, variables, {
        folds,
        ...threadsOf(context),
        progress: (done, total) =>
          context.progress(k * total + done, parts.length * total),
      });
      const courses = decoded.map((found) => {
        const { variable, bins, trials, correct } = found;
        const matrix = whole
          ? found
          : { ...found, variable: `${name}, ${variable}` };
        const intervals = Array.from(
          { length: bins },
          (_, t) => wilson(correct[t * bins + t], trials),
        );
        const suffix = whole ? "" : `_${name.replaceAll(" ", "")}`;
        arrays[nameOf(network, variable) + suffix] = {
          data: shares(matrix),
          shape: [bins, bins],
          axes: ["training bin", "test bin"],
          description: `accuracy of ${variable} in the ${network} network` +
            `${whole ? "" : `, ${name}`}, 0 to 1`,
        };
        intervals.forEach(({ value, low, high, correct }, t) =>
          rows.push({
            network,
            units: name,
            variable,
            time: times[t],
            accuracy: value,
            low,
            high,
            correct,
            trials,
            chance: matrix.chance,
          })
        );
        const inWindows = windows.flatMap((window) =>
          windowScalars(network, matrix, window, wide)
        );
        scalars.push(...inWindows);
        if (groups.some((group) => group.name === name)) {
          summary.push(sentence(network, matrix, times, inWindows));
        } else {
          const of = `${network} network, ${variable}`;
          const most = Math.max(...intervals.map(({ value }) => value));
          best.set(of, [
            ...best.get(of) ?? [],
            `${name} ${Math.round(100 * most)} %`,
          ]);
        }
        return {
          variable,
          accuracy: intervals.map(({ value }) => value),
          low: intervals.map(({ low }) => low),
          high: intervals.map(({ high }) => high),
        };
      });
      if (whole) {
        drawn.push({
          name: titles[network],
          courses,
          matrices: decoded.map((matrix) => ({
            title: matrix.variable,
            values: shares(matrix),
            times: matrix.bins,
          })),
        });
      }
    }
    arrays.times = {
      data: times,
      shape: [times.length],
      axes: ["bin"],
      description: "middle of each bin, ms",
    };
    for (const [of, found] of best) {
      summary.push(`${of}, at most by population: ${found.join(", ")}`);
    }
    const width = context.binMs * factor;
    const figure = {
      duration: times.length * width,
      times,
      stimuli: stimuliOf(context),
      chance: Math.min(...variables.map(({ values }) => 1 / values.length)),
      networks: drawn,
    };
    return {
      scalars,
      tables: [{
        name: "accuracy",
        description:
          "one time of one variable of one network, or of one of its layers or populations, a row, trained and tested at that time",
        columns: {
          network: "rate or spiking",
          units: "all units, or those of a layer or a population",
          variable: "what was decoded",
          time: "middle of the bin, ms",
          accuracy: "share of trials decoded rightly, each held out once",
          low: "lower end of its 95 % Wilson interval",
          high: "upper end",
          correct: "trials decoded rightly",
          trials: "trials",
          chance: "share by chance",
        },
        rows,
      }],
      arrays,
      figures: [decodingFigure(figure), crossTemporalFigure(figure)],
      summary,
      remarks: factor > 1
        ? [
          `${countOf(foldCount, "fold")}, bins of ${width} ms: ${
            countOf(first.bins, "bin")
          } of ` +
          `${context.binMs} ms are more than ${mostBins}`,
        ]
        : [],
    };
  },
};
export default analysis;

/** Windows in which a stimulus is on. */
export function stimuliOf(
  { task }: Pick<AnalysisContext, "task">,
): NamedSpan[] {
  return task?.stimuli.map(({ name, from, to }) => ({
    name,
    from: from * task.stepMs,
    to: to * task.stepMs,
  })) ?? [];
}

function nameOf(network: string, variable: string): string {
  return `${network}_${variable.replace(/\W+/g, "_")}`;
}

function shares({ correct, trials }: CrossTemporal): Float64Array {
  return Float64Array.from(correct, (count) => count / trials);
}

/** Mean accuracy within a window, of the same time and across times. */
function windowScalars(
  network: NetworkName,
  { variable, bins, trials, correct }: CrossTemporal,
  window: NamedSpan,
  activity: { readonly bins: number; readonly binMs: number },
): Scalar[] {
  const of = `${variable}, ${window.name}`;
  const inside = within(activity, window);
  if (!inside) {
    const reason = `the window is shorter than a bin of ${activity.binMs} ms`;
    return [{ network, name: "accuracy", of, value: NaN, reason }];
  }
  const { from, to } = inside;
  let [same, across] = [0, 0];
  for (let t = from; t < to; t++) {
    for (let other = from; other < to; other++) {
      const right = correct[t * bins + other];
      if (t === other) same += right;
      else across += right;
    }
  }
  const count = to - from;
  const value = same / count / trials;
  // As if of one bin: bins of a trial are not independent.
  const { low, high } = wilson(Math.round(value * trials), trials);
  return [
    { network, name: "accuracy", of, value, low, high },
    {
      network,
      name: "generalisation",
      of,
      value: across / (count * (count - 1)) / trials,
      ...(count < 2 && { reason: "the window has a single bin" }),
    },
  ];
}

/** Bins in a window, or nothing if there is none. */
function within(
  activity: { readonly bins: number; readonly binMs: number },
  window: NamedSpan,
) {
  const to = Math.min(window.to, activity.bins * activity.binMs);
  try {
    return binsOf(activity, { from: window.from, to });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function sentence(
  network: NetworkName,
  { variable, bins, trials, correct, chance }: CrossTemporal,
  times: Float64Array,
  scalars: readonly Scalar[],
): string {
  let best = 0;
  for (let t = 0; t < bins; t++) {
    if (correct[t * bins + t] > correct[best * bins + best]) best = t;
  }
  const peak = wilson(correct[best * bins + best], trials);
  const inWindows = scalars.filter(({ name, value }) =>
    name === "accuracy" && !Number.isNaN(value)
  ).map(({ of, value }) =>
    `${of!.slice(variable.length + 2)} ${Math.round(100 * value)} %`
  );
  return `${network} network, ${variable}: at most ` +
    `${formatProportion(peak)} at ${Math.round(times[best])} ms (chance ` +
    `${Math.round(100 * chance)} %)` +
    (inWindows.length > 0 ? `; ${inWindows.join(", ")}` : "");
}
