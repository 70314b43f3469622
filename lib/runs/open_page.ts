/** Showing a page that was made in the browser. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { opener } from "./needs.ts";
import type { Reporter } from "./reporter.ts";

/** Milliseconds after which a browser that has not failed counts as opened. */
const patience = 3000;

/** Starts a program, and says how it ended; undefined if it goes on. */
type Run = (
  program: string,
  args: readonly string[],
) => Promise<{ readonly code: number } | undefined>;

/**
 * Opens a page in the browser of the person who asked for it. It is there
 * whatever becomes of that: why it cannot be opened is a remark.
 *
 * @param path of the page
 * @param output who hears of it
 * @param run starts the system's program that opens pages
 */
export async function openPage(
  path: string,
  output: Reporter,
  run: Run = start,
): Promise<void> {
  const [program, ...args] = opener;
  const address = pathToFileURL(resolve(path)).href;
  try {
    const ended = await run(program, [...args, address]);
    if (!ended || ended.code === 0) return;
    output.notice(
      `Cannot open the page: ${program} found no browser; it is ${address}`,
    );
  } catch (error) {
    const why = error instanceof Deno.errors.NotCapable
      ? `it needs --allow-run=${program}`
      : error instanceof Deno.errors.NotFound
      ? `this machine has no ${program}`
      : (error as Error).message;
    output.notice(`Cannot open the page: ${why}; it is ${address}`);
  }
}

const start: Run = async (program, args) => {
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let timer: number | undefined;
  const still = new Promise<undefined>((done) => {
    timer = setTimeout(done, patience);
  });
  const ended = await Promise.race([child.status, still]);
  clearTimeout(timer);
  // A browser that was started lives on.
  if (!ended) child.unref();
  return ended;
};
