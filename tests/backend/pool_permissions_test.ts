import { deepStrictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

Deno.test("openPool() needs no permission", () => {
  const program = fileURLToPath(
    new URL("./pool_program.ts", import.meta.url),
  );
  const output = execFileSync(
    Deno.execPath(),
    ["run", "--quiet", "--no-prompt", program],
    { encoding: "utf8" },
  );
  deepStrictEqual(output, "16 numbers\n");
});
