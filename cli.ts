/** The command line: the entry, nothing else. */
import { runCommandLine } from "./lib/cli/application.ts";
import { registry } from "./lib/cli/registry.ts";
import { openTerminal } from "./lib/cli/terminal.ts";

if (import.meta.main) {
  Deno.exitCode = await runCommandLine(Deno.args, registry, openTerminal());
}
