/** What `import` does. */
import { countOf } from "../../count.ts";
import { encodeModel } from "../../formats/model_file.ts";
import { importTarget } from "../../runs/import_flags.ts";
import { importModel } from "../../runs/import_run.ts";
import { makeFile } from "../../runs/making.ts";
import type { Invocation } from "../command.ts";
import type { importCommandFlags } from "../flags/import.ts";
import { checkFree, writeTarget } from "../overwriting.ts";

/** Makes the file. */
export async function run(
  { flags, operands: [file], output }: Invocation<typeof importCommandFlags>,
): Promise<void> {
  const target = importTarget(file, flags);
  const place = await checkFree(target, {
    force: flags.force,
    named: flags.output !== undefined,
  });
  const model = await importModel(
    file,
    flags,
    (remark) => output.note(remark),
  );
  const { layers: [{ size, inhibitory }] } = model.network;
  const count = inhibitory.reduce((sum, flag) => sum + flag, 0);
  await makeFile(target, output, async () => {
    output.note(
      `${countOf(size, "unit")}` +
        (model.network.dale ? `, ${count} inhibitory` : ""),
    );
    return await writeTarget(
      place,
      encodeModel(model),
      (remark) => output.note(remark),
    );
  });
}
