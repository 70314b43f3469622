/** The spiking network in plain fields: what follows from them is what `simulate` does. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { convert } from "../../lib/spiking/convert.ts";
import { decodeMat, matrix, numeric, text } from "../../lib/mat5/mod.ts";
import {
  decodeModel,
  encodeModel,
  writeModel,
} from "../../lib/formats/model_file.ts";
import { isSpikingField } from "../../lib/formats/model/spiking.ts";
import { encodeNpz } from "../../lib/formats/npz.ts";
import { editModelArrays } from "../../lib/runs/model_arrays.ts";
import { type Known, known, modelOf } from "../export/models.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
import { edited } from "./samples.ts";

/** Numbers of a field. */
function numbers(fields: ReturnType<typeof decodeMat>, field: string) {
  return Array.from(matrix(fields.get(`spikernn_spiking_${field}`)!).data);
}

Deno.test("encodeModel() writes weights, bias and readout with factor and calibration in them", () => {
  const model = modelOf({ sizes: [7, 5], calibrated: true, factors: [30, 45] });
  const fields = decodeMat(encodeModel(model));
  const { layers, between, readout } = model.network;
  const { units, synapses, readout: gains } = model.search!.calibration!
    .calibration;
  const w = numbers(fields, "w");
  const near = (value: number, expected: number) =>
    assert(
      Math.abs(value - expected) < 1e-12,
      `${value}, expected ${expected}`,
    );
  // From the fields of the rate network, by the formula of the documentation.
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 5; j++) {
      const { weights, inhibitory } = layers[1];
      const rate = Math.max(0, weights[i * 5 + j]) * (inhibitory[j] ? -1 : 1);
      const gain = synapses!.recurrent[1][i * 5 + j] * units!.gain[7 + i];
      near(w[(7 + i) * 12 + 7 + j], rate * gain / 45);
    }
    for (let j = 0; j < 7; j++) {
      const rate = Math.max(0, between[0].weights[i * 7 + j]) *
        (layers[0].inhibitory[j] ? -1 : 1) *
        (between[0].mask?.[i * 7 + j] ?? 1);
      const gain = synapses!.between[0][i * 7 + j] * units!.gain[7 + i];
      // It leaves layer 0, whose factor is 30.
      near(w[(7 + i) * 12 + j], rate * gain / 30);
      near(w[j * 12 + 7 + i], 0);
    }
    const gain = layers[1].inhibitory[i]
      ? gains!.gainInhibitory
      : gains!.gainExcitatory;
    near(
      numbers(fields, "w_out")[7 + i],
      readout.weights[0][i] * gain * gains!.units![7 + i] / 45,
    );
    near(numbers(fields, "bias")[7 + i], -40 + units!.bias[7 + i]);
  }
  assert(w.some((weight, k) => weight !== 0 && k % 12 < 7 && k >= 84));
  assert.deepEqual(numbers(fields, "b_out"), [-0.125]);
  assert.deepEqual(numbers(fields, "w_in").slice(7), [0, 0, 0, 0, 0]);
  assert.deepEqual(text(fields.get("spikernn_spiking_neuron")!), "lif");
});

Deno.test("plain fields of the spiking network follow from the rest of the file", () => {
  const model = modelOf({ calibrated: true });
  const fields = decodeMat(encodeModel(model));
  const spiking = [...fields.keys()].filter(isSpikingField);
  assert.equal(spiking.length, 17);
  // A file without them, and one in which they say something else, is the same model.
  for (const other of [undefined, numeric(7)]) {
    const changed = edited(model, (fields) => {
      for (const field of spiking) {
        if (other) fields.set(field, other);
        else fields.delete(field);
      }
    });
    assert.deepEqual(changed, decodeModel(encodeModel(model)));
    assert.deepEqual(encodeModel(changed), encodeModel(model));
  }
  // They go with the factor.
  const { search: _, ...unsearched } = decodeModel(encodeModel(model));
  assert.deepEqual(
    [...decodeMat(encodeModel(unsearched)).keys()].filter(isSpikingField),
    [],
  );
  // What was edited by hand counts.
  const w = edited(model, (fields) => {
    const { dims } = fields.get("w") as { dims: readonly number[] };
    fields.set("w", numeric(new Float64Array(dims[0] * dims[1]), dims));
  });
  const again = decodeMat(encodeModel(w));
  assert(numbers(again, "w").every((weight) => weight === 0));
});

Deno.test("a search that no network can be mapped by leaves no plain fields", () => {
  const model = modelOf({});
  const search = { ...model.search!, settings: { neuron: { name: "none" } } };
  assert.throws(() => convert(model.network, { scalingFactor: 1e6 }));
  const fields = decodeMat(encodeModel({ ...model, search }));
  assert.deepEqual([...fields.keys()].filter(isSpikingField), []);
});

/** A block of code in the documentation, by the name in the comment before it. */
function codeOf(name: string): string {
  const docs = Deno.readTextFileSync(
    new URL("../../docs/reference/model-file.md", import.meta.url),
  );
  const [, code] = new RegExp(
    `<!-- ${name.replace(".", "\\.")} -->\n\`\`\`\\w+\n([^]*?)\n\`\`\``,
  ).exec(docs) ?? assert.fail(`no code ${name}`);
  return code;
}

