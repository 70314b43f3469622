/** `--open`: whatever becomes of the browser, the page is there, and its place is said. */
import { equal, match } from "node:assert/strict";
import { Output } from "../../lib/cli/output.ts";
import { openPage } from "../../lib/runs/open_page.ts";
import { fakeTerminal } from "./fake_terminal.ts";

type Run = NonNullable<Parameters<typeof openPage>[2]>;

async function said(run: Run): Promise<string> {
  const terminal = fakeTerminal();
  const output = new Output(terminal, { quiet: true, json: false });
  await openPage("a b.html", output, run);
  return terminal.written.err;
}

Deno.test("openPage() hands the system the page's address, and is silent if it opens", async () => {
  let address = "";
  const run: Run = (_program, args) => {
    address = args.at(-1)!;
    return Promise.resolve({ code: 0 });
  };
  equal(await said(run), "");
  match(address, /^file:\/\/\/.*a%20b\.html$/);
  equal(await said(() => Promise.resolve(undefined)), "");
});

Deno.test("openPage() says why a page cannot be opened, and where it is", async () => {
  const failing: [Run, RegExp][] = [
    [
      () => Promise.resolve({ code: 3 }),
      /found no browser; it is file:.*a%20b/,
    ],
    [
      () => Promise.reject(new Deno.errors.NotFound()),
      /this machine has no \S+; it is file:/,
    ],
    [
      () => Promise.reject(new Deno.errors.NotCapable()),
      /it needs --allow-run=\S+; it is file:/,
    ],
  ];
  for (const [run, message] of failing) match(await said(run), message);
});
