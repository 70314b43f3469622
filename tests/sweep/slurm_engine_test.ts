/** How a sweep's points become jobs, and what results they give. */
import assert from "node:assert/strict";
import { BackendError } from "../../lib/errors.ts";
import { SlurmBusyError } from "../../lib/sweep/slurm/client.ts";
import { slurmEngine } from "../../lib/sweep/slurm/engine.ts";
import { openSubmissions } from "../../lib/sweep/slurm/submissions.ts";
import {
  clusterTest,
  done,
  eventsOf,
  failed,
  FakeCluster,
  pointsOf,
  quickOptions,
} from "./slurm_fake.ts";

clusterTest(
  "slurmEngine() runs points in tasks of an array",
  async (client, folder) => {
    const options = quickOptions({
      points_per_task: 2,
      throttle: 4,
      account: "lab",
      time: "1:00:00",
      mem: "1G",
      cpus: 2,
      extra: ["--qos=long"],
    });
    const events = await eventsOf(
      slurmEngine(options, { client })
        .run(pointsOf("a", "b", "c"), { folder, retries: 0 }),
    );
    assert.deepEqual(done(events), ["a done", "b done", "c done"]);
    assert.ok(events.includes("submitted job 101: 2 tasks, 3 points"));
    assert.ok(events.includes("a on n1") && events.includes("c on n2"));
    const [args] = client.submitted;
    const expected = [
      "--array=0-1%4",
      "--requeue",
      "--open-mode=append",
      "--account=lab",
      "--time=1:00:00",
      "--mem=1G",
      "--cpus-per-task=2",
      "--qos=long",
    ];
    for (const arg of expected) assert.ok(args.includes(arg), arg);
    assert.deepEqual(await openSubmissions(folder), []);
  },
);

clusterTest(
  "slurmEngine() leaves points with a result alone",
  async (client, folder) => {
    await client.writeResult("a");
    const run = () =>
      eventsOf(
        slurmEngine(quickOptions(), { client })
          .run(pointsOf("a", "b"), { folder, retries: 0 }),
      );
    await run();
    assert.deepEqual(client.tasks.map(({ ids }) => ids), [["b"]]);
    assert.deepEqual(await run(), ["a done", "b done"]);
    assert.equal(client.submitted.length, 1);
  },
);

clusterTest(
  "slurmEngine() submits again what failed, up to the retries",
  async (client, folder) => {
    const tries = new Map<string, number>();
    client.outcome = async ({ ids: [id] }) => {
      const count = (tries.get(id) ?? 0) + 1;
      tries.set(id, count);
      if (id === "bad" || (id === "weak" && count < 3)) {
        await client.writeFailure(id, `try ${count}`);
      } else await client.writeResult(id);
      return "COMPLETED";
    };
    const events = await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf("good", "weak", "bad"), { folder, retries: 2 }),
    );
    assert.deepEqual(done(events), ["good done", "weak done"]);
    assert.deepEqual(failed(events).filter((text) => text.startsWith("bad")), [
      "bad failed, 2 left: try 1",
      "bad failed, 1 left: try 2",
      "bad failed, 0 left: try 3",
    ]);
    assert.deepEqual(Object.fromEntries(tries), { good: 1, weak: 3, bad: 3 });
  },
);

clusterTest(
  "slurmEngine() believes result files, not states",
  async (client, folder) => {
    let first = true;
    client.outcome = async (task) => {
      const [id] = task.ids;
      if (id === "liar" && first) {
        first = false;
        return "COMPLETED";
      }
      await client.writeResult(id);
      return "FAILED";
    };
    const events = await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf("liar", "honest"), { folder, retries: 1 }),
    );
    assert.deepEqual(done(events), ["honest done", "liar done"]);
    assert.deepEqual(failed(events), [
      "liar failed, 1 left: its task 101_0 ended as COMPLETED on n1 without a result",
    ]);
  },
);

clusterTest(
  "slurmEngine() submits fewer tasks to a cluster that takes no more",
  async (client, folder) => {
    const most = 3;
    client.submit = async (args) => {
      const live = client.tasks.filter(({ state }) => state !== "COMPLETED");
      const last = args.find((arg) => arg.startsWith("--array="))!
        .match(/-(\d+)/)![1];
      if (live.length + Number(last) + 1 > most) {
        throw new SlurmBusyError("job submit limit");
      }
      return await client.accept(args);
    };
    const ids = Array.from({ length: 11 }, (_, k) => `p${k}`);
    const events = await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf(...ids), { folder, retries: 0 }),
    );
    assert.equal(done(events).length, 11);
    assert.deepEqual(failed(events), []);
    assert.ok(events.some((text) => text.includes("job submit limit")));
  },
);

clusterTest(
  "slurmEngine() keeps arrays under the cluster's size",
  async (_, folder) => {
    const client = new FakeCluster(folder, { arraySize: 4, jobs: 100 });
    const ids = Array.from({ length: 10 }, (_, k) => `p${k}`);
    await eventsOf(
      slurmEngine(quickOptions(), { client })
        .run(pointsOf(...ids), { folder, retries: 0 }),
    );
    assert.deepEqual(
      client.submitted.map((args) => args.find((arg) => /^--array/.test(arg))),
      ["--array=0-3", "--array=0-2", "--array=0-2"],
    );
  },
);

clusterTest(
  "slurmEngine() ends with the reason where a job is refused",
  async (client, folder) => {
    client.before = (call) => {
      if (call === "submit") {
        throw new BackendError(
          "Cannot submit: no account",
        );
      }
    };
    await assert.rejects(
      eventsOf(
        slurmEngine(quickOptions(), { client })
          .run(pointsOf("a"), { folder, retries: 0 }),
      ),
      { name: "BackendError", message: "Cannot submit: no account" },
    );
    assert.deepEqual(await openSubmissions(folder), []);
  },
);

clusterTest(
  "slurmEngine() refuses ids that are no plain names",
  async (client, folder) => {
    await assert.rejects(
      eventsOf(
        slurmEngine(quickOptions(), { client })
          .run(pointsOf("../a b"), { folder, retries: 0 }),
      ),
      { name: "RangeError" },
    );
    assert.equal(client.submitted.length, 0);
  },
);
