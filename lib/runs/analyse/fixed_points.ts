/** `fixed-points`: where the rate network's dynamics stand still. */
import {
  type ConstantInput,
  constantInputs,
} from "../../analysis/constant_inputs.ts";
import { findFixedPointsAt } from "../../analysis/fixed_point_searches.ts";
import {
  type FixedPoint,
  type FixedPoints,
  startingStates,
} from "../../analysis/fixed_points.ts";
import { constantDrive, rateDynamics } from "../../analysis/rate_dynamics.ts";
import {
  principalComponents,
  projections,
} from "../../analysis/trajectories.ts";
import { countOf } from "../../count.ts";
import { transferFunctions } from "../../network/activations.ts";
import { randomStream } from "../../random/stream.ts";
import {
  type FixedPointsData,
  fixedPointsFigure,
  fixedPointSpectraFigure,
} from "../../report/figures/fixed_points.ts";
import { show } from "../../report/figures/layers.ts";
import { simulateRateEach } from "../../simulate/simulate_rate.ts";
import { threadsOf } from "./shared.ts";
import type {
  Analysis,
  AnalysisArray,
  AnalysisContext,
  AnalysisResult,
  Scalar,
} from "./types.ts";

/** Inputs that are searched at most; a task of many conditions has many. */
const mostInputs = 16;
/** Inputs that are drawn. */
const mostPanels = 12;
/** Trials whose states are visited, at most: they are long enough. */
const mostTrials = 64;

/** What was found at one input. */
interface Found extends ConstantInput {
  readonly found: FixedPoints;
}

const analysis: Analysis = {
  name: "fixed-points",
  question:
    "Where do the rate network's dynamics stand still, and is it stable there?",
  needs: ["model", "rate"],
  async compute(context): Promise<AnalysisResult> {
    const { model, task, seed, progress } = context;
    const { network } = model!;
    const random = randomStream(seed).fork("fixed points");
    const inputs = await constantInputs(task!, random.fork("inputs"));
    const searched = inputs.slice(0, mostInputs);
    const dynamics = rateDynamics(network, task!.stepMs);
    const { units } = dynamics;
    const starts = startingStates(
      await visited(context),
      units,
      random.fork("starts"),
    );
    await progress(0, searched.length * starts.length);
    const found = await findFixedPointsAt(
      dynamics,
      searched.map(({ input }) => constantDrive(network, input)),
      starts,
      {
        ...threadsOf(context),
        // What it throws when the work is to stop is thrown by the search, too.
        onProgress: (done, total) => void progress(done, total).catch(() => {}),
      },
    );
    const all = searched.map((input, k): Found => ({
      ...input,
      found: found[k],
    }));
    const data = drawn(context, all);
    return {
      scalars: all.flatMap(scalarsOf),
      tables: [tableOf(all)],
      arrays: arraysOf(all, units),
      figures: [fixedPointsFigure(data), fixedPointSpectraFigure(data)],
      summary: all.map(sentence),
      remarks: remarksOf(all, inputs.length),
    };
  },
};
export default analysis;

/** States of trials of the task, noise included. */
async function visited(
  { model, task, trials, seed, backend, signal }: AnalysisContext,
) {
  const states: { readonly states: Float32Array | Float64Array }[] = [];
  const count = Math.min(
    trials * task!.conditions.length,
    Math.max(mostTrials, task!.conditions.length),
  );
  for await (
    const { trace } of simulateRateEach(
      model!.network,
      { task: task!, trials: count },
      { seed, backend, signal, record: { states: true } },
    )
  ) states.push({ states: trace.states! });
  return states;
}

function fixedOf({ points }: FixedPoints): FixedPoint[] {
  return points.filter(({ kind }) => kind === "fixed");
}

function scalarsOf({ name, found }: Found): Scalar[] {
  const fixed = fixedOf(found);
  const stable = fixed.filter(({ unstable }) => unstable === 0);
  const slowest = Math.max(...stable.map(({ slowest }) => slowest));
  const count = (name_: string, value: number): Scalar => ({
    network: "rate",
    name: name_,
    of: name,
    value,
  });
  return [
    count("fixed_points", fixed.length),
    count("stable_points", stable.length),
    count("saddles", fixed.filter(({ unstable }) => unstable > 0).length),
    count("slow_points", found.points.length - fixed.length),
    count("starts_at_no_point", found.nowhere),
    {
      ...count("slowest_time_constant", stable.length > 0 ? slowest : NaN),
      unit: "ms",
      ...(stable.length === 0 && { reason: "there is no stable fixed point" }),
    },
  ];
}

function tableOf(all: readonly Found[]): AnalysisResult["tables"][number] {
  return {
    name: "points",
    description: "one fixed or slow point of the rate network a row",
    columns: {
      input: "the constant input",
      point: "number of the point at this input, from 1",
      kind: "fixed (q below 1e-20) or slow (q below 1e-6)",
      q: "½|F|²/N, 1/ms²",
      starts: "starts of the search that ended there",
      stability: "stable, or saddle",
      unstable: "eigenvalues with a real part above 0: the saddle's order",
      slowest: "slowest time constant, largest 1/|real part|, ms",
      largest_real: "largest real part of the eigenvalues, 1/ms",
      output: "output of the readout there",
    },
    rows: all.flatMap(({ name, found }) =>
      found.points.map((point, k) => ({
        input: name,
        point: k + 1,
        kind: point.kind,
        q: point.q,
        starts: point.starts,
        stability: stability(point),
        unstable: point.unstable,
        slowest: point.slowest,
        largest_real: point.eigenvalues
          ? Math.max(...point.eigenvalues.real)
          : NaN,
        output: point.output,
      }))
    ),
  };
}

