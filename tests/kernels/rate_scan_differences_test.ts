/** Gradients of the float64 reference against central finite differences. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { referenceSession } from "../../lib/backend/rate_reference.ts";
import type { FloatArray, RateNetwork } from "../../lib/network/types.ts";
import {
  type CaseShape,
  caseShapes,
  randomNetwork,
  randomTrials,
  uniforms,
} from "../backend/rate_networks.ts";

/** Arrays of a network that are trained, and their gradients; bias apart. */
function trained(network: RateNetwork): FloatArray[] {
  return [
    ...network.layers.map(({ weights }) => weights),
    ...network.between.map(({ weights }) => weights),
    ...network.readout.weights,
    ...network.layers.map(({ tausGaus }) => tausGaus),
  ];
}

async function meanLoss(network: RateNetwork, shape: CaseShape) {
  const session = referenceSession(network, { precision: "float64" });
  const trials = randomTrials(shape);
  const { losses } = await session.gradient(trials, shape.loss);
  return losses.reduce((sum, loss) => sum + loss, 0) / trials.length;
}

Deno.test("gradients are those of finite differences", async () => {
  const shapes = fc.oneof(
    caseShapes({ layers: 1, units: 9, steps: 9, batch: 5 }),
    caseShapes({ layers: 3, units: 5, steps: 8, batch: 2 }),
  );
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const network = randomNetwork(shape);
      const session = referenceSession(network, { precision: "float64" });
      const { gradient } = await session.gradient(
        randomTrials(shape),
        shape.loss,
      );
      const gradients = [
        ...gradient.weights,
        ...gradient.between,
        ...gradient.readout,
        ...gradient.tausGaus,
      ];
      const uniform = uniforms(shape.seed + 11);
      for (const [k, values] of trained(network).entries()) {
        for (let n = 0; n < 3; n++) {
          const e = Math.floor(uniform() * values.length);
          const found = gradients[k][e];
          const isWeight = k < network.layers.length + network.between.length;
          if (shape.dale && isWeight && values[e] <= 0) {
            // Absent: on the flat side of the rectifier, or at its corner.
            assert.equal(found, 0);
            continue;
          }
          const at = async (step: number) => {
            const before = values[e];
            values[e] += step;
            const loss = await meanLoss(network, shape);
            values[e] = before;
            return loss;
          };
          // Clipped rates and l1 have kinks. A smooth point is one where both
          // sides, and two step widths, agree.
          const h = 1e-5;
          const [far, near, middle, nearer, farther] = [
            await at(-2 * h),
            await at(-h),
            await at(0),
            await at(h),
            await at(2 * h),
          ];
          const left = (middle - near) / h;
          const right = (nearer - middle) / h;
          const wide = (farther - far) / (4 * h);
          const central = (nearer - near) / (2 * h);
          const scale = 1 + Math.abs(central);
          const isSmooth = Math.abs(left - right) < 1e-2 * scale &&
            Math.abs(wide - central) < 1e-5 * scale;
          if (!isSmooth) continue;
          compared++;
          assert.ok(
            Math.abs(found - central) < 2e-5 * scale,
            `tensor ${k}[${e}]: ${found}, by differences ${central}`,
          );
        }
      }
      const bias = network.readout.bias;
      const shifted = (step: number) => ({
        ...network,
        readout: { ...network.readout, bias: bias + step },
      });
      const h = 1e-6;
      const up = await meanLoss(shifted(h), shape);
      const down = await meanLoss(shifted(-h), shape);
      const central = (up - down) / (2 * h);
      // An l1 loss whose error passes 0 here is the one thing that could differ.
      if (shape.loss === "l2") {
        assert.ok(
          Math.abs(gradient.bias - central) < 1e-4 * (1 + Math.abs(central)),
          `bias: ${gradient.bias}, by differences ${central}`,
        );
      }
    }),
    { numRuns: 60, seed: 7 },
  );
  assert.ok(compared > 500, `only ${compared} smooth points`);
});
