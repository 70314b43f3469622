/** A new rate network. */
import { log } from "../arithmetic/elementary.ts";
import type { RandomStream } from "../random/stream.ts";
import {
  type CompleteSettings,
  completeSettings,
  type NetworkSettings,
} from "./settings.ts";
import type { Layer, Projection, RateNetwork } from "./types.ts";

/**
 * Makes a rate network before training, as Kim, Li and Sejnowski (2019) do:
 * each recurrent weight is non-zero with probability `connection`, drawn from
 * N(0, 1)/sqrt(N·connection)·gain (or from a gamma distribution) and made
 * positive under Dale's principle; input weights are N(0, 1), readout weights
 * N(0, 1)/100, logits of the decay time constants N(0, 1). The first `sst`
 * inhibitory units of a layer are SST units, which no inhibitory unit projects
 * to.
 *
 * Several layers: each gets weights of its own, and projections from the layer
 * below (and back, with `feedback`), scaled so that the drive of a unit does
 * not depend on the number of units.
 *
 * @param settings properties of the network
 * @param random stream for everything that is drawn
 * @returns the network; the same stream and settings give the same one
 * @throws {RangeError} for a setting out of range, or fewer inhibitory units
 * than SST units
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * const network = createNetwork({ channels: 1, units: 50 }, randomStream(1));
 * assert(network.layers[0].weights.length === 50 * 50);
 * ```
 */
export function createNetwork(
  settings: NetworkSettings,
  random: RandomStream,
): RateNetwork {
  const complete = completeSettings(settings);
  const { units, channels, activation, dale, taus } = complete;
  const layers = units.map((_, l) =>
    createLayer(complete, l, random.fork("layer", l))
  );
  const last = units.length - 1;
  const stimulated = complete.inputTo === "all" ? layers.keys() : [0];
  const read = complete.readout === "all" ? [...layers.keys()] : [last];
  return {
    activation,
    dale,
    taus,
    layers,
    inputs: [...stimulated].map((to) => ({
      from: "input",
      to,
      weights: normals(
        random.fork("input weights", to),
        units[to],
        channels,
        1,
      ),
    })),
    between: betweenLayers(complete, layers, random),
    readout: {
      from: read,
      weights: read.map((l) =>
        normals(random.fork("readout", l), 1, units[l], 0.01)
      ),
      bias: 0,
    },
  };
}

function createLayer(
  settings: CompleteSettings,
  index: number,
  random: RandomStream,
): Layer {
  const size = settings.units[index];
  const inhibitory = new Uint8Array(size);
  if (settings.dale) {
    const coins = random.fork("inhibitory");
    for (let i = 0; i < size; i++) {
      inhibitory[i] = Number(coins.uniform(i) < settings.inhibitory);
    }
  }
  checkSst(settings, index, inhibitory);
  return {
    size,
    inhibitory,
    sstCount: settings.sst,
    weights: recurrentWeights(settings, inhibitory, random),
    mask: sstMask(inhibitory, settings.sst),
    tausGaus: normals(random.fork("taus_gaus"), size, 1, 1),
  };
}

function checkSst(
  { sst, inhibitory: probability }: CompleteSettings,
  layer: number,
  inhibitory: Uint8Array,
): void {
  const count = inhibitory.reduce((sum, flag) => sum + flag, 0);
  if (sst <= count) return;
  throw new RangeError(
    `Cannot make a network: ${sst} SST units (som_N) among the ${count} ` +
      `inhibitory ones of layer ${layer}, which has ${inhibitory.length} ` +
      `units of which a share of ${probability} is to be inhibitory; allowed ` +
      `are at most ${count} here, or more units`,
  );
}

