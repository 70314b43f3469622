import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openPool } from "../../lib/backend/pool.ts";
import { workerSource } from "../../lib/backend/pool_worker.ts";
import { BackendError } from "../../lib/errors.ts";
import { jobBase, runJob, type WasmJob } from "../../lib/kernels/job.ts";

const normal = new WebAssembly.Module(
  readFileSync(
    new URL("../../lib/kernels/normal/normal.wasm", import.meta.url),
  ),
);
const modules = { normal };

/** 200 units' noise at four steps of a trial. */
function noiseJob(trial: number, changes: Partial<WasmJob> = {}): WasmJob {
  return {
    module: "normal",
    memoryBytes: jobBase + 4 * 800,
    writes: [{ at: jobBase, data: Uint32Array.of(800) }],
    calls: [{ name: "unitsInLanes", args: [jobBase + 16, 196, 5, trial, 9] }],
    reads: [
      { at: jobBase + 16, length: 784, type: "float32" },
      { at: jobBase, length: 1, type: "uint32" },
    ],
    ...changes,
  };
}

function here(job: WasmJob) {
  return runJob(new WebAssembly.Instance(normal), job);
}

/** A worker's program that starts with other lines. */
function startWith(lines: string): string {
  return lines + workerSource;
}

Deno.test("runJob() reads as many elements as the kernel wrote", () => {
  const job = noiseJob(1, {
    reads: [{
      at: jobBase + 16,
      length: { countAt: jobBase },
      type: "float32",
    }],
    writes: [{ at: jobBase, data: Uint32Array.of(12) }],
  });
  deepStrictEqual(
    here(job)[0],
    (here(noiseJob(1))[0] as Float32Array<ArrayBuffer>).slice(0, 12),
  );
});

Deno.test("run() gives what runJob() gives, whatever the number of workers", async () => {
  for (const workers of [1, 3]) {
    const pool = openPool({ workers, modules });
    try {
      const trials = Array.from({ length: 20 }, (_, k) => k);
      const results = await Promise.all(
        trials.map((trial) => pool.run(noiseJob(trial))),
      );
      results.forEach((result, trial) =>
        deepStrictEqual(result, here(noiseJob(trial)))
      );
    } finally {
      pool.close();
    }
  }
});

Deno.test("runAll() hands over results in order and takes jobs as they are needed", async () => {
  const pool = openPool({ workers: 2, modules });
  let made = 0, taken = 0, most = 0;
  function* jobs() {
    for (let trial = 0; trial < 30; trial++) {
      made++;
      most = Math.max(most, made - taken);
      yield noiseJob(trial);
    }
  }
  try {
    await pool.runAll(jobs(), (result, index) => {
      strictEqual(index, taken++);
      deepStrictEqual(result, here(noiseJob(index)));
    });
    strictEqual(taken, 30);
    ok(most <= 4, `${most} jobs at a time`);
  } finally {
    pool.close();
  }
});

Deno.test("run() rejects a job that fails, and that job alone", async () => {
  const pool = openPool({ workers: 1, modules });
  try {
    const outside = noiseJob(0, {
      calls: [{ name: "unitsInLanes", args: [0x7fffff00, 4, 0, 0, 0] }],
    });
    const settled = await Promise.allSettled([
      pool.run(noiseJob(1)),
      pool.run(outside),
      pool.run(noiseJob(0, { module: "other" })),
      pool.run(noiseJob(0, { calls: [{ name: "missing", args: [] }] })),
      pool.run(noiseJob(0, { memoryBytes: 2 ** 40 })),
      pool.run(noiseJob(2)),
    ]);
    deepStrictEqual(
      settled.map(({ status }) => status === "fulfilled"),
      [true, false, false, false, false, true],
    );
    for (const result of settled) {
      if (result.status === "rejected") {
        ok(result.reason instanceof BackendError);
        ok(result.reason.message.startsWith("Cannot run a job: "));
      }
    }
    deepStrictEqual(await pool.run(noiseJob(2)), here(noiseJob(2)));
  } finally {
    pool.close();
  }
});

Deno.test("runAll() fails with the first failing job and leaves the pool usable", async () => {
  const pool = openPool({ workers: 2, modules });
  try {
    const jobs = [
      noiseJob(0),
      noiseJob(1, { module: "first" }),
      noiseJob(2, { module: "second" }),
      noiseJob(3),
    ];
    await rejects(pool.runAll(jobs, () => {}), /"first"/);
    deepStrictEqual(await pool.run(noiseJob(4)), here(noiseJob(4)));
  } finally {
    pool.close();
  }
});

