import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { findLogs, FollowedLog } from "../../lib/records/follow_log.ts";
import { type LogLine, parseLine } from "../../lib/records/log_lines.ts";
import { logEvent } from "../../lib/records/log_event.ts";
import { thinExample, thinRaster } from "../../lib/records/thin.ts";
import { RunLog } from "../../lib/records/run_log.ts";
import type { Progress } from "../../lib/records/events.ts";
import {
  example,
  factor,
  layerFactors,
  run,
  score,
  spikes,
} from "../dashboard/lines.ts";
import { inFolder } from "../folder.ts";

async function added(log: FollowedLog): Promise<LogLine[]> {
  return (await Array.fromAsync(log.added())).flat();
}

/** What a log keeps of the score of 1 and 0.5. */
const kept = {
  paper: 1,
  strict: 0.5,
  low: 0.4,
  high: 0.6,
  loss: null,
  outputError: 0.1,
};

Deno.test("a run log gives back every event that was written", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "run.jsonl");
    const calibrated: Progress = {
      kind: "calibrated",
      step: "readout",
      before: score(0.8, 0.5, NaN),
      after: score(0.9, 0.75, NaN),
      kept: true,
    };
    let now = 1000;
    const log = await RunLog.create(path, "go-nogo_seed1", () => now);
    const events = [
      ...run(250),
      factor(20, 1, 2),
      factor(25, 2, 2, spikes(9)),
      layerFactors([50, 45.5], 2, 0.75, [50, 50]),
      calibrated,
    ].map((event) => logEvent(event)!);
    for (const event of events) {
      now += 10;
      await log.add(event);
    }
    await log.close();
    const text = await Deno.readTextFile(path);
    equal(text.trimEnd().split("\n").length, events.length + 1);
    ok(text.split("\n").every((line) => line.length < 20_000));
    const read = await added(new FollowedLog(path));
    equal(read[0], {
      kind: "run",
      version: 1,
      name: "go-nogo_seed1",
      time: 1,
    });
    equal(
      read.slice(1).map(({ time: _, ...event }) => event),
      JSON.parse(JSON.stringify(events)),
    );
    equal(read.map(({ time }) => time), [
      1,
      ...events.map((_, k) => (1010 + 10 * k) / 1000),
    ]);
    await rejects(
      RunLog.create(path, "again", () => 0),
      Deno.errors.AlreadyExists,
    );
  });
});

Deno.test("RunLog writes updates together, and an evaluation at once", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "run.jsonl");
    let now = 0;
    const log = await RunLog.create(path, "one", () => now);
    const lines = async () =>
      (await Deno.readTextFile(path)).split("\n").length - 1;
    const [, first, second, evaluated] = [...run(2)].map((e) => logEvent(e)!);
    await log.add(first);
    equal(await lines(), 1);
    now = 1000;
    await log.add(second);
    equal(await lines(), 3);
    await log.add(first);
    await log.add(evaluated);
    equal(await lines(), 5);
    await log.close();
  });
});

Deno.test("logEvent() keeps neither weights nor numbers that JSON lacks", () => {
  equal(
    logEvent({
      kind: "simulated",
      done: 1,
      total: 2,
    }),
    undefined,
  );
  const tried = logEvent({
    kind: "factor",
    settled: true,
    factor: 20,
    done: 1,
    total: 2,
    score: score(1, 0.5, NaN),
  });
  equal(tried, {
    kind: "factor",
    settled: true,
    factor: 20,
    done: 1,
    total: 2,
    score: kept,
  });
});

Deno.test("logEvent() keeps at what noise training is, and when the criteria were met first", () => {
  const evaluated = [...run(2)].find(({ kind }) => kind === "evaluated")!;
  ok(evaluated.kind === "evaluated");
  const lineOf = (event: Progress) => {
    const logged = JSON.stringify({ ...logEvent(event), time: 1 });
    return parseLine(logged)!;
  };
  const read = lineOf({ ...evaluated, noiseLevel: 4, lesson: 2 });
  ok(read.kind === "evaluated");
  equal([read.noiseLevel, read.lesson], [4, 2]);
  const stopped = {
    kind: "stopped",
    reason: "limit",
    update: 300,
    seconds: 2,
  } as const;
  const model = {} as Extract<Progress, { kind: "stopped" }>["model"];
  equal(lineOf({ ...stopped, model, firstMet: 200 }), {
    ...stopped,
    firstMet: 200,
    time: 1,
  });
  equal(lineOf({ ...stopped, model }), { ...stopped, time: 1 });
});

