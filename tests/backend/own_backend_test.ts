/** A backend that a program writes, of what all backends have in common. */
import {
  deepStrictEqual as equal,
  notDeepStrictEqual,
  ok,
} from "node:assert/strict";
import { referenceSession } from "../../lib/backend/rate_reference.ts";
import { simulateReference } from "../../lib/backend/spiking.ts";
import { openBackend } from "../../lib/backend/open.ts";
import { backendNames } from "../../lib/backend/types.ts";

import {
  type Backend,
  createNetwork,
  finished,
  getTask,
  randomStream,
  searchScalingFactor,
  train,
} from "../../mod.ts";

/** Computes in double precision, and counts what it is asked for. */
function inDoublePrecision() {
  const asked = { open: 0, simulate: 0, close: 0 };
  const backend: Backend = {
    name: "reference",
    description: "double precision",
    // deno-lint-ignore require-await
    async open(network) {
      asked.open++;
      return referenceSession(network, { precision: "float64" });
    },
    // deno-lint-ignore require-await
    async simulate(network, trials, record) {
      asked.simulate++;
      return simulateReference(network, trials, record, "float64");
    },
    close: () => void asked.close++,
  };
  return { backend, asked };
}

const task = getTask("go-nogo", { T: 60, stim_on: 10, stim_dur: 15 });
const network = createNetwork({ channels: 1, units: 8 }, randomStream(1));

Deno.test("a program's own backend trains a network and maps it", async () => {
  const { backend, asked } = inDoublePrecision();
  const options = { seed: 1, updates: 3, batch: 2 };
  const { model } = await finished(
    train(network, task, { ...options, backend }),
  );
  ok(asked.open > 0);
  const single = await finished(train(network, task, options));
  const [own, usual] = [model, single.model].map(({ network }) =>
    network.layers[0].weights
  );
  notDeepStrictEqual([...own], [...usual]);
  own.forEach((weight, k) =>
    ok(Math.abs(weight - usual[k]) < 1e-4, `${k}: ${weight}, ${usual[k]}`)
  );
  const search = { seed: 1, factors: [40, 50], trials: 2, backend };
  await finished(searchScalingFactor(model.network, task, search));
  ok(asked.simulate > 0);
  // Who opened it closes it.
  equal(asked.close, 0);
});

Deno.test("openBackend() refuses a name that is none, and says which there are", async () => {
  let message = "";
  await openBackend({ name: "abacus" as "simd" })
    .catch((error) => message = `${error}`);
  equal(
    message,
    'BackendError: Cannot open backend "abacus": allowed are ' +
      backendNames.join(", "),
  );
});
