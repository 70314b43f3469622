/** Trains two layers on two threads and ends; for the test of permissions. */
import { openBackend } from "../../lib/backend/open.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";

const backend = await openBackend({ workers: 2 });
const session = await backend.open(
  createNetwork({ channels: 1, units: [8, 8] }, randomStream(1)),
);
const steps = 60;
const trial = {
  steps,
  inputs: new Float32Array(steps).fill(1),
  target: new Float32Array(steps).fill(1),
  noise: { key: 1, trial: 0 },
};
const { losses } = await session.update([trial], "l2", { learningRate: 0.01 });
console.log(losses[0] > 0);
// The session is left open: the backend ends what it started.
backend.close();
