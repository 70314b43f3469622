/**
 * Attacks the program on purpose: hostile files and task files, kills, full and
 * failing disks, outputs that fail, many processes in one folder. Prints what
 * held, a line an attack; exits with 1 if something did not.
 *
 *     deno task attack [--only=NAME,…] [--seed=1] [--minutes=15]
 *       [--count=N] [--NAME=N …] [--json]
 *
 * A run with another seed makes other choices, so that runs add up.
 */
import { parseArgs } from "node:util";
import { attacks } from "./attack/registry.ts";
import type { Attack, Outcome } from "./attack/types.ts";

const usage = `allowed are --only=NAME,…, --seed=N, --minutes=N, --count=N, ` +
  `--NAME=N and --json; names: ${attacks.map(({ name }) => name).join(", ")}`;

/** A whole number from the command line. */
function whole(flag: string, text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number)) return number;
  return fail(`--${flag} is ${JSON.stringify(text)}, needed is a whole number`);
}

function fail(what: string): never {
  console.error(`Cannot attack: ${what}; ${usage}`);
  Deno.exit(2);
}

function flags(): Record<string, string | boolean | undefined> {
  const own = ["only", "seed", "minutes", "count"];
  const names = [...own, ...attacks.map(({ name }) => name)];
  const options = Object.fromEntries(
    names.map((name) => [name, { type: "string" as const }]),
  );
  try {
    return parseArgs({
      args: Deno.args,
      options: { ...options, json: { type: "boolean" } },
    }).values as Record<string, string | boolean | undefined>;
  } catch (error) {
    return fail((error as Error).message);
  }
}

function row({ name, unit, wanted }: Attack, found: Outcome): string {
  const { tried, held, broken, skipped } = found;
  const kinds = Object.entries(held).map(([kind, n]) => `${kind} ${n}`);
  return [
    name.padEnd(13),
    `${tried} of ${wanted} ${unit}`.padEnd(24),
    skipped ? `skipped: ${skipped}` : `${broken.length} broken`.padEnd(10),
    kinds.join(", "),
  ].join(" ").trimEnd();
}

const given = flags();
const only = String(given.only ?? "").split(",").filter((name) => name !== "");
const unknown = only.find((name) => !attacks.some((a) => a.name === name));
if (unknown !== undefined) fail(`there is no attack ${unknown}`);
const chosen = attacks.filter(({ name }) =>
  only.length === 0 || only.includes(name)
);
const seed = whole("seed", String(given.seed ?? 1));
const minutes = whole("minutes", String(given.minutes ?? 15));
const end = performance.now() + minutes * 60_000;
let broken = 0;
for (const [k, attack] of chosen.entries()) {
  const asked = given[attack.name] ?? given.count;
  const count = asked === undefined
    ? attack.usual
    : whole(attack.name, String(asked));
  // What is left of the time is shared by the attacks that are left.
  const left = Math.max(0, end - performance.now()) / (chosen.length - k);
  const until = performance.now() + left;
  const outcome = await attack.run({ count, seed, until });
  broken += outcome.broken.length;
  if (given.json) {
    const { name, unit, wanted } = attack;
    console.log(JSON.stringify({ name, unit, wanted, seed, ...outcome }));
  } else {
    console.log(row(attack, outcome));
    for (const line of outcome.broken.slice(0, 20)) console.log(`  ${line}`);
  }
}
if (broken > 0) Deno.exit(1);
