/** Whatever is wrong with the input is said in one line, with the right code. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import {
  decodeMat,
  encodeMat,
  type MatValue,
  numeric,
} from "../../lib/mat5/mod.ts";
import { inFolder } from "../folder.ts";
import { runInProcess } from "./in_process.ts";

const model = "tests/data/gonogo_original.mat";

/** Runs a command line and checks how it fails; gives what was said of it. */
async function fails(
  args: readonly string[],
  code: number,
  message: RegExp,
): Promise<string> {
  const { code: ended, out, err } = await runInProcess(args);
  const told = `${args.join(" ")}\n${out}${err}`;
  equal(ended, code, told);
  match(err, message, told);
  const errors = err.split("\n").filter((line) => line.startsWith("spikernn:"));
  equal(errors.length, 1, told);
  ok(!/\bat .*\.ts:\d/.test(err), `no place in the program: ${told}`);
  equal(out, "", told);
  return err;
}

Deno.test("train says which flag is out of range, what it received and what is allowed", async () => {
  const cases: [string, RegExp][] = [
    ["--N 0", /Cannot use --N "0": allowed are whole numbers from 1 to/],
    ["--N 2.5", /Cannot use --N "2.5": allowed are whole numbers/],
    ["--N many", /Cannot use --N "many"/],
    ["--N 1e99", /Cannot use --N "1e99"/],
    ["--P_inh 1.5", /--P_inh "1.5": allowed are numbers from 0 to 1/],
    ["--P_inh -0.1", /--P_inh "-0.1"/],
    ["--P_rec 0", /--P_rec "0": allowed are numbers of 1 or less and above 0/],
    ["--som_N -1", /--som_N "-1"/],
    ["--apply_dale maybe", /--apply_dale "maybe": allowed are True, False/],
    ["--quiet maybe", /--quiet "maybe": allowed are true, false/],
    ["--gain nan", /--gain "nan"/],
    ["--act relu", /--act "relu": allowed are sigmoid, clipped_relu, softplus/],
    ["--loss_fn l3", /--loss_fn "l3": allowed are l1, l2/],
    ["--w_dist uniform", /--w_dist "uniform": allowed are gaus, gamma/],
    [
      "--decay_taus 0.5 20",
      /--decay_taus "0.5,20": allowed are 1 to 2 numbers of 1 or more/,
    ],
    ["--decay_taus four", /--decay_taus "four"/],
    ["--n_trials 0", /--n_trials "0"/],
    ["--batch 0", /--batch "0"/],
    ["--learning_rate 0", /--learning_rate "0": allowed are numbers above 0/],
    ["--clip_norm -1", /--clip_norm "-1": allowed are numbers above 0, none/],
    ["--eval_freq 0", /--eval_freq "0"/],
    ["--eval_trials 0", /--eval_trials "0"/],
    ["--loss_threshold 0", /--loss_threshold "0"/],
    ["--seed -1", /--seed "-1"/],
    ["--seed 1.5", /--seed "1.5"/],
    ["--workers 0", /--workers "0"/],
    [
      "--backend cuda",
      /--backend "cuda": allowed are auto, simd, reference, webgpu/,
    ],
    ["--gpu_frac 2", /--gpu_frac "2"/],
    ["--mode predict", /--mode predict: allowed are train, eval/],
    ["--config no.toml", /no\.toml: there is no such file/],
    ["--lerning_rate 1", /no such flag, did you mean --learning_rate\?/],
    ["surplus", /Cannot run "surplus": the commands are/],
  ];
  for (const [args, message] of cases) {
    await fails(args.split(" "), 2, message);
  }
});

