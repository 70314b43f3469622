/** Analyses of networks, spikes and behaviour, made from a model. */
import assert from "node:assert/strict";
import { constantInputs } from "../../lib/analysis/constant_inputs.ts";
import { findSilentUnits } from "../../lib/analysis/silence.ts";
import { openBackend } from "../../lib/backend/open.ts";
import { createNetwork } from "../../lib/network/create.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { finished } from "../../lib/records/finished.ts";
import { analyse } from "../../lib/runs/analyse/analyse.ts";
import type { AnalysisResult } from "../../lib/runs/analyse/types.ts";
import { fixedPointsFigure } from "../../lib/report/figures/fixed_points.ts";
import { evaluateLevels } from "../../lib/simulate/evaluate_levels.ts";
import { evaluateSpiking } from "../../lib/simulate/evaluate_spiking.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { withAmplitude, withMeans } from "../../lib/tasks/altered.ts";
import { checkTaskData } from "../../lib/tasks/check_task.ts";
import { getTask } from "../../lib/tasks/registry.ts";

const units = 12;

function networkFor(channels: number): RateNetwork {
  return createNetwork({ channels, units, gain: 3 }, randomStream(5));
}

async function made(
  taskName: string,
  analyses: string[],
  { trials = 3, network = networkFor(getTask(taskName).channels.length) }: {
    readonly trials?: number;
    readonly network?: RateNetwork;
  } = {},
): Promise<Readonly<Record<string, AnalysisResult>>> {
  const twin = convert(network, { scalingFactor: 30 });
  const { results } = await finished(
    analyse({ model: { network }, task: getTask(taskName), twin, trials }, {
      analyses,
      seed: 1,
    }),
  );
  return results;
}

function scalar({ scalars }: AnalysisResult, name: string, of?: string) {
  const found = scalars.find((s) =>
    s.name === name && (of === undefined || s.of === of)
  );
  assert.ok(found, `${name} of ${of}`);
  return found;
}

Deno.test("analyse: what is wrong with a number is said beside it, and every NaN has its reason", async () => {
  const names = [
    "fixed-points",
    "weights",
    "currents",
    "spike-trains",
    "silent",
  ];
  const results = await made("go-nogo", names);
  assert.deepEqual(Object.keys(results), names);
  for (
    const [name, { scalars, tables, arrays, figures, summary }] of Object
      .entries(results)
  ) {
    for (const one of scalars) {
      assert.equal(
        Number.isNaN(one.value),
        one.reason !== undefined,
        `${name} ${one.name} of ${one.of}: ${one.value}, ${one.reason}`,
      );
    }
    for (const { columns, rows } of tables) {
      const fields = Object.keys(columns);
      for (const row of rows) {
        assert.deepEqual(Object.keys(row).sort(), fields.toSorted());
      }
    }
    for (const { data, shape, axes } of Object.values(arrays)) {
      assert.equal(data.length, shape.reduce((a, b) => a * b, 1));
      assert.equal(axes.length, shape.length);
    }
    if (name !== "silent") assert.equal(figures[0].name, name);
    assert.ok(summary.length > 0);
  }
});

