/** `map`, `eval --spiking` and `simulate`, end to end. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { Output } from "../../lib/cli/output.ts";
import { keepState } from "../../lib/runs/search_state.ts";
import { decodeMat, matrix, scalar, text, vector } from "../../lib/mat5/mod.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { decodeNpz } from "../../lib/formats/npz.ts";
import { mappedNetwork } from "../../lib/spiking/mapped.ts";
import { goNogo } from "../../lib/tasks/go_nogo.ts";
import { inFolder } from "../folder.ts";
import { textsOf } from "../formats/npy.ts";
import { fakeTerminal } from "./fake_terminal.ts";
import { run } from "./in_process.ts";

const original = new URL("../data/gonogo_original.mat", import.meta.url);
const shared = ["--task=go-nogo", "--seed=1"];

async function withModel(
  run: (model: string, folder: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const model = join(folder, "model.mat");
    await Deno.copyFile(original, model);
    await run(model, folder);
  });
}

Deno.test("map writes the factor into the file, says why, and skips it the next time", async () => {
  await withModel(async (model, folder) => {
    const args = ["map", model, ...shared, "--factors=20,50", "--trials=8"];
    const { out, err } = await run(args);
    match(err, /seed 1\n/);
    match(out, /^factor +paper's rule +strict rule +output error +E Hz +I Hz/m);
    match(out, /^50 \* +\d+/m);
    match(out, /^scaling factor 50: the smallest output error/m);
    match(out, /^plateau: \d of 2 factors, from/m);
    const { search, task } = await readModel(model);
    equal(
      task,
      { name: "go-nogo", timing: goNogo().timing },
      "the original's file did not say it",
    );
    equal(search?.chosen, 50, "at 20 the output is four times too large");
    equal(search?.factors, [20, 50]);
    equal(search?.scores[0].paper.trials, 8);
    match((await run(args)).out, /searched already, factor 50/);
    const again = await run([...args, "--force", "--select=paper"]);
    match(again.out, /best performance by the paper's rule/);
    equal((await readModel(model)).search?.chosen, 20, "the first of equals");
    equal([...Deno.readDirSync(folder)].length, 1, "no state is left behind");
  });
});

Deno.test("map clears away the state of a search that the model holds, and no other", async () => {
  await withModel(async (model, folder) => {
    const args = ["map", model, ...shared, "--factors=30,50", "--trials=6"];
    await run(args);
    const { factors, scores } = (await readModel(model)).search!;
    const tried = factors.map((factor, k) => ({ factor, score: scores[k] }));
    const state = { fingerprint: "of a run", seed: 1, tried };
    const output = new Output(fakeTerminal(), { quiet: true, json: false });
    const left = () => [...Deno.readDirSync(folder)].length - 1;
    // Killed when the model was written, before the state was removed.
    await keepState(model, state, output);
    equal(left(), 1);
    await run(args);
    equal(left(), 0);
    // Killed in a search with --force, which found something else.
    const [first, second] = tried;
    await keepState(model, {
      ...state,
      tried: [first, { ...second, score: first.score }],
    }, output);
    await run(args);
    equal(left(), 1);
    await keepState(
      model,
      { ...state, tried: [{ ...first, factor: 35 }] },
      output,
    );
    await run(args);
    equal(left(), 1);
  });
});

Deno.test("map logs a search with its rasters, and the calibration of a searched model", async () => {
  await withModel(async (model, folder) => {
    const logs = join(folder, "logs");
    const args = ["map", model, ...shared, "--trials=4", "--log_dir", logs];
    const read = async (name: string) =>
      (await Deno.readTextFile(join(logs, name, "run.jsonl"))).trimEnd()
        .split("\n").map((line) => JSON.parse(line));
    const { out } = await run([...args, "--factors=50", "--json"]);
    ok(out.length < 5000, "no arrays that only figures need");
    const [, factor] = await read("map_model");
    equal(factor.kind, "factor");
    equal(
      factor.raster.groups.map(({ type }: { type: string }) => type),
      ["E", "I"],
    );
    ok(Uint8Array.fromBase64(factor.raster.bits).some((byte) => byte > 0));
    await run([...args, "--calibrate=readout", "--calibrate_trials=4"]);
    const lines = await read("calibrate_model");
    equal(lines.map(({ kind }) => kind), ["run", "calibrated", "saved"]);
    equal(lines[1].step, "readout");
    equal(typeof lines[1].before.outputError, "number");
  });
});

Deno.test("map goes on after a model that cannot be mapped, and says so at the end", async () => {
  await withModel(async (model, folder) => {
    await Deno.mkdir(join(folder, "more"));
    const bytes = await Deno.readFile(model);
    await Deno.writeFile(join(folder, "bad.mat"), bytes.subarray(0, 9999));
    await Deno.copyFile(model, join(folder, "more", "other.mat"));
    const { out, err } = await run([
      "map",
      folder,
      ...shared,
      "--factors=50",
      "--trials=2",
    ], 1);
    match(err, /^spikernn: .*bad\.mat: Cannot read/m);
    match(err, /^spikernn: Cannot map 1 of 3 models/m);
    equal(out.match(/^scaling factor 50/gm)?.length, 2);
    for (const path of [model, join(folder, "more", "other.mat")]) {
      equal((await readModel(path)).search?.chosen, 50);
    }
  });
});

Deno.test("eval --spiking puts both networks side by side, with a diagnosis", async () => {
  const args = [
    "eval",
    original.pathname,
    ...shared,
    "--spiking",
    "--factor=50",
    "--trials=10",
  ];
  const { out } = await run(args);
  match(out, /^go +rate +5 .*\n +spiking +5 /m);
  match(out, /^scaling factor 50; firing rates: E [\d.]+ Hz, I [\d.]+ Hz$/m);
  match(
    out,
    /^conversion: undecided: performance; about \d+ trials would decide$/m,
  );
  for (const line of out.split("\n").slice(1, -1)) {
    ok(line.startsWith("  ") || line.length <= 100, line);
  }
  const events = (await run([...args, "--json"])).out.trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  equal(events.map(({ kind, network }) => [kind, network]), [
    ["evaluation", "rate"],
    ["evaluation", "spiking"],
    ["diagnosis", undefined],
  ]);
  ok(events[1].score.rates.inhibitory > events[1].score.rates.excitatory);
});

Deno.test("eval --spiking takes the factor and the models of the search", async () => {
  await withModel(async (model) => {
    await run([
      "map",
      model,
      ...shared,
      "--factors=50",
      "--trials=2",
      "--model=qif",
      "--tref=3",
    ]);
    const searched = (await readModel(model)).search?.scores[0];
    const { out } = await run([
      "eval",
      model,
      ...shared,
      "--spiking",
      "--trials=2",
      "--json",
    ]);
    const spiking = JSON.parse(out.split("\n")[1]);
    equal(spiking.factor, 50);
    ok(searched?.rates && spiking.score.rates);
    const lif = await run([
      "eval",
      model,
      ...shared,
      "--spiking",
      "--trials=2",
      "--json",
      "--model=lif",
    ]);
    ok(
      JSON.parse(lif.out.split("\n")[1]).score.rates.excitatory !==
        spiking.score.rates.excitatory,
      "another neuron model fires otherwise",
    );
  });
});

Deno.test("map records the constants of adaptation, and eval and simulate take them from there", async () => {
  await withModel(async (model, folder) => {
    const some = ["--factors=50", "--trials=2", "--model=alif", "--b_w=2"];
    const map = ["map", model, ...shared, ...some, "--tau_w=40"];
    await run([...map, "--write_anyway"]);
    const { search } = await readModel(model);
    equal(search?.settings.neuron, {
      name: "alif",
      tauMembrane: 10,
      refractory: 2,
      reset: -65,
      peak: -40,
      bias: -40,
      tauAdaptation: 40,
      adaptationJump: 2,
    });
    const { neuron } = mappedNetwork(await readModel(model));
    equal(neuron, search?.settings.neuron);
    const rates = async (...more: string[]) => {
      const args = ["eval", model, ...shared, "--spiking", "--trials=2"];
      const { out } = await run([...args, "--json", ...more]);
      return JSON.parse(out.split("\n")[1]).score.rates.inhibitory;
    };
    const recorded = await rates();
    equal(await rates("--b_w=2", "--tau_w=40"), recorded);
    // Other constants take the others from the file.
    const weaker = await rates("--b_w=0");
    equal(weaker, await rates("--model=lif"));
    ok(recorded < weaker, `${recorded} Hz, ${weaker} Hz`);
    const npz = join(folder, "runs.npz");
    const args = ["simulate", model, ...shared, "--trials=1", "--record=rates"];
    await run([...args, "--every=2000", "--output", npz]);
    ok(decodeNpz(await Deno.readFile(npz)).get("rates"));
    const tuned = ["map", model, ...shared, "--calibrate", "tune"];
    match((await run(tuned, 2)).err, /Cannot tune a network of alif units/);
  });
});

Deno.test("simulate refuses --every beyond the trial, and says when it does nothing", async () => {
  await withModel(async (model, folder) => {
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
    equal(arrays.get("rates")?.shape, [1, 200, 1]);
    const plain = await run([...args, "--every=20001"]);
    match(plain.err, /^--every: no effect without --record$/m);
    ok(!plain.err.includes("writing"));
    const rate = ["simulate", model, "--task=go-nogo", "--seed=1", "--rate"];
    const all = await run([...rate, "--record=rates", "--every=7", "--force"]);
    match(all.err, /^--every: no effect with --rate, every step is kept$/m);
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

Deno.test("simulate takes a stimulus of one's own", async () => {
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

Deno.test("map --calibrate is recorded, reported, and used by eval", async () => {
  await withModel(async (model) => {
    const search = ["--factors=30", "--trials=8"];
    const calibrate = ["--calibrate=readout,weights", "--calibrate_trials=8"];
    const { out } = await run([
      "map",
      model,
      ...shared,
      ...search,
      ...calibrate,
    ]);
    match(out, /^calibration, readout: strict \d+ % → \d+ %, .*: kept$/m);
    match(out, /^calibration, weights: strict /m);
    const { calibration } = (await readModel(model)).search!;
    equal(calibration?.factor, 30);
    equal(calibration?.outcomes.map(({ step }) => step), [
      "readout",
      "weights",
    ]);
    match((await run(["info", model])).out, /calibration, readout/);
    const error = async (...flags: string[]) => {
      const { out } = await run([
        ...["eval", model, ...shared, "--spiking", "--trials=6", "--json"],
        ...flags,
      ]);
      const spiking = out.trim().split("\n").map((line) => JSON.parse(line))
        .find(({ network }) => network === "spiking");
      return spiking.score.outputError as number;
    };
    const calibrated = await error();
    const plain = await error("--uncalibrated");
    ok(calibrated < 0.5 * plain, `${calibrated}, plain ${plain}`);
    equal(await error("--factor=30"), calibrated, "the factor it was made for");
    ok(await error("--synapse=single") > calibrated, "another model: without");
  });
});

Deno.test("map --calibrate goes on from an earlier search", async () => {
  await withModel(async (model) => {
    const search = ["--factors=30", "--trials=6"];
    await run(["map", model, ...shared, ...search, "--synapse=single"]);
    const before = (await readModel(model)).search!;
    const { err } = await run([
      ...["map", model, ...shared, "--trials=6"],
      ...["--calibrate", "readout", "--calibrate_trials", "6"],
    ]);
    match(err, /calibrating .* at factor 30/);
    const { calibration, runs, ...after } = (await readModel(model)).search!;
    equal({ ...after, runs: [runs![0]] }, before, "the search itself stays");
    equal(runs!.map((run) => run.calibrate), [undefined, ["readout"]]);
    equal(calibration?.outcomes.length, 1);
    await run(["map", model, ...shared, "--calibrate=none"], 2);
  });
});

Deno.test("map --calibrate tune keeps gains of synapses beside the rate network", async () => {
  await withModel(async (model) => {
    const before = (await readModel(model)).network;
    const { out } = await run([
      ...["map", model, ...shared, "--factors=35", "--trials=8"],
      ...["--calibrate=tune", "--calibrate_trials=8", "--tune_updates=20"],
      ...["--tune_rounds=2", "--tune_batch=8", "--tune_rate=0.1"],
      ...["--tune_guide=0.2"],
    ]);
    match(out, /^calibration, tune: strict \d.* % → \d.* %, .*: kept$/m);
    match(out, /^synapses: gains \d\S* to \d/m);
    const each =
      /[12] rounds?: strict \d.* % of [26]00 at 35\b.* \(fresh trials, factor\)/;
    match(out, new RegExp(`^tune, ${each.source}$`, "m"));
    match((await run(["info", model])).out, each);
    const { network, search } = await readModel(model);
    equal(network, before, "the rate network is as it was");
    const { settings, calibration, outcomes } = search!.calibration!;
    ok(outcomes[0].rounds!.every(({ factor }) => factor === 35));
    const { tuneRounds, tuneUpdates, tuneBatch, tuneRate, tuneGuide } =
      settings;
    equal([tuneRounds, tuneUpdates, tuneBatch], [2, 20, 8]);
    equal([tuneRate, tuneGuide], [0.1, 0.2]);
    const [gains] = calibration.synapses!.recurrent;
    ok(gains.every((gain) => gain > 0) && gains.some((gain) => gain !== 1));
    await run(["map", model, ...shared, "--tune_weights=some"], 2);
  });
});
