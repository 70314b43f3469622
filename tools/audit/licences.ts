/** Licences of packages, as their own package.json states them. */
import { join } from "node:path";
import type { LockedPackage } from "./lock.ts";

/** Licences under which something may be part of a program under MIT. */
const allowed: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  // Fonts, and files that stay under their own licence.
  "MPL-2.0",
  // The notice of the US standards institute: any use, the notice stays.
  "NIST-Software",
  "OFL-1.1",
  "Python-2.0",
  "Unlicense",
  "Zlib",
]);

/** Packages whose package.json states none, by the file LICENSE in them. */
export const readLicences: Readonly<Record<string, string>> = {
  "h5wasm@0.10.3": "NIST-Software",
  "png-js@2.0.0": "MIT",
};

/** A package, its licence, and what is wrong with that. */
export interface PackageLicence extends LockedPackage {
  readonly licence: string;
  readonly problem?: string;
}

/** Whether an expression of SPDX leaves a choice that is allowed. */
export function isAllowed(expression: string): boolean {
  const words = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;

  function any(): boolean {
    let good = all();
    while (words[at] === "OR") {
      at++;
      good = all() || good;
    }
    return good;
  }
  function all(): boolean {
    let good = one();
    while (words[at] === "AND") {
      at++;
      good = one() && good;
    }
    return good;
  }
  function one(): boolean {
    if (words[at] !== "(") return allowed.has(words[at++]);
    at++;
    const good = any();
    return words[at++] === ")" && good;
  }

  const good = any();
  return good && at === words.length;
}

/** The licence that a package.json states, in one of the forms there have been. */
export function statedLicence(
  { license, licenses }: { license?: unknown; licenses?: unknown },
): string | undefined {
  const one = (value: unknown): string | undefined =>
    typeof value === "string"
      ? value
      : typeof value === "object" && value !== null && "type" in value
      ? String(value.type)
      : undefined;
  if (Array.isArray(licenses)) {
    const all = licenses.map(one).filter((each) => each !== undefined);
    if (all.length > 0) return all.join(" OR ");
  }
  return one(license) ?? one(licenses);
}

/**
 * Reads the licences of packages from a cache of Deno's.
 *
 * @param cache folder with one folder for each registry
 */
export async function licencesOf(
  packages: readonly LockedPackage[],
  cache: string,
): Promise<PackageLicence[]> {
  const registries: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(cache)) {
    if (isDirectory) registries.push(join(cache, name));
  }
  return await Promise.all(packages.map(async ({ name, version }) => {
    const label = `${name}@${version}`;
    const found = await packageJson(registries, name, version);
    if (!found) {
      const problem = `licence: ${label} is not in Deno's cache: ` +
        "deno install --frozen fetches it";
      return { name, version, licence: "?", problem };
    }
    const licence = readLicences[label] ?? statedLicence(found) ?? "none";
    const problem = `licence: ${label} is under ${licence}, which is not ` +
      "among those allowed (tools/audit/licences.ts)";
    return {
      name,
      version,
      licence,
      ...(isAllowed(licence) ? {} : { problem }),
    };
  }));
}

async function packageJson(
  registries: readonly string[],
  name: string,
  version: string,
): Promise<Record<string, unknown> | undefined> {
  for (const registry of registries) {
    const path = join(registry, name, version, "package.json");
    try {
      return JSON.parse(await Deno.readTextFile(path));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** Packages by licence, a line each, the most frequent first. */
export function table(licences: readonly PackageLicence[]): string[] {
  const groups = Map.groupBy(licences, ({ licence }) => licence);
  return [...groups].sort(([, a], [, b]) => b.length - a.length)
    .map(([licence, members]) => {
      const names = members.map(({ name, version }) => `${name} ${version}`);
      return `licence ${licence}, ${members.length}: ${
        names.sort().join(", ")
      }`;
    });
}
