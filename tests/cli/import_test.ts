/** `import`: files of other programs become models, or are refused in one line. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeNpy, encodeNpz } from "../../lib/formats/npz.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { encodeSafeTensors } from "../../lib/formats/safetensors.ts";
import { inFolder } from "../folder.ts";
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
    const cases: [string[], RegExp][] = [
      [[], /name a file with its arrays/],
      [["--w", "rnn.hh"], /Cannot find rnn.hh for --w: name a file/],
      [[at("none.npz")], /Cannot read .*none.npz/],
      [[at("text.npz")], /Cannot read .*text.npz/],
      [[at("net.pt")], /must end in .npz, .npy or .safetensors|Cannot read/],
      [
        [at("good.npz"), "--w", "weights"],
        /has no array "weights" for --w, it has w, w_in/,
      ],
      [[at("turned.npz")], /what leaves unit 1 has both signs/],
      [[at("wide.npz")], /w is 2×3, needed is N×N/],
      [
        [at("good.npz"), "--task", "mante"],
        /w_in has 1 channels, the task has 4/,
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
    equal(left, ["good.npz", "text.npz", "turned.npz", "wide.npz"]);
  });
});
