/** The notebooks of docs/notebooks run from the first cell to the last. */
import { equal } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";

const here = (path: string) =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

testWith(
  "nbclient",
  "the notebooks run from the first cell to the last",
  async () => {
    await inFolder(async (folder) => {
      const run = async (command: string, ...args: string[]) => {
        const { code, stderr } = await new Deno.Command(command, {
          args,
          env: {
            HOME: folder,
            JUPYTER_DATA_DIR: join(folder, "data"),
            JUPYTER_PATH: join(folder, ".local", "share", "jupyter"),
            IPYTHONDIR: join(folder, "ipython"),
            DENO_DIR: denoFolder,
            SPIKERNN_DENO: Deno.execPath(),
            SPIKERNN_PROGRAM: here("cli.ts"),
            PYTHONPATH: here("python/src"),
          },
          stdin: "null",
        }).output();
        equal(code, 0, new TextDecoder().decode(stderr));
      };
      await run(Deno.execPath(), "jupyter", "--install", "--force");
      await run("python3", here("tools/run_notebooks.py"));
    });
  },
);

/** Where Deno keeps packages: found by the home, which is another one there. */
const denoFolder: string = JSON.parse(new TextDecoder().decode(
  new Deno.Command(Deno.execPath(), { args: ["info", "--json"] })
    .outputSync().stdout,
)).denoDir;
