import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  decodeMat,
  encodeMat,
  fromRowMajor,
  matrix,
} from "../../lib/mat5/mod.ts";
import { compare } from "../../tools/verify/comparison.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";

const program = new URL("../../tools/verify.ts", import.meta.url).pathname;
const data = new URL("../data/", import.meta.url).pathname;

function verify(...paths: string[]) {
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-read", program, ...paths],
  }).outputSync();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

Deno.test("compare() measures the largest difference and says where it is", () => {
  const fine = compare("x", [1, 2], [1, 2.001], 1e-3, "relative");
  assert.ok(fine.passes);
  assert.ok(Math.abs(fine.absolute - 0.001) < 1e-12);
  const off = compare("x", [1, 2], [1, 3], 0.1, "absolute");
  assert.ok(!off.passes);
  assert.match(off.worst!, /value 1: 2, known 3/);
});

Deno.test("compare() lets no NaN pass", () => {
  assert.ok(!compare("x", [NaN, 1], [1, 1], 10, "absolute").passes);
  assert.ok(!compare("x", [1, NaN], [1, 1], 10, "relative").passes);
});

Deno.test("verify passes the cases by other implementations", () => {
  const { code, out } = verify(
    join(data, "rate_gradients_N20_softplus_l1.mat"),
    join(data, "lif_noise_free_float64.mat"),
  );
  assert.equal(code, 0, out);
  assert.match(out, /reference, float64[\s\S]*dW_np64[\s\S]*pass/);
  assert.match(out, /simd[\s\S]*adam3_taus_gaus[\s\S]*pass/);
  assert.match(out, /933 spikes at their steps\s+0 .*pass/);
  assert.match(out, /all \d+ comparisons pass/);
});

Deno.test("verify fails a number that is off, and names it", async () => {
  const name = "rate_gradients_N20_sigmoid_l2.mat";
  const file = decodeMat(await Deno.readFile(join(data, name)));
  const { data: gradient, rows, columns } = matrix(file.get("dW_np64")!);
  const changed = Float64Array.from(gradient);
  changed[0] += 0.1;
  await inFolder(async (folder) => {
    const path = join(folder, name);
    const variables = new Map(file);
    variables.set("dW_np64", fromRowMajor(changed, rows, columns));
    await writeFile(path, encodeMat(variables));
    const { code, out } = verify(path);
    assert.equal(code, 1);
    assert.match(out, /dW_np64 .*FAIL \(value 0/);
  });
});

Deno.test("verify says what it cannot read", () => {
  const model = verify(join(data, "gonogo_original.mat"));
  assert.equal(model.code, 2);
  assert.match(model.err, /neither a rate-gradient case .* nor a spiking run/);
  assert.equal(verify().code, 2);
  assert.equal(verify("/nowhere.mat").code, 2);
});

testWith("webgpu", "verify announces what drivers may write, once", () => {
  const kept = Deno.env.get("XDG_RUNTIME_DIR");
  Deno.env.delete("XDG_RUNTIME_DIR");
  try {
    const { code, err } = verify(
      join(data, "rate_gradients_N20_softplus_l1.mat"),
      join(data, "lif_noise_free_float64.mat"),
    );
    assert.equal(code, 0, err);
    assert.match(
      err,
      /^looking for a graphics card \(a driver may write of XDG_/,
    );
    assert.equal(err.match(/looking for/g)?.length, 1);
  } finally {
    if (kept !== undefined) Deno.env.set("XDG_RUNTIME_DIR", kept);
  }
});
