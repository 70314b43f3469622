/**
 * Builds the programs of workers that are more than a function: each becomes one
 * text in a module beside it, which a thread runs in every runtime, with no
 * permission and from within a bundle.
 *
 *   deno run -A tools/build_workers.ts
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = new URL("../", import.meta.url);

/** A worker's program. */
export interface WorkerProgram {
  /** What is built, from the project's folder. */
  readonly source: string;
  /** Where the text is kept. */
  readonly target: string;
  /** Name of the text. */
  readonly name: string;
}

/** All of them. */
export const workerPrograms: readonly WorkerProgram[] = [{
  source: "lib/analysis/worker.ts",
  target: "lib/analysis/worker_program.ts",
  name: "workerProgram",
}];

/** Path of a committed text. */
export function programPath({ target }: WorkerProgram): URL {
  return new URL(target, root);
}

/**
 * Builds a program in memory.
 *
 * @returns the text of its module
 * @throws {Error} with the bundler's messages, when it cannot be bundled
 */
export async function buildProgram(
  { source, name }: WorkerProgram,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "worker-"));
  try {
    const out = join(folder, "program.js");
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "--minify",
        "--platform=browser",
        `--output=${out}`,
        source,
      ],
      cwd: fileURLToPath(root),
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) {
      throw new Error(
        `Cannot build ${source}: ${new TextDecoder().decode(stderr)}`,
      );
    }
    const text = await readFile(out, "utf8");
    return `// deno-fmt-ignore-file
// deno-lint-ignore-file
/** Built by tools/build_workers.ts from ${
      source.split("/").at(-1)
    }; do not edit. */

/** The worker's program, plain JavaScript. */
export const ${name}: string =
  ${JSON.stringify(text)};
`;
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (import.meta.main) {
  for (const program of workerPrograms) {
    const text = await buildProgram(program);
    await writeFile(programPath(program), text);
    console.log(`${program.target}: ${text.length} characters`);
  }
}