Deno.test("train says what does not fit together, before it makes anything", async () => {
  await inFolder(async (folder) => {
    const cases: [string, RegExp][] = [
      ["--decay_taus 20 4", /20/],
      ["--N 5 --som_N 6", /6/],
      ["--task gonogo", /Cannot find task "gonogo".*did you mean go-nogo/],
      ["--task xor --delay 500", /Cannot time task xor/],
      ["--task go-nogo --stim_on 190", /Cannot time task go-nogo/],
      ["--task go-nogo --delay 5", /it has no delay/],
      ["--task ./none.ts", /none\.ts/],
      ["--T 200 --timing T=300", /T is given twice/],
      ["--timing T", /--timing "T": allowed are names and whole numbers/],
    ];
    for (const [args, message] of cases) {
      await fails(
        ["train", ...args.split(" "), "--output_dir", folder],
        2,
        message,
      );
    }
    equal([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("train says that its output folder is of no use, before it trains", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "file");
    await Deno.writeTextFile(file, "");
    await fails(["train", "--output_dir", file], 1, /a file is in the way/);
    equal(await Deno.readTextFile(file), "");
    // The superuser may write everywhere but here.
    const closed = Deno.uid() === 0 ? "/proc" : folder;
    await Deno.chmod(folder, 0o555);
    try {
      const message = /Cannot write to the folder/;
      await fails(["train", "--output_dir", closed], 1, message);
    } finally {
      await Deno.chmod(folder, 0o755);
    }
  });
});

Deno.test("readers of models say what is wrong with a file", async () => {
  const bytes = await Deno.readFile(model);
  const fields = decodeMat(bytes);
  const version73 = bytes.slice();
  version73.set(new TextEncoder().encode("MATLAB 7.3 MAT-file"));
  version73[124] = 0;
  version73[125] = 2;
  const without = new Map<string, MatValue>(fields);
  without.delete("w_in");
  const misshapen = new Map<string, MatValue>(fields);
  misshapen.set("w_out", numeric(new Float64Array(7)));
  await inFolder(async (folder) => {
    const cases: [string, Uint8Array, RegExp][] = [
      ["empty", new Uint8Array(), /Cannot read/],
      ["truncated", bytes.subarray(0, 50_000), /Cannot read/],
      [
        "text",
        new TextEncoder().encode("no model\n".repeat(99)),
        /Cannot read/,
      ],
      ["new", version73, /-v7/],
      ["lacking", encodeMat(without), /w_in/],
      ["misshapen", encodeMat(misshapen), /w_out/],
    ];
    for (const [name, content, message] of cases) {
      const path = join(folder, `${name}.mat`);
      await Deno.writeFile(path, content);
      for (const command of ["eval", "info", "map", "simulate"]) {
        await fails(
          [command, path, "--task", "go-nogo"].slice(
            0,
            command === "info" ? 2 : 4,
          ),
          1,
          message,
        );
      }
      equal(await Deno.readFile(path), content, "the file stays as it was");
    }
    await fails(["info", join(folder, "none.mat")], 1, /it does not exist/);
    await fails(["info", folder], 1, /folder/);
    await fails(["map", join(folder, "..", "no such")], 1, /does not exist/);
  });
});

Deno.test("eval and simulate ask for a task or a factor that the file lacks", async () => {
  await fails(["eval", model], 2, /name it by --task/);
  await fails(
    ["eval", model, "--task", "go-nogo", "--spiking"],
    2,
    /run map first or pass --factor/,
  );
  await fails(
    ["simulate", model, "--task", "go-nogo"],
    2,
    /run map first or pass --factor/,
  );
  await fails(
    ["eval", model, "--task", "xor"],
    2,
    /1 input channels?, the task has 2/,
  );
  await fails(["eval", model, "--trials", "0"], 2, /--trials "0"/);
  await fails(["eval", model, "--factor", "0"], 2, /--factor "0"/);
});

Deno.test("a value of several lines is refused by its flag's name", async () => {
  await fails(
    ["train", "--task", "go-nogo", "--output_dir", "a\nb"],
    2,
    /Cannot use --output_dir "a\\nb": allowed are values of one line/,
  );
});

Deno.test("numbers that JSON lacks are shown as the settings file has them", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "settings.toml");
    for (
      const [line, shown] of [
        ["gain = nan", /gain is nan, allowed are numbers of 0 or more/],
        ["gain = -inf", /gain is -inf,/],
        ["decay_taus = [4, nan]", /decay_taus is \[4, nan\],/],
        // A table has no text of its own, as values on the command line have.
        ["gain = { a = 1 }", /gain is \{"a":1\}, allowed are numbers/],
        ["gain = [{ a = 1 }]", /gain is \[\{"a":1\}\],/],
        [`N = "${"x".repeat(5000)}"`, /N is "x{199}…, allowed are whole/],
      ] as const
    ) {
      await Deno.writeTextFile(path, `task = "go-nogo"\n${line}\n`);
      await fails(["train", "--config", path], 2, shown);
      await Deno.writeTextFile(path, `[train]\ntask = "go-nogo"\n${line}\n`);
      await fails(["sweep", path, "--output_dir", folder], 2, shown);
    }
    await Deno.writeTextFile(path, "seeds = nan\n[train]\nN = 5\n");
    await fails(["sweep", path, "--output_dir", folder], 2, /seeds is nan/i);
  });
});

Deno.test("plot takes one model, and says so of a second", async () => {
  await fails(["plot", model, model], 2, /one model at a time is drawn/);
  await fails(["plot", model, "rastre"], 2, /did you mean raster\?/);
});

