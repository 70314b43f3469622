/** The program: a command line, or requests of other programs. */
import { runCommandLine } from "./application.ts";
import { registry } from "./registry.ts";
import { openTerminal } from "./terminal.ts";

/** Runs the command line of this process, and ends it. */
export async function main(): Promise<never> {
  let code = 0;
  if (Deno.args.length === 1 && Deno.args[0] === "serve") {
    const { serve } = await import("./serve.ts");
    await serve(registry);
  } else {
    code = await runCommandLine(Deno.args, registry, openTerminal());
  }
  // All is written: what a task's own code has left running is not waited for.
  Deno.exit(code);
}
