import assert from "node:assert/strict";
import {
  correspondence,
  linearCka,
  weightChanges,
} from "../../lib/map/correspondence.ts";
import { decodeModel } from "../../lib/formats/model_file.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { goNogo } from "../../lib/tasks/go_nogo.ts";
import { openBackend } from "../../lib/backend/open.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";
import { readFileSync } from "node:fs";

/** Columns of normal numbers. */
function columns(count: number, rows: number, seed: number): Float64Array[] {
  const random = randomStream(seed);
  return Array.from(
    { length: count },
    (_, k) =>
      Float64Array.from({ length: rows }, (_, row) => random.normal(row, k)),
  );
}

Deno.test("linearCka() is 1 for rotated and scaled columns, small for independent ones", async () => {
  const x = columns(3, 400, 1);
  const [a, b, c] = x;
  const turned = [
    a.map((value, row) => 5 * (0.6 * value - 0.8 * b[row]) + 2),
    b.map((value, row) => 5 * (0.6 * value + 0.8 * a[row])),
    c.map((value) => 5 * value - 7),
  ];
  assert.ok(Math.abs(await linearCka(x, turned) - 1) < 1e-12);
  assert.ok(await linearCka(x, columns(4, 400, 2)) < 0.05);
  assert.ok(Number.isNaN(await linearCka(x, [new Float64Array(400)])));
});

Deno.test("linearCka() of one column each is their squared correlation", async () => {
  const x = Float64Array.of(1, 2, 3, 4);
  const y = Float64Array.of(1, 3, 2, 5);
  // Covariance 5.5, variances 5 and 8.75.
  assert.ok(
    Math.abs(await linearCka([x], [y]) - 5.5 ** 2 / (5 * 8.75)) < 1e-12,
  );
});

Deno.test("linearCka() of many units lets a timer stop it", async () => {
  const x = columns(600, 300, 1);
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(), 20);
  await assert.rejects(linearCka(x, x, stopping.signal), {
    name: "AbortError",
  });
});

Deno.test("weightChanges() leaves out a gain that all synapses share", () => {
  const network = networkOf([layerOf(4, 2)]);
  const spiking = convert(network, { scalingFactor: 50 });
  const changes = (gain: number[]) =>
    weightChanges({
      ...spiking,
      calibration: {
        units: {
          bias: new Float64Array(4),
          gain: Float64Array.from(gain),
        },
      },
    });
  assert.deepEqual(weightChanges(spiking), {
    weightChange: 0,
    synapsesChanged: 0,
  });
  const shared = changes([3, 3, 3, 3]);
  assert.ok(shared.weightChange < 1e-12 && shared.synapsesChanged === 0);
  const some = changes([1, 1, 1, 8]);
  assert.ok(some.weightChange > 0.5 && some.synapsesChanged > 0);
});

Deno.test("correspondence() is high at a factor that works, low where weights are others", async () => {
  const { network } = decodeModel(
    readFileSync(new URL("../data/gonogo_original.mat", import.meta.url)),
  );
  const backend = await openBackend();
  const spiking = convert(network, { scalingFactor: 50 });
  const options = { seed: 1, recorded: 5, backend };
  const mapped = await correspondence(spiking, goNogo(), options);
  assert.ok(mapped.unitCorrelation > 0.5 && mapped.cka > 0.8);
  assert.equal(mapped.weightChange, 0);
  // Gains by chance, of the size of the weights themselves.
  const random = randomStream(3);
  const size = network.layers[0].weights.length;
  const gains = Float64Array.from(
    { length: size },
    (_, k) => Math.exp(2 * random.normal(k)),
  );
  const other = await correspondence(
    {
      ...spiking,
      calibration: { synapses: { recurrent: [gains], between: [] } },
    },
    goNogo(),
    options,
  );
  assert.ok(other.weightChange > 0.5 && other.synapsesChanged > 0.3);
  assert.ok(other.cka < mapped.cka);
  await assert.rejects(
    correspondence(spiking, goNogo(), { ...options, recorded: 0 }),
    RangeError,
  );
  backend.close();
});
