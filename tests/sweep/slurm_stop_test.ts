/** What becomes of a sweep's jobs when it is stopped or cancelled. */
import assert from "node:assert/strict";
import { cancelSlurm } from "../../lib/sweep/slurm/cancel.ts";
import { slurmEngine } from "../../lib/sweep/slurm/engine.ts";
import { openSubmissions } from "../../lib/sweep/slurm/submissions.ts";
import {
  away,
  clusterTest,
  done,
  eventsOf,
  pointsOf,
  quickOptions,
} from "./slurm_fake.ts";

clusterTest(
  "slurmEngine() lets tasks go on when it is stopped, and finds them again",
  async (client, folder) => {
    const stop = new AbortController();
    client.outcome = () => "RUNNING";
    const engine = slurmEngine(quickOptions(), { client });
    const events = await eventsOf(
      engine.run(pointsOf("a", "b"), {
        folder,
        retries: 0,
        signal: stop.signal,
      }),
      (text) => text === "b on n2" && stop.abort(),
    );
    assert.deepEqual(events.slice(-2), [
      "2 points stay with SLURM (job 101): run the sweep again to follow them",
      "AbortError",
    ]);
    assert.deepEqual(client.cancelled, []);
    await client.writeResult("a");
    client.outcome = (task) => client.finish(task);
    const again = await eventsOf(
      engine.run(pointsOf("a", "b"), { folder, retries: 0 }),
    );
    assert.deepEqual(done(again), ["a done", "b done"]);
    assert.ok(again.includes("following 1 task of job 101"));
    assert.equal(client.submitted.length, 1);
  },
);

clusterTest(
  "slurmEngine() cancels its tasks when it is stopped, where asked to",
  async (client, folder) => {
    const stop = new AbortController();
    client.outcome = () => "RUNNING";
    const engine = slurmEngine(quickOptions(), { client, onAbort: "cancel" });
    const events = await eventsOf(
      engine.run(pointsOf("a"), { folder, retries: 0, signal: stop.signal }),
      (text) => text === "a on n1" && stop.abort(),
    );
    assert.deepEqual(events.slice(-2), ["cancelled job 101", "AbortError"]);
    client.outcome = (task) => client.finish(task);
    const again = await eventsOf(
      engine.run(pointsOf("a"), { folder, retries: 0 }),
    );
    assert.deepEqual(done(again), ["a done"]);
    assert.equal(client.submitted.length, 2);
  },
);

clusterTest(
  "cancelSlurm() cancels what a sweep has in the queue",
  async (client, folder) => {
    const stop = new AbortController();
    client.outcome = () => "RUNNING";
    await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf("a"), { folder, retries: 0, signal: stop.signal }),
      () => stop.abort(),
    );
    assert.deepEqual(await cancelSlurm(folder, client), [
      { kind: "engine", message: "cancelled job 101" },
    ]);
    assert.deepEqual(await cancelSlurm(folder, client), []);
    assert.deepEqual(client.cancelled, ["101"]);
  },
);

clusterTest(
  "cancelSlurm() and a stopped slurmEngine() say that SLURM does not answer",
  async (client, folder) => {
    const stop = new AbortController();
    client.outcome = () => "RUNNING";
    const events = await eventsOf(
      slurmEngine(quickOptions(), { client, onAbort: "cancel" })
        .run(pointsOf("a"), { folder, retries: 0, signal: stop.signal }),
      (text) => {
        if (text !== "a on n1") return;
        client.before = away;
        stop.abort();
      },
    );
    assert.match(events.at(-2)!, /^jobs are not cancelled/);
    await assert.rejects(cancelSlurm(folder, client), {
      name: "BackendError",
      message: /^Cannot cancel the jobs of .*no answer/,
    });
    assert.equal((await openSubmissions(folder)).length, 1);
  },
);