function stability({ unstable }: FixedPoint): string {
  if (Number.isNaN(unstable)) return "not computed";
  return unstable === 0 ? "stable" : "saddle";
}

function arraysOf(
  all: readonly Found[],
  units: number,
): Record<string, AnalysisArray> {
  const points = all.flatMap(({ found }, input) =>
    found.points.map((point) => ({ input, point }))
  );
  const count = points.length;
  const eigen = (part: "real" | "imaginary") =>
    Float64Array.from(
      points.flatMap(({ point }) =>
        point.eigenvalues
          ? [...point.eigenvalues[part]]
          : new Array<number>(units).fill(NaN)
      ),
    );
  const channels = all[0].input.length;
  return {
    inputs: {
      data: Float64Array.from(all.flatMap(({ input }) => [...input])),
      shape: [all.length, channels],
      axes: ["input", "channel"],
      description: "the constant inputs",
    },
    input_of_point: {
      data: Uint32Array.from(points, ({ input }) => input),
      shape: [count],
      axes: ["point"],
      index: true,
      description: "number of the input of each point",
    },
    states: {
      data: Float64Array.from(points.flatMap(({ point }) => [...point.state])),
      shape: [count, units],
      axes: ["point", "unit"],
      description: "states x of the points",
    },
    eigenvalues_real: {
      data: eigen("real"),
      shape: [count, units],
      axes: ["point", "eigenvalue"],
      description: "real parts of the Jacobian's eigenvalues, 1/ms",
    },
    eigenvalues_imaginary: {
      data: eigen("imaginary"),
      shape: [count, units],
      axes: ["point", "eigenvalue"],
      description: "imaginary parts of the Jacobian's eigenvalues, 1/ms",
    },
  };
}

function drawn(
  { rate, model }: AnalysisContext,
  all: readonly Found[],
): FixedPointsData {
  const components = principalComponents(rate!);
  const { units, bins, conditions, rows, means } = components;
  const count = Math.min(2, units);
  const along = projections(rows, components, count);
  const { phi } = transferFunctions[model!.network.activation];
  return {
    courses: conditions.map((_, c) => {
      const axis = (k: number) =>
        Float64Array.from(
          { length: bins },
          (_, bin) => k < count ? along[(c * bins + bin) * count + k] : 0,
        );
      return { x: axis(0), y: axis(1) };
    }),
    inputs: all.slice(0, mostPanels).map(({ name, found }) => ({
      name,
      points: found.points.map((point) => {
        const [x, y = 0] = projections(
          point.state.map((value, unit) => phi(value) - means[unit]),
          components,
          count,
        );
        return { ...point, x, y };
      }),
    })),
  };
}

function sentence({ name, found }: Found): string {
  const fixed = fixedOf(found);
  const stable = fixed.filter(({ unstable }) => unstable === 0);
  const saddles = fixed.filter(({ unstable }) => unstable > 0);
  const slow = found.points.length - fixed.length;
  const outputs = (points: readonly FixedPoint[]) =>
    points.slice(0, 4).map(({ output }) => show(output, 2)).join(", ");
  const parts = [
    stable.length > 0
      ? `${stable.length} stable (output ${outputs(stable)}; slowest time ` +
        `constant ${show(Math.max(...stable.map((p) => p.slowest)))} ms)`
      : "0 stable",
    ...(saddles.length > 0
      ? [
        `${saddles.length} saddle${saddles.length > 1 ? "s" : ""} (order ` +
        `${[...new Set(saddles.map((p) => p.unstable))].join(", ")}; output ` +
        `${outputs(saddles)})`,
      ]
      : []),
    ...(slow > 0 ? [`${slow} slow`] : []),
  ];
  return `${inputText(name)}: ${parts.join(", ")}`;
}

function inputText(name: string): string {
  return name === "none" ? "no input" : `input ${name}`;
}

function remarksOf(all: readonly Found[], inputs: number): string[] {
  const unknown = all.reduce(
    (sum, { found }) =>
      sum + found.points.filter((point) => !point.eigenvalues).length,
    0,
  );
  return [
    ...all.filter(({ found }) => found.nowhere > 0).map(({ name, found }) =>
      `${inputText(name)}: ${found.nowhere} of ${
        countOf(found.starts, "start")
      } end at a ` +
      "minimum of q that is not a slow point"
    ),
    ...(unknown > 0
      ? [
        `no eigenvalues of ${
          countOf(unknown, "point")
        }: there are more than 64 at ` +
        "an input",
      ]
      : []),
    ...(inputs > all.length
      ? [`left out: ${inputs - all.length} of ${countOf(inputs, "input")}`]
      : []),
  ];
}
