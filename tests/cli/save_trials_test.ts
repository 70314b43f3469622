/** Trials that a program saves, as the command `simulate` does. */
import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeArrays, rowArray } from "../../lib/formats/arrays.ts";
import { readHdf5 } from "../../lib/formats/hdf5.ts";
import { decodeNpz } from "../../lib/formats/npz.ts";
import { decodeMat, matrix } from "../../lib/mat5/mod.ts";
import { saveTrials } from "../../lib/runs/save_trials.ts";
import { writeTrials } from "../../lib/runs/trials_writer.ts";
import { simulateRate } from "../../lib/simulate/simulate_rate.ts";
import { convert, createNetwork, getTask, randomStream } from "../../mod.ts";
import { inFolder } from "../folder.ts";
import { CourseMemory } from "./course_memory.ts";
import { run } from "./in_process.ts";
import { shared, withModel } from "./with_model.ts";
import { readModel } from "../../lib/formats/model_file.ts";

const network = createNetwork({ units: 12, channels: 1 }, randomStream(1));
const spiking = convert(network, { scalingFactor: 50 });
const task = getTask("go-nogo");

Deno.test("saveTrials() writes the files of the command, in every format", () =>
  withModel(async (path, folder) => {
    const model = await readModel(path);
    const mapped = convert(model.network, { scalingFactor: 50 });
    for (const ending of ["npz", "mat", "nwb"]) {
      const [own, others] = ["own", "others"].map((name) =>
        join(folder, `${name}.${ending}`)
      );
      await run([
        ...["simulate", path, ...shared, "--factor=50", "--trials=2"],
        ...["--record=voltages", "--every=200", "--lesion=3"],
        ...["--output", others],
        ...ending === "nwb"
          ? ["--subject=network", "--session_start=2000-01-01T00:00:00Z"]
          : [],
      ]);
      const done: number[] = [];
      await saveTrials(own, mapped, task, {
        seed: 1,
        trials: 2,
        record: ["voltages"],
        every: 200,
        lesion: [3],
        model: path,
        onTrial: (count) => done.push(count),
      });
      equal(done, [1, 2]);
      const [ours, theirs] = [await readFile(own), await readFile(others)];
      ok(ours.equals(theirs), ending);
    }
  }));

Deno.test("saveTrials() keeps states and rates of a rate network, and given stimuli", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.npz");
    const stimulus = {
      inputs: Float32Array.from({ length: 30 }, (_, k) => Number(k > 9)),
      columns: 30,
    };
    await saveTrials(path, network, [stimulus, stimulus], { seed: 1 });
    const arrays = decodeNpz(new Uint8Array(await readFile(path)));
    equal(arrays.get("x")?.shape, [2, 12, 30]);
    equal([...arrays.get("step_ms")!.data], [5]);
    const [, second] = await simulateRate(network, [stimulus, stimulus], {
      seed: 1,
      record: { rates: true },
    });
    equal(
      [...arrays.get("r")!.data.subarray(12 * 30)],
      [...second.trace.rates!],
    );
    // Another run is written over it.
    await saveTrials(path, network, task, { seed: 1, condition: "go" });
    const [shape] = [decodeNpz(new Uint8Array(await readFile(path))).get("x")];
    equal(shape?.shape, [1, 12, 200]);
  }));

