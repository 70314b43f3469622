/** Sweeps and logs of runs in Node and Bun: the results that Deno has. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inFolder } from "../folder.ts";
import { runtimeProgram, testWith } from "../require.ts";
import { run } from "./sweep_program.ts";

async function output(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args })
    .output();
  ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** The program in one file, made once. */
let bundle: Promise<string> | undefined;

/** What the program gives here, found once. */
let here: Promise<unknown> | undefined;

for (const [need, name] of [["node24", "Node"], ["bun", "Bun"]] as const) {
  testWith(need, `a sweep has the same results in ${name}`, async () => {
    await inFolder(async (folder) => {
      bundle ??= output(Deno.execPath(), [
        "bundle",
        ...["vega", "vega-lite", "@resvg/resvg-wasm", "h5wasm"]
          .flatMap((large) => ["--external", large]),
        // After these: what follows an external is one too.
        ...["--quiet", "--platform", "browser"],
        new URL("./sweep_program.ts", import.meta.url).pathname,
      ]);
      await writeFile(join(folder, "program.mjs"), await bundle);
      const main = join(folder, "main.mjs");
      const place = JSON.stringify(join(folder, "elsewhere"));
      await writeFile(
        main,
        `import { run } from "./program.mjs";
         console.log(JSON.stringify(await run(${place})));`,
      );
      const found = await output(runtimeProgram(need), [main]);
      here ??= run(join(folder, "here"));
      equal(JSON.parse(found), await here);
    });
  });
}
