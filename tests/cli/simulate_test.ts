/** `simulate`: its files, perturbations and stimuli. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { decodeMat, matrix, scalar, text, vector } from "../../lib/mat5/mod.ts";
import { decodeNpz } from "../../lib/formats/npz.ts";
import { textsOf } from "../formats/npy.ts";
import { run } from "./in_process.ts";
import {
  original,
  shared,
  withModel as withModelOf,
  withSmallModel,
} from "./with_model.ts";

/** Files of the original's model hold the last trial of its training. */
const withModel = (run: (model: string, folder: string) => Promise<void>) =>
  withModelOf(run, original);

Deno.test("simulate refuses --every beyond the trial, and says when it does nothing", async () => {
  await withSmallModel(async (model, folder) => {
    const args = ["simulate", model, ...shared, "--factor=50", "--trials=1"];
    const { err } = await run([...args, "--record=rates", "--every=20001"], 2);
    match(
      err,
      /every 20001 steps: a trial has 20000 .* allowed are 1 to 20000/,
    );
    equal([...Deno.readDirSync(folder)].length, 1, "nothing was written");
    const npz = join(folder, "runs.npz");
    await run([...args, "--record=rates", "--every=20000", "--output", npz]);
    const arrays = decodeNpz(await Deno.readFile(npz));
    equal(arrays.get("rates")?.shape, [1, 10, 1]);
    const plain = await run([...args, "--every=20001"]);
    match(plain.err, /^--every: no effect without --record$/m);
    ok(!plain.err.includes("writing"));
    const rate = ["simulate", model, "--task=go-nogo", "--seed=1", "--rate"];
    const all = await run([...rate, "--record=rates", "--every=7", "--force"]);
    match(all.err, /^--every: no effect with --rate, every step is kept$/m);
  });
});

Deno.test("simulate changes synapses, and says which recordings there are not", async () => {
  await withModel(async (model, folder) => {
    const args = ["simulate", model, ...shared, "--factor=50", "--trials=1"];
    const change = ["--from=I", "--scale=0.5"];
    const npz = (name: string) => join(folder, `${name}.npz`);
    const record = ["--record", "currents", "ei_currents"];
    await run([...args, ...change, ...record, "--output", npz("whole")]);
    const arrays = decodeNpz(await Deno.readFile(npz("whole")));
    const [all, excitatory, inhibitory] = [
      ...["currents", "excitatory_currents", "inhibitory_currents"],
    ].map((name) => arrays.get(name)!.data as Float32Array);
    const most = all.reduce((high, x) => Math.max(high, Math.abs(x)), 0);
    ok(most > 0);
    ok(
      all.every((x, k) =>
        Math.abs(x - excitatory[k] - inhibitory[k]) < 1e-4 * most
      ),
    );
    const window = ["--window=100:200"];
    const { err } = await run([...args, ...change, ...window, ...record], 2);
    match(err, /ei_currents while synapses change in a trial/);
    const later = npz("later");
    await run([...args, ...change, ...window, "--output", later]);
    const [about] = await textsOf(later, "about");
    equal(JSON.parse(about).modifications, [{
      ...{ from: "I", to: "all", kind: "scale", amount: 0.5 },
      window: { from: 100, to: 200 },
    }]);
    const rate = await run([...args, "--rate", ...record, "--force"]);
    match(rate.err, /^--record currents ei_currents: no effect with --rate/m);
  });
});

Deno.test("simulate says that it writes, before a large file takes its time", async () => {
  await withModel(async (model) => {
    const { err } = await run([
      ...["simulate", model, ...shared, "--factor=50", "--trials=1"],
      ...["--record=voltages", "--every=1", "--output", `${model}.mat`],
    ]);
    match(err, /^writing .*\.mat: 16 MB$/m);
  });
});

