/** What the files of `simulate` say, and what other people's programs read there. */
import {
  deepStrictEqual as equal,
  match,
  ok,
  rejects,
} from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { decodeMat, text, vector } from "../../lib/mat5/mod.ts";
import { encodeArchive } from "../../lib/formats/archive.ts";
import { fileKind } from "../../lib/formats/file_kind.ts";
import { encodeHdf5, readHdf5 } from "../../lib/formats/hdf5.ts";
import { decodeNpz, encodeNpz } from "../../lib/formats/npz.ts";
import { readSpikes } from "../../lib/formats/spikes/read.ts";
import { textsOf } from "../formats/npy.ts";
import { testWith } from "../require.ts";
import { run } from "./in_process.ts";
import { shared, small, withModel } from "./with_model.ts";

function simulate(model: string, output: string, ...more: string[]) {
  const spiking = more.includes("--rate") ? [] : ["--factor=50"];
  const args = ["simulate", model, ...shared, ...spiking, "--output", output];
  return run([...args, ...more]);
}

Deno.test("simulate's files say what was simulated", async () => {
  await withModel(async (model, folder) => {
    const npz = join(folder, "a.npz");
    const perturbed = ["--lesion", "SST", "3", "--noise=0.5"];
    const { err } = await run([
      ...["simulate", model, ...shared, "--factor=50", "--output", npz],
      ...perturbed,
    ], 2);
    match(err, /population SST/);
    await simulate(
      model,
      npz,
      ...["--trial", "nogo", "--trials=2", "--lesion", "3", "7"],
      ...["--noise=0.5", "--stim=inh", "--stim_units", "0", "I"],
      ...["--stim_window=250:375", "--tm=12"],
    );
    const arrays = decodeNpz(await Deno.readFile(npz));
    const numbers = (name: string) => [...arrays.get(name)!.data];
    // A number means the same whichever conditions were run.
    equal(await textsOf(npz, "condition_names"), ["go", "nogo"]);
    equal(numbers("condition"), [1, 1]);
    equal(numbers("trial"), [0, 1]);
    equal(arrays.get("target")?.shape, [2, 200]);
    equal(numbers("within"), [0.3, 0.3]);
    equal(numbers("reach"), [NaN, NaN]);
    equal(numbers("strict_window_ms"), [500, 1000]);
    equal(numbers("paper_window_ms"), [500, 1000]);
    equal(await textsOf(npz, "stimulus_names"), ["cue"]);
    equal(numbers("stimulus_windows_ms"), [250, 375]);
    equal(arrays.get("correct_strict")?.type, "bool");
    equal(
      numbers("output_error").map((error, i) =>
        error < 0.5 || !numbers("correct_strict")[i]
      ),
      [true, true],
    );
    const lesioned = numbers("lesioned");
    equal(
      lesioned.flatMap((flag, unit) => flag ? [unit] : []),
      [3, 7],
    );
    const types = await textsOf(npz, "unit_type");
    equal(new Set(types), new Set(["E", "I"]));
    equal(numbers("noise"), [0.5]);
    const about = JSON.parse((await textsOf(npz, "about"))[0]);
    equal(about.network, "spiking");
    equal(about.model, {
      file: "model.mat",
      sha256: createHash("sha256").update(await Deno.readFile(small))
        .digest("hex"),
    });
    equal(about.neuron.tauMembrane, 12);
    equal(about.task.timing, { T: 200, stim_on: 50, stim_dur: 25 });
    equal(about.lesion, [3, 7]);
    const [stimulation] = about.stimulation;
    equal(stimulation.window, { unit: "ms", from: 250, to: 375 });
    equal(
      stimulation.units,
      types.flatMap((type, unit) => unit === 0 || type === "I" ? [unit] : []),
    );
  });
});

Deno.test("simulate runs a model of an archive, and writes beside it", async () => {
  await withModel(async (model, folder) => {
    const bytes = await Deno.readFile(model);
    const archive = join(folder, "nets.zip");
    await Deno.writeFile(archive, encodeArchive([["a.mat", bytes]]));
    const args = [...shared, "--factor=50", "--trials=1", "--format=npz"];
    const path = join(folder, "a_spiking.npz");
    const { out } = await run(["simulate", `${archive}#a`, ...args]);
    equal(out, `saved ${path}\n`);
    const about = JSON.parse((await textsOf(path, "about"))[0]);
    equal(about.model, {
      file: "a.mat",
      sha256: createHash("sha256").update(bytes).digest("hex"),
    });
  });
});