Deno.test("parseLine() reads what logs of old have, without the noise's level", () => {
  const text = JSON.stringify({
    kind: "evaluated",
    update: 100,
    score: kept,
    time: 1,
  });
  equal(parseLine(text), JSON.parse(text));
});

Deno.test("thinRaster() keeps some units of each population, and when they fired", () => {
  const units = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, k) => from + k);
  const thin = thinRaster({
    condition: "go",
    duration: 800,
    // 0 and 240 are the first of their populations, 1 is left out.
    times: Float32Array.of(0.05, 10, 401, 799.9, 800),
    units: Uint32Array.of(0, 1, 3, 240, 240),
    populations: [
      { type: "E", units: units(0, 240) },
      { type: "I", units: units(240, 250) },
    ],
  });
  equal([thin.columns, thin.unitStride, thin.duration], [400, 3, 800]);
  equal(thin.groups, [{ type: "E", rows: 80 }, { type: "I", rows: 4 }]);
  const bits = Uint8Array.fromBase64(thin.bits);
  equal(bits.length, 84 * 50);
  const set = [...bits].flatMap((byte, k) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => byte & 0x80 >> bit)
      .map((bit) => [Math.floor(k / 50), 8 * (k % 50) + bit])
  );
  equal(set, [[0, 0], [1, 200], [80, 399]]);
});

Deno.test("thinRaster() stays small, whatever the trial", () => {
  const units = Array.from({ length: 5000 }, (_, k) => k);
  const thin = thinRaster({
    condition: "go",
    duration: 10_000,
    times: new Float32Array(0),
    units: new Uint32Array(0),
    populations: [{ type: "units", units }],
  });
  ok(thin.bits.length < 7000);
});

Deno.test("thinExample() takes values where they are, and scales rates to bytes", () => {
  const steps = 1000;
  const units = 130;
  const rates = new Float32Array(units * steps);
  rates[3 * steps + 20] = 8;
  rates[6 * steps + 10] = 4;
  const thin = thinExample({
    condition: "a",
    inputs: Float32Array.from({ length: 2 * steps }, (_, k) => k),
    target: Float32Array.from({ length: steps }, (_, k) => k / steps),
    outputs: new Float32Array(steps - 1).fill(NaN),
    rates,
  });
  equal(thin.stride, 5);
  equal(thin.target.length, 200);
  equal(thin.target[10], 0.05);
  equal(thin.inputs.map((input) => input[1]), [5, 1005]);
  equal(thin.outputs[3], null);
  const { rows, columns, unitStride, stepStride, max, bytes } = thin.rates;
  equal({ rows, columns, unitStride, stepStride, max }, {
    rows: 44,
    columns: 100,
    unitStride: 3,
    stepStride: 10,
    max: 8,
  });
  const shown = Uint8Array.fromBase64(bytes);
  equal(shown.length, rows * columns);
  equal([shown[columns + 2], shown[2 * columns + 1]], [255, 128]);
  equal(shown.filter((byte) => byte > 0).length, 2);
});

Deno.test("thinExample() keeps layers apart, on one scale", () => {
  const steps = 50;
  const layers = [130, 3];
  const rates = new Float32Array(133 * steps);
  rates[130 * steps + 7] = 0.5; // first unit of the second layer
  rates[129 * steps + 4] = 2; // last of the first, at a row that is shown
  const thin = thinExample({
    ...example(),
    target: new Float32Array(steps),
    outputs: new Float32Array(steps - 1),
    inputs: new Float32Array(steps),
    rates,
    layers,
  });
  const [first, second] = thin.layers!;
  equal([first.rows, first.unitStride], [44, 3]);
  equal([second.rows, second.unitStride], [3, 1]);
  equal([first.max, second.max], [2, 2]);
  equal(Uint8Array.fromBase64(first.bytes)[43 * steps + 4], 255);
  equal(Uint8Array.fromBase64(second.bytes)[7], 64);
  equal(thinExample({ ...example(), layers: [4] }).layers, undefined);
});

