/** The command line: the entry, nothing else. */
import { runCommandLine } from "./lib/cli/application.ts";
import { registry } from "./lib/cli/registry.ts";
import { openTerminal } from "./lib/cli/terminal.ts";

if (import.meta.main) {
  const code = await runCommandLine(Deno.args, registry, openTerminal());
  // All is written: what a task's own code has left running is not waited for.
  Deno.exit(code);
}