Deno.test("analyse without intervals, or without those of units: the same numbers, no bootstrap", async () => {
  // Units whose rates wander, and a first one that never fires.
  const random = randomStream(3);
  const [trials, units, bins] = [40, 3, 20];
  const [trial, unit, time]: number[][] = [[], [], []];
  let rate = 0;
  for (let k = 0; k < trials * units * bins; k++) {
    const u = Math.floor(k / bins) % units;
    rate = 0.8 * rate + random.normal(k);
    if (u === 0 || random.fork("spikes").normal(k) > rate) continue;
    trial.push(Math.floor(k / (units * bins)));
    unit.push(u);
    time.push((k % bins) * 50 + 25);
  }
  const spikes = {
    trials,
    units,
    durationMs: 1000,
    trial: Uint32Array.from(trial),
    unit: Uint32Array.from(unit),
    time: Float64Array.from(time),
    conditions: Array<string>(trials).fill("rest"),
  };
  const of = async (
    choice: { readonly intervals?: boolean; readonly unitIntervals?: boolean },
  ) => {
    const { results: { timescales } } = await finished(
      analyse({ spikes }, { analyses: ["timescales"], seed: 1, ...choice }),
    );
    return timescales;
  };
  const quick = await of({ intervals: false });
  const whole = await of({});
  const numbers = ({ scalars }: AnalysisResult) =>
    scalars.map(({ name, of, value }) => [name, of, value]);
  assert.deepEqual(numbers(quick), numbers(whole));
  assert.equal(quick.tables[0].rows[1].fits, 0);
  assert(Number(whole.tables[0].rows[1].fits) > 0);
  assert.doesNotMatch(quick.summary.join(), /of 0 bootstrap/);
  const few = await of({ unitIntervals: false });
  assert.deepEqual([few.scalars, few.summary], [whole.scalars, whole.summary]);
  assert(whole.scalars.some(({ low }) => low !== undefined));
  assert.equal(few.tables[0].rows[1].fits, 0);
});

Deno.test("analyse fixed-points: points lie where the field is 0, at every input of the task", async () => {
  const { "fixed-points": result } = await made("go-nogo", ["fixed-points"]);
  const [{ rows }] = result.tables;
  assert.deepEqual([...new Set(rows.map(({ input }) => input))].sort(), [
    "cue = 1",
    "none",
  ]);
  const { states, input_of_point, eigenvalues_real } = result.arrays;
  assert.equal(states.shape[0], rows.length);
  assert.equal(eigenvalues_real.data.length, rows.length * units);
  assert.equal(input_of_point.data.length, rows.length);
  rows.forEach((row, k) => {
    const real = [...eigenvalues_real.data].slice(k * units, (k + 1) * units);
    assert.equal(row.unstable, real.filter((x) => x > 0).length);
    assert.equal(row.stability, row.unstable === 0 ? "stable" : "saddle");
  });
  const starts = rows.filter(({ input }) => input === "none")
    .reduce((sum, row) => sum + Number(row.starts), 0);
  assert.equal(
    starts + scalar(result, "starts_at_no_point", "none").value,
    1024,
  );
});

Deno.test("constantInputs(): mante's contexts, with its stimuli at their means", async () => {
  const inputs = await constantInputs(getTask("mante"), randomStream(1));
  const names = inputs.map(({ name }) => name);
  assert.equal(names.length, 1 + 2 + 8);
  assert.ok(names.includes("context 1 = 1"));
  assert.ok(
    names.includes("stimulus 1 = 0.5, stimulus 2 = −0.5, context 2 = 1"),
  );
});

Deno.test("analyse spike-trains: silent units have rates, nothing else; one trial has no Fano factor", async () => {
  // Inhibition so strong that nobody fires after the start.
  const base = networkFor(1);
  const network: RateNetwork = {
    ...base,
    layers: [{
      ...base.layers[0],
      inhibitory: new Uint8Array(units).fill(1),
      weights: new Float32Array(units * units).fill(40),
    }],
  };
  const { "spike-trains": quiet } = await made("go-nogo", ["spike-trains"], {
    network,
  });
  const cv = scalar(quiet, "cv");
  assert.ok(Number.isNaN(cv.value) || cv.value >= 0);
  const { "spike-trains": single } = await made("go-nogo", ["spike-trains"], {
    trials: 1,
  });
  const fano = scalar(single, "fano");
  assert.ok(Number.isNaN(fano.value));
  assert.match(fano.reason!, /a condition has one trial, two are needed/);
  assert.match(scalar(single, "noise_correlation").reason!, /one trial/);
  assert.ok(single.remarks!.some((remark) => /no Fano factors/.test(remark)));
});

