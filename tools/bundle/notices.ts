/** Licences of what others wrote and the bundle holds: their texts go with it. */
import { join } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { readLicences, statedLicence } from "../audit/licences.ts";

/**
 * Packages that are in the bundle by way of files of this one: the live page, the font
 * and the runtime of the kernels.
 */
const within = ["uplot", "@fontsource/dejavu-sans", "assemblyscript"] as const;

/** Deno's own copies of npm packages: one folder for each registry. */
export async function npmCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json"],
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).npmCache;
}

/** Names and versions of the packages whose modules a bundler says are in a text. */
export function packagesIn(program: string): string[] {
  const found = program.matchAll(
    /^\s*\/\/ \S*\/npm\/[^/\s]+\/((?:@[^/\s]+\/)?[^/\s]+)\/(\d[^/\s]*)\//gm,
  );
  // Deno keeps one package for different peers as 1.0.0_1.
  return [
    ...new Set(
      [...found].map(([, name, version]) =>
        `${name}@${version.replace(/_\d+$/, "")}`
      ),
    ),
  ];
}

/**
 * The licences of packages, one after the other, as their folders have them.
 *
 * @param programs bundles, whose comments say what is in them
 * @param cache folder with one folder for each registry
 * @throws {Error} for a package that states no licence and has no text of one
 */
export async function notices(
  programs: readonly string[],
  cache: string,
): Promise<string> {
  const imports: Readonly<Record<string, string>> = manifest.imports;
  const all = new Set([
    ...programs.flatMap(packagesIn),
    ...within.map((name) => imports[name].replace(/^npm:/, "")),
  ]);
  const registries = (await Array.fromAsync(Deno.readDir(cache)))
    .map(({ name }) => join(cache, name));
  const parts = await Promise.all(
    [...all].sort().map((name) => noticeOf(name, registries)),
  );
  return "The file beside this one holds the following packages, whose authors " +
    `allow it under the licences that follow.\n\n${parts.join("\n")}`;
}

async function noticeOf(
  label: string,
  registries: readonly string[],
): Promise<string> {
  const at = label.lastIndexOf("@");
  const [name, version] = [label.slice(0, at), label.slice(at + 1)];
  for (const registry of registries) {
    const folder = join(registry, name, version);
    const about = await Deno.readTextFile(join(folder, "package.json"))
      .then(JSON.parse, () => undefined);
    if (about === undefined) continue;
    const names = (await Array.fromAsync(Deno.readDir(folder)))
      .filter((one) =>
        one.isFile && /^(licen[cs]e|notice|copying)/i.test(one.name)
      )
      .map((one) => one.name).sort();
    const texts = await Promise.all(
      names.map((one) => Deno.readTextFile(join(folder, one))),
    );
    const licence = readLicences[label] ?? statedLicence(about);
    if (licence === undefined && texts.length === 0) break;
    const by = typeof about.author === "string"
      ? about.author
      : about.author?.name;
    return [
      "=".repeat(72),
      `${name} ${version} (${licence ?? "as follows"})`,
      ...(by ? [`by ${by}`] : []),
      "",
      ...texts.map((text) => text.trimEnd() + "\n"),
    ].join("\n");
  }
  throw new Error(
    `Cannot tell the licence of ${label}, which is in the bundle`,
  );
}