Deno.test("a scaling factor that is lambda is refused, with the one that was meant", async () => {
  const meant = /did you mean 1\/lambda = 50\?/;
  const go = ["--task", "go-nogo"];
  await inFolder(async (folder) => {
    const file = join(folder, "out.mat");
    await fails(["map", model, "--factors", "20", "0.02", ...go], 2, meant);
    await fails(["eval", model, "--spiking", "--factor=0.02", ...go], 2, meant);
    await fails(
      ["simulate", model, "--factor=0.02", "--output", file, ...go],
      2,
      meant,
    );
    await fails(
      ["plot", model, "raster", "--factor=0.02", "--out", folder, ...go],
      2,
      meant,
    );
    const plan = join(folder, "plan.toml");
    await Deno.writeTextFile(
      plan,
      '[train]\ntask = "go-nogo"\n[map]\nfactors = [0.02]\n',
    );
    await fails(["sweep", plan, "--output_dir", folder], 2, meant);
    for (const factor of ["1.5", "5000"]) {
      await fails(
        ["eval", model, "--spiking", `--factor=${factor}`, ...go],
        2,
        /allowed are numbers from 2 to 750 for the activation sigmoid/,
      );
    }
  });
});

Deno.test("map refuses factors and rules that are none", async () => {
  const map = ["map", model, "--task", "go-nogo"];
  await fails([...map, "--factors", "0", "20"], 2, /--factors "0,20"/);
  await fails([...map, "--factors", "-5"], 2, /--factors "-5"/);
  await fails([...map, "--factors", "20", "20"], 2, /given twice/);
  await fails([...map, "--select", "lenient"], 2, /allowed are strict, paper/);
  await fails([...map, "--model", "hh"], 2, /allowed are lif, qif, eif, alif/);
  await fails(
    [...map, "--model", "alif", "--calibrate", "All"],
    2,
    /Cannot tune a network of alif units.*allowed are lif, qif, eif, or/,
  );
  const tune = [...map, "--calibrate", "tune"];
  const shift = await fails(
    [...tune, "--tune_shift", "60"],
    2,
    /Cannot shift the trials of go-nogo by -60 steps: stimuli and windows begin at 50/,
  );
  const amplitude = await fails(
    [...tune, "--tune_amplitude", "1.3", "0.7"],
    2,
    /amplitude is from 1.3 to 0.7; the least factor comes first/,
  );
  for (const said of [shift, amplitude]) ok(!said.includes("mapping "), said);
});

Deno.test("simulate refuses what does not fit the trial or the network", async () => {
  await inFolder(async (folder) => {
    const simulate = [
      "simulate",
      model,
      "--task",
      "go-nogo",
      "--factor",
      "50",
      "--output",
      join(folder, "out.mat"),
    ];
    const cases: [string, RegExp][] = [
      ["--trial stop", /condition "stop".*go, nogo/],
      ["--trials 0", /--trials "0"/],
      ["--stim exc", /without --stim_units/],
      ["--stim exc --stim_units E", /without --stim_window/],
      ["--stim_units E", /--stim_units without --stim/],
      ["--stim exc --stim_units SST --stim_window 0:10", /population SST/],
      ["--stim exc --stim_units 200 --stim_window 0:10", /unit 200.*0 to 199/],
      ["--stim exc --stim_units E --stim_window 900:1100", /window/],
      ["--stim exc --stim_units E --stim_window 20", /ON:OFF/],
      ["--lesion X", /--lesion "X": allowed are E, I, SST, PV/],
      ["--noise -1", /--noise "-1"/],
      ["--tref -1", /--tref "-1"/],
      ["--downsample 3", /downsampling of 3/],
      ["--tr 0.01", /rise time of 0.01 ms with integration steps of 0.05 ms/],
      ["--tm 0.02", /membrane time constant of 0.02 ms.*0.025 ms and more/],
      ["--model qif --downsample 10", /qif unit would leap from its reset/],
      [
        "--tau_w 50",
        /--tau_w 50 with neuron model lif.*allowed is --model alif/,
      ],
      ["--model eif --b_w 0", /--b_w 0 with neuron model eif/],
      ["--model alif --tau_w 0", /--tau_w "0"/],
      ["--model alif --b_w -1", /--b_w "-1"/],
      ["--record spikes", /--record "spikes": allowed are voltages/],
      [
        "--trials 100000 --record voltages --every 1",
        /100000 trials in a \.mat file: an array would take 1490\.1 GiB, allowed is 2; write \.npz or \.nwb, run fewer trials/,
      ],
    ];
    for (const [args, message] of cases) {
      await fails([...simulate, ...args.split(" ")], 2, message);
    }
    await fails(
      [...simulate.slice(0, -1), join(folder, "out.csv")],
      2,
      /must end in \.mat, \.npz or \.nwb/,
    );
    await fails(
      [...simulate, "--stimulus", join(folder, "none.mat")],
      1,
      /Cannot read the stimulus/,
    );
    const two = join(folder, "two.mat");
    await Deno.writeFile(
      two,
      encodeMat(new Map([["u", numeric(new Float64Array(402), [2, 201])]])),
    );
    await fails([...simulate, "--stimulus", two], 2, /channels/);
    await fails(
      [...simulate, "--stimulus", model, "--trial", "go"],
      2,
      /--stimulus together with --trial/,
    );
    equal([...Deno.readDirSync(folder)].map(({ name }) => name), ["two.mat"]);
  });
});
