/** Runs the command line within the test's own process, on a fake terminal. */
import { equal } from "node:assert/strict";
import { runCommandLine } from "../../lib/cli/application.ts";
import { registry } from "../../lib/cli/registry.ts";
import { fakeTerminal } from "./fake_terminal.ts";
import type { Ended } from "./spawn.ts";

/** The cores that this machine has, and processes of their own take. */
export const cores: number = navigator.hardwareConcurrency;

/** Lets commands of this process take the machine for one of so many cores. */
export function seemToHaveCores(value: number): void {
  Object.defineProperty(navigator, "hardwareConcurrency", {
    value,
    configurable: true,
  });
}

// Tests run side by side: a core each. A worker more, unless a test asks for it,
// takes its start and its own warming up, several times what it saves here.
seemToHaveCores(1);

/** Runs a command line, whichever way it ends. */
export async function runInProcess(args: readonly string[]): Promise<Ended> {
  const terminal = fakeTerminal();
  const code = await runCommandLine(args, registry, terminal);
  return { code, ...terminal.written };
}

/**
 * Runs a command line that is to end with a code, and returns what it wrote.
 *
 * @throws {AssertionError} with what it wrote to standard error, where it ends
 *   with another code
 */
export async function run(
  args: readonly string[],
  expected = 0,
): Promise<Omit<Ended, "code">> {
  const { code, out, err } = await runInProcess(args);
  equal(code, expected, err);
  return { out, err };
}
