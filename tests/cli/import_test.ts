/** `import`: files of other programs become models, or are refused in one line. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  char,
  encodeMat,
  logical,
  type MatSparse,
  numeric,
  struct,
} from "../../lib/mat5/mod.ts";
import { encodeNpy, encodeNpz, npyOf } from "../../lib/formats/npz.ts";
import { encodeZip } from "../../lib/formats/npz/zip.ts";
import { effectiveWeights } from "../../lib/network/effective.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { encodeSafeTensors } from "../../lib/formats/safetensors.ts";
import { inFolder } from "../folder.ts";
import { npyOf as npyOfType } from "../formats/npy.ts";
import { run, runInProcess } from "./in_process.ts";

const w = { data: Float32Array.of(0, -1, 2, 0), shape: [2, 2] };
const wIn = { data: Float32Array.of(1, 2), shape: [2, 1] };
const wOut = { data: Float32Array.of(1, -1), shape: [1, 2] };
const taus = { data: Float32Array.of(4, 8), shape: [2] };

Deno.test("import makes a model of a file that PyTorch left, and eval takes it", async () => {
  const data = fileURLToPath(
    new URL("../data/pytorch_go_nogo.npz", import.meta.url),
  );
  await inFolder(async (folder) => {
    const model = join(folder, "net.mat");
    const args = ["import", data, "--task", "go-nogo", "--output", model];
    const { out, err } = await run(args);
    equal([out, err], [`saved ${model}\n`, "60 units, 12 inhibitory\n"]);
    const { task, network } = await readModel(model);
    equal([task?.name, network.activation, network.dale], [
      "go-nogo",
      "sigmoid",
      true,
    ]);
    const evaluated = await run([
      "eval",
      model,
      "--trials=20",
      "--seed=1",
      "--json",
    ]);
    match(evaluated.out, /"strict":\{"correct":20/);
    match((await runInProcess(args)).err, /it is there already/);
  });
});

Deno.test("import takes arrays by other names, and from several files", async () => {
  await inFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    await Deno.writeFile(
      at("net.safetensors"),
      encodeSafeTensors(
        new Map([["rnn.hh", w], ["rnn.ih", wIn], ["fc.weight", wOut], [
          "tau",
          taus,
        ]]),
      ),
    );
    await run([
      ...["import", at("net.safetensors"), "--w", "rnn.hh", "--w_in", "rnn.ih"],
      ...["--w_out", "fc.weight", "--taus", "tau"],
    ]);
    const one = (await readModel(at("net.mat"))).network;
    await Deno.writeFile(at("w.npy"), encodeNpy(w.data, w.shape));
    await Deno.writeFile(
      at("a.npz"),
      encodeNpz({ w_in: wIn, readout: wOut, taus }),
    );
    await run([
      ...["import", "--w", at("w.npy"), "--w_in", at("a.npz")],
      ...["--w_out", `${at("a.npz")}:readout`, "--taus", at("a.npz")],
      ...["--output", at("several.mat")],
    ]);
    equal((await readModel(at("several.mat"))).network, one);
    equal([...one.layers[0].inhibitory], [0, 1]);
  });
});

/** A .npy of Python's objects. */
const objects = npyOfType("|O", new Float64Array(2));

Deno.test("import leaves out arrays that it does not need, whatever they are, and says so", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "net.npz");
    const bytes = encodeZip([
      ...Object.entries({ w, w_in: wIn, w_out: wOut, taus }).map((
        [name, array],
      ) => [`${name}.npy`, npyOf(array)] as const),
      ["rnn.bias_hh_l0.npy", npyOf(taus)],
      ["names.npy", objects],
      ["README.txt", Uint8Array.of(1)],
    ], true);
    await Deno.writeFile(path, bytes);
    const { err } = await run(["import", path]);
    equal(
      err,
      `${path}: not used: rnn.bias_hh_l0, names, README.txt ` +
        "(single units have no bias here)\n2 units, 1 inhibitory\n",
    );
    const { layers } = (await readModel(join(folder, "net.mat"))).network;
    equal([...layers[0].inhibitory], [0, 1]);
  });
});

