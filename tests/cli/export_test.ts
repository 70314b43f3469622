/** `export`: files for other programs, and what it refuses. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { decodeNpz } from "../../lib/formats/npz.ts";
import { readHdf5 } from "../../lib/formats/hdf5.ts";
import { writeModel } from "../../lib/formats/model_file.ts";
import { modelOf } from "../export/models.ts";
import { inFolder } from "../folder.ts";
import { run, runInProcess } from "./in_process.ts";

Deno.test("export writes a script with its numbers beside the model, and never over one", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "net.mat");
    await writeModel(path, modelOf({ calibrated: true }));
    const args = ["export", path, "--to", "numpy", "--seed", "3"];
    const { out, err } = await run([...args, "--condition", "nogo"]);
    equal(out.split("\n"), [
      `saved ${join(folder, "net_numpy.npz")}`,
      `saved ${join(folder, "net_numpy.py")}`,
      "",
    ]);
    equal(err, "trials of go-nogo, seed 3\n");
    const numbers = join(folder, "net_numpy.npz");
    const arrays = decodeNpz(await Deno.readFile(numbers));
    equal(arrays.get("u")!.shape, [1, 1, 60]);
    equal(arrays.get("w")!.shape, [12, 12]);
    const before = await Deno.readFile(numbers);
    match(
      (await runInProcess(args)).err,
      /^spikernn: Cannot write .*net_numpy.py: it is there already; .*--force/,
    );
    // The numbers alone are not written over either.
    await Deno.remove(join(folder, "net_numpy.py"));
    match((await runInProcess(args)).err, /net_numpy.npz: it is there/);
    equal(await Deno.readFile(numbers), before);
    await run([...args, "--force"]);
    equal(decodeNpz(await Deno.readFile(numbers)).get("u")!.shape, [2, 1, 60]);
  });
});

Deno.test("export writes NIR and says what is lost, there and on the terminal", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "net.mat");
    await writeModel(path, modelOf({}));
    const args = ["export", path, "--to", "nir", "--json"];
    const { out, err } = await run(args);
    const lost = out.split("\n").slice(0, 1).map((line) => JSON.parse(line));
    equal(lost[0].kind, "lost");
    match(err, /^not in .*net.nir: the refractory period of 2 ms; the noise/);
    const bytes = await Deno.readFile(join(folder, "net.nir"));
    const said = await readHdf5(bytes, (file) => [
      file.texts("version")[0],
      file.texts("node/metadata/lost")[0],
    ]);
    equal(said, ["1.0", lost[0].what.join("; ")]);
    await run([...args, "--flavour", "snntorch"]);
    equal((await Deno.stat(join(folder, "net_snntorch.nir"))).isFile, true);
  });
});

Deno.test("export refuses in one line what cannot be, and writes nothing", async () => {
  await inFolder(async (folder) => {
    const [net, layers, qif, unmapped] = ["net", "layers", "qif", "unmapped"]
      .map((name) => join(folder, `${name}.mat`));
    await writeModel(net, modelOf({}));
    await writeModel(layers, modelOf({ sizes: [7, 5] }));
    await writeModel(qif, modelOf({ neuron: "qif" }));
    const { search: _, ...model } = modelOf({});
    await writeModel(unmapped, model);
    const cases: [string[], RegExp][] = [
      [[net], /no format was named by --to; allowed are numpy, brian2, nir/],
      [[net, "--to", "matlab"], /matlab/],
      [[unmapped, "--to", "nir"], /no scaling factor has been searched/],
      [[qif, "--to", "nir"], /its neurons are qif/],
      [
        [layers, "--to", "nir", "--flavour", "snntorch"],
        /it has 2 layers, the form for snnTorch has one/,
      ],
      [[net, "--to", "numpy", "--flavour", "graph"], /it is for --to nir/],
      [[net, "--to", "nir", "--condition", "go"], /a graph has no trials/],
      [[net, "--to", "numpy", "--condition", "stop"], /go, nogo/],
      [[net, "--to", "numpy", "--output", "a.nir"], /must end in .py/],
      [[net, "--to", "numpy", "--task", "mante"], /go-nogo|4 channels/],
      [[join(folder, "none.mat"), "--to", "nir"], /Cannot read/],
    ];
    for (const [args, expected] of cases) {
      const { code, out, err } = await runInProcess(["export", ...args]);
      equal([code > 0, out], [true, ""], err);
      match(err, expected);
      equal(
        err.trimEnd().split("\n").filter((line) => /^spikernn:/.test(line))
          .length,
        1,
      );
    }
    const left = (await Array.fromAsync(Deno.readDir(folder)))
      .map(({ name }) => name).sort();
    equal(left, ["layers.mat", "net.mat", "qif.mat", "unmapped.mat"]);
  });
});
