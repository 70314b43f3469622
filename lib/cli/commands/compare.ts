/** `compare`: what differs between two model files. */
import {
  allDecayTimeConstants,
  effectiveProjection,
  effectiveWeights,
} from "../../network/effective.ts";
import { channelCount } from "../../network/geometry.ts";
import { weightsHash } from "../../network/hash.ts";
import type { Model } from "../../network/records.ts";
import type { RateNetwork } from "../../network/types.ts";
import { outputFlags } from "../../runs/common_flags.ts";
import { formatPercent } from "../../runs/format.ts";
import { table } from "../../runs/table.ts";
import { defineCommand, type Invocation } from "../command.ts";

/** Says what differs between two model files. */
export default defineCommand({
  usage: ["A.mat B.mat [FLAGS]"],
  description:
    "Says what differs between two model files: settings, how training ended, the last evaluation, the scaling factor and what was found with it, and how far the weights are apart. Leaves out what is the same in both.",
  operands: {
    name: "A.mat B.mat",
    brief: "two model files",
    least: 2,
    most: 2,
  },
  flags: outputFlags,
  examples: [
    ["compare a.mat b.mat", "in words"],
    ["compare before.mat after.mat --json", "as one JSON object"],
  ],
  needs: ({ operands }) => ({ read: operands }),
  async run(
    { operands: paths, output }: Invocation<typeof outputFlags>,
  ): Promise<void> {
    const { readModelFor } = await import("../../runs/model_remarks.ts");
    const models: Model[] = [];
    for (const path of paths) models.push(await readModelFor(path, output));
    const hashes = await Promise.all(
      models.map(({ network }) => weightsHash(network)),
    );
    const same = hashes[0] === hashes[1];
    const differences = differencesOf(models.map(factsOf));
    const weights = same
      ? []
      : distances(models.map(({ network }) => weightsOf(network)));
    output.event({
      kind: "comparison",
      paths,
      same,
      hashes,
      differences,
      weights,
    });
    output.result(
      same
        ? `the same network: hash of the weights ${hashes[0]}`
        : `two networks: hashes of the weights ${hashes.join(" and ")}`,
    );
    const rows = differences.map(({ name, values }) => [
      name,
      ...values.map(shown),
    ]);
    // Paths are too long for the heads of columns.
    for (const [k, path] of paths.entries()) {
      output.result(`${letters[k]}: ${path}`);
    }
    if (rows.length === 0) output.result("nothing else on record differs");
    else {
      for (const line of table(["", ...letters], rows)) output.result(line);
    }
    if (weights.length === 0) return;
    const parts = weights.map(({ name, change, only }) => [
      name,
      change === null ? "–" : formatPercent(change),
      ...(only.length > 0 ? only.map(String) : ["–", "–"]),
    ]);
    const sizes = weights.some(({ only }) => only.length === 0);
    const head = [
      "weights",
      "change",
      ...letters.map((letter) => `only in ${letter}`),
    ];
    const right = ["left", "right", "right", "right"] as const;
    for (const line of table(head, parts, right)) output.result(line);
    if (sizes) output.result("–: of other sizes, which are not compared");
  },
});

/** What the two files are called in tables. */
const letters = ["A", "B"] as const;

/** What is on record of a model, by a name each. */
type Facts = Readonly<Record<string, unknown>>;

/** Settings that every file has otherwise. */
const leftOut = ["output_dir", "log_dir"];

function factsOf(model: Model): Facts {
  const { network, task, provenance } = model;
  return {
    task: task?.name,
    ...named("", task?.timing),
    units: network.layers.map(({ size }) => size),
    "input channels": channelCount(network),
    activation: network.activation,
    "Dale's principle": network.dale,
    "decay time constants": network.taus,
    ...named("--", provenance?.settings),
    seed: provenance?.seed,
    backend: provenance?.backend,
    version: provenance?.version,
    ...trainingFacts(model),
    ...searchFacts(model),
  };
}

