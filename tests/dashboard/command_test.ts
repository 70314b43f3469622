/** The live page of real commands, in processes of their own. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { spawn, start } from "../cli/spawn.ts";
import { inFolder } from "../folder.ts";

const net = "--allow-net=127.0.0.1";

function files(folder: string): string[] {
  return [`--allow-read=${folder}`, `--allow-write=${folder}`];
}

/** A command that serves a page: its address, and how it ends. */
async function serving(permissions: string[], args: string[]) {
  const child = start(permissions, args);
  const { promise: url, resolve, reject } = Promise.withResolvers<string>();
  let err = "";
  const errors = (async () => {
    for await (
      const part of child.stderr.pipeThrough(new TextDecoderStream())
    ) {
      err += part;
      const found = /^live page: (\S+)\n/m.exec(err);
      if (found) resolve(found[1]);
    }
    reject(new Error(err));
  })();
  const out = new Response(child.stdout).text();
  return {
    child,
    url: await url,
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await Promise.all([child.status, out, errors]);
    },
    async ended() {
      const [{ code }, text] = await Promise.all([child.status, out, errors]);
      return { code, out: text, err };
    },
  };
}

interface Told {
  kind: string;
  update?: number;
  [name: string]: unknown;
}

/** Takes the page's messages as they come. */
async function* messages(url: string): AsyncGenerator<Told> {
  const response = await fetch(`${url}events`);
  equal(response.status, 200);
  let rest = "";
  for await (
    const part of response.body!.pipeThrough(new TextDecoderStream())
  ) {
    const pieces = (rest + part).split("\n\n");
    rest = pieces.pop()!;
    for (const piece of pieces) {
      const data = /^data: (.*)$/m.exec(piece)?.[1];
      if (data) yield JSON.parse(data);
    }
  }
}

async function act(url: string, name: string): Promise<void> {
  const { status } = await fetch(`${url}action/${name}`, { method: "POST" });
  equal(status, 204, name);
}

function trainArgs(folder: string, updates: number): string[] {
  return [
    "train",
    "--task=go-nogo",
    "--N=50",
    `--n_trials=${updates}`,
    "--loss_threshold=0.0001",
    "--eval_trials=5",
    "--seed=1",
    "--plots=false",
    `--output_dir=${folder}`,
  ];
}

Deno.test("train --dashboard pauses between updates, goes on, and stops as Ctrl-C does", async () => {
  await inFolder(async (folder) => {
    await using served = await serving(
      [net, ...files(folder)],
      [...trainArgs(folder, 1_000_000), "--dashboard"],
    );
    const { url, ended } = served;
    const all: Told[] = [];
    let newest = 0;
    let change: () => void = () => {};
    const reading = (async () => {
      for await (const message of messages(url)) {
        all.push(message);
        if (message.kind === "loss") newest = message.update!;
        change();
      }
    })();
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise<void>((next) => change = next);
    };
    const last = (kind: string) => all.findLast((m) => m.kind === kind);

    await until(() => newest > 20);
    equal(last("control")!.steerable, true);
    await act(url, "pause");
    await until(() => last("control")!.paused === true);
    // What was told before the pause is on its way, on a busy machine for seconds;
    // then nothing comes.
    let held = NaN;
    for (let tries = 0; held !== newest && tries < 20; tries++) {
      held = newest;
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    equal(newest, held);
    await act(url, "resume");
    await until(() => newest > held + 20);
    await act(url, "pause");
    await until(() => last("control")!.paused === true);
    await act(url, "stop");
    const { code, err } = await ended();
    await reading;
    equal(code, 130, err);
    const [, updates, path] =
      /Interrupted after (\d+) updates: the network so far was saved as (.*)/
        .exec(err) ?? [];
    equal((await readModel(path)).training?.losses.length, Number(updates));
    equal(last("stopped")!.reason, "interrupted");
    equal(last("stopped")!.update, Number(updates));
    equal(last("saved")!.path, path);
    equal(all.at(-1), { kind: "end" });
    equal(newest, Number(updates), "the last loss is told too");
  });
});

/** The page of two runs of a folder, and of one in a folder below, followed. */
async function showsAll(logs: string): Promise<void> {
  // One of another folder, with the same name.
  const old = join(logs, "old", "go-nogo_seed1");
  await Deno.mkdir(old, { recursive: true });
  const copied = join(old, "run.jsonl");
  await Deno.copyFile(join(logs, "go-nogo_seed1/run.jsonl"), copied);
  const before = new Date("2020-01-01");
  await Deno.utime(copied, before, before);
  await using served = await serving(
    [net, `--allow-read=${logs}`],
    ["dashboard", logs],
  );
  const { child, url, ended } = served;
  const seen: Told[] = [];
  const named = () =>
    new Set(
      new Map(
        seen.filter(({ kind }) => kind === "run")
          .map(({ run, name }) => [run, name]),
      ).values(),
    );
  for await (const message of messages(url)) {
    seen.push(message);
    const saved = seen.filter(({ kind }) => kind === "saved").length;
    const quiet = seen.find(({ kind }) => kind === "quiet");
    if (saved === 3 && quiet) break;
  }
  equal(
    named(),
    new Set([
      "go-nogo_seed1 (logs)",
      "go-nogo_seed1_2",
      "go-nogo_seed1 (logs/old)",
    ]),
  );
  const quiet = seen.filter(({ kind }) => kind === "quiet");
  equal(quiet.map(({ since }) => since), [before.getTime() / 1000]);
  const example = seen.find(({ kind }) => kind === "example")!
    .example as { channels: string[] };
  equal(example.channels, ["cue"]);
  const stop = await fetch(`${url}action/stop`, { method: "POST" });
  equal(stop.status, 409, "a replay cannot be steered");
  await stop.body?.cancel();
  await Deno.writeTextFile(
    join(logs, "go-nogo_seed1/run.jsonl"),
    '{"kind":"failed","error":"told later","time":1}\n',
    { append: true },
  );
  for await (const message of messages(url)) {
    if (message.error === "told later") break;
  }
  child.kill("SIGINT");
  const { code, err } = await ended();
  equal(code, 0, err);
}

