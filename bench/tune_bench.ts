/**
 * Times of an update of fine-tuning, 16 Go-NoGo trials, and of its adjoint alone
 * on the SIMD kernel and in plain TypeScript:
 *
 *   deno bench -A bench/tune_bench.ts
 *
 * The network is a trained one of 200 units at a scaling factor of 50.
 */
import { openBackend } from "../lib/backend/open.ts";
import { spikingGradient } from "../lib/backend/spiking_gradient.ts";
import type { SmoothTrial } from "../lib/kernels/lif/smooth.ts";
import { convert } from "../lib/spiking/convert.ts";
import {
  batchGradient,
  smoothNetworkOf,
} from "../lib/calibrate/finetune_batch.ts";
import { prepareBatches } from "../lib/calibrate/finetune_draw.ts";
import { parametersOf } from "../lib/calibrate/finetune_parameters.ts";
import { transferCurve } from "../lib/map/transfer.ts";
import { goNogo } from "../lib/tasks/go_nogo.ts";
import { trainedNetwork } from "./networks.ts";

const task = goNogo();
const spiking = convert(await trainedNetwork(), { scalingFactor: 50 });
const backend = await openBackend();
const curve = await transferCurve(spiking, { seed: 1, backend });
const batches = prepareBatches(spiking, task, [{ noise: 1, curve }]);
const parameters = parametersOf(spiking);

Deno.bench("update, all weights", { group: "update" }, async () => {
  const options = { trials: 16, seed: 1, backend, all: true, guide: 0.3 };
  await batchGradient(batches, parameters, options);
});

Deno.bench("update, readout alone", { group: "update" }, async () => {
  const options = { trials: 16, seed: 1, backend, all: false, guide: 0 };
  await batchGradient(batches, parameters, options);
});

const network = smoothNetworkOf(batches, parameters);
const numbers = task.steps * network.units;
const trials: SmoothTrial[] = Array.from({ length: 16 }, (_, b) => ({
  // About as many spikes as units fire.
  spikes: Float32Array.from(
    { length: numbers },
    (_, k) => ((k + b) * 7919) % 25 === 0 ? 1 : 0,
  ),
  slopes: new Float32Array(numbers).fill(0.05),
  byRates: new Float32Array(numbers).fill(0.001),
}));

Deno.bench("adjoint, simd", { group: "adjoint", baseline: true }, () => {
  spikingGradient(network, trials, "simd");
});

Deno.bench("adjoint, reference", { group: "adjoint" }, () => {
  spikingGradient(network, trials, "reference");
});
