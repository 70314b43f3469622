/** Files of others, from the command line: read, evaluated, mapped and written back, with remarks. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import {
  char,
  decodeMat,
  encodeMat,
  type MatValue,
  numeric,
  struct,
} from "../../lib/mat5/mod.ts";
import { encodeModel, readModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";

const empty = numeric(new Float64Array(), [0, 0]);

/** The fields of a small network, as the original would have saved them. */
function fieldsOf(channels: number): Map<string, MatValue> {
  const network = createNetwork({ channels, units: 12 }, randomStream(1));
  const fields = decodeMat(encodeModel({ network }));
  for (const field of fields.keys()) {
    if (field.startsWith("spikernn_")) fields.delete(field);
  }
  return fields;
}

/** Runs a test on the file of some fields. */
async function withFile(
  name: string,
  fields: ReadonlyMap<string, MatValue>,
  use: (path: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, name);
    await Deno.writeFile(path, encodeMat(fields));
    await use(path);
  });
}

/** How often text comes in another. */
function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

const few = ["--seed=1", "--trials=2"];
const map = [
  "--write_anyway",
  "--seed=1",
  "--trials=1",
  "--factors=30,50",
];

Deno.test("records that are odd are told once, and stop no command", async () => {
  const odd: readonly (readonly [string, MatValue])[] = [
    ["u", numeric(new Float64Array(200), [200, 1])],
    ["losses", char("none")],
    ["tr", empty],
    ["eval_os", empty],
    ["eval_labels", { kind: "char", dims: [2, 4], rows: ["same", "diff"] }],
    ["w0", empty],
    ["opt_scaling_factor", empty],
    ["all_perfs", char("none")],
  ];
  const fields = new Map([...fieldsOf(1), ...odd]);
  await withFile("Task_go-nogo_N_12.mat", fields, async (path) => {
    const { out, err } = await run(["eval", path, ...few]);
    match(out, /task go-nogo, 2 trials/);
    equal(count(err, "not used, and kept as it is"), 1, err);
    for (const field of ["losses", "eval_os", "w0", "opt_scaling_factor"]) {
      match(err, new RegExp(`"${field}" \\(`));
    }
    equal((await run(["eval", path, ...few, "--quiet"])).err, "");
    match((await run(["info", path, "--json"])).out, /"remarks":\["not used/);
    await run(["simulate", path, "--factor=50", "--seed=1"]);
    await run(["map", path, ...map]);
    const written = decodeMat(await Deno.readFile(path));
    const replaced = ["opt_scaling_factor", "all_perfs"];
    for (const [field, value] of fields) {
      if (!replaced.includes(field)) equal(written.get(field), value, field);
    }
    match((await run(["eval", path, ...few, "--spiking"])).out, /spiking/);
  });
});

Deno.test("an xor network of 300 steps is the original's, whatever is left of its trial", async () => {
  const fields = fieldsOf(2)
    .set("target", numeric(new Float64Array(300)));
  await withFile("Task_xor_N_12.mat", fields, async (path) => {
    const { out, err } = await run(["eval", path, ...few]);
    match(out, /task xor-original, 2 trials/);
    equal(err, "");
    const other = await run(["eval", path, ...few, "--task=xor"]);
    match(other.err, /another length .* \(target: 300\), .*"xor" have 200/);
    // What contradicts the file is not written into it.
    await run(["map", path, ...map, "--task=xor"]);
    await run(["map", path, ...map, "--force"]);
    equal((await readModel(path)).task?.name, "xor-original");
  });
});

Deno.test("map writes a task that is known, and none that is guessed", async () => {
  await withFile("Task_xor_N_12.mat", fieldsOf(2), async (path) => {
    const { err } = await run(["map", path, ...map]);
    match(err, /taken for task "xor" \(200 steps\), it may be "xor-original"/);
    equal((await readModel(path)).task?.guessed, true);
    const named = ["--task=xor-original", "--force"];
    const told = await run(["map", path, ...map, ...named]);
    equal(count(told.err, "taken for"), 0);
    equal((await readModel(path)).task?.name, "xor-original");
    equal((await readModel(path)).task?.guessed, undefined);
  });
});

Deno.test("a model with something before its name, as the fork has it, is mapped", async () => {
  const fields = new Map([
    ...fieldsOf(1),
    ["target", numeric(new Float64Array(200))] as const,
    ["inh_som", numeric(Uint8Array.of(1, 0), [2, 1])] as const,
    ["opt_scaling_factor", numeric(Uint8Array.of(30))] as const,
    ["scaling_factors", numeric(Uint8Array.of(20, 30, 40))] as const,
    ["all_perfs", numeric(Float64Array.of(0.9, 1, 0.8), [3, 1])] as const,
  ]);
  const name = "rnn_Fig-S3-SST-run-01_Task_go-nogo_N_12_Taus_4.0_20.0_2021.mat";
  await withFile(name, fields, async (path) => {
    match((await run(["map", path])).out, /searched already, factor 30/);
    match((await run(["eval", path, ...few, "--spiking"])).out, /factor 30;/);
  });
});

Deno.test("a model inside one structure is mapped there", async () => {
  const file = new Map<string, MatValue>([
    ["net", struct(Object.fromEntries(fieldsOf(1)))],
    ["note", char("mine")],
  ]);
  await withFile("Task_go-nogo_N_12.mat", file, async (path) => {
    const { err } = await run(["map", path, ...map]);
    match(err, /all fields are in the structure "net"/);
    const written = decodeMat(await Deno.readFile(path));
    equal([...written.keys()], ["net", "note"]);
    match((await run(["map", path])).out, /searched already/);
  });
});