Deno.test("simulate writes the same trials as .mat and as .npz", async () => {
  await withModel(async (model, folder) => {
    const args = [
      "simulate",
      model,
      ...shared,
      "--factor=50",
      "--trial",
      "go",
      "nogo",
      "--trials=3",
      "--record=voltages",
      "--every=40",
    ];
    const { out } = await run(args);
    const path = join(folder, "model_spiking.mat");
    equal(out, `saved ${path}\n`);
    const npz = join(folder, "runs.npz");
    await run([...args, "--output", npz]);
    const mat = decodeMat(await Deno.readFile(path));
    const arrays = decodeNpz(await Deno.readFile(npz));
    equal(arrays.get("out")?.shape, [3, 20000]);
    equal(arrays.get("voltages")?.shape, [3, 200, 500]);
    equal([...arrays.get("condition")!.data], [0, 1, 0]);
    const names = ["go", "nogo", "go"];
    equal(await textsOf(npz, "conditions"), names);
    const named = mat.get("conditions")!;
    equal(named.kind === "cell" && named.cells.map(text), names);
    // One number has no dimensions in NumPy, and two in MATLAB.
    for (const name of ["seed", "dt_ms", "step_ms", "scaling_factor"]) {
      equal(arrays.get(name)!.shape, [], name);
      equal(scalar(mat.get(name)!), arrays.get(name)!.data[0], name);
    }
    equal([...vector(mat.get("condition")!)], [1, 2, 1]);
    equal(
      [...matrix(mat.get("out")!).data],
      [...arrays.get("out")!.data],
      "rows of MATLAB and of NumPy are the same",
    );
    equal(
      [...vector(mat.get("spike_unit")!)],
      [...arrays.get("spike_unit")!.data].map((unit) => unit + 1),
    );
    // The reader flattens trials×units×samples to trials×(units·samples),
    // with units running faster than samples.
    const voltages = matrix(mat.get("voltages")!).data;
    const rows = arrays.get("voltages")!.data;
    for (const [trial, unit, sample] of [[0, 0, 0], [1, 7, 3], [2, 199, 499]]) {
      equal(
        voltages[trial * 100_000 + sample * 200 + unit],
        rows[(trial * 200 + unit) * 500 + sample],
      );
    }
  });
});

Deno.test("simulate stimulates and lesions both networks alike", async () => {
  await withModel(async (model, folder) => {
    const output = join(folder, "out.npz");
    const simulate = async (...more: string[]) => {
      await run([
        "simulate",
        model,
        ...shared,
        "--factor=50",
        "--trial=go",
        "--output",
        output,
        ...more,
      ]);
      return decodeNpz(await Deno.readFile(output));
    };
    for (const network of [[], ["--rate"]]) {
      const plain = await simulate(...network);
      equal(await simulate(...network), plain, "the same seed, the same trial");
      const stimulation = [
        "--stim=inh",
        "--stim_units=E",
        "--stim_window=400:800",
      ];
      const stimulated = await simulate(...network, ...stimulation);
      const [before, after] = [plain, stimulated].map((arrays) =>
        arrays.get("out")!.data
      );
      const untouched = Math.floor(before.length * 0.39);
      equal(before.slice(0, untouched), after.slice(0, untouched));
      ok(before.some((value, i) => value !== after[i]));
      const all = await simulate(...network, "--lesion", "E", "I");
      const bias = all.get("out")!.data[0];
      ok(
        all.get("out")!.data.every((value) => value === bias),
        "nothing is read",
      );
    }
  });
});

Deno.test("simulate takes a stimulus of your own", async () => {
  await withModel(async (model, folder) => {
    const output = join(folder, "out.npz");
    const args = [
      "simulate",
      model,
      ...shared,
      "--factor=50",
      "--output",
      output,
    ];
    // The original's file holds the stimulus of its last trial, 1×200.
    const stimulus = ["--stimulus", model];
    await run([...args, ...stimulus]);
    const spiking = decodeNpz(await Deno.readFile(output));
    equal(spiking.get("u")?.shape, [1, 1, 200]);
    equal(spiking.get("out")?.shape, [1, 19900]);
    await run([...args, ...stimulus, "--rate"]);
    const rate = decodeNpz(await Deno.readFile(output));
    equal(rate.get("out")?.shape, [1, 199]);
    equal(rate.get("u"), spiking.get("u"));
  });
});
