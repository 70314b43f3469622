/** What a network is made of, in a checkpoint's description. */
import { z } from "zod";
import { checkNetwork } from "../network/check.ts";
import { withParameters } from "../backend/wiring.ts";
import { ModelFileError } from "../errors.ts";
import {
  type Activation,
  activations,
  type RateNetwork,
} from "../network/types.ts";
import type { Arrays } from "./checkpoint_arrays.ts";

const count = z.number().int().nonnegative();

/** All but the arrays. */
export const structureSchema = z.strictObject({
  activation: z.enum(activations as [Activation, ...Activation[]]),
  dale: z.boolean(),
  taus: z.union([z.tuple([z.number()]), z.tuple([z.number(), z.number()])]),
  layers: z.array(z.strictObject({ size: count.min(1), sst: count })).min(1),
  inputs: z.array(z.strictObject({ to: count })).min(1),
  between: z.array(
    z.strictObject({ from: count, to: count, mask: z.boolean() }),
  ),
  readout: z.array(count).min(1),
});

/** All but the arrays, as the description has it. */
export type Structure = z.infer<typeof structureSchema>;

/** What the description says of a network. */
export function structureOf(network: RateNetwork): Structure {
  return {
    activation: network.activation,
    dale: network.dale,
    taus: [...network.taus] as [number] | [number, number],
    layers: network.layers.map(({ size, sstCount }) => ({
      size,
      sst: sstCount,
    })),
    inputs: network.inputs.map(({ to }) => ({ to })),
    between: network.between.map(({ from, to, mask }) => ({
      from: from as number,
      to,
      mask: mask !== undefined,
    })),
    readout: [...network.readout.from],
  };
}

/**
 * The network of a description and its arrays.
 *
 * @throws {ModelFileError} if they do not fit together
 */
export function networkOf(
  structure: Structure,
  arrays: Arrays,
): RateNetwork {
  const { layers, between, inputs, readout } = structure;
  const sizeOf = (layer: number) => {
    if (layer >= layers.length) throw unreadable(`it names layer ${layer}`);
    return layers[layer].size;
  };
  // Sizes alone decide what is read; the parameters follow.
  const empty = new Float32Array(0);
  const frame: RateNetwork = {
    activation: structure.activation,
    dale: structure.dale,
    taus: structure.taus,
    layers: layers.map(({ size, sst }, l) => ({
      size,
      sstCount: sst,
      inhibitory: arrays.flags(`layers.${l}.inhibitory`, [size]),
      mask: arrays.flags(`layers.${l}.mask`, [size, size]),
      weights: empty,
      tausGaus: empty,
    })),
    inputs: inputs.map(({ to }, k) => ({
      from: "input",
      to,
      weights: arrays.floats(`inputs.${k}.weights`),
    })),
    between: between.map(({ from, to, mask }, k) => ({
      from,
      to,
      weights: empty,
      ...(mask && {
        mask: arrays.flags(`between.${k}.mask`, [sizeOf(to), sizeOf(from)]),
      }),
    })),
    readout: {
      from: readout.map((layer) => (sizeOf(layer), layer)),
      weights: [],
      bias: 0,
    },
  };
  const network = withParameters(frame, arrays.parameters("network", frame));
  try {
    checkNetwork(network, "run");
  } catch (error) {
    throw unreadable((error as Error).message, error);
  }
  return network;
}

/** Why a file is refused. */
export function unreadable(reason: string, cause?: unknown): ModelFileError {
  return new ModelFileError(`Cannot read the checkpoint: ${reason}`, { cause });
}
