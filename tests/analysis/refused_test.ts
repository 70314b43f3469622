/** What analyses of activity and spikes of any origin refuse. */
import { rejects, throws } from "node:assert/strict";
import {
  type Activity,
  autocorrelations,
  averageByCondition,
  binSpikes,
  currentStatistics,
  halfDifferences,
  irregularity,
  ofUnits,
  outputAt,
  principalComponents,
  projections,
  rateDynamics,
  reciprocity,
  selectivity,
  silentUnits,
  smoothed,
  spikeCounts,
  type SpikeTrains,
  synapticCurrents,
  synchrony,
  twoWayDesign,
  welch,
  widened,
  windowMeans,
} from "../../lib/entry/analysis.ts";
import { createNetwork, randomStream } from "../../mod.ts";

const trials = 4;
const conditions = ["a", "a", "b", "b"];
const activity: Activity = {
  ...{ trials, units: 2, bins: 20, binMs: 10, conditions },
  values: Float64Array.from({ length: trials * 40 }, (_, k) => k * k % 7),
};

const ofActivity: Readonly<Record<string, (activity: Activity) => unknown>> = {
  averageByCondition,
  ofUnits: (activity) => ofUnits(activity, [0]),
  principalComponents: (activity) => principalComponents(activity),
  smoothed: (activity) => smoothed(activity, 20),
  widened: (activity) => widened(activity, 2),
  windowMeans: (activity) => windowMeans(activity, { from: 0, to: 30 }),
};

Deno.test("analyses refuse activity whose sizes do not fit", () => {
  for (const [name, analyse] of Object.entries(ofActivity)) {
    analyse(activity);
    const fewer = activity.values.subarray(1);
    throws(() => analyse({ ...activity, values: fewer }), {
      name: "TypeError",
      message: /of 4 trials × 2 units × 20 bins: got 159 values$/,
    }, name);
    throws(() => analyse({ ...activity, conditions: ["a"] }), {
      name: "TypeError",
      message: /of 4 trials: got conditions of 1$/,
    }, name);
  }
  const fewer = { ...activity, values: activity.values.subarray(1) };
  throws(() => autocorrelations(fewer), /got 159 values$/);
  const values = activity.values.map((value, k) => k === 3 ? NaN : value);
  throws(
    () => principalComponents({ ...activity, values }),
    /it holds NaN at index 3, finite values/,
  );
});

const window = { from: 0, to: 500 };
const trains: SpikeTrains = {
  ...{ trials, units: 2, durationMs: 500, conditions },
  trial: Uint32Array.of(0, 1, 2, 3),
  unit: Uint32Array.of(0, 1, 0, 0),
  time: Float64Array.of(10, 20.5, 3, 99),
};
const filter = {
  ...{ units: 2, dt: 0.05, kind: "double" as const, rise: 2, decay: [20, 20] },
  weights: Float64Array.of(0, 0.5, -1, 0),
};

const ofSpikes: Readonly<Record<string, (trains: SpikeTrains) => unknown>> = {
  binSpikes: (trains) => binSpikes(trains, 10),
  halfDifferences: (trains) => halfDifferences(trains, conditions, ["a", "b"]),
  irregularity: (trains) => irregularity(trains, window),
  spikeCounts: (trains) => spikeCounts(trains, window),
  synapticCurrents: (trains) => synapticCurrents(filter, trains, 0),
  synchrony: (trains) => synchrony(trains, window, filter),
};

const wrong: readonly (readonly [Partial<SpikeTrains>, RegExp])[] = [
  [{ unit: Uint32Array.of(0, 7, 0, 0) }, /number 1 is of trial 1, unit 7,/],
  [{ trial: Uint32Array.of(0, 1, 9, 0) }, /number 2 is of trial 9, unit 0,/],
  [{ time: Float64Array.of(1, 2, 3, 501) }, /at 501 ms; .* of 500 ms/],
  [{ time: Float64Array.of(NaN, 2, 3, 5) }, /at NaN ms/],
  [{ time: Float64Array.of(1) }, /got 4 trials, 4 units and 1 times/],
];

Deno.test("analyses refuse spikes of trials, units and times that do not exist", async () => {
  for (const [name, analyse] of Object.entries(ofSpikes)) {
    analyse(trains);
    for (const [change, message] of wrong) {
      throws(() => analyse({ ...trains, ...change }), { message }, name);
    }
  }
  for (const [change, message] of wrong) {
    const found = currentStatistics(filter, { ...trains, ...change }, {
      ...{ window, binMs: 10 },
    });
    await rejects(found, { message });
  }
  throws(
    () => synchrony(trains, window, { rise: 2, decay: [20] }),
    /spikes of 2 units: got 1 decay time constant$/,
  );
});

Deno.test("analyses refuse numbers that they would not end with, or take for others", () => {
  throws(() => selectivity([NaN, 1], [2, 3]), /one of the values is NaN/);
  throws(() => ofUnits(activity, [1, 2]), /unit 2: there are 2 units/);
  for (const factor of [0, 1.5, 21, NaN]) {
    throws(() => widened(activity, factor), /from 1 to the 20 that there are$/);
  }
  throws(() => welch([[1, 2, 3]], 0, 4), /two samples of 0 ms/);
  throws(() => reciprocity([0, 1, 1], 2, [0]), /a matrix of 2 units has 4$/);
  throws(() => reciprocity([0, 1, 1, 0], 2, [2]), /unit 2: there are 2 units/);
  throws(
    () => silentUnits([Float32Array.of(0, 0, 1)], 2, "sigmoid"),
    /a trial has 3 rates, as many for each of 2 units/,
  );
  throws(
    () => twoWayDesign(["a", "b"], ["x", "y", "x"]),
    /values of 2 trials and of 3: each trial needs both$/,
  );
  const components = principalComponents(activity);
  throws(
    () => projections(components.rows, components, 3),
    /onto 3 components: there are 2$/,
  );
  const network = createNetwork({ channels: 1, units: 3 }, randomStream(1));
  throws(
    () => outputAt(rateDynamics(network, 5), [0, 0]),
    /a state of 2 numbers: the network has 3 units$/,
  );
});
