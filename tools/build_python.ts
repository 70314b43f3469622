/**
 * Writes the commands of the Python package, python/src/spikernn/_commands.py
 * and its types, from the tables of settings:
 *
 *     deno task build-python
 */
import { listCommands, type ListedCommand } from "../lib/cli/listed.ts";
import { registry } from "../lib/cli/registry.ts";
import { methods, program } from "./python_package/code.ts";
import { functionOf } from "./python_package/functions.ts";
import { methodTypes, types } from "./python_package/types.ts";

/** Files by their names, and where they belong. */
export interface PythonFiles {
  readonly "_methods.py": string;
  readonly "_methods.pyi": string;
  readonly "_commands.py": string;
  readonly "_commands.pyi": string;
}

/** Folder of the files. */
export const pythonFolder = new URL(
  "../python/src/spikernn/",
  import.meta.url,
);

/** The files for some commands. */
export function pythonFiles(commands: readonly ListedCommand[]): PythonFiles {
  const functions = commands.map(functionOf);
  return {
    "_methods.py": methods(functions),
    "_methods.pyi": methodTypes(functions),
    "_commands.py": program(functions),
    "_commands.pyi": types(functions),
  };
}

if (import.meta.main) {
  const files = pythonFiles(await listCommands(registry));
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(new URL(name, pythonFolder), text);
  }
}
