import assert from "node:assert/strict";
import { readSlurmOptions } from "../../lib/sweep/slurm/options.ts";

Deno.test("readSlurmOptions() fills in what is absent", () => {
  const options = readSlurmOptions();
  assert.equal(options.cpus, 1);
  assert.equal(options.pointsPerTask, 1);
  assert.equal(options.deno, "deno");
  assert.equal(options.throttle, undefined);
  assert.deepEqual(options, readSlurmOptions({}));
});

Deno.test("readSlurmOptions() reads a whole table", () => {
  const options = readSlurmOptions({
    account: "brain_lab",
    partition: "short,long",
    time: "1-12:30:00",
    mem: "2G",
    cpus: 2,
    throttle: 100,
    points_per_task: 5,
    max_tasks: 1000,
    setup: ["module load deno", "export DENO_DIR=/shared/deno"],
    deno: "/opt/deno",
    extra: ["--qos=long", "--exclude=n7", "-v"],
    poll: 5,
    settle: 10,
    heartbeat: 600,
  });
  assert.equal(options.pointsPerTask, 5);
  assert.equal(options.maxTasks, 1000);
  assert.equal(options.time, "1-12:30:00");
  assert.deepEqual(options.extra, ["--qos=long", "--exclude=n7", "-v"]);
  assert.equal(readSlurmOptions({ time: 90 }).time, "90");
});

Deno.test("readSlurmOptions() refuses what does not exist or is not allowed", () => {
  for (const table of ["fast", 3, ["--qos=long"], null]) {
    assert.throws(() => readSlurmOptions(table), TypeError);
  }
  const refused: Record<string, unknown>[] = [
    { acount: "lab" },
    { toString: "lab" },
    { account: "lab; rm -r ." },
    { partition: "" },
    { time: "soon" },
    { time: "1:2:3:4" },
    { mem: "2 GB" },
    { mem: 0 },
    { cpus: 0 },
    { cpus: 1.5 },
    { throttle: 0 },
    { points_per_task: "many" },
    { setup: "module load deno" },
    { setup: ["two\nlines"] },
    { deno: "" },
    { extra: ["qos=long"] },
    { poll: 0 },
    { settle: -1 },
  ];
  for (const table of refused) {
    assert.throws(
      () => readSlurmOptions(table),
      { name: "RangeError", message: /^Cannot use \[slurm\]: / },
      JSON.stringify(table),
    );
  }
});

Deno.test("readSlurmOptions() keeps the options of sbatch that it needs itself", () => {
  const taken = [
    "--array=0-3",
    "--arr=0-3",
    "-a0-3",
    "--job-name=x",
    "-Jx",
    "--output=x",
    "-o",
    "--error=x",
    "--wrap=true",
    "--no-requeue",
    "-M",
    "--chdir=/",
    "--parsable",
    "--wait",
  ];
  for (const option of taken) {
    assert.throws(
      () => readSlurmOptions({ extra: [option] }),
      { name: "RangeError", message: /extra has/ },
      option,
    );
  }
  for (const option of ["--exclusive", "--export=NONE", "--mail-type=END"]) {
    assert.deepEqual(readSlurmOptions({ extra: [option] }).extra, [option]);
  }
});
