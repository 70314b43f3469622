import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { simulateReference } from "../../lib/backend/spiking.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { goNoGoInputs, goNoGoNetwork, noiseFree } from "./lif_networks.ts";

/** Largest absolute difference. */
function difference(
  got: ArrayLike<number>,
  wanted: ArrayLike<number>,
): number {
  let largest = 0;
  for (let k = 0; k < wanted.length; k++) {
    const d = Math.abs(got[k] - wanted[k]);
    if (!(d <= largest)) largest = d;
  }
  return largest;
}

Deno.test("simulateReference() reproduces the original's noise-free trial spike for spike", () => {
  const network = convert(goNoGoNetwork(), { scalingFactor: 50 });
  const trial = {
    inputs: goNoGoInputs(true),
    columns: 201,
    noise: { key: 1, trial: 0, scale: 0 },
    initialVoltage: Float64Array.from(noiseFree("v0")),
  };
  const [trace] = simulateReference(
    network,
    [trial],
    { outputs: true, spikes: true, voltages: 500, currents: 499, rates: 500 },
    "float64",
  );
  const raster = noiseFree("raster_full");
  strictEqual(raster.length, 2 * 933);
  deepStrictEqual(
    Array.from(trace.spikes!.units, (unit) => unit + 1),
    raster.slice(0, 933),
  );
  deepStrictEqual(Array.from(trace.spikes!.steps), raster.slice(933));
  deepStrictEqual(Array.from(trace.spikeCounts), noiseFree("spike_counts"));
  deepStrictEqual(
    Array.from(trace.spikeCounts, (n, i) => n - trace.earlyCounts[i]),
    noiseFree("all_fr"),
  );
  ok(difference(trace.outputs!, noiseFree("out")) < 1e-12);
  const sampled = (history: ArrayLike<number>, every: number, step: number) => {
    const samples = Math.floor(20000 / every);
    return Array.from(
      { length: 200 },
      (_, i) => history[i * samples + step / every - 1],
    );
  };
  for (const step of [500, 4000, 20000]) {
    const voltages = sampled(trace.voltages!, 500, step);
    ok(difference(voltages, noiseFree(`REC_${step}`)) < 1e-12);
    const rates = sampled(trace.rates!, 500, step);
    ok(difference(rates, noiseFree(`rs_${step}`)) < 1e-12);
  }
  // The file's currents are those that step 500 used: what step 499 left.
  const currents = sampled(trace.currents!, 499, 499);
  ok(difference(currents, noiseFree("IPSC_500")) < 1e-12);
});
