/** `tuning`: which units tell conditions apart, and by what mixture. */
import {
  type Activity,
  binsOf,
  constantUnits,
  type NamedSpan,
  type Span,
  windowMeans,
} from "../../analysis/activity.ts";
import type { ConditionVariable } from "../../analysis/variables.ts";
import {
  falseDiscovery,
  selectivity,
  twoWayDesign,
  twoWayVariance,
} from "../../analysis/tuning.ts";
import { countOf } from "../../count.ts";
import type { CsvCell } from "../../formats/csv.ts";
import { type TunedShare, tuningFigure } from "../../report/figures/tuning.ts";
import { networksOf, noActivity, populationOf, titles } from "./shared.ts";
import {
  meanShare,
  rate,
  sentence,
  shareScalars,
  sharesOf,
  tablesOf,
} from "./tuning_result.ts";
import type {
  Analysis,
  AnalysisArray,
  AnalysisContext,
  Scalar,
} from "./types.ts";

/** Variables that are what an answer is about, not what goes in. */
const outcomes: readonly string[] = ["match", "answer"];

const analysis: Analysis = {
  name: "tuning",
  question:
    "Which units tell conditions apart, in which window, and how many by a mixture of variables?",
  needs: [],
  uses: ["rate", "spiking"],
  async compute(context) {
    const networks = networksOf(context);
    const { variables } = context;
    if (networks.length === 0) throw noActivity("tuning");
    if (variables.length === 0) {
      throw new RangeError(
        "Cannot analyse tuning: all trials are of one condition, two or " +
          "more are needed",
      );
    }
    const [{ activity: first }] = networks;
    const { windows, short } = usable(context, first);
    const pairs = crossed(variables);
    const scalars: Scalar[] = [];
    const arrays: Record<string, AnalysisArray> = {};
    const units: Record<string, CsvCell>[] = [];
    const effects: Record<string, CsvCell>[] = [];
    const summary: string[] = [];
    const remarks = [...short];
    const panels: { title: string; note?: string; shares: TunedShare[] }[] = [];
    const populations = populationOf(context);
    let done = 0;
    for (const { network, activity } of networks) {
      const still = constantUnits(activity).length;
      if (still > 0) {
        remarks.push(
          `${network} network: ${still} of ${
            countOf(activity.units, "unit")
          } never ` +
            "change; they have no p",
        );
      }
      const means = windows.map((window) =>
        network === "spiking"
          ? spikeRates(activity, window)
          : windowMeans(activity, window)
      );
      for (const variable of variables) {
        for (const [a, b] of valuePairs(variable)) {
          const title = variable.values.length > 2
            ? `${variable.name} (${a}, ${b})`
            : variable.name;
          const areas: number[] = [];
          const shares: TunedShare[] = [];
          for (const [w, window] of windows.entries()) {
            await context.progress(
              done++,
              networks.length * windows.length * variables.length,
            );
            const found = compare(activity, means[w], variable, [a, b]);
            const adjusted = falseDiscovery(found.map(({ p }) => p));
            found.forEach(({ area, p }, unit) => {
              areas.push(area);
              units.push({
                network,
                unit,
                population: populations[unit],
                window: window.name,
                variable: variable.name,
                first: a,
                second: b,
                area,
                p,
                adjusted_p: adjusted[unit],
                selective: adjusted[unit] <= rate,
                preferred: area > 0.5 ? a : area < 0.5 ? b : null,
              });
            });
            const selective = Array.from(adjusted, (p) => p <= rate);
            const parts = sharesOf(context, selective);
            shares.push(
              ...parts.map((part) => ({ ...part, window: window.name })),
            );
            scalars.push(...shareScalars(network, "selective", parts, {
              of: `${title}, ${window.name}`,
              selective,
            }));
          }
          arrays[nameOf(network, title)] = {
            data: Float64Array.from(areas),
            shape: [windows.length, activity.units],
            axes: ["window", "unit"],
            description: `area under the ROC curve of ${variable.name}, ${a} ` +
              `above ${b}, windows ${
                windows.map(({ name }) => name).join(", ")
              }`,
          };
          panels.push({ title: `${titles[network]}: ${title}`, shares });
          summary.push(sentence(network, title, scalars, windows));
        }
      }
      for (const [one, two] of pairs) {
        const design = twoWayDesign(
          activity.conditions.map((name) => one.of[name]),
          activity.conditions.map((name) => two.of[name]),
        );
        const name = `${one.name} × ${two.name}`;
        const shares: TunedShare[] = [];
        for (const [w, window] of windows.entries()) {
          const found = Array.from(
            { length: activity.units },
            (_, unit) =>
              twoWayVariance(
                Float64Array.from(
                  { length: activity.trials },
                  (_, trial) => means[w][trial * activity.units + unit],
                ),
                design,
              ),
          );
          const parts = [
            [one.name, found.map(({ first }) => first)],
            [two.name, found.map(({ second }) => second)],
            [name, found.map(({ interaction }) => interaction)],
          ] as const;
          for (const [effect, of] of parts) {
            const adjusted = falseDiscovery(of.map(({ p }) => p));
            of.forEach(({ squares, f, p, share, freedom }, unit) =>
              effects.push({
                network,
                unit,
                population: populations[unit],
                window: window.name,
                factors: name,
                effect: effect === name ? "interaction" : effect,
                squares,
                degrees: freedom,
                f,
                p,
                adjusted_p: adjusted[unit],
                share,
              })
            );
            if (effect !== name) continue;
            const mixed = Array.from(adjusted, (p) => p <= rate);
            const sets = sharesOf(context, mixed);
            shares.push(
              ...sets.map((part) => ({ ...part, window: window.name })),
            );
            scalars.push(
              ...shareScalars(network, "mixed", sets, {
                of: `${name}, ${window.name}`,
                selective: mixed,
              }),
              meanShare(network, `${name}, ${window.name}`, of),
            );
          }
        }
        panels.push({
          title: `${titles[network]}: interaction`,
          note: name,
          shares,
        });
        summary.push(sentence(network, name, scalars, windows, "mixed"));
      }
    }
    return {
      scalars,
      tables: tablesOf(units, effects),
      arrays,
      figures: [tuningFigure({
        panels,
        columns: Math.min(4, panels.length / networks.length),
      })],
      summary,
      remarks,
    };
  },
};
export default analysis;

