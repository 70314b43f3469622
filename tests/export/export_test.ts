/** Networks in the files of other programs do there what they do here. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { exportNetwork } from "../../lib/export/export.ts";
import type { Model } from "../../lib/network/records.ts";
import { simulateRate } from "../../lib/simulate/simulate_rate.ts";
import { spikingParameters } from "../../lib/network/spiking_parameters.ts";
import { mappedNetwork } from "../../lib/spiking/mapped.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { inFolder } from "../folder.ts";
import { debianPython, testWith } from "../require.ts";
import {
  type Kind,
  kinds,
  type Known,
  known,
  modelOf,
  task,
} from "./models.ts";

/** What a script computed for one network. */
interface Computed {
  readonly spikes: readonly (readonly [number, number])[];
  readonly out: readonly number[];
}

/** Writes the files of an export. */
async function write(
  folder: string,
  model: Model,
  options: Parameters<typeof exportNetwork>[1],
): Promise<readonly string[]> {
  const exported = await exportNetwork(mappedNetwork(model), options);
  for (const { name, bytes } of exported.files) {
    await Deno.writeFile(join(folder, name), bytes);
  }
  return exported.lost;
}

function python(folder: string, script: string): string {
  return execFileSync("python3", ["-W", "error", "-c", script], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
}

/** Networks of all kinds with their trials, in a folder. */
async function writeAll(
  folder: string,
  all: readonly Kind[],
  to: "numpy" | "brian2",
): Promise<Known[]> {
  const trials: Known[] = [];
  for (const [k, kind] of all.entries()) {
    const model = modelOf(kind);
    trials.push(known(model));
    const script = { to, name: `m${k}`, trials: { task, seed: 1 } } as const;
    await write(folder, model, script);
  }
  const given = trials.map(({ u, v }) => ({ u, v }));
  await Deno.writeTextFile(join(folder, "trials.json"), JSON.stringify(given));
  return trials;
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (x: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value) => sum + value, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let k = 0; k < a.length; k++) {
    ab += (a[k] - ma) * (b[k] - mb);
    aa += (a[k] - ma) ** 2;
    bb += (b[k] - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

testWith(
  "scipy",
  "export to numpy gives both networks of every kind",
  () =>
    inFolder(async (folder) => {
      const all: readonly Kind[] = Object.values(kinds);
      const trials = await writeAll(folder, all, "numpy");
      for (const [k] of all.entries()) {
        const script = await Deno.readTextFile(join(folder, `m${k}.py`));
        const lines = script.trimEnd().split("\n");
        assert(lines.length <= 80, `${lines.length} lines`);
        assert(lines.every((line) => line.length <= 92));
      }
      const printed = python(
        folder,
        `
import importlib, json, pathlib, sys
import numpy as np
sys.path.insert(0, ".")
runs = []
for k, trial in enumerate(json.loads(pathlib.Path("trials.json").read_text())):
    m = importlib.import_module(f"m{k}")
    u = np.array(trial["u"])
    spikes, out = m.spiking(u, noise=0, v=trial["v"])
    rate, r = m.rate(m.p["u"][0], noise=0)
    runs.append(dict(spikes=spikes, out=list(out), rate=list(rate), r=r[:, -1].tolist()))
print(json.dumps(runs))`,
      );
      const runs: (Computed & { rate: number[]; r: number[] })[] = JSON.parse(
        printed,
      );
      for (const [k, { spikes, out, rate, r }] of runs.entries()) {
        assert.deepEqual(spikes, trials[k].spikes);
        assert(out.every((o, i) => Math.abs(o - trials[k].outputs[i]) < 1e-9));
        const [run] = await simulateRate(
          mappedNetwork(modelOf(all[k])).rate,
          { task, conditions: [task.conditions[0]] },
          { seed: 1, noiseScale: 0, record: { rates: true } },
        );
        const last = Array.from(
          { length: r.length },
          (_, i) => run.trace.rates![(i + 1) * task.steps - 1],
        );
        // This package's rate network computes in single precision.
        last.forEach((value, i) => assert(Math.abs(value - r[i]) < 1e-5));
        rate.forEach((o, i) =>
          assert(Math.abs(o - run.trace.outputs[i]) < 1e-4)
        );
      }
      const said = execFileSync("python3", ["m2.py", "go"], {
        cwd: folder,
        encoding: "utf8",
      });
      assert.match(
        said,
        /^go: target 1, output -?[\d.]+, spiking -?[\d.]+, \d+ spikes\n$/,
      );
    }),
);

testWith(
  "brian2",
  "export to brian2 gives the same spikes, noise-free",
  () =>
    inFolder(async (folder) => {
      const all: readonly Kind[] = Object.values(kinds);
      const trials = await writeAll(folder, all, "brian2");
      const printed = python(
        folder,
        `
import warnings
warnings.simplefilter("ignore")
import importlib, json, pathlib, sys
import numpy as np
sys.path.insert(0, ".")
runs = []
for k, trial in enumerate(json.loads(pathlib.Path("trials.json").read_text())):
    m = importlib.import_module(f"m{k}")
    steps, units, out = m.spiking(np.array(trial["u"]), noise=0, v=trial["v"])
    runs.append(dict(spikes=[[int(s), int(i)] for s, i in zip(steps, units)], out=list(out)))
print("\\n" + json.dumps(runs))`,
      );
      const runs: Computed[] = JSON.parse(printed.trim().split("\n").at(-1)!);
      runs.forEach(({ spikes, out }, k) => {
        const name = Object.keys(kinds)[k];
        assert.deepEqual(spikes, trials[k].spikes, name);
        if (name === "none") return;
        assert(correlation(out, trials[k].outputs) > 0.999999, name);
      });
    }),
);

/** Kinds without a refractory period, which NIR has none of. */
const graphs: Readonly<Record<string, Kind>> = {
  calibrated: { calibrated: true, refractory: 0 },
  layers: {
    sizes: [7, 5],
    calibrated: true,
    factors: [30, 45],
    refractory: 0,
  },
  single: { synapse: "single", refractory: 0 },
  none: { synapse: "none", refractory: 0 },
  alpha: { synapse: "alpha", refractory: 0 },
  alif: { neuron: "alif", calibrated: true, refractory: 0 },
};

/** A network that the form for snnTorch can hold. */
const formed: Kind = { synapse: "single", calibrated: true };

/** A stimulus after a quarter of a second in which the bias arrives. */
function afterBias([u]: readonly (readonly number[])[]): number[][] {
  return [[...new Array(50).fill(0), ...u]];
}

testWith(
  "nir",
  "export to nir gives graphs that nir reads, and that spike the same",
  () =>
    inFolder(async (folder) => {
      const given = [];
      const trials: Known[] = [];
      for (const [name, kind] of Object.entries(graphs)) {
        const model = modelOf(kind);
        trials.push(known(model));
        await write(folder, model, { to: "nir", name });
        const { u, v } = trials.at(-1)!;
        given.push({ path: `${name}.nir`, u, v, reset: -65, form: false });
      }
      const form = { to: "nir", name: "form", flavour: "snntorch" } as const;
      const lost = await write(folder, modelOf(formed), form);
      const u = afterBias(trials[2].u);
      given.push({ path: "form.nir", u, form: true });
      const printed = execFileSync(
        "python3",
        [new URL("nir_nodes.py", import.meta.url).pathname],
        {
          cwd: folder,
          input: JSON.stringify(given),
          encoding: "utf8",
          maxBuffer: 2 ** 28,
        },
      );
      const runs: (Computed & {
        counts?: number[];
        lost: string;
        nodes: string[];
      })[] = JSON.parse(printed);
      for (const [k, name] of Object.keys(graphs).entries()) {
        assert.deepEqual(runs[k].spikes, trials[k].spikes, name);
        assert(
          runs[k].out.every((o, i) =>
            Math.abs(o - trials[k].outputs[i]) < 1e-7
          ),
          name,
        );
        assert(!runs[k].lost.includes("refractory"));
      }
      const run = runs.at(-1)!;
      assert.deepEqual(run.nodes, ["Affine", "Input", "NIRGraph", "Output"]);
      assert.equal(run.lost, lost.join("; "));
      assert(lost.includes("the refractory period of 2 ms"));
      // Its bias and stimulus come through the synapses: alike, not the same.
      const total = run.counts!.reduce((sum, count) => sum + count);
      assert(total > 60 && total < 250, `${total} spikes`);
    }),
);

testWith(
  "snntorch",
  "snnTorch loads its form, and gives the spikes that its nodes give",
  () =>
    inFolder(async (folder) => {
      const model = modelOf(formed);
      const form = { to: "nir", name: "form", flavour: "snntorch" } as const;
      await write(folder, model, form);
      const printed = execFileSync(
        debianPython,
        ["-B", new URL("nir_snntorch.py", import.meta.url).pathname],
        {
          cwd: folder,
          input: JSON.stringify({
            path: "form.nir",
            u: afterBias(known(model).u),
          }),
          encoding: "utf8",
        },
      );
      const { snntorch, nodes } = JSON.parse(
        printed.trim().split("\n").at(-1)!,
      );
      assert.equal(snntorch.length, nodes.length);
      // snnTorch computes in single precision: a spike may fall out of the trial.
      nodes.forEach((count: number, unit: number) =>
        assert(Math.abs(snntorch[unit] - count) <= 1, printed)
      );
      const fired = nodes.filter((count: number) => count > 0);
      assert(fired.length > 5, `${fired.length} of ${nodes.length} units fire`);
    }),
);

Deno.test("export to graphml has a node a unit and an edge a synapse, by their weights", async () => {
  const spiking = mappedNetwork(modelOf({ sizes: [7, 5], calibrated: true }));
  const { files: [{ name, bytes }] } = await exportNetwork(spiking, {
    to: "graphml",
    name: "net",
  });
  assert.equal(name, "net.graphml");
  const text = new TextDecoder().decode(bytes);
  const { units, weights, bias } = spikingParameters(spiking);
  const found = new Float64Array(units * units);
  const edge = /<edge source="n(\d+)" target="n(\d+)"><data [^>]*>([^<]+)</g;
  for (const [, from, to, weight] of text.matchAll(edge)) {
    found[Number(to) * units + Number(from)] = Number(weight);
  }
  assert.deepEqual(found, weights.map((weight) => weight + 0));
  const of = (attribute: string) =>
    [...text.matchAll(RegExp(`<data key="node_${attribute}">([^<]+)<`, "g"))]
      .map(([, value]) => JSON.parse(value));
  assert.deepEqual(of("layer"), [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  assert.deepEqual(of("bias"), [...bias]);
  assert.deepEqual(
    of("inhibitory"),
    spiking.rate.layers.flatMap(({ inhibitory }) =>
      Array.from(inhibitory, (flag) => flag === 1)
    ),
  );
});

Deno.test("exportNetwork() refuses what a format cannot hold, by name", async () => {
  const nir = (kind: Kind, flavour?: "snntorch") =>
    exportNetwork(mappedNetwork(modelOf(kind)), {
      to: "nir",
      name: "a",
      flavour,
    });
  await assert.rejects(nir({ neuron: "qif" }), /its neurons are qif/);
  await assert.rejects(nir({ neuron: "eif" }), RangeError);
  await assert.rejects(
    nir({ neuron: "adex" }),
    /are adex, .*map it as lif or alif, or export/,
  );
  const layers = { sizes: [7, 5] };
  await assert.rejects(nir(layers, "snntorch"), /it has 2 layers/);
  await assert.rejects(nir({ neuron: "alif" }, "snntorch"), /adapt/);
  await assert.rejects(nir({ synapse: "none" }, "snntorch"), /no filter/);
  const spiking = mappedNetwork(modelOf({}));
  const trials = { task, seed: 1 };
  const script = (options: object) =>
    exportNetwork(
      spiking,
      { to: "numpy", name: "a", trials, ...options } as Parameters<
        typeof exportNetwork
      >[1],
    );
  await assert.rejects(script({ name: "a/b" }), /Cannot export .* "a\/b"/);
  await assert.rejects(
    script({ trials: { ...trials, conditions: ["stop"] } }),
    /task go-nogo has go, nogo/,
  );
  for (const name of ["numpy", "brian2", "pathlib"]) {
    await assert.rejects(script({ name }), /place of the module/);
  }
  assert.equal(
    (await exportNetwork(spiking, { to: "nir", name: "numpy" }))
      .files[0].name,
    "numpy.nir",
  );
  await assert.rejects(script({ name: undefined }), /a name for files/);
  await assert.rejects(
    script({ to: "pdf" }),
    /to "pdf": allowed are numpy, brian2, nir, graphml$/,
  );
  await assert.rejects(
    script({ to: "nir", flavour: "sinabs" }),
    /form "sinabs": allowed are graph, snntorch$/,
  );
  await assert.rejects(
    script({ to: "graphml", flavour: "graph" }),
    /to graphml in the form graph: it is for nir$/,
  );
  const mante = { task: getTask("mante"), seed: 1 };
  await assert.rejects(script({ trials: mante }), /4 channels/);
});

Deno.test("exportNetwork() takes no conditions for all, as simulate() does", async () => {
  const spiking = mappedNetwork(modelOf({}));
  const write = (conditions?: string[]) =>
    exportNetwork(spiking, {
      to: "numpy",
      name: "a",
      trials: { task, seed: 1, conditions },
    });
  assert.deepEqual(await write([]), await write());
});

Deno.test("exportNetwork() gives the same bytes for the same seed", async () => {
  for (
    const options of [
      { to: "numpy", name: "a", trials: { task, seed: 1 } },
      { to: "nir", name: "a" },
    ] as const
  ) {
    const spiking = mappedNetwork(modelOf({ calibrated: true }));
    assert.deepEqual(
      await exportNetwork(spiking, options),
      await exportNetwork(spiking, options),
    );
  }
});
