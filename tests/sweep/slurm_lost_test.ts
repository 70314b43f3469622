/** Tasks that SLURM loses, and a controller that does not answer. */
import assert from "node:assert/strict";
import { slurmEngine } from "../../lib/sweep/slurm/engine.ts";
import {
  away,
  clusterTest,
  done,
  eventsOf,
  failed,
  pointsOf,
  quickOptions,
} from "./slurm_fake.ts";

clusterTest(
  "slurmEngine() blames a lost task on the point that it was at",
  async (client, folder) => {
    let killed = false;
    client.outcome = async (task) => {
      if (killed) return await client.finish(task);
      killed = true;
      await client.writeResult("a");
      await Deno.mkdir(`${folder}/points/b`);
      await Deno.writeTextFile(`${folder}/points/b/checkpoint`, "");
      return "OUT_OF_MEMORY";
    };
    const events = await eventsOf(
      slurmEngine(quickOptions({ points_per_task: 4 }), { client })
        .run(pointsOf("a", "b", "c", "d"), { folder, retries: 1 }),
    );
    assert.equal(failed(events).length, 1);
    assert.match(failed(events)[0], /^b failed, 1 left: .*OUT_OF_MEMORY/);
    assert.deepEqual(done(events).length, 4);
    assert.deepEqual(
      client.tasks.slice(1).map(({ ids }) => ids),
      [["c", "d"], ["b"]],
    );
  },
);

clusterTest(
  "slurmEngine() says a lost task's last words, fit for a terminal",
  async (client, folder) => {
    client.outcome = async ({ name, number }) => {
      await Deno.writeTextFile(
        `${folder}/slurm/${name}/logs/${number}.log`,
        "Loading\n\x1b[31mdeno: command not found\x1b[0m\x07\n\n",
      );
      return "FAILED";
    };
    const events = await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf("a"), { folder, retries: 0 }),
    );
    assert.deepEqual(failed(events), [
      "a failed, 0 left: its task 101_0 ended as FAILED on n1 without a result; " +
      "its last words: deno: command not found",
    ]);
  },
);

clusterTest(
  "slurmEngine() submits again what vanished from the queue",
  async (client, folder) => {
    client.outcome = (task) =>
      task.job === "101" ? "GONE" : client.finish(task);
    const events = await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf("a"), { folder, retries: 1 }),
    );
    assert.match(failed(events)[0], /101_0 is gone from the queue on n1/);
    assert.deepEqual(done(events), ["a done"]);
  },
);

clusterTest(
  "slurmEngine() goes on waiting for a vanished task that still writes",
  async (client, folder) => {
    let writes = 0;
    client.outcome = () => "GONE";
    client.before = (call) => {
      if (call !== "queue" || client.tasks[0]?.state !== "GONE") return;
      Deno.mkdirSync(`${folder}/points/a`, { recursive: true });
      Deno.writeTextFileSync(`${folder}/points/a/${++writes}`, "");
    };
    const run = eventsOf(
      slurmEngine(quickOptions({ settle: 1 }), { client })
        .run(pointsOf("a"), { folder, retries: 0 }),
    );
    while (writes < 15) await new Promise((resolve) => setTimeout(resolve, 50));
    await client.writeResult("a");
    assert.deepEqual(failed(await run), []);
  },
);

clusterTest(
  "slurmEngine() cancels a running task that gives no sign of life",
  async (client, folder) => {
    client.outcome = (task) =>
      task.job === "101" ? "RUNNING" : client.finish(task);
    const events = await eventsOf(
      slurmEngine(quickOptions({ heartbeat: 0.5 }), { client })
        .run(pointsOf("a"), { folder, retries: 1 }),
    );
    assert.deepEqual(client.cancelled, ["101_0"]);
    assert.match(failed(events)[0], /gave no sign of life/);
    assert.deepEqual(done(events), ["a done"]);
  },
);

clusterTest(
  "slurmEngine() takes a task that is held for ever out of the queue",
  async (client, folder) => {
    client.outcome = (task) => {
      if (task.job !== "101") return client.finish(task);
      task.reason = "launch failed requeued held";
      return "PENDING";
    };
    const events = await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf("a"), { folder, retries: 1 }),
    );
    assert.deepEqual(client.cancelled, ["101_0"]);
    assert.deepEqual(done(events), ["a done"]);
  },
);

clusterTest(
  "slurmEngine() does not submit again what somebody cancelled",
  async (client, folder) => {
    client.outcome = () => "CANCELLED";
    const events = await eventsOf(
      slurmEngine(quickOptions({ points_per_task: 2 }), { client })
        .run(pointsOf("a", "b"), { folder, retries: 3 }),
    );
    assert.equal(client.submitted.length, 1);
    assert.deepEqual(failed(events).map((text) => text.slice(0, 16)), [
      "a failed, 0 left",
      "b failed, 0 left",
    ]);
  },
);

clusterTest(
  "slurmEngine() waits for a controller that is away, and says so once",
  async (client, folder) => {
    let calls = 0;
    client.before = (call) => {
      if (call === "queue" && ++calls > 1 && calls < 5) away();
    };
    const events = await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf("a"), { folder, retries: 0 }),
    );
    assert.deepEqual(
      events.filter((text) => text.includes("answer")),
      [
        "SLURM does not answer (no answer): waiting for it",
        "SLURM answers again",
      ],
    );
    assert.deepEqual(done(events), ["a done"]);
  },
);

clusterTest(
  "slurmEngine() finds a job whose submission had no answer",
  async (client, folder) => {
    let first = true;
    client.submit = async (args) => {
      await client.accept(args);
      if (first) away();
      first = false;
      return "999";
    };
    client.before = () => first = false;
    const events = await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf("a"), { folder, retries: 0 }),
    );
    assert.equal(client.submitted.length, 1);
    assert.deepEqual(done(events), ["a done"]);
  },
);

clusterTest(
  "slurmEngine() submits again, for nothing, what never reached the controller",
  async (client, folder) => {
    let calls = 0;
    client.before = (call) => {
      if (call === "submit" && ++calls === 1) away();
    };
    const events = await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf("a"), { folder, retries: 0 }),
    );
    assert.deepEqual(failed(events), []);
    assert.deepEqual(done(events), ["a done"]);
  },
);
