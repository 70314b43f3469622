import assert from "node:assert/strict";
import { convert } from "../../lib/spiking/convert.ts";
import { diagnose } from "../../lib/map/diagnose.ts";
import {
  fakeBackend,
  type FakeResponse,
  task,
} from "../simulate/spiking_fakes.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";

const network = networkOf([layerOf(4, 2, 1)]);
const spiking = convert(network, { scalingFactor: 50 });

/** A rate unit's course; unit 3 does not move. */
function course(unit: number, step: number): number {
  return unit === 3 ? 0.5 : 0.5 + 0.3 * Math.sin(step / 3 + unit);
}

/** Rate step to which an integration step belongs. */
function rateStep(step: number): number {
  return Math.floor(step / 100) + 1;
}

/** A pair of networks that do the same, but for what the spiking one changes. */
function pair(changes: Partial<FakeResponse> | "twin" = "twin") {
  const isGo = (inputs: ArrayLike<number>) => Array.from(inputs).includes(1);
  return fakeBackend(
    (_, { inputs }) => ({
      output: (step) => isGo(inputs) && rateStep(step) > 10 ? 1 : 0,
      spikes: () => 1,
      rate: (unit, step) => 50 * course(unit, rateStep(step)),
      ...(changes === "twin" ? {} : changes),
    }),
    {
      output: ({ inputs }, step) => isGo(inputs) && step > 10 ? 1 : 0,
      rate: (_, unit, step) => course(unit, step),
    },
  );
}

function run(changes?: Parameters<typeof pair>[0]) {
  return diagnose(network, spiking, task, {
    seed: 1,
    trials: 40,
    recorded: 2,
    backend: pair(changes),
  });
}

function close(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual}, not ${expected}`);
}

Deno.test("diagnose() finds nothing in a perfect twin", async () => {
  const diagnosis = await run();
  assert.deepEqual(diagnosis.findings, []);
  assert.equal(diagnosis.verdict, "good");
  assert.equal(diagnosis.rate.strict.value, 1);
  assert.equal(diagnosis.spiking.strict.value, 1);
  close(diagnosis.output.gain, 1);
  close(diagnosis.output.offset, 0);
  const { correlation, rate, rateDeviation, firing, silent, saturated } =
    diagnosis.units;
  for (let unit = 0; unit < 3; unit++) {
    close(correlation[unit], 1);
    assert.ok(rateDeviation[unit] > 0.15);
  }
  assert.ok(Number.isNaN(correlation[3]), "a unit that does not move has none");
  assert.equal(rateDeviation[3], 0);
  assert.equal(rate[3], 0.5);
  // One spike in a trial of 100 ms.
  assert.deepEqual([...firing], [10, 10, 10, 10]);
  assert.deepEqual([silent, saturated], [[], []]);
});

Deno.test("diagnose() knows the decay time constants in ms", async () => {
  const { decayMs, decayFixed } = await run();
  // taus_gaus 0, 0.25, 0.5, 0.75 between 4 and 20 steps of 5 ms.
  const decay = (g: number) => 5 * (4 + 16 / (1 + Math.exp(-g)));
  close(decayMs.min, decay(0));
  close(decayMs.median, (decay(0.25) + decay(0.5)) / 2);
  close(decayMs.max, decay(0.75));
  assert.equal(decayFixed, false);
});

Deno.test("diagnose() tells an output too large from one that is shifted", async () => {
  const large = await run({ output: (step) => step >= 1000 ? 2 : 0 });
  const gain = large.findings.map(({ code }) => code);
  assert.ok(gain.includes("performance"), "the other condition fails");
  const shifted = await diagnose(network, spiking, task, {
    seed: 1,
    trials: 10,
    backend: fakeBackend(
      (_, { inputs }) => ({
        output: (step) =>
          0.4 + (inputs.includes(1) && rateStep(step) > 10 ? 1 : 0),
        spikes: () => 1,
        rate: (unit, step) => course(unit, rateStep(step)),
      }),
      {
        output: ({ inputs }, step) => inputs.includes(1) && step > 10 ? 1 : 0,
        rate: (_, unit, step) => course(unit, step),
      },
    ),
  });
  close(shifted.output.gain, 1);
  assert.ok(Math.abs(shifted.output.offset - 0.4) < 1e-6);
  assert.ok(shifted.findings.some(({ code }) => code === "offset"));
});

Deno.test("diagnose() finds silent and saturated units", async () => {
  const { units, findings } = await run({
    spikes: (unit) => [0, 0, 26, 24][unit],
  });
  assert.deepEqual([...units.firing], [0, 0, 260, 240]);
  assert.deepEqual(units.silent, [0, 1]);
  assert.deepEqual(units.saturated, [2], "more than 250 Hz with 2 ms");
  assert.deepEqual(findings.map(({ code }) => code).sort(), [
    "saturated",
    "silent",
  ]);
});

Deno.test("diagnose() finds units that follow another course", async () => {
  const { units, findings, verdict } = await run({
    rate: (unit, step) => 25 - 50 * course(unit, rateStep(step)),
  });
  assert.equal(verdict, "poor", "although the output is right");
  close(units.correlation[0], -1);
  assert.deepEqual(findings.map(({ code }) => code), ["correlation"]);
});

Deno.test("diagnose() calls a conversion that fails poor", async () => {
  const diagnosis = await run({ output: 0 });
  assert.equal(diagnosis.verdict, "poor");
  assert.deepEqual(diagnosis.findings.map(({ code }) => code).slice(0, 2), [
    "performance",
    "gain-low",
  ]);
});

Deno.test("diagnose() sees the edge of the search", async () => {
  const { findings } = await diagnose(network, spiking, task, {
    seed: 1,
    trials: 4,
    backend: pair(),
    searched: [50, 55, 60],
  });
  assert.deepEqual(
    findings.map(({ code, severity }) => `${severity} ${code}`),
    ["note undecided", "note factor-at-edge"],
  );
});

Deno.test("diagnose() rejects networks that are no twins", async () => {
  const backend = pair();
  await assert.rejects(
    diagnose(networkOf([layerOf(5)]), spiking, task, { seed: 1, backend }),
    { name: "TypeError", message: /5 units with a spiking one of 4/ },
  );
  await assert.rejects(
    diagnose(network, spiking, task, { seed: 1, backend, recorded: 0 }),
    { name: "RangeError", message: /record 0 trials/ },
  );
});
