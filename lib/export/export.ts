/** Networks as files of other programs. */
import type { SpikingNetwork } from "../network/spiking.ts";
import { spikingParameters } from "../network/spiking_parameters.ts";
import { version } from "../version.ts";
import {
  type ExportFormat,
  exportFormats,
  formats,
  formatsThat,
  type NirFlavour,
  nirFlavours,
} from "./names.ts";
import type { TrialsForScript } from "./numbers.ts";
import type { Exported } from "./types.ts";

export type { Exported, ExportedFile } from "./types.ts";

/** How a network is written. */
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
      /** A file that is read, not run. */
      readonly to: Exclude<ExportFormat, "numpy" | "brian2">;
      /** NIR alone. `graph`: exactly; `snntorch`: as snnTorch takes it. Defaults to `graph`. */
      readonly flavour?: NirFlavour;
    }
  );

/**
 * Writes a spiking network, and with `numpy` its rate network too, as files for
 * another program.
 *
 * @param spiking a spiking network, from `mappedNetwork` or `convert`
 * @param options format, names, trials
 * @returns the files with their names, and what is lost
 * @throws {RangeError} for a network that the format cannot hold (neurons that
 * NIR has no node for; several layers in the form for snnTorch), a condition
 * that the task does not have, a task with other channels or steps, an unknown
 * format or flavour, or a name that no file should have, or that a script takes
 * from a module that it imports
 * @throws {TypeError} for a script without trials
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
  check(options);
  const { write } = await formats[options.to].load();
  return await write({
    ...options,
    spiking,
    parameters: spikingParameters(spiking),
    by: `spikernn ${version}`,
  });
}

/** Modules that scripts import, in whose place Python would take such a script. */
const imported = ["numpy", "brian2", "pathlib", "sys"];

/** What types allow, for programs that are not checked. */
function check(options: ExportOptions): void {
  const { to, name } = options;
  if (!exportFormats.includes(to)) {
    throw new RangeError(
      `Cannot export the network to ${JSON.stringify(to)}: allowed are ` +
        exportFormats.join(", "),
    );
  }
  if (!(typeof name === "string" && /^[^"\\/\p{Cc}]+$/u.test(name))) {
    throw new RangeError(
      `Cannot export the network as ${JSON.stringify(name)}: a name for ` +
        "files is needed, without quotation marks and slashes",
    );
  }
  if (formats[to].isScript && imported.includes(name)) {
    throw new RangeError(
      `Cannot export the network as ${name}.py: Python would import it in ` +
        `place of the module ${name}; give it another name`,
    );
  }
  const flavour = "flavour" in options ? options.flavour : undefined;
  if (flavour !== undefined && !nirFlavours.includes(flavour)) {
    throw new RangeError(
      `Cannot export the network in the form ${JSON.stringify(flavour)}: ` +
        `allowed are ${nirFlavours.join(", ")}`,
    );
  }
  if (flavour !== undefined && !formats[to].hasFlavours) {
    throw new RangeError(
      `Cannot export the network to ${to} in the form ${flavour}: it is for ` +
        formatsThat(({ hasFlavours }) => hasFlavours, " or "),
    );
  }
}
