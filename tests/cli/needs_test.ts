import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { trainNeeds } from "../../lib/runs/train_files.ts";
import {
  flagsOf,
  readWrite,
  refusalOf,
  sharedNeeds,
  together,
  withRemedy,
} from "../../lib/runs/needs.ts";

/** What Deno throws when something is not permitted. */
function denied(kind: string, what: string): Error {
  return new Deno.errors.NotCapable(
    `Requires ${kind} access to "${what}", run again with the --allow-${kind} flag`,
  );
}

Deno.test("flagsOf() names the fewest paths, as a shell takes them", () => {
  const needs = together(
    { read: ["models/a.mat", "models", "./models/b"], net: ["127.0.0.1"] },
    readWrite("models/", "out"),
  );
  equal(
    flagsOf(needs),
    "--allow-read=models,out --allow-write=models/,out --allow-net=127.0.0.1",
  );
  equal(flagsOf({ read: ["it's here"] }), `'--allow-read=it'\\''s here'`);
  // Deno has no way to write a path with a comma.
  equal(flagsOf({ read: ["/a/b,c/d", "e,f"] }), "--allow-read=/a,.");
  equal(flagsOf({ read: ["a", "ab", "a/../b"] }), "--allow-read=a,ab,a/../b");
  equal(flagsOf({ read: ["."], write: [] }), "--allow-read=.");
  equal(flagsOf({}), "");
});

Deno.test("withRemedy() keeps what could not be done, and says all flags", () => {
  const needs = readWrite("models");
  const said = (error: unknown) =>
    (withRemedy(error, () => needs) as Error).message;
  const all = "run deno with --allow-read=models --allow-write=models";
  equal(
    said(denied("read", "models/xor")),
    `Cannot read models/xor: the permission was not given, ${all}`,
  );
  const cause = denied("read", "models/u.mat");
  equal(
    said(
      new Error(
        `Cannot read the stimulus u: Deno was not permitted it (${cause.message})`,
        { cause },
      ),
    ),
    `Cannot read the stimulus u: the permission was not given, ${all}`,
  );
  // What the command line does not name, as where a link leads.
  match(
    said(denied("read", "/data/x.mat")),
    /--allow-read=models,\/data\/x\.mat --allow-write=models$/,
  );
  match(said(denied("net", "127.0.0.1:80")), /--allow-net=127\.0\.0\.1:80$/);
  match(said(denied("read", "a\r\nb")), /^Cannot read a\r\nb: the permission/);
  const other = new Error("Cannot divide by 0");
  ok(withRemedy(other, () => needs) === other);
  equal(refusalOf("text"), undefined);
});

Deno.test("sharedNeeds() knows the files that flags name", () => {
  equal(flagsOf(sharedNeeds({ task: "xor", dashboard: false })), "");
  equal(
    flagsOf(sharedNeeds({ config: "c.toml", stimulus: "u.npz", log_dir: "l" })),
    "--allow-read=c.toml,u.npz,l --allow-write=l",
  );
  equal(flagsOf(sharedNeeds({ task: "./t.ts" })), "--allow-read=./t.ts");
  const trusted = sharedNeeds({ task: "./t.ts", trust_task: true }).read!;
  equal(trusted, [
    "./t.ts",
    new URL("../..", import.meta.url).pathname.slice(0, -1),
  ]);
});

Deno.test("trainNeeds() finds the folders of a run that is gone on with", () => {
  const of = (resume: string, plots = true) =>
    flagsOf(trainNeeds({ output_dir: ".", resume, plots }));
  equal(
    of("models/xor/P/NAME.run"),
    "--allow-read=models,plots --allow-write=models,plots",
  );
  equal(
    of("/a/models/xor/N.run/", false),
    "--allow-read=/a/models --allow-write=/a/models",
  );
  equal(
    of("elsewhere/N.run"),
    "--allow-read=elsewhere --allow-write=elsewhere",
  );
});
