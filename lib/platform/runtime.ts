/**
 * Where this runs. What differs between Deno, Node, Bun and browsers is in this
 * room; the rooms above it ask here and name no platform.
 */

/** What runs the program. */
export type Runtime = "deno" | "node" | "bun" | "browser";

/** What may be there, whatever the runtime. */
interface Globals {
  readonly Deno?: { readonly version: { readonly deno: string } };
  readonly Bun?: { readonly version: string };
  readonly process?: {
    readonly versions?: { readonly node?: string };
    getBuiltinModule?(name: string): unknown;
  };
}

const globals = globalThis as Globals;

/** What runs this program. */
export const runtime: Runtime = globals.Deno?.version
  ? "deno"
  : globals.Bun
  ? "bun"
  : globals.process?.versions?.node
  ? "node"
  : "browser";

/** The oldest versions that the tests have passed on. */
const oldest: Readonly<Partial<Record<Runtime, string>>> = {
  deno: "2.8.0",
  node: "22.3.0",
  bun: "1.2.10",
};

/** Names as people write them. */
const names: Readonly<Record<Runtime, string>> = {
  deno: "Deno",
  node: "Node",
  bun: "Bun",
  browser: "a browser",
};

/** The runtime's version; empty in a browser. */
export function runtimeVersion(): string {
  const { Deno, Bun } = globals;
  // Not taken from Deno, which loads what Node has for it.
  return Deno?.version.deno ?? Bun?.version ??
    globals.process?.versions?.node ?? "";
}

/** The runtime with its version, for people. */
export function runtimeText(): string {
  return `${names[runtime]} ${runtimeVersion()}`.trimEnd();
}

/**
 * What is wrong with a version of a runtime, in a sentence; undefined if nothing
 * is.
 */
export function versionTrouble(
  name: Runtime = runtime,
  version: string = runtimeVersion(),
): string | undefined {
  const needed = oldest[name];
  if (needed === undefined || !isOlder(version, needed)) return undefined;
  return `Cannot run spikernn under ${names[name]} ${version}: ` +
    `${needed} or later is needed` +
    (name === "deno" ? "; `deno upgrade` brings it" : "");
}

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split(/[.-]/).map(Number));
  const at = b.findIndex((part, k) => a[k] !== part);
  return at >= 0 && a[at] < b[at];
}

/**
 * A module that Deno, Node and Bun have built in. It is looked up when it is
 * needed, so that no `node:` name is imported if there is none.
 *
 * @throws {Error} in browsers
 */
export function builtin<T>(name: string): T {
  const found = globals.process?.getBuiltinModule?.(name);
  if (found === undefined) {
    throw new Error(
      `Cannot use ${name}: ${names[runtime]} does not have it`,
    );
  }
  return found as T;
}

const trouble = versionTrouble();
if (trouble !== undefined) throw new Error(trouble);
