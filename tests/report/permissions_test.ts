/** Figures are drawn without any permission, on a terminal and piped. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { testWith } from "../require.ts";

const program = new URL("permission_program.ts", import.meta.url).pathname;
const args = ["run", "--no-prompt", "--no-check", program];
const said =
  /svg true\r?\npdf true\r?\npng true\r?\nhtml true\r?\nworker true\r?\n/;

Deno.test("figures are drawn without any permission, here and in a worker", async () => {
  const { stdout, stderr, code } = await new Deno.Command(Deno.execPath(), {
    args,
  }).output();
  const decoder = new TextDecoder();
  equal(code, 0, decoder.decode(stderr));
  match(decoder.decode(stdout), said);
});

testWith(
  "script",
  "figures are drawn without any permission on a terminal",
  async () => {
    const line = [Deno.execPath(), ...args].map((arg) => `'${arg}'`).join(" ");
    const { stdout, code } = await new Deno.Command("script", {
      args: ["-qec", line, "/dev/null"],
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stdout);
    equal(code, 0, text);
    match(text, said);
  },
);
