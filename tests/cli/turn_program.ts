/** A program that runs several command lines, its argument, one after another. */
import { runCommandLine } from "../../lib/cli/application.ts";
import { registry } from "../../lib/cli/registry.ts";
import { openTerminal } from "../../lib/cli/terminal.ts";

const lines: string[][] = JSON.parse(Deno.args[0]);
for (const line of lines) {
  const code = await runCommandLine(line, registry, openTerminal());
  // No command writes this character: a terminal would not show it.
  const end = new TextEncoder().encode(`\0${code}\0`);
  for (const stream of [Deno.stdout, Deno.stderr]) stream.writeSync(end);
}
Deno.exit();