Deno.test("saveTrials() says what cannot be, and leaves nothing", () =>
  inFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    const stimulus = (columns: number) => ({
      inputs: new Float32Array(columns),
      columns,
    });
    const refused: [() => Promise<void>, RegExp][] = [
      [
        () => saveTrials(at("a.h5"), spiking, task, { seed: 1 }),
        /must end in one of \.mat, \.npz, \.nwb/,
      ],
      [
        () =>
          saveTrials(at("a.nwb"), spiking, task, { seed: 1, subject: "a/b" }),
        /a subject without \//,
      ],
      [
        () =>
          saveTrials(at("a.nwb"), spiking, task, {
            seed: 1,
            sessionStart: "yesterday",
          }),
        /a time with its zone/,
      ],
      [
        () =>
          saveTrials(at("a.mat"), spiking, task, {
            seed: 1,
            trials: 1e6,
          }),
        /1,?000,?000 trials in a \.mat file: an array would take/,
      ],
      [
        () =>
          saveTrials(at("a.npz"), spiking, task, {
            seed: 1,
            record: ["rates"],
            every: 1.5,
          }),
        /at every 1\.5 steps: a trial has 20000 steps/,
      ],
      [
        () =>
          saveTrials(at("a.npz"), spiking, task, {
            seed: 1,
            record: ["ei_currents"],
            modifications: [{
              from: "I",
              to: "all",
              kind: "scale",
              amount: 0.5,
              window: { from: 100, to: 200 },
            }],
          }),
        /ei_currents while synapses change in a trial/,
      ],
      [
        () =>
          saveTrials(at("a.npz"), network, [stimulus(30), stimulus(31)], {
            seed: 1,
          }),
        /stimulus 0 has 30 columns, stimulus 1 has 31/,
      ],
      [
        () =>
          saveTrials(at("a.npz"), network, task, {
            seed: 1,
            model: at("none.mat"),
          }),
        /Cannot read ".*none\.mat": it does not exist/,
      ],
      [
        () => saveTrials(at("none/a.npz"), network, task, { seed: 1 }),
        /Cannot write ".*a\.npz": it does not exist/,
      ],
    ];
    for (const [saved, message] of refused) await rejects(saved(), message);
    const stop = new AbortController();
    await rejects(
      saveTrials(at("a.nwb"), network, task, {
        seed: 1,
        trials: 200,
        signal: stop.signal,
        onTrial: (done) => done === 3 && stop.abort(),
      }),
      { name: "AbortError" },
    );
    equal(await readdir(folder), []);
  }));

Deno.test("a .mat file of few trials is packed, one of many is written as they come", () =>
  inFolder(async (folder) => {
    const session = { subject: "a", start: "2000-01-01T00:00:00+00:00" };
    const rest = { arrays: { seed: rowArray([1]) }, texts: {}, about: {} };
    const part = (k: number) =>
      Float32Array.from({ length: 24 }, (_, i) => k + i);
    const whole = new CourseMemory(3);
    for (let k = 0; k < 3; k++) whole.put("rates", [4, 6], part(k));
    const make = async (bytes: number) => {
      const path = join(folder, `${bytes}.mat`);
      await writeTrials(
        async (content) => {
          const file = await Deno.open(path, {
            read: true,
            write: true,
            createNew: true,
          });
          try {
            if (typeof content === "function") await content(file);
          } finally {
            file.close();
          }
          return path;
        },
        { format: "mat", total: 3, session },
        async (writer) => {
          await writer.begin({ bytes, largest: 1 });
          for (let k = 0; k < 3; k++) {
            await writer.put("rates", [4, 6], part(k));
          }
          equal(writer.waiting, 4 * 3 * 24);
          await writer.end(rest);
        },
      );
      return new Uint8Array(await readFile(path));
    };
    const about = { texts: ["{}"], shape: [] } as const;
    const packed = encodeArrays("mat", {
      ...whole.arrays(),
      ...rest.arrays,
      about,
    });
    equal(await make(1000), packed);
    const plain = decodeMat(await make(2 ** 30));
    equal(plain, decodeMat(packed));
    equal(matrix(plain.get("rates")!).rows, 3);
  }));

Deno.test("an NWB file of saveTrials() has what a rate network has", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.nwb");
    await saveTrials(path, network, task, {
      seed: 1,
      trials: 2,
      subject: "Ada",
      sessionStart: "2026-01-31T09:00:00Z",
    });
    await readHdf5(new Uint8Array(await readFile(path)), (file) => {
      equal(file.shape("acquisition/state/data"), [400, 12]);
      equal(file.shape("acquisition/output/data"), [398]);
      equal(file.texts("general/subject/subject_id"), ["Ada"]);
      equal(file.texts("session_start_time"), ["2026-01-31T09:00:00+00:00"]);
    });
  }));
