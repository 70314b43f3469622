import assert from "node:assert/strict";
import { createNetwork } from "../../lib/network/create.ts";
import { decayTimeConstants } from "../../lib/network/effective.ts";
import { spectralRadius, summariseNetwork } from "../../lib/network/summary.ts";
import { randomStream } from "../../lib/random/stream.ts";

Deno.test("spectralRadius() of matrices whose eigenvalues are known", () => {
  assert.equal(spectralRadius(Float64Array.of(2, 0, 0, -3), 2), 3);
  // A rotation scaled by 2 has the complex pair 2·exp(±i·pi/2).
  const rotation = spectralRadius(Float64Array.of(0, -2, 2, 0), 2);
  assert.ok(Math.abs(rotation - 2) < 1e-12);
  // Nilpotent: all eigenvalues are 0.
  assert.ok(spectralRadius(Float64Array.of(0, 1, 0, 0), 2) < 1e-6);
  assert.equal(spectralRadius(new Float64Array(9), 3), 0);
});

Deno.test("spectralRadius() of a large matrix is close to what its eigenvalues say", () => {
  // Blocks with known eigenvalues, hidden by a change of units' order.
  const size = 500;
  const matrix = new Float64Array(size * size);
  const place = (k: number) => (k * 7) % size;
  for (let k = 0; k < size; k += 2) {
    const radius = 0.2 + 1.5 * (k / size) ** 2;
    const angle = k;
    const [a, b] = [place(k), place(k + 1)];
    matrix[a * size + a] = matrix[b * size + b] = radius * Math.cos(angle);
    matrix[a * size + b] = -radius * Math.sin(angle);
    matrix[b * size + a] = radius * Math.sin(angle);
  }
  const largest = 0.2 + 1.5 * ((size - 2) / size) ** 2;
  const estimate = spectralRadius(matrix, size);
  assert.ok(Math.abs(estimate / largest - 1) < 0.01, `${estimate}`);
});

Deno.test("summariseNetwork() counts units, weights and decay time constants", () => {
  const network = createNetwork(
    { channels: 2, units: [40, 30], sst: 2 },
    randomStream(3),
  );
  const summary = summariseNetwork(network);
  assert.equal(summary.units, 70);
  assert.equal(summary.channels, 2);
  assert.equal(summary.between.length, 1);
  summary.layers.forEach((layer, l) => {
    const { positive, zero, negative } = layer.weights;
    assert.equal(positive + zero + negative, layer.units ** 2);
    assert.equal(layer.excitatory + layer.inhibitory, layer.units);
    assert.equal(layer.sst, 2);
    const taus = decayTimeConstants(network, l);
    assert.equal(layer.taus.min, Math.min(...taus));
    assert.equal(layer.taus.max, Math.max(...taus));
    assert.ok(layer.taus.min > 4 && layer.taus.max < 20);
    assert.ok(layer.spectralRadius > 0);
  });
});

Deno.test("decayTimeConstants() gives the fixed one to every unit", () => {
  const network = createNetwork(
    { channels: 1, units: 5, taus: [7] },
    randomStream(3),
  );
  assert.deepEqual([...decayTimeConstants(network, 0)], [7, 7, 7, 7, 7]);
});
