/** What `tuning` found, as tables, scalars and sentences. */
import type { NamedSpan } from "../../analysis/activity.ts";
import type { Population } from "../../report/types.ts";
import { wilson } from "../../simulate/wilson.ts";
import { formatProportion } from "../format.ts";
import { populationSets } from "./shared.ts";
import type {
  AnalysisContext,
  AnalysisTable,
  NetworkName,
  Scalar,
} from "./types.ts";

/** False discovery rate at which a unit is selective. */
export const rate = 0.05;

export function tablesOf(
  units: AnalysisTable["rows"],
  effects: AnalysisTable["rows"],
): AnalysisTable[] {
  return [
    {
      name: "units",
      description:
        "one unit of one network in one window for one pair of values a row",
      columns: {
        network: "rate or spiking",
        unit: "number of the unit, from 0",
        population:
          "E, I, PV, SST or units, with the layer if there are several",
        window: "part of the trial",
        variable: "condition variable",
        first: "first value",
        second: "second value",
        area:
          "area under the ROC curve: above 0.5 if activity is higher for the first value",
        p: "two-sided p of Mann and Whitney; empty if all trials are alike",
        adjusted_p: "p adjusted for the false discovery rate over units",
        selective: `adjusted p at most ${rate}`,
        preferred: "value with more activity",
      },
      rows: units,
    },
    {
      name: "variance",
      description:
        "one effect of one unit of one network in one window a row: two-way analysis of variance, type III",
      columns: {
        network: "rate or spiking",
        unit: "number of the unit, from 0",
        population: "as in the other table",
        window: "part of the trial",
        factors: "the two variables",
        effect: "a variable, or interaction",
        squares: "sum of squares",
        degrees: "degrees of freedom",
        f: "F",
        p: "p of F; empty if the unit does not vary",
        adjusted_p: "p adjusted for the false discovery rate over units",
        share: "sum of squares over the total one",
      },
      rows: effects,
    },
  ];
}

export function sharesOf(
  context: AnalysisContext,
  selective: readonly boolean[],
) {
  return populationSets(context).map(({ name, units }, k) => {
    const count = units.filter((unit) => selective[unit]).length;
    const { value: share, low, high } = wilson(count, units.length);
    const type: Population = context.populations[k].type;
    return { population: name, type, share, low, high };
  });
}

export function shareScalars(
  network: NetworkName,
  name: string,
  parts: ReturnType<typeof sharesOf>,
  { of, selective }: {
    readonly of: string;
    readonly selective: readonly boolean[];
  },
): Scalar[] {
  const all = wilson(selective.filter(Boolean).length, selective.length);
  return [
    {
      network,
      name: `${name}_share`,
      of: `${of}, all`,
      value: all.value,
      low: all.low,
      high: all.high,
    },
    ...parts.map(({ population, share, low, high }) => ({
      network,
      name: `${name}_share`,
      of: `${of}, ${population}`,
      value: share,
      low,
      high,
    })),
  ];
}

/** Mean share of variance of an effect, over units that vary. */
export function meanShare(
  network: NetworkName,
  of: string,
  effects: readonly { readonly share: number }[],
): Scalar {
  const shares = effects.map(({ share }) => share)
    .filter((share) => !Number.isNaN(share));
  return {
    network,
    name: "interaction_variance",
    of,
    value: shares.reduce((sum, share) => sum + share, 0) / shares.length,
    reason: shares.length === 0 ? "no unit varies" : undefined,
  };
}

export function sentence(
  network: NetworkName,
  of: string,
  scalars: readonly Scalar[],
  windows: readonly NamedSpan[],
  name: "selective" | "mixed" = "selective",
): string {
  const parts = windows.flatMap((window) => {
    const share = scalars.findLast((scalar) =>
      scalar.network === network && scalar.name === `${name}_share` &&
      scalar.of === `${of}, ${window.name}, all`
    );
    return share
      ? [
        `${window.name} ${
          formatProportion({
            correct: NaN,
            trials: NaN,
            value: share.value,
            low: share.low!,
            high: share.high!,
          })
        }`,
      ]
      : [];
  });
  const what = name === "mixed"
    ? `units with an interaction ${of}`
    : `units selective for ${of}`;
  return `${network} network, ${what}: ${parts.join(", ")}`;
}
