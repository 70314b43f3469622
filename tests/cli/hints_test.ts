/** What is said to those who mean something else: units, kinds, places. */
import {
  deepStrictEqual as equal,
  match,
  rejects,
  throws,
} from "node:assert/strict";
import { join } from "node:path";
import { encodeMat } from "../../lib/mat5/writer.ts";
import { decodeMat } from "../../lib/mat5/reader.ts";
import type { MatValue } from "../../lib/mat5/types.ts";
import { choiceText } from "../../lib/runs/search_text.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { oddTimes } from "../../lib/spiking/integration.ts";
import { createNetwork } from "../../lib/network/create.ts";
import type { Score } from "../../lib/network/scores.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { searchLayerFactors } from "../../lib/map/search_layers.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { exampleSaid } from "../../lib/dashboard/page/said.ts";
import { spikingExample } from "../../lib/simulate/example.ts";
import { openBackend } from "../../lib/backend/open.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";

const network = createNetwork({ units: 6, channels: 1 }, randomStream(1));
const scalingFactor = 50;

Deno.test("times given in seconds are told of, with what may have been meant", () => {
  const with_ = (refractory: number, tauMembrane = 10) =>
    oddTimes(
      convert(network, {
        scalingFactor,
        neuron: { name: "lif", refractory, tauMembrane },
      }),
    );
  equal(with_(2), undefined);
  equal(with_(0), undefined);
  match(
    with_(0.002)!,
    /of 0\.002 ms is shorter than .*; times are in ms: did you mean 2\?/,
  );
  match(
    with_(2, 0.08)!,
    /membrane time constant of 0\.08 ms is short; .* mean 80\?/,
  );
  match(with_(2, 20_000)!, /of 20000 ms is 20 s: times are in ms/);
  throws(
    () => convert(network, { scalingFactor, rise: 0.002 }),
    /rise time of 0\.002 ms .*times are in ms: did you mean 2\?/,
  );
  throws(
    () =>
      convert(network, {
        scalingFactor,
        neuron: { name: "lif", tauMembrane: 0.01 },
      }),
    /membrane time constant of 0\.01 ms .*did you mean 10\?/,
  );
});

Deno.test("convert() says that a scaling factor is no number", () => {
  for (const wrong of ["50", null, ["50"], { factor: 50 }]) {
    throws(
      () => convert(network, { scalingFactor: wrong as unknown as number }),
      /Cannot convert the network: a scaling factor of .* a number or an array of numbers is needed/,
    );
  }
});

Deno.test("searchLayerFactors() says which argument is wrong", async () => {
  const task = getTask("go-nogo");
  const spiking = convert(network, { scalingFactor });
  const search = searchLayerFactors as (...args: unknown[]) => AsyncGenerator;
  const wrong: [unknown[], RegExp][] = [
    [[], /a spiking network, from convert\(\), is needed first/],
    [[network, task, { seed: 1 }], /a spiking network/],
    [[spiking], /a task is needed second/],
    [[spiking, task], /options with a seed are needed third/],
  ];
  for (const [args, message] of wrong) {
    await rejects(
      search(...args).next(),
      (error) => error instanceof TypeError && message.test(error.message),
    );
  }
});

Deno.test("timings outside of the trial are told in ms too", () => {
  throws(
    () => getTask("go-nogo", { T: 100, stim_on: 90, stim_dur: 25 }),
    /steps of 5 ms\): its .* lies at steps \[\d+, \d+\), \d+ to \d+ ms; allowed is \[0, 100\), 0 to 500 ms/,
  );
});

Deno.test("a search in which nothing works says so, and counts no factors", () => {
  const score = {
    strict: { value: 0, trials: 10 },
    outputError: 0.5,
  } as unknown as Score;
  const [choice] = choiceText(
    {
      factors: [20, 25],
      scores: [score, score],
      chosen: 20,
      select: "strict",
      plateau: [],
      settings: {},
    } as unknown as Parameters<typeof choiceText>[0],
  );
  equal(
    choice,
    "scaling factor 20: the smallest output error, 0.50; by the strict rule no trial is right with any factor",
  );
});

Deno.test("a search of one factor is no choice", () => {
  const score = {
    strict: { value: 1, trials: 10 },
    outputError: 0.1,
  } as unknown as Score;
  const search = {
    factors: [50],
    scores: [score],
    chosen: 50,
    plateau: [50],
    settings: {},
  };
  for (const select of ["strict", "paper"]) {
    equal(
      choiceText(
        { ...search, select } as unknown as Parameters<typeof choiceText>[0],
      ).join(),
      "scaling factor 50: the only one tried, with an output error of 0.10",
    );
  }
});

Deno.test("a live page has conditions in the task's words", async () => {
  const task = getTask("xor");
  const xor = createNetwork({ units: 6, channels: 2 }, randomStream(1));
  const backend = await openBackend();
  const { condition, label } = await spikingExample(
    convert(xor, { scalingFactor }),
    task,
    { seed: 1, backend },
  );
  backend.close();
  equal(label, task.labels![condition]);
  const shown = { example: { example: { condition, label }, update: 7 } };
  equal(
    exampleSaid(shown as unknown as Parameters<typeof exampleSaid>[0]),
    `a trial of condition ${label} at update 7`,
  );
});

Deno.test("a network deep inside structures is found, and its place told", () =>
  inFolder(async (folder) => {
    const original = await Deno.readFile(
      new URL("../data/gonogo_original.mat", import.meta.url),
    );
    const struct = (fields: ReadonlyMap<string, MatValue>): MatValue => ({
      kind: "struct",
      dims: [1, 1],
      fields: new Map([...fields].map(([name, value]) => [name, [value]])),
    });
    const inner = struct(await decodeMat(original));
    const path = join(folder, "nested.mat");
    const outer = struct(new Map([["inner", inner]]));
    await Deno.writeFile(path, encodeMat(new Map([["outer", outer]])));
    const { err } = await run(["info", path], 1);
    match(err, /a network inside outer\.inner, .*save outer\.inner to a file/);
  }));

Deno.test("a task file that is not trusted imports the package's tasks as well", () =>
  inFolder(async (folder) => {
    const path = join(folder, "late.ts");
    const example = await Deno.readTextFile(
      new URL("../../docs/examples/romo.ts", import.meta.url),
    );
    await Deno.writeTextFile(
      path,
      example.replace(
        '"@spikernn/spikernn"',
        '"@spikernn/spikernn/tasks"',
      ),
    );
    const { out } = await run(["tasks", "show", path]);
    match(out, /^romo: /);
  }));
