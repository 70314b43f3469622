import assert from "node:assert/strict";
import fc from "fast-check";
import {
  modelPath,
  type ModelPathSettings,
  pythonFloat,
  safeName,
  taskOfPath,
  timestamp,
} from "../../lib/formats/model_path.ts";

const settings: ModelPathSettings = {
  outputDir: "../",
  task: "xor",
  dale: true,
  connectionProbability: 0.2,
  taus: [4, 20],
  sizes: [200],
  activation: "sigmoid",
  time: new Date(2026, 0, 2, 3, 4, 5),
};

Deno.test("modelPath() gives the original's path", () => {
  assert.equal(
    modelPath(settings),
    "../models/xor/P_rec_0.2_Taus_4.0_20.0/Task_xor_N_200_Taus_4.0_20.0_Act_sigmoid_2026_01_02_030405.mat",
  );
});

Deno.test("modelPath() says one decay constant, no Dale's principle, and layers", () => {
  assert.equal(
    modelPath({
      ...settings,
      outputDir: "out",
      dale: false,
      taus: [20],
      sizes: [200, 200, 200],
    }),
    "out/models/xor/NoDale/P_rec_0.2_Tau_20.0/Task_xor_N_200_Tau_20.0_Act_sigmoid_2026_01_02_030405_3_layers.mat",
  );
  assert.match(
    modelPath({ ...settings, sizes: [200, 100, 50] }),
    /Task_xor_N_200-100-50_Taus.*_3_layers\.mat$/,
  );
});

Deno.test("modelPath() never leaves the output folder, whatever the task is called", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.constantFrom("..", ".", "../..", "/etc", "a/../../b", "C:\\x", "\0"),
      ),
      (task) => {
        const path = modelPath({ ...settings, outputDir: "out", task });
        assert.match(
          path,
          /^out\/models\/[\w-][\w.-]*\/P_rec_[^/]+\/Task_[\w.-]+\.mat$/,
        );
        assert.ok(!path.includes("/../"));
      },
    ),
    { numRuns: 500, seed: 1 },
  );
});

Deno.test("safeName() keeps the names of tasks", () => {
  for (const name of ["go-nogo", "xor-original", "dms", "my_task.v2"]) {
    assert.equal(safeName(name), name);
  }
  assert.equal(safeName("../x"), "_x");
  assert.equal(safeName(""), "task");
  assert.equal(safeName("a".repeat(500)).length, 64);
});

Deno.test("pythonFloat() prints as Python does", () => {
  const cases: [number, string][] = [
    [0.2, "0.2"],
    [4, "4.0"],
    [0, "0.0"],
    [-0, "-0.0"],
    [0.1 + 0.2, "0.30000000000000004"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1.5e-7, "1.5e-07"],
    [123456789012345680, "1.2345678901234568e+17"],
    [1e15, "1000000000000000.0"],
    [1e16, "1e+16"],
    [1e100, "1e+100"],
    [-2.5, "-2.5"],
    [Infinity, "inf"],
    [NaN, "nan"],
  ];
  for (const [value, printed] of cases) {
    assert.equal(pythonFloat(value), printed);
  }
});

Deno.test("timestamp() pads its parts", () => {
  assert.equal(
    timestamp(new Date(2026, 10, 24, 23, 4, 59)),
    "2026_11_24_230459",
  );
});

Deno.test("taskOfPath() finds the task in a file's name", () => {
  assert.equal(taskOfPath(modelPath(settings)), "xor");
  assert.equal(
    taskOfPath("a/Task_go-nogo_N_200_Taus_4.0_20.0_Act_sigmoid_2019.mat"),
    "go-nogo",
  );
  assert.equal(
    taskOfPath(modelPath({ ...settings, task: "my_task" })),
    "my_task",
  );
  assert.equal(taskOfPath("model.mat"), undefined);
  assert.equal(taskOfPath("Task_../x_N_2.mat"), undefined);
});

for (
  const [path, task] of [
    [
      "spikeRNN_Fig-S3-SST-run-01_Task_go-nogo_N_200_Taus_4.0_20.0_Act_sigmoid_2021.mat",
      "go-nogo",
    ],
    ["old (1) Task_mante_N_200.mat", "mante"],
    ["copy-Task_xor-original_N_20.mat", "xor-original"],
    ["run/Task_XOR_N_20.mat", "xor"],
    ["Task_xor.mat", "xor"],
    ["Task_go-nogo_best.mat", "go-nogo"],
    ["multiTask_go-nogo_N_20.mat", undefined],
    ["Task_best_of_all.mat", undefined],
    ["a/models/go-nogo/best.mat", "go-nogo"],
    ["models/my_task/P_rec_0.2_Taus_4.0_20.0/best.mat", "my_task"],
    ["models/my_task/NoDale/P_rec_0.2_Tau_4.0/best.mat", "my_task"],
    ["a\\models\\mante\\P_rec_0.2_Tau_4.0\\best.mat", "mante"],
    ["models/mine/best.mat", undefined],
    ["data/xor/best.mat", "xor"],
    ["xor/models/go-nogo/NoDale/best.mat", "go-nogo"],
    ["xor/a/b/c/best.mat", undefined],
    ["models/xor/Task_go-nogo_N_20.mat", "go-nogo"],
  ] as const
) {
  Deno.test(`taskOfPath() finds ${task ?? "no task"} in ${path}`, () => {
    assert.equal(taskOfPath(path), task);
  });
}
