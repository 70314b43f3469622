/** Known advisories, asked for by the registry's ordinary client. */
import { join } from "node:path";
import type { LockedPackage } from "./lock.ts";

/** What the registry said. */
export interface Advisories {
  /** Whether it answered. */
  readonly asked: boolean;
  /** A line for each advisory. */
  readonly known: readonly string[];
  /** Why it did not answer. */
  readonly why?: string;
}

/**
 * Lists of packages without two versions of one, as a lock file of npm holds them
 * at its top.
 */
export function layers(packages: readonly LockedPackage[]): LockedPackage[][] {
  const found: LockedPackage[][] = [];
  for (const each of packages) {
    const free = found.find((layer) =>
      layer.every(({ name }) => name !== each.name)
    );
    if (free) free.push(each);
    else found.push([each]);
  }
  return found;
}

/** Files of npm that stand for some packages. */
export function npmFiles(packages: readonly LockedPackage[]) {
  const dependencies = Object.fromEntries(
    packages.map(({ name, version }) => [name, version]),
  );
  const head = { name: "audit", version: "0.0.0" };
  const pinned: Record<string, Record<string, unknown>> = Object.fromEntries(
    packages.map(({ name, version }) => [`node_modules/${name}`, { version }]),
  );
  return {
    "package.json": { ...head, private: true, dependencies },
    "package-lock.json": {
      ...head,
      lockfileVersion: 3,
      packages: { ...pinned, "": { ...head, dependencies } } as typeof pinned,
    },
  };
}

/** What `npm audit --json` printed, as advisories. */
export function parseAudit(text: string): Advisories {
  let read;
  try {
    read = JSON.parse(text);
  } catch {
    return { asked: false, known: [], why: "npm gave no answer" };
  }
  const { vulnerabilities, statusCode, error } = read ?? {};
  if (typeof vulnerabilities !== "object" || vulnerabilities === null) {
    const why = statusCode
      ? `status ${statusCode}`
      : error?.code || "no reason";
    return { asked: false, known: [], why };
  }
  const known = Object.entries(vulnerabilities).flatMap(([name, found]) => {
    const { via = [] } = found as { via?: readonly unknown[] };
    // Text in it stands for another package that is in the list itself.
    return via.filter((each) => typeof each === "object").map((each) => {
      const { severity, title, url, range } = each as Record<string, string>;
      return `advisory: ${name} (${range}), ${severity}: ${title} ${url}`;
    });
  });
  return { asked: true, known };
}

/** Asks for the advisories of packages. */
export async function askAdvisories(
  packages: readonly LockedPackage[],
): Promise<Advisories> {
  const known: string[] = [];
  for (const layer of layers(packages)) {
    const folder = await Deno.makeTempDir({ prefix: "spikernn-audit-" });
    try {
      for (const [name, content] of Object.entries(npmFiles(layer))) {
        await Deno.writeTextFile(join(folder, name), JSON.stringify(content));
      }
      const { stdout } = await new Deno.Command("npm", {
        args: ["audit", "--json", "--package-lock-only"],
        cwd: folder,
        stderr: "null",
      }).output();
      const answer = parseAudit(new TextDecoder().decode(stdout));
      if (!answer.asked) return answer;
      known.push(...answer.known);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      return { asked: false, known: [], why: "npm is not installed" };
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  return { asked: true, known: [...new Set(known)] };
}
