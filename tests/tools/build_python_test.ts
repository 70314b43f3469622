/** The Python package's commands are those of the tables. */
import { equal } from "node:assert/strict";
import { listCommands } from "../../lib/cli/listed.ts";
import { registry } from "../../lib/cli/registry.ts";
import { pythonFiles, pythonFolder } from "../../tools/build_python.ts";

Deno.test("the Python package's commands are what deno task build-python writes", async () => {
  const files = pythonFiles(await listCommands(registry));
  for (const [name, text] of Object.entries(files)) {
    const there = await Deno.readTextFile(new URL(name, pythonFolder));
    equal(there, text, `${name}: run deno task build-python`);
  }
});
