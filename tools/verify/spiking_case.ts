/**
 * Files with one noise-free run of a spiking network: every spike, the output,
 * and states at some steps, by an independent float64 program. Such a file holds
 * neither input nor readout weights: the network that was mapped is looked for
 * among the model files beside it.
 */
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openBackend } from "../../lib/backend/open.ts";
import { lookingForCard } from "../../lib/runs/graphics_card.ts";
import { simulateReference } from "../../lib/backend/spiking.ts";
import { matrix, type MatVariables, scalar } from "../../lib/mat5/mod.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import {
  decayTimeConstants,
  effectiveWeights,
} from "../../lib/network/effective.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../../lib/network/spiking.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { compare, type Comparison, statement } from "./comparison.ts";

/** Whether a file holds a spiking run. */
export function isSpikingCase(file: MatVariables): boolean {
  return ["raster_full", "v0", "W", "td", "scaling_factor", "u", "out"]
    .every((name) => file.has(name));
}

/** Computes the run on every backend and compares. */
export async function verifySpikingCase(
  file: MatVariables,
  path: string,
  report: (name: string, rows: readonly Comparison[]) => void,
): Promise<Comparison[]> {
  const { network, model } = await findNetwork(file, path);
  console.log(`the network that was mapped: ${model}`);
  const u = matrix(file.get("u")!);
  const trial: SpikingTrial = {
    inputs: Float64Array.from(u.data),
    columns: u.columns,
    noise: { key: 0, trial: 0, scale: 0 },
    initialVoltage: Float64Array.from(matrix(file.get("v0")!).data),
  };
  const everything: Recording = {
    outputs: true,
    spikes: true,
    voltages: 1,
    currents: 1,
    rates: 1,
  };
  const all: Comparison[] = [];
  const note = (name: string, rows: Comparison[]) => {
    report(name, rows);
    all.push(...rows);
  };
  const [exact] = simulateReference(network, [trial], everything, "float64");
  note("reference, float64", exactRows(file, exact));
  const record = { outputs: true, spikes: true };
  const [single] = simulateReference(network, [trial], record, "float32");
  note("reference, float32", statisticalRows(file, single));
  for (const name of ["simd", "webgpu"] as const) {
    try {
      const open = () => openBackend({ name });
      const backend = name === "simd"
        ? await open()
        : await lookingForCard({ note: console.error }, open);
      const [trace] = await backend.simulate(network, [trial], record);
      note(backend.description, statisticalRows(file, trace));
      backend.close();
    } catch (error) {
      if (name === "simd") throw error;
      console.log(`\nwebgpu is left out: ${(error as Error).message}`);
    }
  }
  return all;
}

/** Every number: spikes at their steps, output and states. */
function exactRows(file: MatVariables, trace: SpikingTrace): Comparison[] {
  const { steps } = trace;
  const rows = [
    sameSpikes(file, trace),
    compare("out", trace.outputs!, data(file, "out"), 1e-6, "absolute"),
  ];
  // The current of a step is the one that moves the voltage in it, which the
  // step before left behind.
  const histories = [
    ["REC_", trace.voltages!, 1],
    ["IPSC_", trace.currents!, 2],
    ["rs_", trace.rates!, 1],
  ] as const;
  for (const [prefix, history, back] of histories) {
    for (const name of file.keys()) {
      const step = Number(name.slice(prefix.length));
      if (!name.startsWith(prefix) || !Number.isInteger(step)) continue;
      const at = Float64Array.from(
        { length: history.length / steps },
        (_, i) => history[i * steps + step - back],
      );
      rows.push(compare(name, at, data(file, name), 1e-6, "absolute"));
    }
  }
  return rows;
}

/**
 * Single precision counts refractory steps instead of adding times, and the
 * network's chaos pulls runs apart: what must agree is how much it spikes and
 * what it puts out on the whole.
 */
function statisticalRows(
  file: MatVariables,
  trace: SpikingTrace,
): Comparison[] {
  const known = data(file, "out");
  const mean = (values: ArrayLike<number>) => {
    let sum = 0;
    for (let k = 0; k < values.length; k++) sum += values[k];
    return sum / values.length;
  };
  const spikes = matrix(file.get("raster_full")!).rows;
  return [
    compare(
      "number of spikes",
      [trace.spikes!.steps.length],
      [spikes],
      0.03,
      "relative",
    ),
    compare(
      "mean output",
      [mean(trace.outputs!)],
      [mean(known)],
      0.05,
      "absolute",
    ),
  ];
}

/** Spikes that one run has and the other lacks. */
function sameSpikes(file: MatVariables, trace: SpikingTrace): Comparison {
  const raster = matrix(file.get("raster_full")!);
  const label = (unit: number, step: number) => `unit ${unit} step ${step}`;
  const known = new Set<string>();
  for (let k = 0; k < raster.rows; k++) {
    known.add(label(raster.data[2 * k], raster.data[2 * k + 1]));
  }
  const found = new Set<string>();
  trace.spikes!.steps.forEach((step, k) => {
    // The file counts units from 1.
    found.add(label(trace.spikes!.units[k] + 1, step));
  });
  const odd = found.symmetricDifference(known);
  return statement(
    `${known.size} spikes at their steps`,
    odd.size,
    `${odd.size} differ, first ${[...odd][0]}`,
  );
}

function data(file: MatVariables, name: string): ArrayLike<number> {
  return matrix(file.get(name)!).data;
}

/** Largest difference that storing in single precision explains. */
const sameWeight = 1e-6;

async function findNetwork(
  file: MatVariables,
  path: string,
): Promise<{ network: SpikingNetwork; model: string }> {
  const scalingFactor = scalar(file.get("scaling_factor")!);
  const weights = data(file, "W");
  const decays = data(file, "td");
  const committed = new URL("../../tests/data", import.meta.url).pathname;
  for (const folder of new Set([dirname(path), committed])) {
    for (const name of (await readdir(folder)).sort()) {
      if (!name.endsWith(".mat")) continue;
      const model = join(folder, name);
      let found;
      try {
        found = (await readModel(model)).network;
      } catch {
        // Not a model file: the case itself, for one.
        continue;
      }
      const own = effectiveWeights(found, 0);
      const stepMs = 1000 * decays[0] / decayTimeConstants(found, 0)[0];
      const dt = file.has("dt") ? 1000 * scalar(file.get("dt")!) : 0.05;
      const isSame = own.length === weights.length &&
        own.every((weight, k) =>
          Math.abs(weight / scalingFactor - weights[k]) < sameWeight
        );
      if (!isSame) continue;
      // Rounded: the file's decay constants come from single precision.
      const network = convert(found, {
        scalingFactor,
        stepMs: Math.round(stepMs),
      });
      return { network: { ...network, dt: Number(dt.toFixed(9)) }, model };
    }
  }
  throw new TypeError(
    "Cannot verify the spiking run: no model file beside it has its weights; " +
      "put the network that was mapped into the same folder",
  );
}
