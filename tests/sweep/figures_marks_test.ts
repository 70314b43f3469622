import assert from "node:assert/strict";
import { labelAngle } from "../../lib/sweep/figures_marks.ts";

Deno.test("labelAngle() lays names level, slants them, or stands them upright", () => {
  const names = (count: number) =>
    Array.from({ length: count }, (_, i) => `sigmoid, ${i}`);
  assert.equal(labelAngle(["50", "100", "200"]), 0);
  assert.equal(labelAngle(names(3)), 0);
  assert.equal(labelAngle(["sigmoid", "softplus", "clipped ReLU"]), -40);
  assert.equal(labelAngle(names(10)), -40);
  assert.equal(labelAngle(names(11)), -90);
});
