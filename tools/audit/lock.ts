/** What deno.lock says of npm packages. */

/** The part of the file that is looked at. */
export interface LockFile {
  /** Versions by what was asked for: `npm:zod@4.6.7` to `4.6.7`. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** Packages by name and version, with the versions of peers behind them. */
  readonly npm?: Readonly<Record<string, LockedEntry>>;
  /** Modules fetched by address; none is allowed here. */
  readonly remote?: Readonly<Record<string, string>>;
}

/** One package. */
export interface LockedEntry {
  readonly integrity?: string;
  /** Names, with a version where the lock has several. */
  readonly dependencies?: readonly string[];
  readonly optionalDependencies?: readonly string[];
}

/** A package that the lock pins. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
}

/** `@scope/name@1.2.3_peer@4.5.6` as name and version, without peers. */
function parsed(key: string): LockedPackage {
  const at = key.indexOf("@", 1);
  const [version] = key.slice(at + 1).split("_", 1);
  return { name: key.slice(0, at), version };
}

/** All packages of the lock, each once. */
export function lockedPackages({ npm = {} }: LockFile): LockedPackage[] {
  const found = new Map(
    Object.keys(npm).map(parsed)
      .map((each) => [`${each.name}@${each.version}`, each]),
  );
  return [...found.values()];
}

/** A hash of at least 256 bits, as registries give it. */
const strong = /^sha(256|384|512)-[A-Za-z0-9+/]{40,}={0,2}$/;

/**
 * Where the lock leaves something open: an import without an exact version or
 * without an entry, a dependency that no entry stands for, an entry without a
 * strong hash.
 *
 * @param imports of deno.json
 * @returns a line for each gap; none if the lock is complete
 */
export function lockGaps(
  imports: Readonly<Record<string, string>>,
  lock: LockFile,
): string[] {
  const gaps: string[] = [];
  const { npm = {} } = lock;
  const keys = Object.keys(npm);
  const seen = new Set<string>();

  /** Follows a package to all that it needs. */
  function follow(key: string | undefined, asked: string, by: string): void {
    if (key === undefined) {
      gaps.push(`lock: ${asked}, needed by ${by}, has no entry`);
      return;
    }
    if (seen.has(key)) return;
    seen.add(key);
    const { integrity, dependencies = [], optionalDependencies = [] } =
      npm[key];
    if (!strong.test(integrity ?? "")) {
      gaps.push(`lock: ${key} has no strong hash: ${integrity ?? "none"}`);
    }
    for (const wanted of [...dependencies, ...optionalDependencies]) {
      follow(entryOf(wanted, keys), wanted, key);
    }
  }

  for (const [name, address] of Object.entries(imports)) {
    const [, wanted, version] = /^npm:(@?[^@]+)@(.*)$/.exec(address) ?? [];
    if (!wanted || !/^\d+\.\d+\.\d+[\w.+-]*$/.test(version)) {
      gaps.push(
        `lock: the import ${name} is ${address}, allowed is npm:NAME@VERSION ` +
          "with an exact version",
      );
      continue;
    }
    const pinned = lock.specifiers[address];
    const key = pinned === undefined ? undefined : `${wanted}@${pinned}`;
    follow(key && key in npm ? key : undefined, address, "deno.json");
  }
  for (const key of keys) {
    if (!seen.has(key)) gaps.push(`lock: nothing needs ${key}`);
  }
  for (const address of Object.keys(lock.remote ?? {})) {
    gaps.push(`lock: ${address} is fetched by its address`);
  }
  return gaps;
}

/** The entry that a dependency stands for: by name alone if there is only one. */
function entryOf(wanted: string, keys: readonly string[]): string | undefined {
  const named = wanted.indexOf("@", 1) > 0;
  const found = keys.filter((key) =>
    named
      ? key === wanted || key.startsWith(`${wanted}_`)
      : parsed(key).name === wanted
  );
  return found.length >= 1 ? found[0] : undefined;
}
