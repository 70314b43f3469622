/** `weights`: what the effective weights look like, by class of units. */
import { Matrix, SingularValueDecomposition } from "ml-matrix";
import {
  type ClassConnection,
  classConnections,
  reciprocity,
  unitConnections,
} from "../../analysis/weights.ts";
import { countOf } from "../../count.ts";
import { allEffectiveWeights } from "../../network/effective.ts";
import { eigenvalues } from "../../network/eigenvalues.ts";
import { unitCount } from "../../network/geometry.ts";
import type { SpikingNetwork } from "../../network/spiking.ts";
import { spikingParameters } from "../../network/spiking_parameters.ts";
import { connectivityFigure } from "../../report/figures/connectivity.ts";
import { show } from "../../report/figures/layers.ts";
import { populationOf, populationSets } from "./shared.ts";
import type {
  Analysis,
  AnalysisArray,
  AnalysisContext,
  AnalysisResult,
  AnalysisTable,
  Scalar,
} from "./types.ts";

/** Units of which singular values are computed at most: the time grows as their cube. */
const mostSingular = 800;
/** Units of which eigenvalues are computed at most. */
const mostEigen = 2000;

const analysis: Analysis = {
  name: "weights",
  question: "Who is connected to whom, how strongly, and is it balanced?",
  needs: ["model"],
  uses: ["twin"],
  async compute(context): Promise<AnalysisResult> {
    const { network } = context.model!;
    const units = unitCount(network);
    const several = network.layers.length > 1;
    await context.progress(0, 4);
    const weights = allEffectiveWeights(network);
    const connections = classConnections(network, weights);
    const spiking = spikingWeights(context.twin);
    const each = unitConnections(weights, units);
    const returned = reciprocities(context, weights, units);
    await context.progress(1, 4);
    const scalars: Scalar[] = [];
    const arrays: Record<string, AnalysisArray> = {};
    const remarks: string[] = [];
    for (const connection of connections) {
      scalars.push(...connectionScalars(connection, several));
    }
    for (const connection of spiking?.connections ?? []) {
      scalars.push(...spikingScalars(connection, several));
    }
    const populations = populationOf(context);
    const sets = populationSets(context);
    for (const { name, units: of } of sets) {
      const ratios = of.map((unit) => each[unit].ratio).filter(Number.isFinite);
      scalars.push({
        name: "ei_ratio",
        of: name,
        value: mean(ratios),
        ...(ratios.length === 0 && { reason: "no unit has inhibitory input" }),
      });
    }
    for (const { name, index, share } of returned) {
      scalars.push({
        name: "reciprocity",
        of: name,
        value: index,
        ...(Number.isNaN(index) && { reason: "no pair is connected" }),
      }, {
        name: "reciprocal_share",
        of: name,
        value: share,
        ...(Number.isNaN(share) && { reason: "no pair is connected" }),
      });
    }
    let radius = NaN;
    if (units <= mostEigen) {
      const spectrum = await eigenvalues(weights, units, {
        signal: context.signal,
      });
      radius = spectrum.real.reduce(
        (most, x, k) => Math.max(most, Math.hypot(x, spectrum.imaginary[k])),
        0,
      );
      const axes = ["eigenvalue"];
      arrays.eigenvalues_real = {
        data: spectrum.real,
        shape: [units],
        axes,
        description: "real parts of the eigenvalues of the effective weights",
      };
      arrays.eigenvalues_imaginary = {
        data: spectrum.imaginary,
        shape: [units],
        axes,
        description: "imaginary parts of these eigenvalues",
      };
    }
    scalars.push({
      name: "spectral_radius",
      value: radius,
      ...(units > mostEigen && {
        reason:
          `eigenvalues of ${countOf(units, "unit")} would take too long, ` +
          `${mostEigen} are the most`,
      }),
    });
    await context.progress(2, 4);
    const singular = units <= mostSingular
      ? singularValues(weights, units)
      : undefined;
    scalars.push({
      name: "largest_singular_value",
      value: singular?.[0] ?? NaN,
      ...(!singular && {
        reason:
          `singular values of ${countOf(units, "unit")} would take too long, ` +
          `${mostSingular} are the most`,
      }),
    });
    if (singular) {
      arrays.singular_values = {
        data: singular,
        shape: [units],
        axes: ["singular value"],
        description: "singular values of the effective weights, descending",
      };
    } else {
      remarks.push(
        `no singular values: ${countOf(units, "unit")} would take too long, ` +
          `${mostSingular} are the most`,
      );
    }
    await context.progress(3, 4);
    arrays.weights = {
      data: weights,
      shape: [units, units],
      axes: ["postsynaptic unit", "presynaptic unit"],
      description: "effective weights: signed, masked, all layers",
    };
    if (spiking) {
      arrays.spiking_weights = {
        data: spiking.weights,
        shape: [units, units],
        axes: ["postsynaptic unit", "presynaptic unit"],
        description: "weights of the spiking network as it runs, mV·s",
      };
    }
    const alone = each.filter(({ inDegree }) => inDegree === 0).length;
    const mute = each.filter(({ outDegree }) => outDegree === 0).length;
    if (alone + mute > 0) {
      remarks.push(
        `${alone} of ${
          countOf(units, "unit has", "units have")
        } no incoming synapse, ${mute} no ` +
          "outgoing one",
      );
    }
    return {
      scalars,
      tables: [
        classesTable("classes", "effective weights", connections),
        ...(spiking
          ? [classesTable(
            "spiking_classes",
            "weights of the spiking network as it runs, mV·s",
            spiking.connections,
          )]
          : []),
        {
          name: "units",
          description: "one unit a row",
          columns: {
            unit: "number of the unit, from 0, over all layers",
            population: "its population",
            excitation: "sum of its positive incoming weights",
            inhibition: "sum of its negative incoming weights",
            ratio: "excitation over inhibition, without sign",
            in_degree: "incoming weights that are not 0",
            out_degree: "outgoing weights that are not 0",
          },
          rows: each.map((unit, k) => ({
            unit: k,
            population: populations[k],
            excitation: unit.excitation,
            inhibition: unit.inhibition,
            ratio: unit.ratio,
            in_degree: unit.inDegree,
            out_degree: unit.outDegree,
          })),
        },
        {
          name: "reciprocity",
          description: "one pair of populations of a layer a row",
          columns: {
            pair: "the populations",
            connected: "pairs of units that are connected",
            both: "those connected both ways",
            share: "their share",
            predicted: "the share that the densities predict",
            index: "share over prediction",
          },
          rows: returned.map(({ name, ...rest }) => ({ pair: name, ...rest })),
        },
      ],
      arrays,
      figures: [connectivityFigure({
        populations: sets.map(({ name, units: of }, k) => ({
          name,
          type: context.populations[k].type,
          inDegrees: of.map((unit) => each[unit].inDegree),
          outDegrees: of.map((unit) => each[unit].outDegree),
          ratios: of.map((unit) => each[unit].ratio),
        })),
        singular: singular ?? [],
      })],
      summary: [
        ...quoted(connections, several).map((c) =>
          `${label(c, several)}: density ${show(100 * c.density)} %, mean ` +
          `weight ${show(c.mean)} (sd ${show(c.sd)}), summed input ` +
          show(c.input)
        ),
        ...(spiking
          ? [
            "mean weights of the spiking network as it runs (mV·s): " +
            quoted(spiking.connections, several)
              .map((c) => `${label(c, several)} ${show(c.mean)}`).join(", "),
          ]
          : []),
        `spectral radius ${show(radius)}` +
        (singular ? `, largest singular value ${show(singular[0])}` : ""),
        ...returned.filter(({ index }) => Number.isFinite(index)).map((r) =>
          `${r.name}: ${show(100 * r.share)} % of connected pairs are ` +
          `connected both ways, ${
            show(r.index)
          } times what the densities predict`
        ),
      ],
      remarks,
    };
  },
};
export default analysis;

