/** `trajectories`: principal components of both networks, and how they lie. */
import {
  type Activity,
  constantUnits,
  ofUnits,
} from "../../analysis/activity.ts";
import {
  alignment,
  type Components,
  componentsFor,
  participationRatio,
  principalComponents,
  projections,
} from "../../analysis/trajectories.ts";
import { countOf } from "../../count.ts";
import { trajectoriesFigure } from "../../report/figures/trajectories.ts";
import { show } from "../../report/figures/layers.ts";
import { roleColours } from "../../report/theme.ts";
import type { Figure } from "../../report/types.ts";
import { conditionLabel } from "../../tasks/labels.ts";
import { groupsOf, networksOf, noActivity, titles } from "./shared.ts";
import type {
  Analysis,
  AnalysisArray,
  AnalysisContext,
  AnalysisResult,
  NetworkName,
  Scalar,
} from "./types.ts";

/** Standard deviation of the Gaussian by which spikes are smoothed, ms. */
const smoothMs = 20;

/** Components of which projections are kept, at most. */
const mostProjections = 10;

const analysis: Analysis = {
  name: "trajectories",
  question:
    "How many dimensions does activity take, and do both networks take the same ones?",
  needs: [],
  uses: ["rate", "spiking"],
  async compute(context) {
    const networks = networksOf(context);
    if (networks.length === 0) throw noActivity("trajectories");
    const scalars: Scalar[] = [];
    const arrays: Record<string, AnalysisArray> = {};
    const rows: AnalysisResult["tables"][number]["rows"][number][] = [];
    const figures: Figure[] = [];
    const summary: string[] = [];
    const remarks: string[] = [];
    const groups = groupsOf(context);
    let done = 0;
    for (const { name: of, units } of groups) {
      const suffix = groups.length > 1 && of !== "all"
        ? `_${of.replaceAll(" ", "")}`
        : "";
      const found: { network: NetworkName; components: Components }[] = [];
      for (const { network, activity } of networks) {
        await context.progress(done++, groups.length * networks.length);
        const part = of === "all" ? activity : ofUnits(activity, units);
        const components = principalComponents(part, {
          smoothMs: network === "spiking" ? smoothMs : 0,
        });
        found.push({ network, components });
        scalars.push(...scalarsOf(network, of, components));
        Object.assign(arrays, arraysOf(`${network}${suffix}`, components));
        rows.push(...varianceRows(network, of, components));
        remarks.push(...still(network, of, part));
        summary.push(sentence(network, of, components));
      }
      const [first, second] = found;
      if (second) {
        const lie = alignment(first.components, second.components);
        scalars.push(...alignmentScalars(of, lie));
        arrays[`angles${suffix}`] = {
          data: lie.angles,
          shape: [lie.angles.length],
          axes: ["component"],
          description: "principal angles between the first components of " +
            "both networks, degrees, ascending",
        };
        summary.push(
          `${ofGroup(of)}${show(100 * lie.index, 3)} % of the variance that ` +
            `${lie.components} components of the spiking network could hold ` +
            `lies in the first ${lie.components} of the rate network; ` +
            `principal angles ${
              [...lie.angles].map((a) => show(a, 2)).join(", ")
            }°`,
        );
      }
      if (of === "all") figures.push(figureOf(context, found));
    }
    return {
      scalars,
      tables: [{
        name: "variance",
        description: "one principal component of one network a row",
        columns: {
          network: "rate or spiking",
          of: "all units, or those of a layer",
          component: "number of the component, from 1",
          variance: "variance along it, squared unit of the activity",
          explained: "its share of the variance, 0 to 1",
          cumulative: "share of it and those before it, 0 to 1",
        },
        rows,
      }],
      arrays,
      figures,
      summary,
      remarks,
    };
  },
};
export default analysis;

function totalOf({ variances }: Components): number {
  return variances.reduce((sum, value) => sum + value, 0);
}

function scalarsOf(
  network: NetworkName,
  of: string,
  components: Components,
): Scalar[] {
  const total = totalOf(components);
  const reason = total > 0 ? undefined : "no unit moves";
  const { variances } = components;
  return [
    {
      network,
      of,
      name: "participation_ratio",
      value: participationRatio(variances),
      reason,
    },
    {
      network,
      of,
      name: "components_90",
      value: reason ? NaN : componentsFor(variances, 0.9),
      reason,
    },
    ...[1, 2, 3].filter((count) => count <= variances.length).map((count) => ({
      network,
      of,
      name: `explained_${count}`,
      value: variances.slice(0, count).reduce((a, b) => a + b, 0) / total,
      reason,
    })),
  ];
}

