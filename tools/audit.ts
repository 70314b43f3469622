/**
 * Looks at everything that this program depends on: whether deno.lock pins all of
 * it by a hash, under which licences it is, and whether advisories are known.
 *
 *     deno task audit [--advisories]
 *
 * Ends with code 1 if the lock has gaps, a licence is not among those allowed, or
 * an advisory is known. Advisories are asked for by `npm audit`; if nobody
 * answers, that is said, and fails only with --advisories.
 */
import { askAdvisories } from "./audit/advisories.ts";
import { licencesOf, table } from "./audit/licences.ts";
import { npmCache } from "./bundle/notices.ts";
import { lockedPackages, type LockFile, lockGaps } from "./audit/lock.ts";

async function readJson(name: string) {
  return JSON.parse(
    await Deno.readTextFile(new URL(`../${name}`, import.meta.url)),
  );
}

if (import.meta.main) {
  const lock: LockFile = await readJson("deno.lock");
  const { imports } = await readJson("deno.json");
  const packages = lockedPackages(lock);
  const problems = lockGaps(imports, lock);
  console.log(
    `lock: ${
      Object.keys(imports).length
    } imports, ${packages.length} packages, ` +
      `${problems.length} gaps`,
  );

  const licences = await licencesOf(packages, await npmCache());
  for (const line of table(licences)) console.log(line);
  problems.push(...licences.flatMap(({ problem }) => problem ?? []));

  const { asked, known, why } = await askAdvisories(packages);
  console.log(
    asked
      ? `advisories: ${known.length} known`
      : `advisories: not looked up, the registry did not answer (${why})`,
  );
  problems.push(...known);
  if (!asked && Deno.args.includes("--advisories")) {
    problems.push(`Cannot look up advisories: ${why}`);
  }

  for (const problem of problems) console.error(problem);
  Deno.exitCode = problems.length > 0 ? 1 : 0;
}