function recurrentWeights(
  settings: CompleteSettings,
  inhibitory: Uint8Array,
  random: RandomStream,
): Float32Array {
  const { connection, dale, gain, weights: distribution } = settings;
  const size = inhibitory.length;
  const present = random.fork("synapses");
  const strength = random.fork("weights");
  const scale = distribution === "gaus"
    ? gain / Math.sqrt(size * connection)
    : 1;
  const factor = inhibitoryFactor(settings, inhibitory);
  const weights = new Float32Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (present.uniform(i, j) >= connection) continue;
      let weight = distribution === "gaus"
        ? strength.normal(i, j) * scale
        : gamma(strength, i, j);
      if (dale) weight = Math.abs(weight);
      weights[i * size + j] = inhibitory[j] ? weight * factor : weight;
    }
  }
  return weights;
}

/** What the initial weights of inhibitory units are multiplied with. */
function inhibitoryFactor(
  { inhibitoryScale }: CompleteSettings,
  inhibitory: Uint8Array,
): number {
  if (inhibitoryScale !== "balanced") return inhibitoryScale;
  const count = inhibitory.reduce((sum, flag) => sum + flag, 0);
  return count === 0 ? 1 : (inhibitory.length - count) / count;
}

/** A number from the gamma distribution of shape 2 and scale 0.003. */
function gamma(random: RandomStream, i: number, j: number): number {
  // A sum of two exponentials; 1 - u is above 0.
  const product = (1 - random.uniform(i, j, 0)) * (1 - random.uniform(i, j, 1));
  return -0.003 * log(product);
}

/** `som_m`: no inhibitory unit projects to an SST unit. */
function sstMask(inhibitory: Uint8Array, sst: number): Uint8Array {
  const size = inhibitory.length;
  const mask = new Uint8Array(size * size).fill(1);
  let left = sst;
  for (let i = 0; i < size && left > 0; i++) {
    if (!inhibitory[i]) continue;
    left--;
    for (let j = 0; j < size; j++) {
      if (inhibitory[j]) mask[i * size + j] = 0;
    }
  }
  return mask;
}

function betweenLayers(
  settings: CompleteSettings,
  layers: readonly Layer[],
  random: RandomStream,
): Projection[] {
  const projections: Projection[] = [];
  for (let l = 1; l < layers.length; l++) {
    projections.push(
      project(settings, layers, l - 1, l, settings.betweenConnection, random),
    );
  }
  for (let l = 1; l < layers.length && settings.feedback > 0; l++) {
    projections.push(
      project(settings, layers, l, l - 1, settings.feedback, random),
    );
  }
  return projections;
}

/** Mean of |N(0, 1)|. */
const meanMagnitude = Math.sqrt(2 / Math.PI);

function project(
  { betweenFrom, betweenGain, dale }: CompleteSettings,
  layers: readonly Layer[],
  from: number,
  to: number,
  probability: number,
  random: RandomStream,
): Projection {
  const { size: columns, inhibitory } = layers[from];
  const rows = layers[to].size;
  const projects = (j: number) => betweenFrom === "all" || !inhibitory[j];
  const sources = inhibitory.reduce((n, _, j) => n + Number(projects(j)), 0);
  const expected = Math.max(1, sources * probability);
  // Weights of one sign add up, weights of random sign only by their root.
  const scale = dale
    ? betweenGain / (expected * meanMagnitude)
    : betweenGain / Math.sqrt(expected);
  const stream = random.fork(from < to ? "projection" : "feedback", to);
  const [present, strength] = [stream.fork("synapses"), stream.fork("weights")];
  const weights = new Float32Array(rows * columns);
  const mask = new Uint8Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (!projects(j)) continue;
      const at = i * columns + j;
      mask[at] = 1;
      if (present.uniform(i, j) >= probability) continue;
      const weight = strength.normal(i, j) * scale;
      weights[at] = dale ? Math.abs(weight) : weight;
    }
  }
  return { from, to, weights, mask };
}

function normals(
  random: RandomStream,
  rows: number,
  columns: number,
  scale: number,
): Float32Array {
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      values[i * columns + j] = random.normal(i, j) * scale;
    }
  }
  return values;
}
