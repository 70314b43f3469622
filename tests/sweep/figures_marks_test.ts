import assert from "node:assert/strict";
import { labelAngle, labelRoom } from "../../lib/sweep/figures_marks.ts";

Deno.test("labelAngle() lays names level, slants them, or stands them upright", () => {
  const names = (count: number) =>
    Array.from({ length: count }, (_, i) => `sigmoid, ${i}`);
  assert.equal(labelAngle(["50", "100", "200"]), 0);
  assert.equal(labelAngle(names(3)), 0);
  assert.equal(labelAngle(["sigmoid", "softplus", "clipped ReLU"]), -40);
  assert.equal(labelAngle(names(10)), -40);
  assert.equal(labelAngle(names(11)), -90);
});

Deno.test("labelRoom() gives upright names what they need, up to a limit", () => {
  const names = (length: number) =>
    Array.from({ length: 20 }, (_, i) => String(i).padEnd(length, "x"));
  assert.equal(labelRoom(["50", "100", "200"]), 0);
  assert.equal(labelRoom(["sigmoid", "softplus", "clipped ReLU"]), 30);
  assert.equal(labelRoom(names(12)), 60);
  assert.equal(labelRoom(names(80)), 110);
});
