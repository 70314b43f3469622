/** The transfer functions, each against its own definition. */
import assert from "node:assert/strict";
import { transferCurve } from "../../lib/map/transfer.ts";
import {
  activations,
  lifCurve,
  transferFunctions,
} from "../../lib/network/activations.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { convert } from "../../lib/spiking/convert.ts";

const states = Array.from({ length: 1201 }, (_, k) => (k - 600) / 20);

/** A state at which every activation is at its ceiling. */
const far = 1e4;

for (const name of activations) {
  const { phi, slope, phi32, slope32, ceiling, steepest } =
    transferFunctions[name];

  Deno.test(`${name}: the slope is the derivative of phi`, () => {
    const step = 1e-6;
    for (const x of states) {
      // Where phi has a corner there is no derivative to compare with.
      const corners = name === "sigmoid" || name === "lif" ? [] : [0, ceiling];
      if (corners.some((corner) => Math.abs(x - corner) < 2 * step)) continue;
      const numeric = (phi(x + step) - phi(x - step)) / (2 * step);
      const found = slope(phi(x));
      assert(Math.abs(found - numeric) < 1e-7, `${x}: ${found}, ${numeric}`);
      assert(found >= 0 && found <= steepest);
    }
  });

  Deno.test(`${name}: phi rises from 0 to its ceiling, in both precisions`, () => {
    for (const rate of [phi, phi32]) {
      const rates = [...states, far].map((x) => rate(x));
      assert(rates.every((r) => r >= 0 && r <= ceiling));
      assert(Math.abs(rates.at(-1)! - ceiling) < 1e-5 && rates[0] < 1e-5);
      const slack = rate === phi ? 0 : ceiling * 2e-7;
      assert(rates.every((r, k) => k === 0 || r >= rates[k - 1] - slack));
    }
  });

  Deno.test(`${name}: single precision agrees with double`, () => {
    for (const x of states) {
      const value = Math.fround(x);
      const [r, r32] = [phi(value), phi32(value)];
      assert(Math.abs(r32 - r) <= 1e-6 * Math.max(r, 1), `${x}: ${r32}, ${r}`);
      const [s, s32] = [slope(r32), slope32(r32)];
      assert(Math.abs(s32 - s) <= 1e-6, `${x}: ${s32}, ${s}`);
    }
  });

  Deno.test(`${name}: a state that is not a number stays one that shows`, () => {
    assert(Number.isNaN(phi(NaN)) && Number.isNaN(phi32(NaN)));
  });
}

Deno.test("lif: within 2 Hz of the rates that spiking units are measured to have", async () => {
  const { phi } = transferFunctions.lif;
  const spiking = convert(
    createNetwork({ channels: 1, units: 1 }, randomStream(1)),
    { scalingFactor: lifCurve.rate },
  );
  const { inputs, rates } = await transferCurve(spiking, {
    seed: 1,
    measurements: 16,
  });
  inputs.forEach((input, k) => {
    const found = lifCurve.rate * phi(input);
    // 24 s of irregular spikes at 25 Hz leave 0.5 Hz to chance.
    const allowed = input < 3 ? 2.5 : 2.2;
    assert(
      Math.abs(found - rates[k]) < allowed,
      `${input}: ${found}, ${rates[k]}`,
    );
  });
});
