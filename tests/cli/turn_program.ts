/**
 * A program that runs several command lines one after another, and seems to have
 * so many cores: its arguments. By default it has those of the machine.
 */
import { runCommandLine } from "../../lib/cli/application.ts";
import { registry } from "../../lib/cli/registry.ts";
import { openTerminal } from "../../lib/cli/terminal.ts";
import { cores, seemToHaveCores } from "./in_process.ts";

const [text, count] = Deno.args;
seemToHaveCores(count === undefined ? cores : Number(count));
const lines: string[][] = JSON.parse(text);
for (const line of lines) {
  const code = await runCommandLine(line, registry, openTerminal());
  // No command writes this character: a terminal would not show it.
  const end = new TextEncoder().encode(`\0${code}\0`);
  for (const stream of [Deno.stdout, Deno.stderr]) stream.writeSync(end);
}
Deno.exit();
