import assert from "node:assert/strict";
import { convert } from "../../lib/spiking/convert.ts";
import {
  lesion,
  rateStimulation,
  spikingStimulation,
} from "../../lib/simulate/perturb.ts";
import { selectUnits } from "../../lib/network/units.ts";
import { layerOf, networkOf } from "./networks.ts";

// Layer 0: E E I(SST) I(PV); layer 1: E I(PV).
const network = networkOf([layerOf(4, 2, 1), layerOf(2, 1)]);
const spiking = convert(network, { scalingFactor: 50 });

Deno.test("selectUnits() counts populations over all layers", () => {
  assert.deepEqual(selectUnits(network, "E"), [0, 1, 4]);
  assert.deepEqual(selectUnits(network, "I"), [2, 3, 5]);
  assert.deepEqual(selectUnits(network, "SST"), [2]);
  assert.deepEqual(selectUnits(network, ["PV", 0, 3]), [0, 3, 5]);
});

Deno.test("selectUnits() rejects what the network does not have", () => {
  const rejects = (
    selection: Parameters<typeof selectUnits>[1],
    message: RegExp,
  ) =>
    assert.throws(() => selectUnits(network, selection), {
      name: "RangeError",
      message,
    });
  // deno-lint-ignore no-explicit-any
  rejects("VIP" as any, /allowed are E, I, SST, PV/);
  rejects([6], /unit 6: the network has units 0 to 5/);
  rejects([-1], /unit -1/);
  rejects([0.5], /unit 0.5/);
  rejects([], /selection is empty/);
  assert.throws(() => selectUnits(networkOf([layerOf(2)]), "SST"), {
    name: "RangeError",
    message: /population SST: the network has no such unit/,
  });
});

Deno.test("lesion() silences outgoing weights and readout, nothing else", () => {
  const without = lesion(network, [1, 5]);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      const k = 4 * i + j;
      assert.equal(
        without.layers[0].weights[k],
        j === 1 ? 0 : network.layers[0].weights[k],
      );
    }
  }
  assert.deepEqual([...without.between[0].weights], [1, 0, 3, 4, 5, 0, 7, 8]);
  assert.deepEqual([...without.readout.weights[0]], [1, 0]);
  assert.equal(network.readout.weights[0][1], 2, "the argument is untouched");
  assert.equal(without.inputs, network.inputs);
});

Deno.test("spikingStimulation() takes ms, rate steps and integration steps", () => {
  const expected = {
    kind: "exc",
    units: [2],
    from: 5000,
    to: 7500,
    probability: 0.5,
    amount: 0.5,
  };
  for (
    const window of [
      { from: 250, to: 375 },
      { from: 50, to: 75, unit: "steps" },
      { from: 5000, to: 7500, unit: "integrationSteps" },
    ] as const
  ) {
    assert.deepEqual(
      spikingStimulation(spiking, { kind: "exc", units: "SST", window }, 1000),
      expected,
    );
  }
});

Deno.test("spikingStimulation() may last the whole trial", () => {
  for (
    const window of [
      { from: 0, to: 20000, unit: "integrationSteps" },
      { from: 0, to: 200, unit: "steps" },
    ] as const
  ) {
    const { from, to } = spikingStimulation(
      spiking,
      { kind: "inh", units: "E", window },
      1000,
    );
    assert.deepEqual([from, to], [0, 20000]);
  }
});

Deno.test("rateStimulation() pushes x up or down at every step", () => {
  const request = {
    kind: "inh",
    units: [0],
    window: { from: 250, to: 375 },
  } as const;
  assert.deepEqual(rateStimulation(network, request, 200, 5), {
    units: [0],
    from: 50,
    to: 75,
    amount: -1,
  });
  assert.equal(
    rateStimulation(network, { ...request, kind: "exc", amount: 2 }, 200, 5)
      .amount,
    2,
  );
  assert.throws(
    () => rateStimulation(network, { ...request, probability: 0.5 }, 200, 5),
    { name: "RangeError", message: /pushed at every step/ },
  );
});

Deno.test("windows outside the trial, empty or misread are rejected", () => {
  for (
    const window of [
      { from: -1, to: 100 },
      { from: 0, to: 1001 },
      { from: 100, to: 100 },
      { from: 200, to: 100 },
      { from: NaN, to: 100 },
      { from: 0, to: 201, unit: "steps" as const },
    ]
  ) {
    const request = { kind: "exc", units: "E", window } as const;
    const error = { name: "RangeError", message: /Cannot use the window/ };
    assert.throws(() => spikingStimulation(spiking, request, 1000), error);
    assert.throws(() => rateStimulation(network, request, 200, 5), error);
  }
  assert.throws(
    () =>
      rateStimulation(
        network,
        { kind: "exc", units: "E", window: { from: 1, to: 2 } },
        200,
        5,
      ),
    { name: "RangeError", message: /shorter than a step of 5 ms/ },
  );
});

Deno.test("stimulation of unknown kinds and amounts is rejected", () => {
  const request = {
    kind: "exc",
    units: "E",
    window: { from: 0, to: 10 },
  } as const;
  const bad = [
    [{ kind: "up" }, /allowed are exc and inh/],
    [{ amount: -1 }, /amount of -1/],
    [{ amount: 0 }, /amount of 0/],
    [{ probability: 1.5 }, /probability of 1.5/],
    [{ window: { from: 0, to: 1, unit: "s" } }, /window in "s"/],
  ] as const;
  for (const [change, message] of bad) {
    assert.throws(
      // deno-lint-ignore no-explicit-any
      () => spikingStimulation(spiking, { ...request, ...change } as any, 1000),
      { name: "RangeError", message },
    );
  }
});