/** Ends the worker's program when a job with trial 7 arrives: in one way or another. */
const deaths = {
  "throws": `throw "killed"`,
  "throws later":
    `setTimeout(() => { throw "killed"; }), event.stopImmediatePropagation()`,
  "rejects": `Promise.reject("killed"), event.stopImmediatePropagation()`,
  "ends without a word": `self.close(), event.stopImmediatePropagation()`,
};

function dying(way: keyof typeof deaths): string {
  return `
    addEventListener("message", (event) => {
      if (event.data.job?.calls[0].args[3] === 7) ${deaths[way]};
    });
  `;
}

for (const way of Object.keys(deaths) as (keyof typeof deaths)[]) {
  Deno.test(`run() runs a job again whose worker ${way}, with the same result`, async () => {
    let started = 0;
    const pool = openPool({
      workers: 1,
      modules,
      program: () => startWith(started++ === 0 ? dying(way) : ""),
    });
    try {
      const results = await Promise.all(
        [6, 7, 8].map((trial) => pool.run(noiseJob(trial))),
      );
      strictEqual(started, 2);
      results.forEach((result, k) =>
        deepStrictEqual(result, here(noiseJob(6 + k)))
      );
    } finally {
      pool.close();
    }
  });

  Deno.test(`run() gives up on a job of which every worker ${way}, and goes on`, async () => {
    let started = 0;
    const pool = openPool({
      workers: 1,
      modules,
      program: () => {
        started++;
        return startWith(dying(way));
      },
    });
    try {
      const killer = pool.run(noiseJob(7));
      const other = pool.run(noiseJob(8));
      await rejects(killer, /3 workers died.*"(.*killed|it ended)"/);
      deepStrictEqual(await other, here(noiseJob(8)));
      strictEqual(started, 4);
    } finally {
      pool.close();
    }
  });
}

Deno.test("a worker that ends while it has nothing to do is replaced", async () => {
  let started = 0;
  const pool = openPool({
    workers: 1,
    modules,
    program: () =>
      startWith(
        started++ === 0
          ? `addEventListener("message", (event) => {
               if (event.data.job) setTimeout(() => self.close(), 50);
             });`
          : "",
      ),
  });
  try {
    await pool.run(noiseJob(1));
    for (let wait = 0; started < 2 && wait < 500; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    strictEqual(started, 2);
    deepStrictEqual(await pool.run(noiseJob(2)), here(noiseJob(2)));
  } finally {
    pool.close();
  }
});

Deno.test("close() rejects what is not done and all that comes later", async () => {
  const pool = openPool({ workers: 1, modules });
  const first = pool.run(noiseJob(0));
  const second = pool.run(noiseJob(1));
  pool.close();
  await rejects(first, BackendError);
  await rejects(second, BackendError);
  await rejects(pool.run(noiseJob(2)), BackendError);
});

Deno.test("openPool() refuses a number of workers that is not whole and above 0", () => {
  for (const workers of [0, -1, 1.5, NaN]) {
    throws(() => openPool({ workers, modules }), RangeError);
  }
});

Deno.test("openPool() has a worker a processor by default", () => {
  const pool = openPool({ modules });
  strictEqual(pool.workers, navigator.hardwareConcurrency);
  pool.close();
});

Deno.test("run() says so, and does not wait for ever, where no worker starts", async () => {
  const ways = {
    "never\\.": () => `throw new Error("never."); `,
    "no sign within 0\\.2 s": () =>
      `addEventListener("message", (event) => {
      event.stopImmediatePropagation();
    });`,
    "no threads": () => {
      throw new Error("no threads");
    },
  };
  for (const [reason, lines] of Object.entries(ways)) {
    const pool = openPool({
      ...{ workers: 2, modules },
      // Only the one that is silent is to be given up.
      startMs: reason.startsWith("no sign") ? 200 : 60_000,
      program: () => startWith(lines()),
    });
    const jobs = [1, 2, 3].map((trial) => pool.run(noiseJob(trial)));
    for (const settled of await Promise.allSettled(jobs)) {
      strictEqual(settled.status, "rejected");
      ok(settled.reason instanceof BackendError);
      match(
        settled.reason.message,
        new RegExp(`^Cannot run a job: 3 workers in a row .*${reason}`),
      );
    }
    await rejects(pool.run(noiseJob(4)), /did not start/);
    pool.close();
  }
});
