/** `export`: writes a saved network for another program. */
import { dirname } from "node:path";
import { exportFormats, formats } from "../../export/names.ts";
import { readWrite, together } from "../../runs/needs.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { exportCommandFlags } from "../flags/export.ts";

/** The formats in words: "a, b, or c". */
function formatsAbout(): string {
  const all = exportFormats.map((name) => formats[name].about);
  return `${all.slice(0, -1).join(", ")}, or ${all.at(-1)}`;
}

/** Writes the files. */
export default defineCommand({
  usage: [`MODEL.mat --to ${exportFormats.join("|")} [FLAGS]`],
  description:
    `Writes a mapped network for another program: as ${formatsAbout()}. Numbers and trials of the script are in a .npz beside it. The command says what the files leave out, and docs/reference/export.md says more.`,
  operands: { name: "MODEL.mat", brief: "a model file", least: 1, most: 1 },
  flags: exportCommandFlags,
  main: ["to", "flavour", "condition", "output", "factor", "seed", "force"],
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
  async run(given: Invocation<typeof exportCommandFlags>) {
    await (await import("../work/export.ts")).run(given);
  },
});
