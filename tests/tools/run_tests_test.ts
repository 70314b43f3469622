import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { longest, modules, namesFiles } from "../../tools/run_tests.ts";

Deno.test("modules() have every file of tests once, those that take long first", async () => {
  const tests = await readdir(new URL("../", import.meta.url), {
    recursive: true,
  });
  const all = await modules();
  equal(
    all.flat().sort(),
    tests.filter((path) => path.endsWith("_test.ts")).map((path) =>
      `tests/${path}`
    ).sort(),
  );
  // In their order, and each of them a file that is there.
  equal(all.slice(0, longest.length), longest.map((paths) => [paths].flat()));
  ok(all.length < all.flat().length / 2, `${all.length} modules`);
});

Deno.test("namesFiles() tells a path from the value of an option", () => {
  equal(namesFiles(["--filter", "one", "--junit-path", "all.xml"]), false);
  equal(namesFiles(["--filter=one", "--quiet"]), false);
  equal(namesFiles(["--filter", "one", "tests/cli"]), true);
});
