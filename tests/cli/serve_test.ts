/** Requests of other programs, answered by one process. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { createNetwork, getTask, randomStream, writeModel } from "../../mod.ts";
import { decodeNpz, encodeNpz } from "../../lib/formats/npz.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { version } from "../../lib/version.ts";
import { inFolder } from "../folder.ts";
import { root } from "./spawn.ts";

/** Sends requests to a new process; gives its answers. */
async function ask(
  requests: readonly unknown[],
): Promise<Record<string, unknown>[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `${root}cli.ts`, "serve"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  // Text is sent as it is.
  const lines = requests.map((each) =>
    (typeof each === "string" ? each : JSON.stringify(each)) + "\n"
  ).join("");
  await writer.write(new TextEncoder().encode(lines));
  const answers: Record<string, unknown>[] = [];
  let rest = "";
  for await (
    const text of child.stdout.pipeThrough(new TextDecoderStream())
  ) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    answers.push(...parts.map((part) => JSON.parse(part)));
    const over = answers.filter((answer) => "done" in answer).length;
    if (over === requests.length) await writer.close();
  }
  equal((await child.status).code, 0);
  return answers;
}

Deno.test("serve runs commands, gives a model's arrays and takes them edited", async () => {
  await inFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    const task = getTask("go-nogo");
    const network = createNetwork(
      { channels: task.channels.length, units: 6 },
      randomStream(3),
    );
    await writeModel(at("a.mat"), {
      network,
      task: { name: task.name, timing: task.timing },
    });
    const weights = new Float64Array(36).fill(0.5);
    const file = (name: string, shape: number[]) =>
      Deno.writeFile(
        at(name),
        encodeNpz({ w: { data: weights.subarray(0, shape[0] * 6), shape } }),
      );
    await file("new.npz", [6, 6]);
    await file("wrong.npz", [5, 6]);
    const answers = await ask([
      { run: ["info", "--json", "a.mat"], cwd: folder },
      { arrays: "a.mat", to: "a.npz" },
      { edit: "a.mat", with: "new.npz", to: "b.mat" },
      { edit: "a.mat", with: "wrong.npz", to: "c.mat" },
      { run: ["simulate", "--rate", "--seed", "1", "a.mat"] },
      { nonsense: 1 },
    ]);
    equal(answers[0], { version, deno: Deno.version.deno });
    const codes = answers.filter((answer) => "done" in answer)
      .map(({ done }) => done);
    equal(codes, [0, 0, 0, 1, 0, 2]);
    const info = JSON.parse(String(answers.find((a) => "out" in a)!.out));
    equal(info.summary.units, 6);

    const arrays = decodeNpz(await Deno.readFile(at("a.npz")));
    // The order of the MATLAB file: columns first.
    equal(
      arrays.get("w")!.data[6 * 2 + 1],
      Math.max(0, network.layers[0].weights[6 * 1 + 2]),
    );
    equal(arrays.get("effective/taus_0")!.shape, [6]);
    const { network: edited } = await readModel(at("b.mat"));
    equal([...edited.layers[0].weights], [...weights]);
    const said = answers.flatMap(({ err }) => err === undefined ? [] : [err]);
    ok(
      said.some((text) =>
        String(text).includes("Cannot edit w: received 6x5, the file has 6x6")
      ),
    );
  });
});

Deno.test("serve removes the folder of a program that is killed or asks for it", async () => {
  await inFolder(async (folder) => {
    for (const end of ["killed", "leave", "remove"]) {
      const own = join(folder, end);
      await Deno.mkdir(join(own, "deeper"), { recursive: true });
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", `${root}cli.ts`, "serve"],
        stdin: "piped",
        stdout: "null",
      }).spawn();
      const writer = child.stdin.getWriter();
      const say = (request: unknown) =>
        writer.write(new TextEncoder().encode(JSON.stringify(request) + "\n"));
      await say({ folder: own });
      if (end === "leave") await say({ end: true });
      else if (end === "remove") await say({ end: true, folder: own });
      else await writer.close();
      equal((await child.status).code, 0);
      await writer.abort().catch(() => {});
    }
    const left = await Array.fromAsync(Deno.readDir(folder));
    equal(left.map(({ name }) => name), ["leave"]);
  });
});

Deno.test("serve answers what is not a request, and goes on", async () => {
  const wrong = [
    "{",
    "null",
    ["tasks"],
    { run: "tasks" },
    { run: [1] },
    { arrays: 3 },
    { run: ["serve", "--help"] },
  ];
  const answers = await ask([
    ...wrong,
    { run: ["tasks"], cwd: "/there/is/none" },
    { run: ["tasks", "--json"] },
  ]);
  const codes = answers.filter((answer) => "done" in answer)
    .map(({ done }) => done);
  equal(codes, [...wrong.map(() => 2), 1, 0]);
  const errors = answers.flatMap(({ err }) => err === undefined ? [] : [err]);
  match(`${errors[0]}`, /Cannot read the request \{: a line of JSON is needed/);
  match(`${errors[3]}`, /Cannot use the request \{"run":"tasks"\}: an object/);
  match(`${errors[6]}`, /Cannot use serve with arguments: alone, it answers/);
  match(`${errors[7]}`, /Cannot work in the folder \/there\/is\/none: it does/);
});
