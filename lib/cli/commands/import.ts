/** `import`: makes a model file of a network that another program has trained. */
import { dirname } from "node:path";
import { encodeModel } from "../../formats/model_file.ts";
import { outputFlags } from "../../runs/common_flags.ts";
import {
  importedFiles,
  importFlags,
  importModel,
  importTarget,
} from "../../runs/import_run.ts";
import { makeFile } from "../../runs/making.ts";
import { readWrite, together } from "../../runs/needs.ts";
import type { Flags } from "../../settings/kinds.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { checkFree, overwriteFlag, writeTarget } from "../overwriting.ts";

const commandFlags = {
  ...importFlags,
  ...overwriteFlag,
  ...outputFlags,
} satisfies Flags;

/** Makes the file. */
export default defineCommand({
  usage: [
    "FILE.npz|FILE.safetensors [FLAGS]",
    "--w FILE --w_in FILE ... [FLAGS]",
  ],
  description:
    "Makes a model file of a rate network that another program has trained, PyTorch say, so that it can be evaluated, mapped to spikes and analysed here. Its arrays are taken by their names; a flag names one that is called otherwise, or is in another file. docs/export.md has the table of arrays and an example.",
  operands: {
    name: "FILE",
    brief: "a file with the arrays: .npz or .safetensors",
    least: 0,
    most: 1,
  },
  flags: commandFlags,
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
      "import --w w.npy --w_in w_in.npy --w_out w_out.npy --taus more.npz:tau",
      "from several files",
    ],
  ],
  needs: ({ flags, operands: [file] }) =>
    together(
      { read: importedFiles(file, flags as never) },
      readWrite(dirname(importTarget(file, flags as never))),
    ),
  async run(
    { flags, operands: [file], output }: Invocation<typeof commandFlags>,
  ) {
    const target = importTarget(file, flags);
    const place = await checkFree(target, {
      force: flags.force,
      named: flags.output !== undefined,
    });
    const model = await importModel(file, flags);
    const { layers: [{ size, inhibitory }] } = model.network;
    const count = inhibitory.reduce((sum, flag) => sum + flag, 0);
    await makeFile(target, output, async () => {
      output.note(
        `${size} units` + (model.network.dale ? `, ${count} inhibitory` : ""),
      );
      return await writeTarget(
        place,
        encodeModel(model),
        (remark) => output.note(remark),
      );
    });
  },
});
