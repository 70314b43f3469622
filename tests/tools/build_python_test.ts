/** The Python package's commands are those of the tables. */
import { equal, ok } from "node:assert/strict";
import { listCommands } from "../../lib/cli/listed.ts";
import { registry } from "../../lib/cli/registry.ts";
import { pythonFiles, pythonFolder } from "../../tools/build_python.ts";
import { inPython } from "../../tools/python_package/words.ts";

Deno.test("the Python package's commands are what deno task build-python writes", async () => {
  const files = pythonFiles(await listCommands(registry));
  for (const [name, text] of Object.entries(files)) {
    const there = await Deno.readTextFile(new URL(name, pythonFolder));
    equal(there, text, `${name}: run deno task build-python`);
  }
});

Deno.test("texts of the command line have parameters in Python, not flags", async () => {
  equal(inPython("with --from E, each of --to"), "with from_ E, each of to");
  equal(
    inPython("Runs. Flags may be written as --flag=value. Ends."),
    "Runs. Ends.",
  );
  const files = pythonFiles(await listCommands(registry));
  for (const name of ["_commands.py", "_methods.py"] as const) {
    const flag = files[name].match(/.*(?<!\w)--\w.*/);
    equal(flag?.[0], undefined);
    ok(!/: [^.]*\bmodel file, or a folder/.test(files[name]));
  }
});