Deno.test("analyse psychometric: shares of both networks on the same grid; not of a task without graded stimuli", async () => {
  await assert.rejects(made("xor", ["psychometric"]), {
    name: "RangeError",
    message: "Cannot analyse psychometric: task xor has no stimulus whose " +
      "strength can be graded",
  });
  // Two integrators by hand: unit 0 follows stimulus 1, and is read.
  const base = networkFor(4);
  const inputs = new Float32Array(units * 4);
  inputs[0] = 40;
  const readout = new Float32Array(units);
  readout[0] = 1;
  const network: RateNetwork = {
    ...base,
    taus: [200],
    layers: [{ ...base.layers[0], weights: new Float32Array(units * units) }],
    inputs: [{ from: "input", to: 0, weights: inputs }],
    readout: { from: [0], weights: [readout], bias: -0.5 },
  };
  const { psychometric } = await made("mante", ["psychometric"], {
    network,
    trials: 8,
  });
  const [{ rows }] = psychometric.tables;
  // Two networks, two contexts, two stimuli, eight strengths.
  assert.equal(rows.length, 2 * 2 * 2 * 8);
  assert.ok(rows.every(({ trials }) => trials === 8));
  const share = (context: string, stimulus: string, level: number) =>
    Number(
      rows.find((row) =>
        row.network === "rate" && row.context === context &&
        row.stimulus === stimulus && row.level === level
      )!.share,
    );
  assert.ok(share("stimulus 1", "relevant", 0.5) > 0.8);
  assert.ok(share("stimulus 1", "relevant", -0.5) < 0.2);
  // The network takes no notice of the context: stimulus 1 moves it there too.
  assert.ok(share("stimulus 2", "irrelevant", 0.5) > 0.8);
  // What it takes no notice of has no bias.
  const told = (stimulus: string) =>
    psychometric.summary.find((line) =>
      line.startsWith(`rate network, stimulus 2 counts, ${stimulus}`)
    )!;
  assert.match(
    told("relevant"),
    /slope .* \(−.* to \d.*\), no bias: it may be flat$/,
  );
  assert.match(told("irrelevant"), /slope .*\), bias −?[\d.]+$/);
});

Deno.test("withAmplitude() leaves contexts as they are, withMeans() the noise", () => {
  const task = getTask("mante");
  const draw = (of: typeof task) =>
    of.trial(randomStream(1), "context1:+-").inputs;
  const [own, weak] = [draw(task), draw(withAmplitude(task, 0.5))];
  assert.ok(Math.abs(weak[100] - own[100] / 2) < 1e-6);
  assert.equal(weak[2 * task.steps + 100], 1);
  assert.throws(() => withMeans(getTask("xor"), { a: 1 }), /it has none/);
  assert.throws(
    () => draw(withMeans(task, { "context 1": 1 })),
    /Cannot grade channel "context 1" of task mante/,
  );
});

Deno.test("a task's data keep graded stimuli on their way out of the sandbox", () => {
  const { trial: _, ...data } = getTask("mante");
  const { graded } = checkTaskData(JSON.parse(JSON.stringify(data)));
  assert.equal(graded!.relevant["context2:+-"], "stimulus 2");
  assert.equal(graded!.means["context2:+-"]["stimulus 2"], -0.5);
});

Deno.test("findSilentUnits(): a unit that is held down, in both networks", async () => {
  const base = networkFor(1);
  const inhibitory = new Uint8Array(units);
  inhibitory[0] = 1;
  const weights = new Float32Array(units * units);
  weights[3 * units + 0] = 500;
  const network: RateNetwork = {
    ...base,
    layers: [{ ...base.layers[0], inhibitory, weights }],
  };
  const found = await findSilentUnits(network, getTask("go-nogo"), {
    seed: 1,
    trials: 1,
    twin: convert(network, { scalingFactor: 30 }),
  });
  assert.ok(found.rate.includes(3) && found.rate.length < units);
  assert.ok(found.spiking!.every((unit) => unit !== 0));
  const alone = await findSilentUnits(network, getTask("go-nogo"), { seed: 1 });
  assert.equal(alone.spiking, undefined);
});

