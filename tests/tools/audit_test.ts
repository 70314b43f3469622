/** The audit of dependencies. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { layers, npmFiles, parseAudit } from "../../tools/audit/advisories.ts";
import {
  isAllowed,
  licencesOf,
  statedLicence,
} from "../../tools/audit/licences.ts";
import { lockedPackages, lockGaps } from "../../tools/audit/lock.ts";
import { inFolder } from "../folder.ts";

const integrity = `sha512-${"A".repeat(86)}==`;

const imports = { a: "npm:a@1.0.0", b: "npm:@x/b@2.0.0-rc.1" };

const lock = {
  specifiers: {
    "npm:a@1.0.0": "1.0.0",
    "npm:@x/b@2.0.0-rc.1": "2.0.0-rc.1_a@1.0.0",
  },
  npm: {
    "a@1.0.0": { integrity, dependencies: ["c@1.0.0", "d"] },
    "@x/b@2.0.0-rc.1_a@1.0.0": { integrity, dependencies: ["a", "c@2.0.0"] },
    "c@1.0.0": { integrity },
    "c@2.0.0": { integrity },
    "d@1.0.0": { integrity, dependencies: ["a"] },
  },
};

Deno.test("lockGaps() follows every import to all that it needs", () => {
  equal(lockGaps(imports, lock), []);
  equal(lockedPackages(lock).map(({ name, version }) => `${name} ${version}`), [
    "a 1.0.0",
    "@x/b 2.0.0-rc.1",
    "c 1.0.0",
    "c 2.0.0",
    "d 1.0.0",
  ]);
});

Deno.test("lockGaps() finds what the lock leaves open", () => {
  const { "d@1.0.0": _d, ...fewer } = lock.npm;
  const weak = { ...lock.npm, "c@1.0.0": { integrity: "sha1-abc=" } };
  for (
    const [given, changed, found] of [
      [imports, { ...lock, npm: fewer }, [
        "d, needed by a@1.0.0, has no entry",
      ]],
      [imports, { ...lock, npm: weak }, [
        "c@1.0.0 has no strong hash: sha1-abc=",
      ]],
      [
        { ...imports, e: "npm:e@1.0.0" },
        lock,
        ["npm:e@1.0.0, needed by deno.json, has no entry"],
      ],
      [
        { ...imports, e: "npm:e@^1.0.0" },
        lock,
        ["the import e is npm:e@^1.0.0, allowed is npm:NAME@VERSION with an exact version"],
      ],
      [
        imports,
        { ...lock, npm: { ...lock.npm, "f@1.0.0": { integrity } } },
        ["nothing needs f@1.0.0"],
      ],
      [
        imports,
        { ...lock, remote: { "https://x/y.ts": "0" } },
        ["https://x/y.ts is fetched by its address"],
      ],
    ] as const
  ) {
    equal(lockGaps(given, changed), found.map((gap) => `lock: ${gap}`));
  }
});

Deno.test("isAllowed() reads expressions of SPDX", () => {
  for (
    const [expression, expected] of [
      ["MIT", true],
      ["(MIT AND Zlib)", true],
      ["GPL-3.0-only", false],
      ["(GPL-3.0-only OR MIT)", true],
      ["MIT AND (GPL-2.0 OR AGPL-3.0)", false],
      ["MIT OR", false],
      ["MIT Apache-2.0", false],
      ["SEE LICENSE IN x", false],
      ["", false],
    ] as const
  ) equal(isAllowed(expression), expected, expression);
});

Deno.test("statedLicence() reads all forms that package.json has had", () => {
  equal(statedLicence({ license: "MIT" }), "MIT");
  equal(statedLicence({ license: { type: "MIT" } }), "MIT");
  equal(statedLicence({ licenses: [{ type: "MIT" }, "ISC"] }), "MIT OR ISC");
  equal(statedLicence({}), undefined);
});

Deno.test("licencesOf() names what is denied, unknown or not there", async () => {
  await inFolder(async (cache) => {
    const given: Record<string, unknown> = {
      good: { license: "ISC" },
      denied: { license: "AGPL-3.0" },
      silent: {},
    };
    for (const [name, content] of Object.entries(given)) {
      const folder = join(cache, "registry", name, "1.0.0");
      await Deno.mkdir(folder, { recursive: true });
      await Deno.writeTextFile(
        join(folder, "package.json"),
        JSON.stringify(content),
      );
    }
    const names = [...Object.keys(given), "missing"];
    const found = await licencesOf(
      names.map((name) => ({ name, version: "1.0.0" })),
      cache,
    );
    const [good, denied, silent, missing] = found.map((each) => each.problem);
    equal(good, undefined);
    match(denied!, /denied@1\.0\.0 is under AGPL-3\.0, which is not/);
    match(silent!, /silent@1\.0\.0 is under none/);
    match(missing!, /missing@1\.0\.0 is not in Deno's cache/);
  });
});

Deno.test("npmFiles() hold every version once, in as many locks as it takes", () => {
  const packages = lockedPackages(lock);
  const found = layers(packages);
  equal(found.map((layer) => layer.length), [4, 1]);
  const files = npmFiles(found[1]);
  equal(files["package.json"].dependencies, { c: "2.0.0" });
  equal(files["package-lock.json"].packages["node_modules/c"], {
    version: "2.0.0",
  });
});

Deno.test("parseAudit() tells what is known from what was not answered", () => {
  const via = [
    { severity: "high", title: "Injection", url: "u", range: "<2" },
    "another",
  ];
  equal(parseAudit(JSON.stringify({ vulnerabilities: { a: { via } } })), {
    asked: true,
    known: ["advisory: a (<2), high: Injection u"],
  });
  equal(parseAudit('{"vulnerabilities": {}}'), { asked: true, known: [] });
  for (
    const [text, why] of [
      ['{"message": "no", "statusCode": 405}', "status 405"],
      ['{"error": {"code": "ENOTFOUND"}}', "ENOTFOUND"],
      ['{"error": {"summary": ""}}', "no reason"],
      ["", "npm gave no answer"],
      ["null", "no reason"],
    ]
  ) equal(parseAudit(text), { asked: false, known: [], why });
});

Deno.test("this program's lock is complete", async () => {
  const read = async (name: string) =>
    JSON.parse(
      await Deno.readTextFile(new URL(`../../${name}`, import.meta.url)),
    );
  const { imports } = await read("deno.json");
  equal(lockGaps(imports, await read("deno.lock")), []);
});
