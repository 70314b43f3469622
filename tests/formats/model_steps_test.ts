/** Which task a model was trained on, by its path and the lengths that its fields tell. */
import assert from "node:assert/strict";
import { numeric } from "../../lib/mat5/mod.ts";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { remarkOnTask, trialSteps } from "../../lib/formats/model/steps.ts";
import type { Model } from "../../lib/network/records.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { inFolder } from "../folder.ts";
import { network } from "./samples.ts";

const ofXor = [
  ["u", [2, 300]],
  ["u", [300, 2]],
  ["target", [1, 300]],
  ["target", [300, 1]],
  ["o", [299, 1, 1]],
  ["o", [1, 299]],
  ["x", [300, 3, 1]],
  ["r0", [3, 300]],
  ["eval_os", [100, 299]],
] as const;

function zeros(dims: readonly number[]) {
  const count = dims.reduce((product, size) => product * size, 1);
  return numeric(new Float64Array(count), dims);
}

/** A network of three units and two channels with some fields, read from a path. */
async function read(
  path: string,
  fields: readonly (readonly [string, readonly number[]])[],
): Promise<Model> {
  return await inFolder(async (folder) => {
    const file = `${folder}/${path}`;
    const extra = new Map(fields.map(([name, dims]) => [name, zeros(dims)]));
    await writeModel(file, { network: network([3]), extra });
    return await readModel(file);
  });
}

const xorPath = "Task_xor_N_3_Taus_4.0_20.0.mat";

for (const [field, dims] of ofXor) {
  Deno.test(`readModel() tells the original's xor by ${field} of ${dims.join("x")} alone`, async () => {
    const model = await read(xorPath, [[field, dims]]);
    assert.deepEqual(model.task, { name: "xor-original", timing: {} });
    assert.equal(remarkOnTask(model, getTask("xor-original")), undefined);
    assert.match(
      remarkOnTask(model, getTask("xor"))!,
      new RegExp(`\\(${field}: 300\\), those of task "xor" have 200 steps`),
    );
  });
}

Deno.test("readModel() guesses a task that no length confirms, and says which it may be", async () => {
  const xor = getTask("xor");
  const nothing = await read(xorPath, []);
  assert.deepEqual(nothing.task, { name: "xor", timing: {}, guessed: true });
  assert.match(
    remarkOnTask(nothing, xor)!,
    /how long trials were: taken for task "xor" \(200 steps\), .*"xor-original" \(300 steps\)/,
  );
  // Empty fields, and the last state alone, tell nothing.
  const little = await read(xorPath, [
    ["u", [0, 0]],
    ["x", [3, 1]],
    ["target", [0, 0]],
  ]);
  assert.deepEqual(little.task, nothing.task);
  // Of another length than either, or of several.
  const other = await read(xorPath, [["u", [2, 250]]]);
  assert.deepEqual(other.task, nothing.task);
  const several = await read(xorPath, [["u", [2, 300]], ["target", [1, 200]]]);
  assert.deepEqual(several.task, nothing.task);
  assert.equal(trialSteps(several), undefined);
  assert.match(remarkOnTask(several, xor)!, /\(u: 300\)/);
  // Outputs of evaluations turned around.
  const turned = await read(xorPath, [
    ["eval_os", [299, 100]],
    ["eval_labels", [1, 100]],
  ]);
  assert.equal(turned.task?.name, "xor-original");
  // A name that is told by nothing else, and one of other channels.
  const own = await read("Task_mine_N_3.mat", [["u", [2, 200]]]);
  assert.equal(own.task?.guessed, true);
  assert.equal(remarkOnTask(own, xor), undefined);
  const goNogo = await read("Task_go-nogo_N_3.mat", [["u", [2, 200]]]);
  assert.equal(goNogo.task?.guessed, true);
});

Deno.test("readModel() finds the task in the folder", async () => {
  const model = await read("models/xor/best.mat", [["u", [2, 200]]]);
  assert.deepEqual(model.task, { name: "xor", timing: {} });
  assert.equal((await read("models/best.mat", [])).task, undefined);
});

Deno.test("writeModel() does not write a task that was guessed", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/${xorPath}`;
    await writeModel(path, { network: network([3]) });
    const model = await readModel(path);
    await writeModel(`${folder}/copy.mat`, model);
    assert.equal((await readModel(`${folder}/copy.mat`)).task, undefined);
  });
});
