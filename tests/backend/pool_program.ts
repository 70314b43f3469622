/** Opens a pool, runs a job and closes it; for the test of permissions. */
import { openPool } from "../../lib/backend/pool.ts";
import { jobBase } from "../../lib/kernels/job.ts";
import { lif } from "../../lib/kernels/lif/lif_wasm.ts";

const pool = openPool({ workers: 2, modules: { lif: lif() } });
const [numbers] = await pool.run({
  module: "lif",
  memoryBytes: jobBase + 64,
  writes: [],
  calls: [],
  reads: [{ at: jobBase, length: 16, type: "float32" }],
});
console.log(`${numbers.length} numbers`);
pool.close();