Deno.test("simulate's files of a stimulus of your own have no task", async () => {
  await withModel(async (model, folder) => {
    const [own, stimulus] = ["own.mat", "u.npz"].map((n) => join(folder, n));
    await Deno.writeFile(
      stimulus,
      encodeNpz({ u: { data: new Float32Array(21), shape: [1, 21] } }),
    );
    await simulate(model, own, "--stimulus", stimulus);
    const mat = decodeMat(await Deno.readFile(own));
    const about = JSON.parse(text(mat.get("about")!));
    equal([about.task, about.stimulus.file], [undefined, "u.npz"]);
    ok(!mat.has("target") && !mat.has("correct_strict"));
    equal([...vector(mat.get("condition")!)], [1]);
    equal(mat.get("lesioned")?.kind, "logical");
    const nwb = join(folder, "own.nwb");
    await simulate(model, nwb, "--stimulus", stimulus);
    await readHdf5(await Deno.readFile(nwb), (file) => {
      equal(file.texts("intervals/trials/condition"), ["stimulus"]);
      equal(file.names("processing/misc"), []);
    });
  });
});

Deno.test("simulate --format nwb writes the same file each time, over its own alone", async () => {
  await withModel(async (model, folder) => {
    const args = ["simulate", model, ...shared, "--factor=50", "--trials=1"];
    const path = join(folder, "model_spiking.nwb");
    equal((await run([...args, "--format=nwb"])).out, `saved ${path}\n`);
    const bytes = await Deno.readFile(path);
    equal(await fileKind(path), "nwb");
    await run([...args, "--format=nwb", "--workers=1"]);
    equal(await Deno.readFile(path), bytes);
    await run([
      ...args,
      ...["--format=nwb", "--subject=Ada", "--workers=1"],
      "--session_start=2026-01-31T09:00:00+02:00",
    ]);
    await readHdf5(await Deno.readFile(path), (file) => {
      equal(file.texts("general/subject/subject_id"), ["Ada"]);
      equal(file.texts("session_start_time"), ["2026-01-31T09:00:00+02:00"]);
    });
    const recording = await encodeHdf5({
      members: { identifier: { value: "x" } },
    });
    await Deno.writeFile(path, recording);
    const { err } = await run([...args, "--format=nwb"], 2);
    match(err, /there is a file of another kind/);
    equal(await Deno.readFile(path), recording);
  });
});

Deno.test("simulate refuses formats and sessions that cannot be, before it runs", async () => {
  await withModel(async (model, folder) => {
    const args = ["simulate", model, ...shared, "--factor=50"];
    const refused: [string[], RegExp][] = [
      [["--output", "a.h5"], /must end in \.mat, \.npz or \.nwb/],
      [["--output", "a.npz", "--format=nwb"], /must end in \.nwb/],
      [["--format=zarr"], /allowed.*mat.*npz.*nwb/],
      [["--format=npz", "--subject=x"], /--subject with a \.npz file/],
      [["--format=nwb", "--subject=a/b"], /a name without \//],
      [["--format=nwb", "--session_start=yesterday"], /a time with its zone/],
      [["--format=nwb", "--session_start=2026-01-31T09:00:00"], /zone/],
    ];
    for (const [more, message] of refused) {
      match((await run([...args, ...more], 2)).err, message);
    }
    equal([...Deno.readDirSync(folder)].length, 1);
  });
});

testWith(
  "nwb",
  "Python's tools read what simulate writes, as docs/guides/take-it-to-python.md says",
  async () => {
    await withModel(async (model, folder) => {
      const record = ["--trials=3", "--record=voltages", "--every=40"];
      for (const ending of ["npz", "nwb", "mat"]) {
        await simulate(model, join(folder, `trials.${ending}`), ...record);
      }
      for (const ending of ["npz", "nwb"]) {
        const output = join(folder, `rate.${ending}`);
        await simulate(model, output, "--rate", "--trials=2");
      }
      const script = new URL("take_it_to_python.py", import.meta.url).pathname;
      const page = new URL(
        "../../docs/guides/take-it-to-python.md",
        import.meta.url,
      );
      const out = execFileSync("python3", [script, page.pathname], {
        cwd: folder,
        // pynapple's loops take seconds to compile, and few spikes no time.
        env: { ...Deno.env.toObject(), NUMBA_DISABLE_JIT: "1" },
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
      match(out, /^blocks 8$/m);
      const recording = join(folder, "recording.nwb");
      const read = await readSpikes(recording, { condition: "side" });
      equal([read.trials, read.units, read.durationMs], [3, 3, 1000]);
      equal([...read.trial], [0, 0, 0, 1, 2]);
      equal([...read.unit], [0, 2, 2, 0, 0]);
      equal([...read.time], [250, 500, 750, 250, 500]);
      equal(read.conditions, ["L", "R", "L"]);
      equal(Object.keys(read.trialColumns), ["correct", "cue_time", "side"]);
      equal(read.trialColumns.correct, [0, 1, 1]);
      equal(read.unitColumns, { quality: ["good", "bad", "good"] });
      const cue = { condition: "side", align: "cue_time", fromMs: -300 };
      const aligned = await readSpikes(recording, { ...cue, toMs: 400 });
      equal([...aligned.time], [50, 300, 550, 50]);
      match(aligned.remarks[0], /^1 of 3 trials are left out: .* cue_time$/);
      await rejects(
        readSpikes(recording),
        /"recording|no column condition .* name one of correct, cue_time, side/,
      );
    });
  },
);
