/** `map --calibrate`. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { run } from "./in_process.ts";
import { shared, withModel } from "./with_model.ts";

/** Five times the usual step, which takes a fifth of the time. */
const coarse = [...shared, "--downsample=5"];

Deno.test("map --calibrate is recorded, reported, and used by eval", async () => {
  await withModel(async (model) => {
    const search = ["--factors=30", "--trials=8"];
    const calibrate = ["--calibrate=readout,weights", "--calibrate_trials=8"];
    const { out } = await run([
      "map",
      model,
      ...coarse,
      ...search,
      ...calibrate,
    ]);
    match(out, /^calibration, readout: strict [\d.]+ % → [\d.]+ %, .*: kept$/m);
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
    await run(["map", model, ...coarse, ...search, "--synapse=single"]);
    const before = (await readModel(model)).search!;
    const { err } = await run([
      ...["map", model, ...coarse, "--trials=6"],
      ...["--calibrate", "readout", "--calibrate_trials", "6"],
    ]);
    match(err, /calibrating .* at factor 30/);
    const { calibration, runs, ...after } = (await readModel(model)).search!;
    equal({ ...after, runs: [runs![0]] }, before, "the search itself stays");
    equal(runs!.map((run) => run.calibrate), [undefined, ["readout"]]);
    equal(calibration?.outcomes.length, 1);
    await run(["map", model, ...coarse, "--calibrate=none"], 2);
    const kept = await Deno.readFile(model);
    for (
      const [flag, what] of [
        ["--model=alif", "neuron model"],
        ["--tm=20", "neuron model"],
        ["--synapse=double", "synapses"],
        ["--downsample=2", "integration step"],
      ]
    ) {
      const args = ["map", model, ...shared, "--calibrate=readout", flag];
      const { err } = await run(args, 2);
      match(err, new RegExp(`another ${what}.* \\(lif, single, .*--force`));
    }
    equal(await Deno.readFile(model), kept);
  });
});

Deno.test("map --calibrate tune keeps gains of synapses beside the rate network", async () => {
  await withModel(async (model) => {
    const before = (await readModel(model)).network;
    const { out } = await run([
      ...["map", model, ...coarse, "--factors=35", "--trials=8"],
      ...["--calibrate=tune", "--calibrate_trials=8", "--tune_updates=20"],
      ...["--tune_rounds=2", "--tune_batch=8", "--tune_rate=0.1"],
      ...["--tune_guide=0.2"],
    ]);
    match(out, /^calibration, tune: strict \d.* % → \d.* %, .*: kept$/m);
    match(out, /^synapses: gains \d\S* to \d/m);
    const each =
      /[12] rounds?: strict \d.* % of [126]00 at 35\b.* \(fresh trials, factor\)/;
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
    await run(["map", model, ...coarse, "--tune_weights=some"], 2);
  });
});

Deno.test("map --calibrate refuses a network that fails its task, and what is forced says so", async () => {
  await withModel(async (model) => {
    const saved = await readModel(model);
    // Without its readout it never responds.
    await writeModel(model, {
      network: {
        ...saved.network,
        readout: {
          ...saved.network.readout,
          weights: saved.network.readout.weights.map((w) => w.map(() => 1e-9)),
        },
      },
      task: saved.task,
    });
    const args = [
      ...["map", model, ...coarse, "--factors=30", "--trials=6"],
      ...["--write_anyway", "--calibrate=readout", "--calibrate_trials=4"],
    ];
    const { err } = await run(args, 2);
    match(err, /Cannot calibrate: the rate network itself is right in 50 %/);
    match(err, /--calibrate_anyway calibrates it nevertheless/);
    equal((await readModel(model)).search?.calibration, undefined);
    const { err: forced } = await run([...args, "--calibrate_anyway"]);
    match(forced, /has learned the task anew/);
    equal((await readModel(model)).search?.runs?.[0].calibrate_anyway, true);
  });
});
