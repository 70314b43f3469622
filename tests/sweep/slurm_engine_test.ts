import assert from "node:assert/strict";
import { BackendError } from "../../lib/errors.ts";
import { cancelSlurm } from "../../lib/sweep/slurm/cancel.ts";
import { SlurmBusyError } from "../../lib/sweep/slurm/client.ts";
import { slurmEngine } from "../../lib/sweep/slurm/engine.ts";
import { openSubmissions } from "../../lib/sweep/slurm/submissions.ts";
import {
  away,
  eventsOf,
  FakeCluster,
  pointsOf,
  quickOptions,
} from "./slurm_fake.ts";

/** A test with a folder and a cluster. */
function clusterTest(
  name: string,
  run: (cluster: FakeCluster, folder: string) => Promise<void>,
) {
  Deno.test(name, async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    try {
      await run(new FakeCluster(folder), folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const done = (events: string[]) =>
  events.filter((text) => text.endsWith(" done")).sort();
const failed = (events: string[]) =>
  events.filter((text) => text.includes(" failed, "));

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
