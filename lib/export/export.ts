/** Networks as files of other programs. */
import type { SpikingNetwork } from "../network/spiking.ts";
import { spikingParameters } from "../network/spiking_parameters.ts";
import { version } from "../version.ts";
import { brian2Script } from "./brian2.ts";
import type { NirFlavour } from "./names.ts";
import { lostInNir, nirBytes } from "./nir.ts";
import { numbersOf, type TrialsForScript } from "./numbers.ts";
import { numpyScript } from "./numpy.ts";

/** As what a network is written. */
export type ExportOptions =
  & {
    /** Name of the files, without ending; no quotation marks or slashes. */
    readonly name: string;
  }
  & (
    | {
      /** A script in Python with its numbers beside it. */
      readonly to: "numpy" | "brian2";
      /** Trials that go with it. */
      readonly trials: TrialsForScript;
    }
    | {
      /** A graph in a file. */
      readonly to: "nir";
      /** `graph`: exactly; `snntorch`: as snnTorch takes it. Defaults to `graph`. */
      readonly flavour?: NirFlavour;
    }
  );

/** A file to be written. */
export interface ExportedFile {
  /** Its name. */
  readonly name: string;
  /** Its content. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What an export gave. */
export interface Exported {
  /** The files; the first is the one that is opened or run. */
  readonly files: readonly ExportedFile[];
  /** What of the network is not in them, a phrase each. */
  readonly lost: readonly string[];
}

/**
 * Writes a spiking network, and with `numpy` its rate network too, as files of
 * another program.
 *
 * @param spiking a spiking network, from `mappedNetwork` or `convert`
 * @param options format, names, trials
 * @returns the files with their names, and what is lost
 * @throws {RangeError} for a network that the format cannot hold (neurons that
 *   NIR has no node for; several layers in the form for snnTorch), a condition
 *   that the task does not have, a task with other channels or steps, or a name
 *   that no file should have
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { convert, createNetwork, exportNetwork, getTask, randomStream } from "@spikernn/spikernn";
 * const spiking = convert(
 *   createNetwork({ units: 20, channels: 1 }, randomStream(1)),
 *   { scalingFactor: 50 },
 * );
 * const { files } = await exportNetwork(spiking, {
 *   to: "numpy",
 *   name: "network",
 *   trials: { task: getTask("go-nogo"), seed: 1 },
 * });
 * assert.deepEqual(files.map(({ name }) => name), ["network.py", "network.npz"]);
 * const { lost } = await exportNetwork(spiking, { to: "nir", name: "network" });
 * assert(lost[0] === "the refractory period of 2 ms");
 * ```
 */
export async function exportNetwork(
  spiking: SpikingNetwork,
  options: ExportOptions,
): Promise<Exported> {
  const { name } = options;
  if (!/^[^"\\/\p{Cc}]+$/u.test(name)) {
    throw new RangeError(
      `Cannot export the network as ${
        JSON.stringify(name)
      }: a name for files ` +
        "is needed, without quotation marks and slashes",
    );
  }
  const by = `spikernn ${version}`;
  const parameters = spikingParameters(spiking);
  if (options.to === "nir") {
    const { flavour = "graph" } = options;
    const lost = lostInNir(spiking, flavour);
    const bytes = await nirBytes(parameters, flavour, by, lost);
    return { files: [{ name: `${name}.nir`, bytes }], lost };
  }
  const { rate: { activation }, neuron, synapse } = spiking;
  const about = {
    activation,
    neuron: neuron.name,
    synapse: synapse.kind,
    name,
    by,
  };
  const script = options.to === "numpy"
    ? numpyScript(about)
    : brian2Script({ ...about, channels: parameters.channels });
  return {
    files: [
      { name: `${name}.py`, bytes: new TextEncoder().encode(script) },
      {
        name: `${name}.npz`,
        bytes: await numbersOf(spiking, parameters, options.trials),
      },
    ],
    lost: options.to === "brian2" ? ["the rate network"] : [],
  };
}