Deno.test("thinExample() names the channels that it shows, and parseLine() reads them", () => {
  const steps = 4;
  const names = Array.from({ length: 9 }, (_, k) => `channel ${k}`);
  const thin = thinExample({
    ...example(),
    inputs: new Float32Array(names.length * steps),
    target: new Float32Array(steps),
    outputs: new Float32Array(steps),
    rates: new Float32Array(steps),
    channels: names,
  });
  equal([thin.inputs.length, thin.channels], [8, names.slice(0, 8)]);
  const evaluated = {
    kind: "evaluated",
    update: 2,
    noiseLevel: 1,
    score: {
      paper: 1,
      strict: 1,
      low: 0,
      high: 1,
      loss: 1,
      outputError: 0,
    },
    example: thin,
    time: 1,
  };
  equal(parseLine(JSON.stringify(evaluated)), evaluated);
});

Deno.test("thinExample() shows all of a small network", () => {
  const all = example();
  const thin = thinExample({
    ...all,
    rates: all.rates.subarray(0, 10 * 200),
  });
  equal([thin.rates.rows, thin.rates.unitStride], [10, 1]);
  equal(thin.stride, 1);
});

Deno.test("FollowedLog waits for the other half of a line, and starts again where a file was", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "run.jsonl");
    const line = (update: number) =>
      JSON.stringify({
        kind: "trained",
        update,
        loss: 1,
        gradientNorm: 1,
        time: 0,
      }) + "\n";
    const append = (text: string) =>
      Deno.writeTextFile(path, text, { append: true });
    const log = new FollowedLog(path);
    const updates = async () =>
      (await added(log)).map((l) => l.kind === "trained" && l.update);
    await append(line(1) + line(2).slice(0, 20));
    equal(await updates(), [1]);
    equal(await updates(), []);
    await append(line(2).slice(20));
    equal(await updates(), [2]);
    await append("x".repeat(3 << 20) + "\n" + line(3));
    equal(await updates(), [3]);
    await Deno.writeTextFile(path, line(9));
    equal(await updates(), [9]);
  });
});

Deno.test("parseLine() takes no text that is not a line of a log", () => {
  for (
    const text of [
      "",
      "{",
      "null",
      "[]",
      '{"kind":"trained"}',
      '{"kind":"other","time":1}',
      '{"kind":"trained","update":-1,"loss":1,"gradientNorm":1,"time":1}',
      '{"kind":"trained","update":1,"loss":"1","gradientNorm":1,"time":1}',
      '{"__proto__":{"kind":"saved"},"time":1,"path":"a"}',
    ]
  ) equal(parseLine(text), undefined, text);
  fc.assert(fc.property(fc.string(), (text) => {
    equal(parseLine(text), undefined);
  }));
  fc.assert(fc.property(fc.json(), (text) => {
    equal(parseLine(text), undefined);
  }));
});

Deno.test("findLogs() finds the logs below a folder, the newest 16", async () => {
  await inFolder(async (folder) => {
    for (let k = 0; k < 20; k++) {
      const inner = join(folder, "runs", `run${String(k).padStart(2, "0")}`);
      await Deno.mkdir(inner, { recursive: true });
      const path = join(inner, "run.jsonl");
      await Deno.writeTextFile(path, "");
      await Deno.utime(path, 1000 - k, 1000 - k);
    }
    const found = await findLogs(folder);
    equal(found.length, 16);
    ok(found[0].endsWith("run00/run.jsonl"));
    ok(found[15].endsWith("run15/run.jsonl"));
    equal(await findLogs(found[3]), [found[3]]);
    await rejects(findLogs(join(folder, "none")), Deno.errors.NotFound);
  });
});