/** Weights of the spiking network, with its scaling factor and calibration. */
function spikingWeights(twin: SpikingNetwork | undefined) {
  if (!twin) return undefined;
  const { weights } = spikingParameters(twin);
  return { weights, connections: classConnections(twin.rate, weights) };
}

function classesTable(
  name: string,
  of: string,
  connections: readonly ClassConnection[],
): AnalysisTable {
  return {
    name,
    description: `${of}, one pair of unit classes a row`,
    columns: {
      to_layer: "layer of the postsynaptic units, from 1",
      to: "their class",
      from_layer: "layer of the presynaptic units, from 1",
      from: "their class",
      synapses: "weights that are not 0",
      density: "their share of all places",
      mean: "their mean",
      sd: "their standard deviation",
      input: "summed weight onto a postsynaptic unit, mean over units",
    },
    rows: connections.map(({ to, from, ...rest }) => ({
      to_layer: to.layer + 1,
      to: to.class,
      from_layer: from.layer + 1,
      from: from.class,
      ...rest,
    })),
  };
}

/** The pairs that a summary quotes: SST and PV are a part of I. */
function quoted(
  connections: readonly ClassConnection[],
  several: boolean,
): readonly ClassConnection[] {
  const part = (name: string) => name === "SST" || name === "PV";
  return connections.filter(({ to, from }) =>
    several || !part(to.class) && !part(from.class)
  );
}

function label({ to, from }: ClassConnection, several: boolean): string {
  const name = (of: ClassConnection["to"]) =>
    (several ? `layer ${of.layer + 1} ` : "") + of.class;
  return `${name(from)} to ${name(to)}`;
}

function connectionScalars(
  connection: ClassConnection,
  several: boolean,
): Scalar[] {
  const of = label(connection, several);
  const reason = connection.synapses === 0 ? "there is no synapse" : undefined;
  return [
    { name: "synapses", of, value: connection.synapses },
    { name: "density", of, value: connection.density },
    { name: "mean_weight", of, value: connection.mean, reason },
    { name: "sd_weight", of, value: connection.sd, reason },
    { name: "summed_input", of, value: connection.input },
  ];
}

function spikingScalars(
  connection: ClassConnection,
  several: boolean,
): Scalar[] {
  return connectionScalars(connection, several)
    .filter(({ name }) => name !== "density")
    .map((scalar) => ({
      ...scalar,
      network: "spiking",
      ...(scalar.name !== "synapses" && { unit: "mV·s" }),
    }));
}

/** Reciprocity of every two populations of a layer. */
function reciprocities(
  { populations, ...context }: AnalysisContext,
  weights: Float64Array,
  units: number,
) {
  const names = populationSets({ populations, ...context });
  return populations.flatMap((first, a) =>
    populations.slice(a).flatMap((second, offset) => {
      if (first.layer !== second.layer) return [];
      const same = offset === 0;
      return [{
        name: `${names[a].name} and ${names[a + offset].name}`,
        ...reciprocity(
          weights,
          units,
          first.units,
          same ? first.units : second.units,
        ),
      }];
    })
  );
}

function singularValues(weights: Float64Array, units: number): Float64Array {
  const { diagonal } = new SingularValueDecomposition(
    Matrix.from1DArray(units, units, weights),
    { computeLeftSingularVectors: false, computeRightSingularVectors: false },
  );
  return Float64Array.from(diagonal).sort().reverse();
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
