import assert from "node:assert/strict";
import { normalBlock, pcg4d } from "../../lib/kernels/normal/reference.ts";
import { drawNormals } from "../../lib/kernels/normal/webgpu/draw.ts";
import { testWith } from "../require.ts";
import { ulps, withGpu } from "./webgpu_device.ts";

testWith(
  "webgpu",
  "normal() in WGSL has the words of the reference and its numbers to 4 ulp",
  () =>
    withGpu(async (gpu) => {
      for (
        const range of [
          { units: 200, firstBlock: 0, blocks: 250, trial: 3, key: 7 },
          {
            units: 65,
            firstBlock: 9000,
            blocks: 40,
            trial: 2 ** 31 + 5,
            key: 0xdeadbeef,
          },
          { units: 1, firstBlock: 0, blocks: 1, trial: 0, key: 0 },
        ]
      ) {
        const { words, normals } = await drawNormals(gpu, range);
        const expected = new Int32Array(4);
        const four = new Float32Array(4);
        let furthest = 0;
        for (let b = 0; b < range.blocks; b++) {
          for (let unit = 0; unit < range.units; unit++) {
            const at = 4 * (b * range.units + unit);
            const block = range.firstBlock + b;
            pcg4d(unit, block, range.trial, range.key, expected);
            normalBlock(unit, block, range.trial, range.key, four);
            for (let k = 0; k < 4; k++) {
              assert.equal(words[at + k], expected[k] >>> 0, `word ${at + k}`);
              // Near 0 the cosine is a difference of terms near 1: their last
              // place counts there.
              const gap = Math.abs(normals[at + k] - four[k]);
              if (gap > 2 ** -24) {
                furthest = Math.max(furthest, ulps(normals[at + k], four[k]));
              }
            }
          }
        }
        assert.ok(furthest <= 4, `${furthest} ulp from the reference`);
      }
    }),
);
