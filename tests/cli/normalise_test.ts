import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { UsageError } from "../../lib/runs/errors.ts";
import { normalise, route } from "../../lib/cli/normalise.ts";
import { trainFlags } from "../../lib/runs/train_flags.ts";

const commands = ["train", "eval", "map"];

/** The seed's command line, as it stands. */
const original =
  "--gpu 0 --gpu_frac 0.20 --n_trials 5000 --mode train --output_dir ../ --N 200 --P_inh 0.20 --P_rec 0.20 --som_N 0 --apply_dale True --gain 1.5 --task xor --act sigmoid --loss_fn l2 --decay_taus 4 20"
    .split(" ");

Deno.test("route() takes the original's command line for train, with and without the word", () => {
  for (const args of [original, ["train", ...original]]) {
    const { command, rest } = route(args, commands);
    equal(command, "train");
    equal(rest.length, original.length - 2);
    equal(rest.includes("--mode"), false);
  }
});

Deno.test("route() takes --mode eval for the command eval", () => {
  equal(route(["--mode", "eval", "--N", "10"], commands), {
    command: "eval",
    rest: ["--N", "10"],
  });
  equal(route(["train", "--N", "10", "--mode=Eval"], commands), {
    command: "eval",
    rest: ["--N", "10"],
  });
  equal(route(["eval", "--mode", "eval", "x.mat"], commands), {
    command: "eval",
    rest: ["x.mat"],
  });
});

Deno.test("route() refuses unknown modes and commands, with a suggestion", () => {
  throws(() => route(["--mode", "sing"], commands), /--mode sing: allowed/);
  throws(() => route(["--mode"], commands), UsageError);
  throws(() => route(["eval", "--mode", "train"], commands), UsageError);
  throws(() => route(["trian"], commands), /did you mean train\?/);
  throws(() => route(["constructor"], commands), UsageError);
});

Deno.test("route() leaves help and version to the program", () => {
  for (const args of [[], ["--help"], ["-h"], ["--version"]]) {
    equal(route(args, commands), { command: undefined, rest: args });
  }
});

Deno.test("normalise() gives every flag of the original its value", () => {
  const rest = route(original, commands).rest;
  equal(normalise(rest, trainFlags), [
    "--gpu=0",
    "--gpu_frac=0.20",
    "--n_trials=5000",
    "--output_dir=../",
    "-N=200",
    "--P_inh=0.20",
    "--P_rec=0.20",
    "--som_N=0",
    "--apply_dale=True",
    "--gain=1.5",
    "--task=xor",
    "--act=sigmoid",
    "--loss_fn=l2",
    "--decay_taus=4,20",
  ]);
});

Deno.test("normalise() takes dashes, any case and attached values", () => {
  const expected = ["--decay_taus=4,20", "--P_rec=0.3", "-N=50"];
  equal(
    normalise(
      ["--decay-taus", "4", "20", "--p-rec=0.3", "--n", "50"],
      trainFlags,
    ),
    expected,
  );
  equal(
    normalise(["--decay-taus=4,20", "--P-REC", "0.3", "-N=50"], trainFlags),
    expected,
  );
});

Deno.test("normalise() takes a third number for an argument of its own", () => {
  equal(normalise(["--decay_taus", "4", "20", "30"], trainFlags), [
    "--decay_taus=4,20",
    "30",
  ]);
  equal(normalise(["--decay_taus", "4", "model.mat"], trainFlags), [
    "--decay_taus=4",
    "model.mat",
  ]);
});

Deno.test("normalise() knows switches, their negation and True or False", () => {
  equal(normalise(["--quiet", "--N", "5"], trainFlags), [
    "--quiet=true",
    "-N=5",
  ]);
  equal(normalise(["--quiet", "x.mat"], trainFlags), ["--quiet=true", "x.mat"]);
  equal(normalise(["--no-apply-dale"], trainFlags), ["--apply_dale=false"]);
  equal(normalise(["--apply_dale", "0"], trainFlags), ["--apply_dale=0"]);
});

Deno.test("normalise() takes negative numbers for values", () => {
  equal(normalise(["--gain", "-1"], trainFlags), ["--gain=-1"]);
});

Deno.test("normalise() leaves everything after -- alone", () => {
  equal(normalise(["--N", "5", "--", "--x", "-N"], trainFlags), [
    "-N=5",
    "--",
    "--x",
    "-N",
  ]);
});

Deno.test("normalise() suggests the flag that was meant", () => {
  throws(
    () => normalise(["--learningrate", "1"], trainFlags),
    /did you mean --learning_rate\?/,
  );
  throws(() => normalise(["--xyzzy"], trainFlags), /see --help/);
  throws(() => normalise(["--__proto__", "1"], trainFlags), UsageError);
});

Deno.test("normalise() asks for a missing value", () => {
  throws(() => normalise(["--N"], trainFlags), /without a value/);
  throws(() => normalise(["--N", "--quiet"], trainFlags), /without a value/);
  throws(() => normalise(["--N="], trainFlags), /without a value/);
  // A value that looks like a flag, as names of conditions and folders may.
  const hint = /without a value.*\(if -left is the value: --output_dir=-left\)/;
  throws(() => normalise(["--output_dir", "-left"], trainFlags), hint);
  throws(
    () => normalise(["--output_dir", "--quiet"], trainFlags),
    (error: Error) => !/is the value/.test(error.message),
  );
});
