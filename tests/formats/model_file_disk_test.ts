/** Model files on disk: folders, names, and what cannot be read. */
import assert from "node:assert/strict";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import type { Model } from "../../lib/network/records.ts";
import { inFolder } from "../folder.ts";
import { fullModel, network } from "./samples.ts";

Deno.test("writeModel() makes folders, and readModel() finds task and type in the path", async () => {
  await inFolder(async (folder) => {
    const model: Model = { network: network([3], { dale: false }) };
    const name =
      "Task_my-task_N_3_Taus_4.0_20.0_Act_sigmoid_2026_01_02_030405.mat";
    const path = `${folder}/models/xor/NoDale/P_rec_0.2/${name}`;
    await writeModel(path, model);
    const again = await readModel(path);
    assert.deepEqual(again, {
      ...model,
      task: { name: "my-task", timing: {}, guessed: true },
    });
    const own: Model = {
      ...model,
      task: { name: "xor", timing: { delay: 75 } },
    };
    await writeModel(path, own);
    assert.deepEqual(await readModel(path), own);
  });
});

Deno.test("readModel() tells the original's xor by its 300 steps", async () => {
  await inFolder(async (folder) => {
    const model = fullModel([3]);
    const steps = 300;
    const trial = {
      inputs: new Float64Array(2 * steps),
      target: new Float64Array(steps),
      outputs: new Float32Array(steps - 1),
      states: new Float32Array(3 * steps),
      rates: new Float32Array(3 * steps),
      initialStates: new Float32Array(3 * steps),
      initialRates: new Float32Array(3 * steps),
    };
    const path = `${folder}/Task_xor_N_3_Taus_4.0_20.0_Act_sigmoid_2019.mat`;
    await writeModel(path, { ...model, task: undefined, trial });
    assert.equal((await readModel(path)).task?.name, "xor-original");
  });
});

Deno.test("readModel() says which file cannot be read, and why", async () => {
  await inFolder(async (folder) => {
    const missing = `${folder}/none.mat`;
    await assert.rejects(readModel(missing), {
      name: "ModelFileError",
      message: /none\.mat": it does not exist/,
    });
    await assert.rejects(readModel(folder), {
      name: "ModelFileError",
      message: /it is a folder/,
    });
    await Deno.writeTextFile(missing, "not a model");
    await assert.rejects(readModel(missing), {
      name: "ModelFileError",
      message: /11 bytes.*none\.mat/,
    });
    if (Deno.build.os !== "windows") {
      await assert.rejects(readModel("/dev/zero"), {
        name: "ModelFileError",
        message: /not a file/,
      });
    }
  });
});

Deno.test("writeModel() says when a file is in the way of a folder", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/models`, "");
    await assert.rejects(
      writeModel(`${folder}/models/xor/a.mat`, { network: network([2]) }),
      { name: "ModelFileError", message: /Cannot make the folder/ },
    );
    await assert.rejects(
      writeModel(`${folder}/models/a.mat`, { network: network([2]) }),
      { name: "ModelFileError", message: /a file of that name is in the way/ },
    );
  });
});
