/** `eval --spiking`, and the constants of neuron models that it takes. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { decodeNpz } from "../../lib/formats/npz.ts";
import { evaluate } from "../../lib/simulate/evaluate_rate.ts";
import { evaluateSpiking } from "../../lib/simulate/evaluate_spiking.ts";
import type { Perturbations } from "../../lib/simulate/run.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { mappedNetwork } from "../../lib/spiking/mapped.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { run } from "./in_process.ts";
import { shared, small, withModel } from "./with_model.ts";

Deno.test("eval --spiking puts both networks side by side, with a diagnosis", async () => {
  const args = [
    "eval",
    small.pathname,
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
    /^conversion: undecided: performance.*; about \d+ trials would decide$/m,
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

Deno.test("eval --spiking evaluates both networks while something passes in a trial, without a verdict", async () => {
  const args = ["eval", small.pathname, ...shared, "--spiking"]
    .concat("--factor=50", "--trials=4");
  const scores = async (...more: string[]) => {
    const { out } = await run([...args, "--json", ...more]);
    const events = out.trimEnd().split("\n").map((line) => JSON.parse(line));
    equal(events.map(({ kind, network }) => [kind, network]), [
      ["evaluation", "rate"],
      ["evaluation", "spiking"],
    ]);
    ok(events.every(({ modified }) => modified), "says what was done");
    return events.map(({ score }) => score);
  };
  const model = await readModel(small.pathname);
  const task = getTask("go-nogo");
  const spiking = convert(model.network, {
    scalingFactor: 50,
    stepMs: task.stepMs,
  });
  const evaluated = async (perturbation: Perturbations) => {
    const options = { seed: 1, trials: 4, balanced: true, ...perturbation };
    return JSON.parse(JSON.stringify([
      await evaluate(model.network, task, options),
      await evaluateSpiking(spiking, task, options),
    ]));
  };
  const strong = ["--from=I", "--scale=3"];
  equal(
    await scores(...strong, "--window=response", "--lesion", "0", "1"),
    await evaluated({
      lesion: [0, 1],
      modifications: [
        { kind: "scale", amount: 3, from: "I", to: "all", window: "response" },
      ],
    }),
  );
  equal(
    await scores("--stim=inh", "--stim_units=E", "--stim_window=0:500"),
    await evaluated({
      stimulation: { kind: "inh", units: "E", window: { from: 0, to: 500 } },
    }),
  );
  const { out } = await run([...args, "--noise=2"]);
  match(out, /^conversion: not judged: networks change in a trial/m);
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
