import { deepStrictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

function withoutPermissions(program: string): string {
  const path = fileURLToPath(new URL(`./${program}`, import.meta.url));
  return execFileSync(
    Deno.execPath(),
    ["run", "--quiet", "--no-prompt", path],
    { encoding: "utf8", timeout: 60_000 },
  );
}

Deno.test("openPool() needs no permission", () => {
  deepStrictEqual(withoutPermissions("pool_program.ts"), "16 numbers\n");
});

Deno.test("layers on several threads need no permission, and end with the backend", () => {
  deepStrictEqual(withoutPermissions("team_program.ts"), "true\n");
});
