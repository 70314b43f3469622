import assert from "node:assert/strict";
import { parseQueue } from "../../lib/sweep/slurm/queue.ts";
import { judge, seenAs, waitingReasons } from "../../lib/sweep/slurm/watch.ts";

const row = (state: string, reason = "None") =>
  parseQueue(`1_0|${state}|x||${reason}`)[0];

Deno.test("seenAs() says what a state means", () => {
  assert.equal(seenAs(undefined), "absent");
  const meanings = {
    waiting: ["PENDING", "REQUEUED", "SUSPENDED"],
    running: ["RUNNING", "COMPLETING"],
    stuck: ["SPECIAL_EXIT", "REQUEUE_HOLD"],
    ended: [
      "COMPLETED",
      "FAILED",
      "TIMEOUT",
      "CANCELLED",
      "NODE_FAIL",
      "OUT_OF_MEMORY",
      "PREEMPTED",
      "A_STATE_OF_LATER",
    ],
  };
  for (const [seen, states] of Object.entries(meanings)) {
    for (const state of states) assert.equal(seenAs(row(state)), seen, state);
  }
  assert.equal(
    seenAs(row("PENDING", "launch failed requeued held")),
    "stuck",
  );
  assert.equal(seenAs(row("PENDING", "JobHeldUser")), "waiting");
});

Deno.test("judge() gives up only what has been quiet", () => {
  const patience = { settle: 60, heartbeat: 600 };
  assert.equal(judge("waiting", 1e6, patience), "wait");
  assert.equal(judge("stuck", 0, patience), "cancel");
  assert.equal(judge("running", 599, patience), "wait");
  assert.equal(judge("running", 600, patience), "cancel");
  assert.equal(judge("running", 1e6, { ...patience, heartbeat: 0 }), "wait");
  for (const seen of ["ended", "absent"] as const) {
    assert.equal(judge(seen, 59, patience), "wait");
    assert.equal(judge(seen, 60, patience), "over");
  }
});

Deno.test("waitingReasons() names what is not usual, once", () => {
  const rows = [
    row("PENDING", "Priority"),
    row("PENDING", "QOSMaxCpuPerUserLimit"),
    row("PENDING", "QOSMaxCpuPerUserLimit"),
    row("PENDING", "JobHeldUser"),
    row("RUNNING", "NonZeroExitCode"),
  ];
  assert.deepEqual(waitingReasons(rows), [
    "JobHeldUser",
    "QOSMaxCpuPerUserLimit",
  ]);
});
