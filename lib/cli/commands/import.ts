/** `import`: makes a model file of a network that another program has trained. */
import { dirname } from "node:path";
import { importedFiles, importTarget } from "../../runs/import_flags.ts";
import { readWrite, together } from "../../runs/needs.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { importCommandFlags } from "../flags/import.ts";

/** Makes the file. */
export default defineCommand({
  usage: [
    "FILE.npz|FILE.safetensors|FILE.mat [FLAGS]",
    "--w FILE --w_in FILE ... [FLAGS]",
  ],
  description:
    "Makes a model file of a rate network that another program has trained, PyTorch say, so that it can be evaluated, mapped to spikes and analysed here. Its arrays are taken by their names; a flag names one that is called otherwise, or is in another file. docs/reference/export.md has the table of arrays and an example.",
  operands: {
    name: "FILE",
    brief: "a file with the arrays: .npz, .safetensors or .mat",
    least: 0,
    most: 1,
  },
  flags: importCommandFlags,
  main: [
    "w",
    "w_in",
    "w_out",
    "b_out",
    "taus",
    "inh",
    "act",
    "apply_dale",
    "output",
    "task",
    "force",
  ],
  examples: [
    [
      "import net.npz --task go-nogo",
      "net.mat, of the arrays w, w_in, w_out, taus, …",
    ],
    [
      "import net.safetensors --w rnn.weight_hh_l0 --w_in rnn.weight_ih_l0 --w_out fc.weight --b_out fc.bias --task xor",
      "arrays by the names that they have there",
    ],
    [
      "import net.mat --w J --w_in B --w_out readout.W --taus tau",
      "of a file of MATLAB, where readout is a structure",
    ],
    [
      "import --w w.npy --w_in w_in.npy --w_out w_out.npy --taus more.npz:tau",
      "from several files",
    ],
  ],
  needs: ({ flags, operands: [file] }) =>
    together(
      { read: importedFiles(file, flags as never) },
      readWrite(dirname(importTarget(file, flags as never))),
    ),
  async run(given: Invocation<typeof importCommandFlags>) {
    await (await import("../work/import.ts")).run(given);
  },
});
