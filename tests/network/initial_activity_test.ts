/** What the units of deep networks do before training, layer by layer. */
import { ok } from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import { createNetwork } from "../../lib/network/create.ts";
import {
  activations,
  transferFunctions,
} from "../../lib/network/activations.ts";
import type { NetworkSettings } from "../../lib/network/settings.ts";
import { randomStream } from "../../lib/random/stream.ts";

const steps = 200;

/** Mean rate of every unit over the second half of a trial without stimulus, by layer. */
async function meanRates(
  settings: Partial<NetworkSettings>,
  seed: number,
): Promise<number[][]> {
  const network = createNetwork(
    { channels: 1, units: [200, 200, 200, 200, 200], ...settings },
    randomStream(seed),
  );
  const backend = await openBackend();
  const session = await backend.open(network);
  const [{ rates }] = await session.run([{
    steps,
    inputs: new Float32Array(steps),
    noise: { key: 9, trial: seed },
  }], { rates: true });
  session.close();
  backend.close();
  let unit = 0;
  return network.layers.map(({ size }) =>
    Array.from({ length: size }, () => {
      const row = rates!.subarray(unit * steps, ++unit * steps);
      return mean(Array.from(row.subarray(steps / 2)));
    })
  );
}

const mean = (values: readonly number[]) =>
  values.reduce((a, b) => a + b) / values.length;

const share = (values: readonly number[], is: (value: number) => boolean) =>
  values.filter(is).length / values.length;

for (const activation of activations) {
  Deno.test(`before training, five layers of ${activation} units neither die nor saturate`, async () => {
    const top = transferFunctions[activation].ceiling;
    // Rectifiers are off half of the time by their nature, and what holds
    // balanced ones back is their ceiling: some rest there in one layer too.
    const most = activation === "sigmoid" ? 0.15 : 0.7;
    for (const seed of [1, 2, 3]) {
      const layers = await meanRates({ activation }, seed);
      for (const [l, rates] of layers.entries()) {
        const silent = share(rates, (rate) => rate < 0.01 * top);
        const saturated = share(rates, (rate) => rate > 0.99 * top);
        const what = `seed ${seed}, layer ${l + 1}: mean ${mean(rates)}, ` +
          `${silent} silent, ${saturated} saturated`;
        ok(silent < most && saturated < most, what);
      }
    }
  });
}

Deno.test("with the paper's inhibition a second layer starts saturated", async () => {
  const [, second] = await meanRates(
    { inhibitoryScale: 1, units: [200, 200] },
    1,
  );
  ok(share(second, (rate) => rate > 0.99) > 0.8);
});
