import assert from "node:assert/strict";
import type { Model } from "../../lib/network/records.ts";

/** Fails on a network that cannot be computed with. */
export function assertSound({ network }: Model): void {
  for (const layer of network.layers) {
    const { size, weights, mask, inhibitory, tausGaus } = layer;
    assert.equal(weights.length, size * size);
    assert.equal(mask.length, size * size);
    assert.equal(inhibitory.length, size);
    assert.equal(tausGaus.length, size);
    assert.ok(
      weights.every(Number.isFinite) && tausGaus.every(Number.isFinite),
    );
    assert.ok(
      [...mask, ...inhibitory].every((flag) => flag === 0 || flag === 1),
    );
    assert.ok(network.dale || inhibitory.every((flag) => flag === 0));
  }
  assert.ok(network.taus.every((tau) => tau > 0 && Number.isFinite(tau)));
  assert.ok(
    network.readout.weights.flatMap((row) => [...row]).every(Number.isFinite),
  );
}
