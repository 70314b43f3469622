import { deepStrictEqual as equal } from "node:assert/strict";
import { distinctNames } from "../../lib/dashboard/names.ts";

Deno.test("distinctNames() tells runs of one name apart by what differs in their paths", () => {
  const named = (...places: string[]) =>
    distinctNames(places.map((place) => ({ name: "xor_seed1", place })));
  equal(named("a/logs/xor_seed1/run.jsonl"), ["xor_seed1"]);
  equal(
    named("a/logs/xor_seed1/run.jsonl", "b/logs/xor_seed1/run.jsonl"),
    ["xor_seed1 (a)", "xor_seed1 (b)"],
  );
  equal(
    named("/a/logs/xor_seed1/run.jsonl", "/a/logs/old/xor_seed1/run.jsonl"),
    ["xor_seed1 (logs)", "xor_seed1 (logs/old)"],
  );
  equal(
    named("models/p1/m.mat", "models/p2/x/m.mat", "models/p2/y/m.mat"),
    ["xor_seed1 (p1)", "xor_seed1 (p2/x)", "xor_seed1 (p2/y)"],
  );
  equal(named("run.jsonl", "old/run.jsonl"), [
    "xor_seed1 (.)",
    "xor_seed1 (old)",
  ]);
  equal(named("a/run.jsonl", "a/run.jsonl"), [
    "xor_seed1 (1)",
    "xor_seed1 (2)",
  ]);
});

Deno.test("distinctNames() leaves names alone that are one run's, and those of unknown places", () => {
  equal(
    distinctNames([
      { name: "one", place: "a/x" },
      { name: "two", place: "b/x" },
      { name: "two" },
    ]),
    ["one", "two (b/x)", "two (.)"],
  );
});