function alignmentScalars(
  of: string,
  { components, index, angles }: ReturnType<typeof alignment>,
): Scalar[] {
  const reason = Number.isNaN(index)
    ? "a network has no unit that moves"
    : undefined;
  return [
    { name: "alignment", of, value: index, reason },
    { name: "alignment_components", of, value: components },
    {
      name: "largest_angle",
      of,
      value: angles.at(-1) ?? NaN,
      unit: "degrees",
      reason: angles.length > 0
        ? undefined
        : "the rate network has no variance",
    },
  ];
}

function arraysOf(
  prefix: string,
  components: Components,
): Record<string, AnalysisArray> {
  const { units, variances, loadings, conditions, bins, rows } = components;
  const kept = Math.min(units, mostProjections);
  return {
    [`${prefix}_variances`]: {
      data: variances,
      shape: [units],
      axes: ["component"],
      description: "variance along each component, squared unit of activity",
    },
    [`${prefix}_loadings`]: {
      data: loadings,
      shape: [units, units],
      axes: ["unit", "component"],
      description: "loadings of the units",
    },
    [`${prefix}_projections`]: {
      data: projections(rows, components, kept),
      shape: [conditions.length, bins, kept],
      axes: ["condition", "bin", "component"],
      description: "activity averaged over trials, along the network's own " +
        "components, unit of activity",
    },
  };
}

function varianceRows(network: string, of: string, components: Components) {
  const total = totalOf(components);
  let held = 0;
  return Array.from(components.variances, (variance, k) => {
    held += variance;
    return {
      network,
      of,
      component: k + 1,
      variance,
      explained: variance / total,
      cumulative: held / total,
    };
  });
}

function still(network: string, of: string, activity: Activity): string[] {
  const count = constantUnits(activity).length;
  return count === 0 ? [] : [
    `${network} network${of === "all" ? "" : `, ${of}`}: ${count} of ` +
    `${countOf(activity.units, "unit")} without change have no variance`,
  ];
}

function ofGroup(of: string): string {
  return of === "all" ? "" : `${of}: `;
}

function sentence(
  network: NetworkName,
  of: string,
  components: Components,
): string {
  const { variances } = components;
  const total = totalOf(components);
  if (!(total > 0)) return `${ofGroup(of)}${network} network: no unit moves`;
  const two = (variances[0] + (variances[1] ?? 0)) / total;
  return `${ofGroup(of)}${network} network: participation ratio ` +
    `${show(participationRatio(variances))}, ` +
    `${componentsFor(variances, 0.9)} components for 90 % of the variance, ` +
    `the first two hold ${show(100 * two)} %`;
}

function figureOf(
  { task, windows, binMs }: AnalysisContext,
  found: readonly { network: NetworkName; components: Components }[],
): Figure {
  const [plane] = found;
  return trajectoriesFigure({
    plane: plane.network,
    networks: found.map(({ network, components }) => {
      const { bins, conditions, rows } = components;
      const along = projections(rows, plane.components, 2);
      const total = totalOf(components);
      let held = 0;
      for (const value of along) held += value * value;
      const shares = varianceRows(network, "all", components);
      return {
        name: titles[network],
        unit: network === "spiking" ? "Hz" : undefined,
        held: held / (rows.length / components.units - 1) / total,
        cumulative: shares.map(({ cumulative }) => cumulative),
        colour: roleColours[network],
        courses: conditions.map((condition, c) => {
          const at = (bin: number, axis: number) =>
            along[2 * (c * bins + bin) + axis];
          return {
            condition: conditionLabel(task ?? {}, condition),
            x: Float64Array.from({ length: bins }, (_, bin) => at(bin, 0)),
            y: Float64Array.from({ length: bins }, (_, bin) => at(bin, 1)),
          };
        }),
      };
    }),
    marks: windows.filter(({ name }) => !name.startsWith("delay"))
      .map(({ name, from }) => ({ name, bin: Math.floor(from / binMs) })),
  });
}