Deno.test("a training is the same if somebody looks, and dashboard shows its runs", async () => {
  await inFolder(async (folder) => {
    const weights = async (flags: string[], permissions: string[]) => {
      const { code, out, err } = await spawn(
        [...permissions, ...files(folder)],
        [...trainArgs(folder, 60), ...flags],
      );
      equal(code, 0, err);
      const model = await readModel(/^saved (.*)$/m.exec(out)![1]);
      const { settings } = model.provenance as unknown as {
        settings: Record<string, unknown>;
      };
      ok(!settings || !("dashboard" in settings || "port" in settings));
      return [model.network, model.training?.losses];
    };
    const log = ["--log_dir", join(folder, "logs")];
    equal(
      await weights(["--dashboard", ...log], [net]),
      await weights([], []),
    );
    ok((await Deno.stat(join(folder, "logs/go-nogo_seed1/run.jsonl"))).isFile);
    await weights(log, []);
    await showsAll(join(folder, "logs"));
  });
});

Deno.test("dashboard says of a 17th run, begun while the page is open, that it is not shown", async () => {
  await inFolder(async (folder) => {
    async function log(name: string): Promise<string> {
      const path = join(folder, name, "run.jsonl");
      await Deno.mkdir(join(folder, name));
      const line = { kind: "run", version: 1, name, time: 1 };
      await Deno.writeTextFile(path, JSON.stringify(line) + "\n");
      return path;
    }
    for (let k = 1; k <= 16; k++) await log(`run_${k}`);
    const child = start([net, `--allow-read=${folder}`], ["dashboard", folder]);
    let err = "";
    let late: string | undefined;
    for await (const p of child.stderr.pipeThrough(new TextDecoderStream())) {
      err += p;
      if (err.includes("live page: ")) late ??= await log("run_17");
      if (p.includes("Cannot show ")) child.kill("SIGINT");
    }
    equal((await child.status).code, 0, err);
    await child.stdout.cancel();
    equal(err.match(/Cannot show/g)?.length, 1, "said once");
    ok(err.includes(`Cannot show ${late} as well: the page has 16 runs`), err);
  });
});

Deno.test("a live page without its permission, or at a port in use, is refused in one line", async () => {
  await inFolder(async (folder) => {
    const args = [...trainArgs(folder, 20), "--dashboard"];
    const refused = async (permissions: string[], given: string[]) => {
      const { code, err, out } = await spawn(permissions, given);
      equal([code, out], [1, ""], err);
      const lines = err.trimEnd().split("\n")
        .filter((line) => line.startsWith("spikernn:"));
      equal(lines.length, 1, err);
      return lines[0];
    };
    match(
      await refused(files(folder), args),
      /Cannot serve the live page: the permission was not given, run deno with --allow-read=\S+models --allow-write=\S+models --allow-net=127\.0\.0\.1$/,
    );
    match(
      await refused(files(folder), ["dashboard", folder]),
      /run deno with --allow-read=\S+ --allow-net=127\.0\.0\.1$/,
    );
    equal([...Deno.readDirSync(folder)], [], "nothing is left behind");
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    match(
      await refused([net, ...files(folder)], [...args, `--port=${port}`]),
      new RegExp(`port ${port} is in use`),
    );
    listener.close();
    match(
      await refused([net, ...files(folder)], ["dashboard", `${folder}/none`]),
      /there is no such folder/,
    );
  });
});

Deno.test("map logs its search, and stops from the page between factors", async () => {
  await inFolder(async (folder) => {
    const model = join(folder, "model.mat");
    const original = new URL("../data/gonogo_original.mat", import.meta.url);
    await Deno.copyFile(original, model);
    const args = [
      "map",
      model,
      "--task=go-nogo",
      "--trials=2",
      "--seed=1",
      "--log_dir",
      join(folder, "logs"),
    ];
    {
      await using served = await serving(
        [net, ...files(folder)],
        [...args, "--factors=20,30,40,50,60,70", "--dashboard"],
      );
      for await (const { kind } of messages(served.url)) {
        if (kind !== "control") continue;
        await act(served.url, "stop");
        break;
      }
      const { code, err } = await served.ended();
      equal(code, 130, err);
      match(err, /Interrupted after [0-5] factors/);
    }
    const { code, err } = await spawn(
      files(folder),
      [...args, "--factors=40,50"],
    );
    equal(code, 0, err);
    const text = await Deno.readTextFile(
      join(folder, "logs/map_model_2/run.jsonl"),
    );
    const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    equal(
      lines.map(({ kind, factor }) => [kind, factor].filter(Boolean).join(" ")),
      ["run", "factor 40", "factor 50", "mapped", "saved"],
    );
    equal(lines[0].name, "map_model_2");
    equal(lines[3].chosen, (await readModel(model)).search?.chosen);
  });
});
