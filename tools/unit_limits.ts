/**
 * How well the units of a spiking network can follow their rate units: what is
 * found, how well each of both networks agrees with itself on other trials, and
 * the noise that single spikes make in a unit's input, beside the signal.
 * docs/results/robust-mapping.md has its numbers ("Where correspondence is lost").
 *
 *   deno run -A tools/unit_limits.ts MODEL.mat --task dms --factor 50 [--trials 100]
 *     [--recorded 20]
 */
import { parseArgs } from "node:util";
import { openBackend } from "../lib/backend/open.ts";
import { readModel } from "../lib/formats/model_file.ts";
import {
  correspondenceOf,
  unitCorrelations,
} from "../lib/map/correspondence.ts";
import type { MeanCourses } from "../lib/map/courses.ts";
import { median } from "../lib/arithmetic/median.ts";
import { recordTwins } from "../lib/map/twins.ts";
import {
  allDecayTimeConstants,
  allEffectiveWeights,
} from "../lib/network/effective.ts";
import type { SpikingNetwork } from "../lib/network/spiking.ts";
import { evaluateSpiking } from "../lib/simulate/evaluate_spiking.ts";
import { convert } from "../lib/spiking/convert.ts";
import { getTask } from "../lib/tasks/registry.ts";

/**
 * Standard deviation of the current that each unit gets by single spikes, mV, if
 * units fire at random (Campbell's theorem for double exponential synapses): the
 * square root of Σ_j (w_ij / factor)² ν_j / (2 (decay_i + rise)).
 *
 * @param spiking the network; its factor is one for all
 * @param firing rates of all units, Hz
 */
export function shotNoise(
  { rate, factor, synapse, stepMs }: SpikingNetwork,
  firing: ArrayLike<number>,
): Float64Array {
  const weights = allEffectiveWeights(rate);
  const units = firing.length;
  return allDecayTimeConstants(rate).map((tau, unit) => {
    let sum = 0;
    for (let from = 0; from < units; from++) {
      const weight = weights[unit * units + from] / (factor as number);
      sum += weight * weight * firing[from];
    }
    return Math.sqrt(sum / (2 * (tau * stepMs + synapse.rise) / 1000));
  });
}

/**
 * Standard deviation of the recurrent input that each unit of the rate network
 * gets in the mean courses of all conditions, mV.
 */
export function signal(
  { rate }: SpikingNetwork,
  courses: MeanCourses,
): Float64Array {
  const weights = allEffectiveWeights(rate);
  const { units } = courses;
  const each = Array.from({ length: units }, (_, unit) => courses.unit(unit));
  return Float64Array.from({ length: units }, (_, unit) => {
    const input = each[0].map((_, k) =>
      each.reduce(
        (sum, course, from) => sum + weights[unit * units + from] * course[k],
        0,
      )
    );
    const mean = input.reduce((sum, x) => sum + x, 0) / input.length;
    return Math.sqrt(
      input.reduce((sum, x) => sum + (x - mean) ** 2, 0) / input.length,
    );
  });
}

async function main(args: string[]): Promise<void> {
  const { positionals: [path], values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      task: { type: "string", default: "go-nogo" },
      factor: { type: "string", default: "50" },
      trials: { type: "string", default: "100" },
      recorded: { type: "string", default: "20" },
    },
  });
  const { network } = await readModel(path);
  const task = getTask(values.task);
  const spiking = convert(network, {
    scalingFactor: Number(values.factor),
    stepMs: task.stepMs,
  });
  const backend = await openBackend();
  const recorded = Number(values.recorded);
  const [first, second] = [
    await recordTwins(spiking, task, { seed: 5, recorded, backend }),
    await recordTwins(spiking, task, { seed: 6, recorded, backend }),
  ];
  const { strict } = await evaluateSpiking(spiking, task, {
    ...{ seed: 77, trials: Number(values.trials), backend, balanced: true },
  });
  const { unitCorrelation, cka } = await correspondenceOf(
    spiking,
    first.rate,
    first.courses,
  );
  const itself = unitCorrelations(first.rate, second.rate);
  console.log({
    strict: strict.value,
    unitCorrelation,
    cka,
    rateWithItself: median(itself),
    unitsAbove09: itself.filter((r) => r > 0.9).length,
    spikingWithItself: median(
      unitCorrelations(first.courses, second.courses),
    ),
    shotNoiseMv: median(shotNoise(spiking, first.firing)),
    signalMv: median(signal(spiking, first.rate)),
  });
  backend.close();
}

if (import.meta.main) await main(Deno.args);
