/** The panels of training as files. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { train } from "../../lib/train/train.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { panelsListener } from "../../lib/report/listener.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import type { Evaluated, Progress } from "../../lib/records/events.ts";
import { inFolder } from "../folder.ts";
import { decodePng } from "./png_decode.ts";
import { elements, parseXml } from "./xml.ts";

const task = getTask("go-nogo");
const network = createNetwork(
  { units: [12, 8], channels: 1 },
  randomStream(1).fork("network"),
);
const events: Progress[] = await Array.fromAsync(
  train(network, task, { seed: 1, updates: 9, evalEvery: 3, evalTrials: 3 }),
);

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("panelsListener() draws the newest evaluation, under the model's name", async () => {
  await inFolder(async (folder) => {
    const said: string[] = [];
    const listener = panelsListener({
      folder,
      name: "running",
      task,
      network,
      warn: (message) => said.push(message),
    });
    for (const event of events) {
      const last = event.kind === "evaluated" && event.update === 8;
      listener.listen(last ? { ...event, noiseLevel: 2 } : event);
    }
    equal(await listener.finish("model"), [
      join(folder, "model_update000008.svg"),
      join(folder, "model_update000008.png"),
      join(folder, "model.svg"),
      join(folder, "model.png"),
    ]);
    equal(said, []);
    equal(names(folder), [
      "model.png",
      "model.svg",
      "model_update000008.png",
      "model_update000008.svg",
    ]);
    equal(
      await Deno.readFile(join(folder, "model_update000008.svg")),
      await Deno.readFile(join(folder, "model.svg")),
    );
    const svg = await Deno.readTextFile(join(folder, "model.svg"));
    const texts = [...elements(parseXml(svg.trim()))]
      .filter(({ name }) => name === "text").map(({ text }) => text);
    for (
      const title of [
        "Evaluation performance",
        "Evaluation loss",
        "Activity, layer 1",
        "Activity, layer 2",
        "Output",
      ]
    ) ok(texts.some((text) => text.startsWith(title)), title);
    const last = events.filter(({ kind }) => kind === "evaluated").at(-1)!;
    ok("update" in last);
    match(svg, new RegExp(`<desc[^>]*>After ${last.update} updates`));
    match(svg, /training went on to 2 times the noise \(update 5\)\.<\/desc>/);
    const picture = decodePng(await Deno.readFile(join(folder, "model.png")));
    equal(picture.width, Math.round(180 / 25.4 * 144));
  });
});

Deno.test("panelsListener() keeps the panels of every evaluation that it could draw", async () => {
  await inFolder(async (folder) => {
    const listener = panelsListener({
      folder,
      name: "running",
      task,
      network,
      share: 1,
    });
    const drawn = async (update: number) => {
      const file = join(folder, `running_update00000${update}.png`);
      while (!await Deno.stat(file).catch(() => undefined)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const evaluated = events.filter((event) => event.kind === "evaluated");
    equal(evaluated.map(({ update }) => update), [2, 5, 8]);
    listener.listen(evaluated[0]);
    // It is busy: of what comes meanwhile the newest is kept.
    listener.listen(evaluated[1]);
    listener.listen(evaluated[2]);
    await drawn(2);
    await listener.finish("model");
    equal(names(folder), [
      "model.png",
      "model.svg",
      "model_update000002.png",
      "model_update000002.svg",
      "model_update000008.png",
      "model_update000008.svg",
    ]);
    const first = await Deno.readTextFile(
      join(folder, "model_update000002.svg"),
    );
    match(first, /<desc[^>]*>After 2 updates/);
    match(
      await Deno.readTextFile(join(folder, "model.svg")),
      /<desc[^>]*>After 8 updates/,
    );
  });
});

Deno.test("panelsListener() draws the evaluation that training ends with at once", async () => {
  await inFolder(async (folder) => {
    const listener = panelsListener({ folder, name: "running", task, network });
    const [first, ended] = events.filter(({ kind }) => kind === "evaluated");
    listener.listen(first);
    listener.listen({ ...ended as Evaluated, last: true });
    const file = join(folder, "running_update000005.png");
    while (!await Deno.stat(file).catch(() => undefined)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    equal((await listener.finish("model")).length, 4);
  });
});

Deno.test("panelsListener() goes on with the curves of an earlier run", async () => {
  await inFolder(async (folder) => {
    const earlier = [{ update: 0, performance: 0.25, loss: 40 }];
    for (const [name, options] of [["a", {}], ["b", { earlier }]] as const) {
      const listener = panelsListener({
        folder,
        name,
        task,
        network,
        ...options,
      });
      for (const event of events) listener.listen(event);
      await listener.finish();
    }
    const dots = async (name: string) =>
      (await Deno.readTextFile(join(folder, `${name}.svg`)))
        .match(/<circle|aria-roledescription="point"|<path[^>]*A/g)?.length ??
        0;
    ok(await dots("b") > await dots("a"));
  });
});

Deno.test("panelsListener() leaves no file where there was no evaluation, or it is given up", async () => {
  await inFolder(async (folder) => {
    const options = { folder, name: "running", task, network };
    const idle = panelsListener(options);
    equal(await idle.finish("model"), []);
    const listener = panelsListener(options);
    for (const event of events) listener.listen(event);
    await listener.discard();
    equal(names(folder), []);
  });
});

Deno.test("panelsListener() says once that it cannot write, and throws nothing", async () => {
  await inFolder(async (folder) => {
    const said: string[] = [];
    const listener = panelsListener({
      folder: join(folder, "missing"),
      name: "running",
      task,
      network,
      warn: (message) => said.push(message),
    });
    for (const event of events) listener.listen(event);
    equal(await listener.finish("model"), []);
    equal(said.length, 1);
    match(said[0], /^Cannot write .*missing.*does not exist/);
  });
});