function nameOf(network: string, title: string): string {
  return `${network}_area_${title.replace(/\W+/g, "_").replace(/_$/, "")}`;
}

/** Windows with a bin of their own; remarks on the others. */
function usable(
  { windows }: AnalysisContext,
  activity: { readonly bins: number; readonly binMs: number },
): { windows: NamedSpan[]; short: string[] } {
  const duration = activity.bins * activity.binMs;
  const kept: NamedSpan[] = [];
  const short: string[] = [];
  for (const { name, from, to } of windows) {
    const window = { name, from, to: Math.min(to, duration) };
    try {
      binsOf(activity, window);
      kept.push(window);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      short.push(`${name} is left out: ${error.message}`);
    }
  }
  if (kept.length === 0) {
    throw new RangeError(
      `Cannot analyse tuning: no window holds a bin of ${activity.binMs} ms`,
    );
  }
  return { windows: kept, short };
}

/**
 * Rates over a window, Hz, from whole numbers of spikes: trials with as many are
 * ties, also where the rates of single bins are rounded, as 1/30 ms is.
 */
function spikeRates(activity: Activity, window: Span): Float64Array {
  const { from, to } = binsOf(activity, window);
  const seconds = (to - from) * activity.binMs / 1000;
  return windowMeans(activity, window)
    .map((rate) => Math.round(rate * seconds) / seconds);
}

/** All pairs of a variable's values. */
function valuePairs(
  { values }: ConditionVariable,
): (readonly [string, string])[] {
  return values.flatMap((a, k) =>
    values.slice(k + 1).map((b) => [a, b] as const)
  );
}

/** Pairs of variables that go in, of which all combinations of values occur. */
function crossed(
  variables: readonly ConditionVariable[],
): (readonly [ConditionVariable, ConditionVariable])[] {
  const factors = variables.filter(({ name }) => !outcomes.includes(name));
  return factors.flatMap((one, k) =>
    factors.slice(k + 1).filter((two) => {
      const cells = new Set(
        Object.keys(one.of).map((name) =>
          JSON.stringify([one.of[name], two.of[name]])
        ),
      );
      return cells.size === one.values.length * two.values.length;
    }).map((two) => [one, two] as const)
  );
}

function compare(
  { trials, units, conditions }: {
    readonly trials: number;
    readonly units: number;
    readonly conditions: readonly string[];
  },
  means: Float64Array,
  { of }: ConditionVariable,
  [a, b]: readonly [string, string],
) {
  const trialsOf = (value: string) =>
    Array.from({ length: trials }, (_, trial) => trial)
      .filter((trial) => of[conditions[trial]] === value);
  const [first, second] = [trialsOf(a), trialsOf(b)];
  return Array.from(
    { length: units },
    (_, unit) =>
      selectivity(
        first.map((trial) => means[trial * units + unit]),
        second.map((trial) => means[trial * units + unit]),
      ),
  );
}
