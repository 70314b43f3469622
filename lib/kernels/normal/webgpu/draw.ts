/** Draws arrays of normal numbers on the GPU. */
import type { Gpu } from "../../webgpu/gpu.ts";
import type { KernelSource } from "../../webgpu/source.ts";
import { normalFunctions } from "./source.ts";

const source: KernelSource = {
  label: "normal",
  bindings: [
    { name: "what", type: "vec4u", access: "uniform" },
    { name: "words", type: "array<vec4u>", access: "read_write" },
    { name: "normals", type: "array<vec4f>", access: "read_write" },
  ],
  code: `${normalFunctions}
// what: units, trial, key, first block; one row of workgroups a block.
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= what.x) { return; }
  let k = at.y * what.x + at.x;
  words[k] = pcg4d(at.x, what.w + at.y, what.y, what.z);
  normals[k] = normal_block(at.x, what.w + at.y, what.y, what.z);
}
`,
};

/** Which numbers to draw: units 0 … units - 1, blocks of four steps. */
export interface NormalRange {
  readonly units: number;
  readonly firstBlock: number;
  readonly blocks: number;
  readonly trial: number;
  readonly key: number;
}

/**
 * Words and normal numbers of a range, blocks×units×4.
 *
 * @throws {BackendError} if the device fails
 */
export async function drawNormals(
  gpu: Gpu,
  range: NormalRange,
): Promise<{ words: Uint32Array; normals: Float32Array }> {
  const { units, blocks, trial, key, firstBlock } = range;
  return await gpu.exclusive(async () => {
    const bytes = 16 * units * blocks;
    const what = gpu.uniform([units, trial, key, firstBlock]);
    const words = gpu.temporary(gpu.buffer(bytes));
    const normals = gpu.temporary(gpu.buffer(bytes));
    gpu.run([{
      kernel: gpu.kernel(source),
      buffers: [what, words, normals],
      workgroups: [Math.ceil(units / 64), blocks],
    }]);
    const [w, n] = await gpu.read([
      { buffer: words, bytes },
      { buffer: normals, bytes },
    ]);
    return { words: new Uint32Array(w), normals: new Float32Array(n) };
  });
}