Deno.test("import takes a file of MATLAB, fields of its structures included, and leaves it as it is", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "net.mat");
    const signed = {
      kind: "sparse",
      dims: [2, 2],
      logical: false,
      rowIndices: Int32Array.of(1, 0),
      columnStarts: Int32Array.of(0, 1, 2),
      data: Float64Array.of(2, -1),
    } satisfies MatSparse;
    const bytes = encodeMat({
      net: struct({ J: signed, tau: numeric(Int8Array.of(4, 8), [2, 1]) }),
      // Two units of three channels, column by column.
      B: numeric(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
      readout: numeric(Float64Array.of(1, -1), [1, 2, 1]),
      inh: logical([0, 1]),
      name: char("a network"),
    });
    await Deno.writeFile(path, bytes);
    const { out, err } = await run([
      ...["import", path, "--w", "net.J", "--w_in", "B"],
      ...["--w_out", "readout", "--taus", "net.tau"],
    ]);
    const target = join(folder, "net_model.mat");
    equal(out, `saved ${target}\n`);
    match(err, /not used: name\n/);
    equal(new Uint8Array(await Deno.readFile(path)), bytes);
    const { network } = await readModel(target);
    equal([...effectiveWeights(network, 0)], [0, -1, 2, 0]);
    equal([...network.inputs[0].weights], [1, 3, 5, 2, 4, 6]);
    equal([...network.readout.weights[0]], [1, -1]);
    match(
      (await runInProcess(["import", path, "--w", "name", "--force"])).err,
      /its name is 1x9 char, real numbers are needed/,
    );
  });
});

Deno.test("import refuses in one line what is no network, and writes nothing", async () => {
  await inFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    const write = (name: string, arrays: Parameters<typeof encodeNpz>[0]) =>
      Deno.writeFile(at(name), encodeNpz(arrays));
    const good = { w, w_in: wIn, w_out: wOut, taus };
    await write("good.npz", good);
    await write("turned.npz", {
      ...good,
      w: { data: Float32Array.of(0, -1, 2, 3), shape: [2, 2] },
    });
    await write("wide.npz", {
      ...good,
      w: { data: new Float32Array(6), shape: [2, 3] },
    });
    await Deno.writeTextFile(at("text.npz"), "no arrays");
    await Deno.writeTextFile(at("table.csv"), "1,2\n");
    await write("other.npz", { J: w, W_in: wIn });
    const pickled = Uint8Array.of(0x80, 4, 0x95);
    await Deno.writeFile(at("net.pkl"), pickled);
    await Deno.writeFile(
      at("torch.pt"),
      encodeZip([["archive/data.pkl", pickled]], false),
    );
    await Deno.writeFile(
      at("objects.npz"),
      encodeZip([
        ...Object.entries(good).map(([name, array]) =>
          [`${name}.npy`, npyOf(array)] as const
        ),
        ["inh.npy", objects],
      ], false),
    );
    const cases: [string[], RegExp][] = [
      [[], /name a file with its arrays/],
      [["--w", "rnn.hh"], /Cannot find rnn.hh for --w: name a file/],
      [[at("none.npz")], /Cannot read .*none.npz/],
      [[at("text.npz")], /Cannot read .*text.npz/],
      [[at("torch.pt")], /a file of pickle or torch.save.*safetensors.torch/],
      [[at("net.pkl")], /a file of pickle or torch.save/],
      [[at("table.csv")], /it is not a file of MATLAB/],
      [[at("objects.npz")], /Python objects.*astype.*\(in inh\)/],
      [
        [at("other.npz")],
        /no w in .*other.npz, it has J, W_in; give its name .* by --w/,
      ],
      [["--w", at("good.npz")], /there is no w_in; give .* by --w_in/],
      [
        [at("good.npz"), "--w", "weights"],
        /has no array "weights" for --w, it has w, w_in/,
      ],
      [[at("turned.npz")], /what leaves unit 1 has both signs/],
      [[at("wide.npz")], /w is 2×3, needed is N×N/],
      [
        [at("good.npz"), "--task", "mante"],
        /w_in has 1 channel, the task has 4/,
      ],
      [[at("good.npz"), "--output", at("net.npz")], /must end in .mat/],
      [[at("good.npz"), "--som_N", "2"], /2 SST units among 1/],
    ];
    for (const [args, expected] of cases) {
      const { code, out, err } = await runInProcess(["import", ...args]);
      equal([code > 0, out], [true, ""], args.join(" "));
      match(err, expected);
      equal(err.trimEnd().split("\n").length, 1, err);
    }
    const left = (await Array.fromAsync(Deno.readDir(folder)))
      .map(({ name }) => name).sort();
    equal(left, [
      ...["good.npz", "net.pkl", "objects.npz", "other.npz", "table.csv"],
      ...["text.npz", "torch.pt", "turned.npz", "wide.npz"],
    ]);
  });
});
