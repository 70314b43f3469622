/** The functions for MATLAB and Octave, run by Octave. */
import { equal, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";

const here = (path: string) =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

testWith(
  "octave",
  "Octave trains, maps, simulates, evaluates, analyses and perturbs by matlab/+spikernn",
  async () => {
    await inFolder(async (folder) => {
      const { code, stdout, stderr } = await new Deno.Command("octave-cli", {
        args: [
          ...["--no-init-file", "--quiet", "--eval"],
          "warning('off', 'Octave:shadowed-function'); " +
          `addpath('${here("matlab")}', '${here("tests/matlab")}'); check`,
        ],
        cwd: folder,
        env: {
          SPIKERNN_COMMAND: `'${Deno.execPath()}' run -A --no-check '${
            here("cli.ts")
          }'`,
          TMPDIR: folder,
        },
        stdin: "null",
      }).output();
      const [out, err] = [stdout, stderr].map((b) =>
        new TextDecoder().decode(b)
      );
      equal(code, 0, err);
      ok(out.includes("all is well"), err);
      // Nothing is left but the folder that the check makes.
      const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
      equal(left.length, 1, left.join(", "));
    });
  },
);
