/** The task that times the kernels finds something to time. */
import { equal, match, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { type BenchCase, rateCases, spikingCases } from "../../bench/cases.ts";
import { smallNetwork, synapseCount } from "../../bench/networks.ts";
import { compareCase, comparedTable } from "../../tools/bench/compare.ts";
import { importsAsIn } from "../../tools/bench/moved.ts";
import { root } from "../cli/spawn.ts";
import { testWith } from "../require.ts";

Deno.test("deno task bench finds every file with benches, each of them by its name", async () => {
  const holding: string[] = [];
  for await (const { name } of Deno.readDir(`${root}bench`)) {
    const text = await Deno.readTextFile(`${root}bench/${name}`);
    if (/\bDeno\.bench\(/.test(text)) holding.push(name);
  }
  ok(holding.length >= 5);
  for (const name of holding) match(name, /_bench\.ts$/);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    // `deno check` looks at their types.
    args: ["task", "bench", "--no-run", "--no-check"],
    cwd: root,
  }).output();
  const text = new TextDecoder().decode(stdout) +
    new TextDecoder().decode(stderr);
  equal(code, 0, text);
  ok(!/No (bench )?modules found/i.test(text), text);
});

Deno.test("every case has a name of its own, and tuning is among the long ones", async () => {
  const all = [...rateCases, ...spikingCases];
  equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const units of [50, 200]) {
    ok(
      all.some(({ name, isLong }) =>
        isLong && name.startsWith(`tune N=${units}`)
      ),
    );
  }
  const network = await smallNetwork();
  equal(network.layers[0].size, 50);
  ok(synapseCount(network) > 50);
});

Deno.test("importsAsIn() finds what moved, and tells two of a name apart by what they declare", async () => {
  const checkout = await Deno.makeTempDir();
  const files = {
    "lib/a/other.ts": "export async function calibrate() {}",
    "lib/b/steps.ts": "export async function* calibrate() {}",
    "lib/c/convert.ts": "export const convert = 1;",
  };
  for (const [file, text] of Object.entries(files)) {
    await Deno.mkdir(`${checkout}/${file.slice(0, 5)}`, { recursive: true });
    await Deno.writeTextFile(`${checkout}/${file}`, text);
  }
  const turned = await importsAsIn(
    checkout,
    `import { calibrate } from "../lib/calibrate/calibrate.ts";
import { convert } from "../lib/spiking/convert.ts";`,
  );
  equal(
    turned,
    `import { calibrate } from "../lib/b/steps.ts";
import { convert } from "../lib/c/convert.ts";`,
  );
  await Deno.remove(checkout, { recursive: true });
});

/** A case whose runs take so long by a clock that they turn themselves. */
function timed(clock: { ms: number }, name: string, takes: number[]) {
  let runs = 0;
  let closed = 0;
  const bench: BenchCase = {
    name,
    trials: 4,
    workers: 2,
    // deno-lint-ignore require-await
    open: async () => ({
      flops: 1e6,
      // deno-lint-ignore require-await
      run: async () => clock.ms += takes[runs++ % takes.length],
      close: () => closed++,
    }),
  };
  return { bench, closed: () => closed };
}

Deno.test("compareCase() times two checkouts in turn, and tells ratios of neighbours", async () => {
  const clock = { ms: 0 };
  // Both become slower in the course of time: the ratio stays.
  const slower = [8, 8, 8, 10, 20, 40, 80, 160, 320];
  const before = timed(clock, "before", slower);
  const after = timed(clock, "after", slower.map((ms) => ms / 2));
  const options = { seconds: 0.001, now: () => clock.ms };
  const found = await compareCase(before.bench, after.bench, options);
  equal(found.name, "after");
  equal(found.runs, 5);
  equal([found.low, found.ratio, found.high].join(), "0.5,0.5,0.5");
  equal(found.before, 40);
  equal(found.after, 20);
  equal(found.trialsPerCore, 100);
  equal(found.gflops, 0.05);
  ok(found.ofPeak! > 0 && found.ofPeak! < 1);
  equal(before.closed() + after.closed(), 2);
  match(
    comparedTable([found], "v1"),
    /^case +v1, ms +here, ms.*\n-+.*\nafter +40 +20 +0\.50 \(0\.50 to 0\.50\) +5 +0\.1 /,
  );
});

async function task(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "bench", ...args],
    cwd: root,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), errors: text(stderr) };
}

Deno.test({
  name:
    "deno task bench --compare runs this checkout's cases on another commit",
  // A copy of the source without its history has nothing to compare with.
  ignore: !existsSync(`${root}.git`),
  async fn() {
    // Tunings of 50 units take minutes.
    const small = ["--only", "update N=50", "--seconds", "0.01"];
    const { code, out, errors } = await task(
      "--compare=HEAD",
      ...small,
      "--json",
    );
    equal(code, 0, errors);
    const { compared, machine, cases } = JSON.parse(out);
    equal(compared, "HEAD");
    ok(machine.peakGflops > 0.1);
    equal(cases.length, 1);
    ok(cases[0].ratio > 0 && cases[0].runs >= 5 && cases[0].gflops > 0);
    // A case whose network lies beyond bench/.
    const trained = [
      "--only",
      "lif/trial N=200 1s single",
      "--seconds",
      "0.01",
    ];
    const spiking = await task("--compare=HEAD", ...trained, "--json");
    equal(spiking.code, 0, spiking.errors);
    equal(JSON.parse(spiking.out).cases.length, 1);
    for (
      const [args, said] of [
        [["--compare", "no-such-commit"], /no-such-commit/],
        [["--compare", "HEAD", "--only", "zzz"], /no case has "zzz"/],
        [["--compare", "HEAD", "--seconds", "no"], /--seconds is no, allowed/],
        [["--compare", "HEAD", "--fast"], /--fast/],
      ] as const
    ) {
      const { code, errors } = await task(...args);
      equal(code, 2, errors);
      match(errors, said);
      ok(!/\n +at /.test(errors), errors);
    }
  },
});

testWith(
  "webgpu",
  "bench/gpu.ts checks the kernels of an adapter, times them, and ends in time",
  async () => {
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(
        Deno.execPath(),
        {
          args: ["run", "--no-prompt", "-A", `${root}bench/gpu.ts`, ...args],
          cwd: root,
        },
      ).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, out: text(stdout), errors: text(stderr) };
    };
    const json = await Deno.makeTempFile();
    const { code, out, errors } = await run("--small", "--json", json);
    equal(code, 0, errors);
    const { adapter, answers, times } = JSON.parse(
      await Deno.readTextFile(json),
    );
    await Deno.remove(json);
    ok(answers.length >= 4);
    ok(answers.every(({ passed }: { passed: boolean }) => passed), errors);
    equal(times.length, 2);
    for (const { name, webgpu, simd } of times) {
      ok(webgpu > 0 && simd > 0, name);
      ok(out.includes(`| ${name} |`), out);
    }
    ok(out.startsWith(adapter.name), out);
    const late = await run("--small", "--minutes", "0");
    equal(late.code, 0, late.errors);
    equal(late.out.match(/left out, the time is over/g)?.length, 2, late.out);
    equal((await run("--minutes", "soon")).code, 2);
  },
);
