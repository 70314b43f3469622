/** Memory stays flat in a process that works on and on: the short version. */
import { deepStrictEqual as equal, match, throws } from "node:assert/strict";
import { courses, type Sample } from "../../tools/soak_run.ts";

const program = new URL("../../tools/soak.ts", import.meta.url).pathname;

function soak(...args: string[]) {
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      "--v8-flags=--expose-gc,--max-semi-space-size=1",
      program,
      ...args,
    ],
  }).outputSync();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** Twenty samples of each phase; the heap grows by so many bytes from one to the next. */
function samples(growth: number): Sample[] {
  return (["train", "search"] as const).flatMap((phase) =>
    Array.from({ length: 20 }, (_, k) => ({
      phase,
      done: k + 1,
      heap: 8e6 + k * growth,
      external: 1e6,
      resident: 100e6,
    }))
  );
}

Deno.test("courses() tells memory that grows from memory that does not", () => {
  equal(courses(samples(1e4)).filter(({ flat }) => !flat), []);
  equal(
    courses(samples(5e5)).filter(({ flat }) => !flat)
      .map(({ phase, of }) => `${phase} ${of}`),
    ["train heap", "search heap"],
  );
  throws(() => courses(samples(0).slice(0, 3)), RangeError);
});

Deno.test("training and searching on and on leave memory as it is", () => {
  const { code, out, err } = soak("120", "20");
  equal(code, 0, out + err);
  match(out, /^flat {2}search heap/m);
});

Deno.test("the soak notices what is kept from update to update", () => {
  const { code, out } = soak("60", "20", "400000");
  equal(code, 1, out);
  match(out, /^GROWS train heap/m);
});
