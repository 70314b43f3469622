/**
 * Outputs, loss, gradients and Adam updates against an independent float64
 * implementation and against the original code under TensorFlow.
 */
import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import { referenceSession } from "../../lib/backend/rate_reference.ts";
import type { RateSession } from "../../lib/backend/types.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { fixtureCase, fixtureNames } from "./rate_scan_fixtures.ts";

type Numbers = ArrayLike<number>;

/** Largest difference, absolute and relative to the largest number. */
function difference(found: Numbers, expected: Numbers) {
  assert.equal(found.length, expected.length);
  let absolute = 0;
  let largest = 0;
  for (let k = 0; k < expected.length; k++) {
    absolute = Math.max(absolute, Math.abs(found[k] - expected[k]));
    largest = Math.max(largest, Math.abs(expected[k]));
    assert.ok(Number.isFinite(found[k]));
  }
  return { absolute, relative: absolute / largest };
}

const sessions: [
  string,
  number,
  (network: RateNetwork) => RateSession | Promise<RateSession>,
][] = [
  [
    "float64 reference",
    1e-9,
    (network) => referenceSession(network, { precision: "float64" }),
  ],
  [
    "float32 reference",
    2e-5,
    (network) => referenceSession(network, { precision: "float32" }),
  ],
  ["simd", 2e-5, async (network) => (await openBackend()).open(network)],
];

for (const [label, allowed, open] of sessions) {
  for (const name of fixtureNames) {
    Deno.test(`${label} has the gradients of ${name}`, async () => {
      const { network, trial, loss, field, isSingle } = await fixtureCase(
        name,
      );
      const session = await open(network);
      const { losses, traces, gradient } = await session.gradient(
        [trial],
        loss,
      );
      const tensors: [string, Numbers][] = [
        ["o_np64", traces[0].outputs],
        ["loss_np64", losses],
        ["dW_np64", gradient.weights[0]],
        ["dw_out_np64", gradient.readout[0]],
        ["db_out_np64", [gradient.bias]],
        ["dtaus_gaus_np64", gradient.tausGaus[0]],
      ];
      for (const [tensor, found] of tensors) {
        const { relative } = difference(found, field(tensor)!);
        // What the file holds in single precision is only that exact.
        const bound = isSingle(tensor) ? Math.max(allowed, 6e-8) : allowed;
        assert.ok(
          relative <= bound,
          `${tensor}: off by ${relative}, allowed ${bound}`,
        );
      }
      session.close();
    });

    Deno.test(`${label} makes the Adam updates of ${name}`, async () => {
      const { network, trial, loss, field } = await fixtureCase(name);
      const session = await open(network);
      let compared = 0;
      for (let k = 1; k <= 3; k++) {
        await session.update([trial], loss, { learningRate: 0.01 });
        const after = session.network();
        const tensors: [string, Numbers][] = [
          ["W", after.layers[0].weights],
          ["w_out", after.readout.weights[0]],
          ["b_out", [after.readout.bias]],
          ["taus_gaus", after.layers[0].tausGaus],
        ];
        for (const [tensor, found] of tensors) {
          const expected = field(`adam${k}_${tensor}`);
          if (expected === undefined) continue;
          const { absolute } = difference(found, expected);
          assert.ok(
            absolute <= 1e-6,
            `${tensor} after ${k}: off by ${absolute}`,
          );
          compared++;
        }
      }
      assert.ok(compared >= 8);
      session.close();
    });
  }
}