Deno.test("analyse generalisation: the task's own place is the ordinary performance", async () => {
  const { generalisation } = await made("go-nogo", ["generalisation"], {
    trials: 5,
  });
  const [{ rows }] = generalisation.tables;
  assert.deepEqual([...new Set(rows.map(({ varied }) => varied))], [
    "noise",
    "amplitude",
  ]);
  const own = rows.filter(({ value }) => value === 1);
  assert.equal(own.length, 4);
  // Nothing is varied at either grid's 1.
  for (const network of ["rate", "spiking"]) {
    const [noise, amplitude] = own.filter((row) => row.network === network);
    assert.equal(noise.strict, amplitude.strict);
    assert.equal(noise.output_error, amplitude.output_error);
  }
  assert.ok(generalisation.remarks!.some((remark) => /no delays/.test(remark)));
});

Deno.test("analyse stops at any progress, and leaves no error that nobody hears", async () => {
  const task = getTask("go-nogo");
  const network = networkFor(1);
  const twin = convert(network, { scalingFactor: 30 });
  /** Runs an analysis; gives how often it paused. */
  async function pausing(name: string, stopAt = Infinity): Promise<number> {
    const stopping = new AbortController();
    let pauses = 0;
    await finished(
      analyse({ model: { network }, task, twin, trials: 3 }, {
        ...{ analyses: [name], seed: 1, signal: stopping.signal },
        pause() {
          if (++pauses === stopAt) stopping.abort();
          return Promise.resolve();
        },
      }),
    );
    return pauses;
  }
  for (const name of ["generalisation", "fixed-points", "spike-trains"]) {
    const pauses = await pausing(name);
    assert.ok(pauses > 3, name);
    for (const at of [2, Math.ceil(pauses / 2), pauses - 1]) {
      // How often fixed points pause depends on the clock: it may be less often.
      const found = await pausing(name, at).catch((error: Error) => error);
      assert.ok(
        typeof found === "number" ? found < at : found.name === "AbortError",
        `${name}: stopped at ${at}, ${found}`,
      );
    }
  }
});

Deno.test("evaluateLevels() gives the bits of evaluations of their own, one by one", async () => {
  const task = getTask("xor", { T: 60, stim_on: 5, stim_dur: 10, delay: 5 });
  const twin = convert(networkFor(2), { scalingFactor: 30 });
  const options = { seed: 3, trials: 4, balanced: true };
  const backend = await openBackend();
  const found = await evaluateLevels(twin, task, [
    { noise: 1, amplitude: 1 },
    { noise: 1, amplitude: 0.5 },
    { noise: 2, amplitude: 1 },
    { noise: 0, amplitude: 2 },
  ], { ...options, backend });
  backend.close();
  const alone = [
    await evaluateSpiking(twin, task, options),
    await evaluateSpiking(twin, withAmplitude(task, 0.5), options),
    await evaluateSpiking(twin, task, { ...options, noiseScale: 2 }),
    await evaluateSpiking(twin, withAmplitude(task, 2), {
      ...options,
      noiseScale: 0,
    }),
  ];
  assert.deepEqual(found, alone);
  const errors = new Set(found.map(({ outputError }) => outputError));
  assert.equal(errors.size, found.length);
});

Deno.test("fixedPointsFigure() names long inputs by the first letters of channels", () => {
  const { panels, description } = fixedPointsFigure({
    inputs: ["stimulus 1 = −0.5, stimulus 2 = 0.5, context 1 = 1", "cue = 1"]
      .map((name) => ({ name, points: [] })),
    courses: [{ x: [0, 1], y: [0, 1] }],
  });
  assert.deepEqual(panels.map(({ title }) => title), [
    "s1 = −0.5, s2 = 0.5, c1 = 1",
    "cue = 1",
  ]);
  assert.match(
    description,
    /stimulus 1 = −0.5, stimulus 2 = 0.5, context 1 = 1/,
  );
});