/** The kinds of networks that the code of the documentation is for. */
const kinds = [{}, { calibrated: true }, {
  sizes: [7, 5],
  calibrated: true,
  factors: [30, 45],
}, { refractory: 0 }];

function assertSame(
  received: { spikes: number[][]; out: number[] },
  expected: Known,
): void {
  assert(expected.spikes.length > 20);
  assert.deepEqual(received.spikes, expected.spikes);
  const far = received.out.findIndex((value, k) =>
    Math.abs(value - expected.outputs[k]) > 1e-8
  );
  assert.equal(far, -1, `output ${far}`);
}

testWith(
  "scipy",
  "the documentation's Python simulates from plain fields, spike for spike",
  () =>
    inFolder(async (folder) => {
      const trials: Known[] = [];
      for (const [k, kind] of kinds.entries()) {
        const model = modelOf(kind);
        trials.push(known(model));
        await writeModel(`${folder}/${k}.mat`, model);
      }
      const given = trials.map(({ u, v }) => ({ u, v }));
      await Deno.writeTextFile(`${folder}/trials.json`, JSON.stringify(given));
      const script = `${codeOf("simulate.py")}
import json, pathlib
runs = []
for k, trial in enumerate(json.loads(pathlib.Path("trials.json").read_text())):
    spikes, out = simulate(f"{k}.mat", np.array(trial["u"]), np.array(trial["v"], float))
    runs.append({"spikes": [[int(i), int(j)] for i, j in spikes], "out": list(out)})
print(json.dumps(runs))`;
      const printed = execFileSync("python3", ["-W", "error", "-c", script], {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 2 ** 26,
      });
      JSON.parse(printed).forEach((
        run: { spikes: number[][]; out: number[] },
        k: number,
      ) => assertSame(run, trials[k]));
    }),
);

testWith(
  "octave",
  "the documentation's MATLAB and matlab/ simulate from plain fields, spike for spike",
  () =>
    inFolder(async (folder) => {
      const trials: Known[] = [];
      const all = [...kinds, ...others];
      for (const [k, kind] of all.entries()) {
        const model = modelOf(kind);
        trials.push(known(model));
        await writeModel(`${folder}/${k}.mat`, model);
      }
      await Deno.writeTextFile(`${folder}/simulate.m`, codeOf("simulate.m"));
      await Deno.copyFile(
        new URL("../../matlab/simulate_spiking.m", import.meta.url),
        `${folder}/simulate_spiking.m`,
      );
      const script = trials.map(({ u, v }, k) => `
u = [${u[0]}]; v = [${v}]';
${
        k < kinds.length
          ? `[spikes, out] = simulate('${k}.mat', u, v); show(spikes, out);`
          : ""
      }
[spikes, out] = simulate_spiking('${k}.mat', u, 'noise', 0, 'v', v); show(spikes, out);`)
        .join("\n");
      await Deno.writeTextFile(
        `${folder}/show.m`,
        `function show(spikes, out)
printf('%d ', spikes'); printf('\\n'); printf('%.12g ', out); printf('\\n');
end`,
      );
      const printed = execFileSync("octave-cli", [
        "--quiet",
        "--norc",
        "--eval",
        script,
      ], {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 2 ** 26,
        stdio: ["ignore", "pipe", "ignore"],
      }).trimEnd().split("\n").map((line) =>
        line.trim().split(" ").map(Number)
      );
      trials.forEach((trial, k) => {
        for (let run = k < kinds.length ? 2 : 1; run > 0; run--) {
          const [flat, out] = printed.splice(0, 2);
          const spikes = Array.from(
            { length: flat.length / 2 },
            (_, s) => [flat[2 * s], flat[2 * s + 1] - 1],
          );
          assertSame({ spikes, out }, trial);
        }
      });
    }),
);

/** Those that only the script in matlab/ is for. */
const others = [
  { synapse: "single" },
  { synapse: "none" },
  { synapse: "alpha", calibrated: true },
  { neuron: "qif" },
  { neuron: "eif" },
  { neuron: "alif", calibrated: true },
  { neuron: "adex", calibrated: true },
] as const;

Deno.test("editModelArrays() writes the spiking network that follows, and takes no other", async () => {
  await inFolder(async (folder) => {
    const [path, npz, to] = ["a.mat", "new.npz", "b.mat"]
      .map((name) => `${folder}/${name}`);
    await writeModel(path, modelOf({ sizes: [6], calibrated: true }));
    const fields = decodeMat(await Deno.readFile(path));
    const before = numbers(fields, "w_out");
    const edit = async (name: string, data: Float64Array, shape: number[]) => {
      await Deno.writeFile(npz, encodeNpz({ [name]: { data, shape } }));
      await editModelArrays(path, npz, to);
    };
    const doubled = Float64Array.from(
      matrix(fields.get("w_out")!).data as Float64Array,
      (weight) => 2 * weight,
    );
    await edit("w_out", doubled, [6, 1]);
    const after = numbers(decodeMat(await Deno.readFile(to)), "w_out");
    before.forEach((weight, k) =>
      assert(Math.abs(after[k] - 2 * weight) < 1e-6)
    );
    await assert.rejects(
      edit("spikernn_spiking_w_out", doubled, [6, 1]),
      /Cannot edit spikernn_spiking_w_out: it follows from the other fields/,
    );
  });
});
