import assert from "node:assert/strict";
import fc from "fast-check";
import {
  parseLimits,
  parseQueue,
  parseSubmitted,
  rowFinder,
} from "../../lib/sweep/slurm/queue.ts";

Deno.test("parseQueue() reads single tasks, lists of tasks and whole arrays", () => {
  const rows = parseQueue([
    "13_1|COMPLETING|spikernn-a|n2|None",
    "13_[3-4,6-300%3]|PENDING|spikernn-a||JobArrayTaskLimit",
    "14_[0-8:4]|PENDING|spikernn-b||(launch | failed)",
    "15|CANCELLED|spikernn-c||Resources",
    "16_[0,2,4,...]|PENDING|spikernn-d|(null)|None",
    "squeue: warning: something | else",
    "",
  ].join("\n"));
  assert.deepEqual(rows.map(({ job }) => job), ["13", "13", "14", "15", "16"]);
  assert.deepEqual(rows[0], {
    job: "13",
    name: "spikernn-a",
    tasks: [{ first: 1, last: 1, step: 1 }],
    state: "COMPLETING",
    node: "n2",
    reason: "None",
  });
  assert.deepEqual(rows[1].tasks, [
    { first: 3, last: 4, step: 1 },
    { first: 6, last: 300, step: 1 },
  ]);
  assert.deepEqual(rows[2].tasks, [{ first: 0, last: 8, step: 4 }]);
  assert.equal(rows[2].reason, "(launch | failed)");
  assert.equal(rows[3].tasks, "rest");
  assert.equal(rows[4].tasks, "rest");
  assert.equal(rows[4].node, "");
});

Deno.test("rowFinder() finds a task in the row that names it, else in the rest", () => {
  const rows = parseQueue([
    "16_[0,2-4,...]|PENDING|d||None",
    "16_1|RUNNING|d|n1|None",
  ].join("\n"));
  const rowOf = rowFinder(rows);
  assert.equal(rowOf(1)?.state, "RUNNING");
  assert.equal(rowOf(77)?.state, "PENDING");
  const ofWhole = rowFinder(parseQueue("14_[0-8:4]|PENDING|b||None"));
  assert.deepEqual(
    Array.from({ length: 10 }, (_, k) => ofWhole(k) !== undefined),
    [true, false, false, false, true, false, false, false, true, false],
  );
});

Deno.test("rowFinder() finds each task of any list and no other", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.nat(60), { minLength: 1 }),
    (numbers) => {
      const list = numbers.join(",");
      const rowOf = rowFinder(parseQueue(`7_[${list}%4]|PENDING|x||None`));
      for (let k = 0; k <= 60; k++) {
        assert.equal(rowOf(k) !== undefined, numbers.includes(k));
      }
    },
  ));
});

Deno.test("parseSubmitted() reads the number, and nothing from other words", () => {
  assert.equal(parseSubmitted("12\n"), "12");
  assert.equal(parseSubmitted("12;north\n"), "12");
  assert.equal(parseSubmitted("Welcome, 3 jobs run.\n123\n"), "123");
  assert.equal(parseSubmitted(""), undefined);
  assert.equal(parseSubmitted("Submitted batch job 12"), undefined);
});

Deno.test("parseLimits() reads the limits of a cluster", () => {
  const text = "MaxArraySize            = 501\nMaxDBDMsgs = 0\n" +
    "MaxJobCount             = 20000\nMaxJobId = 67043328\n";
  assert.deepEqual(parseLimits(text), { arraySize: 501, jobs: 20_000 });
  assert.deepEqual(parseLimits(""), { arraySize: 1001, jobs: 10_000 });
});
