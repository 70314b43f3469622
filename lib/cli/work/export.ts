/** What `export` does. */
import { exportModel } from "../../runs/export_run.ts";
import { exportTargets } from "../../runs/export_flags.ts";
import { makeFile } from "../../runs/making.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import type { Invocation } from "../command.ts";
import type { exportCommandFlags } from "../flags/export.ts";
import { type CheckedTarget, checkFree, writeTarget } from "../overwriting.ts";

/** Writes the files. */
export async function run(
  { flags, operands: [path], output }: Invocation<typeof exportCommandFlags>,
): Promise<void> {
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
}