function trainingFacts({ training }: Model): Facts {
  if (!training) return {};
  const last = training.evaluations.at(-1);
  return {
    updates: training.losses.length,
    "training ended by": training.outcome?.reason,
    "criteria met": training.outcome?.met,
    "last performance": last?.performance,
    "last performance, strict rule": last?.strict,
    "last loss": last?.loss,
  };
}

function searchFacts({ search }: Model): Facts {
  if (!search) return {};
  const { chosen, factors, scores, layers, calibration, settings } = search;
  const score = scores[factors.indexOf(chosen)];
  return {
    "scaling factor": layers?.kept ? layers.factors : chosen,
    "spiking performance": score?.paper.value,
    "spiking performance, strict rule": score?.strict.value,
    "output error": score?.outputError,
    "steps of the calibration": calibration?.outcomes
      .filter(({ kept }) => kept).map(({ step }) => step),
    ...named("map: ", settings),
  };
}

/** Facts with something before their names. */
function named(before: string, facts: Facts = {}): Facts {
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => !leftOut.includes(name))
      .map(([name, value]) => [before + name, value]),
  );
}

/** A fact that two models have otherwise; `null` in one that lacks it. */
interface Difference {
  readonly name: string;
  readonly values: readonly unknown[];
}

function differencesOf(facts: readonly Facts[]): Difference[] {
  const names = new Set(facts.flatMap((one) => Object.keys(one)));
  return [...names].map((name) => ({
    name,
    values: facts.map((one) => one[name] ?? null),
  })).filter(({ values: [a, b] }) => JSON.stringify(a) !== JSON.stringify(b));
}

/** A value in words. */
function shown(value: unknown): string {
  if (value === null) return "–";
  if (typeof value === "number") return `${Number(value.toPrecision(6))}`;
  if (Array.isArray(value)) return value.map(shown).join(" ") || "none";
  return typeof value === "object" ? JSON.stringify(value) : `${value}`;
}

/** Numbers of a network, by what they are. */
function weightsOf(network: RateNetwork): Record<string, ArrayLike<number>> {
  const { layers, between, inputs, readout } = network;
  const of = (l: number) => layers.length > 1 ? `, layer ${l + 1}` : "";
  return Object.fromEntries([
    ...layers.map((
      _,
      l,
    ) => [`recurrent${of(l)}`, effectiveWeights(network, l)]),
    ...between.map((projection) => [
      `layer ${projection.from as number + 1} to ${projection.to + 1}`,
      effectiveProjection(network, projection),
    ]),
    ...inputs.map(({ weights, to }) => [`input${of(to)}`, weights]),
    ...readout.from.map((l, k) => [`readout${of(l)}`, readout.weights[k]]),
    ["decay time constants", allDecayTimeConstants(network)],
  ]);
}

/** How far apart two networks are in one of their parts. */
interface Distance {
  readonly name: string;
  /** Norm of the difference over the norm of the first; `null` for other sizes. */
  readonly change: number | null;
  /** Numbers that are 0 in the other network; none for other sizes. */
  readonly only: readonly number[];
}

function distances(
  [first, second]: readonly Record<string, ArrayLike<number>>[],
): Distance[] {
  return Object.keys(first).filter((name) => Object.hasOwn(second, name))
    .map((name) => distance(name, first[name], second[name]));
}

function distance(
  name: string,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): Distance {
  if (first.length !== second.length) return { name, change: null, only: [] };
  let [square, apart, onlyFirst, onlySecond] = [0, 0, 0, 0];
  for (let k = 0; k < first.length; k++) {
    square += first[k] ** 2;
    apart += (second[k] - first[k]) ** 2;
    if (first[k] !== 0 && second[k] === 0) onlyFirst++;
    if (first[k] === 0 && second[k] !== 0) onlySecond++;
  }
  const change = Math.sqrt(apart / square);
  return { name, change, only: [onlyFirst, onlySecond] };
}
