import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  findFixedPoints,
  startingStates,
} from "../../lib/analysis/fixed_points.ts";
import {
  constantDrive,
  outputAt,
  type RateDynamics,
  rateDynamics,
} from "../../lib/analysis/rate_dynamics.ts";
import type { Activation } from "../../lib/network/activations.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { simulateRate } from "../../lib/simulate/simulate_rate.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { testWith } from "../require.ts";

function dynamics(
  activation: Activation,
  taus: number[],
  weights: number[],
): RateDynamics {
  return {
    units: taus.length,
    weights: Float64Array.from(weights),
    taus: Float64Array.from(taus),
    activation,
    readout: new Float64Array(taus.length).fill(1),
    bias: 0.5,
  };
}

function close(actual: number, expected: number, tolerance = 1e-9): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected} to ${tolerance}`,
  );
}

/** States of normal numbers. */
function normals(units: number, count: number, sd: number): Float64Array[] {
  const random = randomStream(4).fork("starts");
  return Array.from(
    { length: count },
    (_, s) =>
      Float64Array.from({ length: units }, (_, i) => sd * random.normal(i, s)),
  );
}

Deno.test("findFixedPoints() finds the three points of a unit that excites itself", async () => {
  // x = 8·sigmoid(x) - 4 = 4·tanh(x/2): 0, and one on either side.
  let high = 4;
  for (let k = 0; k < 200; k++) high = 4 * Math.tanh(high / 2);
  const { points, nowhere, starts } = await findFixedPoints(
    dynamics("sigmoid", [20], [8]),
    [-4],
    normals(1, 40, 3),
  );
  assert.equal(nowhere, 0);
  assert.equal(points.reduce((sum, p) => sum + p.starts, 0), starts);
  const [low, middle, top] = points
    .toSorted((a, b) => a.state[0] - b.state[0]);
  close(low.state[0], -high);
  close(middle.state[0], 0);
  close(top.state[0], high);
  assert.deepEqual(
    [low, middle, top].map(({ unstable }) => unstable),
    [0, 1, 0],
  );
  close(middle.eigenvalues!.real[0], (8 / 4 - 1) / 20);
  close(middle.slowest, 20);
  close(middle.output, 1);
  const r = 1 / (1 + Math.exp(-high));
  close(top.slowest, 20 / (1 - 8 * r * (1 - r)), 1e-6);
});

Deno.test("findFixedPoints() tells the order of a saddle: two units that inhibit each other", async () => {
  // Linear where both are active: x1 = 3 - 2·x2, x2 = 3 - 2·x1 meet in (1, 1),
  // with eigenvalues (-1 ± 2)/tau; either unit alone is at 3, the other at -3.
  const { points } = await findFixedPoints(
    dynamics("clipped_relu", [10, 10], [0, -2, -2, 0]),
    [3, 3],
    normals(2, 60, 3),
  );
  const found = points.map(({ state, unstable }) =>
    [...state].map((x) => Math.round(x * 1e6) / 1e6).join() + ` ${unstable}`
  );
  assert.deepEqual(found.toSorted(), ["-3,3 0", "1,1 1", "3,-3 0"]);
  const saddle = points.find(({ unstable }) => unstable === 1)!;
  const real = [...saddle.eigenvalues!.real].sort((a, b) => a - b);
  close(real[0], -0.3);
  close(real[1], 0.1);
});

Deno.test("findFixedPoints() finds a spiral's pair of complex eigenvalues", async () => {
  // x1 = x2 + 1, x2 = 3 - x1 where both are active: (2, 1), eigenvalues (-1 ± i)/tau.
  const { points: [point] } = await findFixedPoints(
    dynamics("clipped_relu", [10, 10], [0, 1, -1, 0]),
    [1, 3],
    [Float64Array.of(1, 1), Float64Array.of(4, 3)],
  );
  close(point.state[0], 2);
  close(point.state[1], 1);
  close(Math.abs(point.eigenvalues!.imaginary[0]), 0.1);
  assert.equal(point.unstable, 0);
});

Deno.test("findFixedPoints() sees a line attractor by its slow eigenvalue", async () => {
  const starts = [5, 6, 7, 8, 9].map((x) => Float64Array.of(x + 0.1, x));
  // Along (1, 1) the field is 0: every point there is fixed.
  const line = await findFixedPoints(
    dynamics("clipped_relu", [20, 20], [0.5, 0.5, 0.5, 0.5]),
    [0, 0],
    starts,
  );
  assert.equal(line.points.length, 5);
  for (const { kind, state, slowest, unstable } of line.points) {
    assert.equal(kind, "fixed");
    close(state[0], state[1]);
    assert.ok(slowest > 1e12 && unstable <= 1);
  }
  // Detuned: along (1, 1) the field is 0.001·(6 - x)/tau, across it -x/tau.
  const detuned = await findFixedPoints(
    dynamics("clipped_relu", [20, 20], [0.4995, 0.4995, 0.4995, 0.4995]),
    [0.006, 0.006],
    starts,
  );
  assert.equal(detuned.points.length, 1);
  const [{ state, eigenvalues, slowest }] = detuned.points;
  close(state[0], 6, 1e-6);
  close(Math.max(...eigenvalues!.real), -0.001 / 20, 1e-12);
  close(Math.min(...eigenvalues!.real), -1 / 20, 1e-12);
  close(slowest, 20_000, 1e-3);
});

Deno.test("findFixedPoints() tells a slow point from a fixed one", async () => {
  // Where 8·sigmoid'(x) = 1 the field turns; a drive lifts it to 0.002/tau there.
  const r = (1 - Math.sqrt(0.5)) / 2;
  const x = Math.log(r / (1 - r));
  const { points } = await findFixedPoints(
    dynamics("sigmoid", [20], [8]),
    [x - 8 * r + 0.002],
    [-3, -2.5, 4].map((start) => Float64Array.of(start)),
  );
  const [fixed, slow] = points;
  assert.deepEqual(points.map(({ kind }) => kind), ["fixed", "slow"]);
  assert.ok(fixed.state[0] > 0);
  close(slow.state[0], x, 1e-3);
  close(slow.q, 0.5 * (0.002 / 20) ** 2, 1e-12);
  assert.ok(slow.slowest > 1e4);
});

Deno.test("findFixedPoints() counts starts that end at no point, and drops none", async () => {
  const { points, nowhere } = await findFixedPoints(
    { ...dynamics("retanh", [20], [1.2]) },
    [0.2],
    normals(1, 30, 0.2),
  );
  assert.equal(points.reduce((sum, p) => sum + p.starts, 0) + nowhere, 30);
});

Deno.test("findFixedPoints() ends every start where it ends alone", async () => {
  // Two units that excite themselves, and each other a little: nine points.
  const of = dynamics("sigmoid", [20, 50], [8, 0.3, -0.2, 8]);
  const drive = [-4, -4];
  const starts = normals(2, 60, 3);
  const { points } = await findFixedPoints(of, drive, starts);
  const counts = points.map(() => 0);
  for (const start of starts) {
    const alone = await findFixedPoints(of, drive, [start], { mostSpectra: 0 });
    const same = points.findIndex(({ state }) =>
      alone.points[0]?.state.every((x, i) => Math.abs(x - state[i]) < 1e-6)
    );
    if (same >= 0) counts[same]++;
  }
  assert.equal(points.length, 9);
  assert.deepEqual(counts, points.map(({ starts }) => starts));
});

Deno.test("findFixedPoints() computes as many spectra as it is asked for", async () => {
  const { points } = await findFixedPoints(
    dynamics("sigmoid", [20], [8]),
    [-4],
    normals(1, 40, 3),
    { mostSpectra: 1 },
  );
  assert.ok(points[0].eigenvalues);
  assert.ok(!points[1].eigenvalues && Number.isNaN(points[1].unstable));
});

Deno.test("findFixedPoints() finds points of several layers, where the network stays", async () => {
  const network = createNetwork(
    { channels: 1, units: [8, 6], feedback: 0.5, gain: 3 },
    randomStream(2),
  );
  const field = rateDynamics(network, 5);
  assert.equal(field.units, 14);
  const { points } = await findFixedPoints(
    field,
    constantDrive(network, [1]),
    normals(14, 50, 2),
  );
  const stable = points.find(({ unstable }) => unstable === 0)!;
  // Run for 10 s of model time from anywhere, the network ends at such a point.
  const columns = 2000;
  const [run] = await simulateRate(network, [
    { inputs: new Float32Array(columns).fill(1), columns },
  ], { seed: 1, noiseScale: 0, record: { states: true } });
  const last = Float64Array.from(
    { length: 14 },
    (_, i) => run.trace.states![i * columns + columns - 1],
  );
  const nearest = Math.min(
    ...points.filter(({ unstable }) => unstable === 0)
      .map(({ state }) => Math.hypot(...state.map((x, i) => x - last[i]))),
  );
  assert.ok(nearest < 1e-3, `the run ends ${nearest} from a stable point`);
  close(outputAt(field, stable.state), stable.output);
  close(run.trace.outputs.at(-1)!, outputAt(field, last), 1e-4);
});

Deno.test("startingStates() draws visited states with noise, by its stream alone", async () => {
  const network = createNetwork({ channels: 1, units: 8 }, randomStream(1));
  const runs = await simulateRate(network, { task: getTask("go-nogo") }, {
    seed: 1,
    record: { states: true },
  });
  const visited = runs.map(({ trace }) => ({ states: trace.states! }));
  const draw = (noise: number) =>
    startingStates(visited, 8, randomStream(9), { count: 200, noise });
  const [plain, noisy] = [draw(0), draw(0.1)];
  assert.deepEqual(noisy, draw(0.1));
  let square = 0;
  plain.forEach((x, s) =>
    x.forEach((v, i) => square += (v - noisy[s][i]) ** 2)
  );
  close(Math.sqrt(square / 1600), 0.1, 0.01);
  const samples = visited[0].states.length / 8;
  assert.ok(plain.every((x) =>
    visited.some(({ states }) => {
      const at = states.findIndex((v, k) => k < samples && v === x[0]);
      return at >= 0 && x.every((v, i) => states[i * samples + at] === v);
    })
  ));
});

Deno.test("findFixedPoints() and startingStates() say what is wrong", async () => {
  const field = dynamics("sigmoid", [20], [8]);
  await assert.rejects(findFixedPoints(field, [0, 0], [Float64Array.of(0)]), {
    name: "TypeError",
    message:
      "Cannot search fixed points: the drive has 2 numbers, the network " +
      "has 1 unit",
  });
  await assert.rejects(findFixedPoints(field, [0], [Float64Array.of(NaN)]), {
    name: "RangeError",
    message:
      "Cannot search fixed points: start 0 has numbers that are not finite",
  });
  await assert.rejects(findFixedPoints(field, [0], []), /there is no start/);
  assert.throws(() => startingStates([], 3, randomStream(1)), {
    name: "RangeError",
    message: "Cannot draw states: 0 samples of 3 units were given",
  });
  assert.throws(
    () =>
      constantDrive(createNetwork({ channels: 1 }, randomStream(1)), [0, 0]),
    /the network has 1/,
  );
});

testWith(
  "scipy",
  "findFixedPoints() finds what a search written apart finds, in 20 networks",
  async () => {
    const networks = Array.from({ length: 20 }, (_, k) => {
      const units = 2 + k % 5;
      const random = randomStream(100 + k);
      const activation = k % 2 ? "softplus" as const : "sigmoid" as const;
      const strength = activation === "sigmoid" ? 14 : 1;
      const weights = Array.from(
        { length: units * units },
        (_, at) => strength * random.normal(at) / Math.sqrt(units),
      );
      return {
        units,
        activation,
        weights,
        taus: Array.from({ length: units }, (_, i) => 20 + 10 * i),
        // Half of what the others give, so that units are at their steepest.
        drive: Array.from(
          { length: units },
          (_, i) =>
            activation === "softplus" ? 1 : -0.5 *
              weights.slice(i * units, (i + 1) * units)
                .reduce((sum, w) => sum + w, 0),
        ),
        starts: normals(units, 150, 3).map((x) => [...x]),
      };
    });
    const expected: { state: number[]; real: number[] }[][] = JSON.parse(
      execFileSync("python3", ["tests/analysis/fixed_points.py"], {
        input: JSON.stringify(networks),
        encoding: "utf8",
      }),
    );
    let several = 0;
    for (const [k, net] of networks.entries()) {
      const { points } = await findFixedPoints(
        dynamics(net.activation, net.taus, net.weights),
        net.drive,
        net.starts.map((x) => Float64Array.from(x)),
      );
      const fixed = points.filter(({ kind }) => kind === "fixed");
      assert.equal(fixed.length, expected[k].length, `network ${k}`);
      several += Number(fixed.length > 1);
      for (const { state, real } of expected[k]) {
        const same = fixed.find((point) =>
          Math.hypot(...state.map((x, i) => x - point.state[i])) < 1e-7
        );
        assert.ok(same, `network ${k} has no point at ${state}`);
        const ours = [...same.eigenvalues!.real].sort((a, b) => a - b);
        real.forEach((x, i) => close(ours[i], x, 1e-7));
        assert.equal(same.unstable, real.filter((x) => x > 0).length);
      }
    }
    assert.ok(several >= 5, `only ${several} networks have several points`);
  },
);
