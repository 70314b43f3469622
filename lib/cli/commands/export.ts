/** `export`: writes a saved network for another program. */
import { dirname } from "node:path";
import { outputFlags } from "../../runs/common_flags.ts";
import {
  exportFlags,
  exportModel,
  exportTargets,
} from "../../runs/export_run.ts";
import { makeFile } from "../../runs/making.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import { readWrite, together } from "../../runs/needs.ts";
import type { Flags } from "../../settings/kinds.ts";
import { defineCommand, type Invocation } from "../command.ts";
import {
  type CheckedTarget,
  checkFree,
  overwriteFlag,
  writeTarget,
} from "../overwriting.ts";

const commandFlags = {
  ...exportFlags,
  ...overwriteFlag,
  ...outputFlags,
} satisfies Flags;

/** Writes the files. */
export default defineCommand({
  usage: ["MODEL.mat --to numpy|brian2|nir [FLAGS]"],
  description:
    "Writes a mapped network for another program: as a script of some eighty lines that needs NumPy alone (both networks), as a script for Brian2, or as a graph of NIR, which neuromorphic tools read. Numbers and trials of the script are in a .npz beside it. What the files do not hold is said; docs/export.md tells more.",
  operands: { name: "MODEL.mat", brief: "a model file", least: 1, most: 1 },
  flags: commandFlags,
  examples: [
    ["export model.mat --to numpy", "model_numpy.py and model_numpy.npz"],
    [
      "export model.mat --to brian2 --condition go --output go.py",
      "for Brian2, with a Go trial",
    ],
    ["export model.mat --to nir", "model.nir, the exact graph"],
    [
      "export model.mat --to nir --flavour snntorch",
      "in the form that snnTorch reads",
    ],
    ["export model.mat --to numpy --factor 50", "by another scaling factor"],
  ],
  needs: ({ flags: { output }, operands: [path] }) =>
    together({ read: [path] }, readWrite(dirname(output ?? path))),
  async run(
    { flags, operands: [path], output }: Invocation<typeof commandFlags>,
  ) {
    const targets = exportTargets(path, flags);
    const places: CheckedTarget[] = [];
    for (const target of targets) {
      places.push(
        await checkFree(target, {
          force: flags.force,
          named: flags.output !== undefined,
        }),
      );
    }
    const model = await readModelFor(path, output);
    await makeFile(targets[0], output, async () => {
      const { files, lost } = await exportModel(
        model,
        flags,
        targets[0],
        output,
        (remark) => remarkOn(path, output, remark),
      );
      if (lost.length > 0) {
        output.note(`not in ${targets[0]}: ${lost.join("; ")}`);
        output.event({ kind: "lost", what: lost });
      }
      // The numbers first: a script that is there can be run.
      for (const [k, { bytes }] of [...files.entries()].reverse()) {
        const written = await writeTarget(
          places[k],
          bytes,
          (remark) => output.note(remark),
        );
        if (k === 0) return written;
        output.saved(written);
        output.result(`saved ${written}`);
      }
    });
  },
});
