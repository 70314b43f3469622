/** Looking for a graphics card on a machine without a display. */
import { equal, match } from "node:assert/strict";
import { testWith } from "../require.ts";
import { spawn } from "./spawn.ts";

const doctor = ["doctor", "--fast"];

/** Runs `doctor` as in a session without a display. */
async function withoutDisplay(permissions: readonly string[]) {
  const kept = Deno.env.get("XDG_RUNTIME_DIR");
  Deno.env.delete("XDG_RUNTIME_DIR");
  try {
    const { code, out, err } = await spawn(permissions, doctor);
    equal(code, 0, err);
    match(out, /^webgpu .*difference$/m);
    return err;
  } finally {
    if (kept !== undefined) Deno.env.set("XDG_RUNTIME_DIR", kept);
  }
}

testWith("webgpu", "drivers write no errors of their own", async () => {
  equal(await withoutDisplay(["-A"]), "");
});

testWith(
  "webgpu",
  "what drivers may write is announced where it cannot be avoided",
  async () => {
    const err = await withoutDisplay([]);
    match(err, /^looking for a graphics card \(a driver may write of XDG_/);
    equal(err.match(/looking for/g)?.length, 1);
  },
);
