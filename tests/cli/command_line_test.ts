import { equal, match } from "node:assert/strict";
import {
  commandLine,
  shellWord,
  type Start,
} from "../../lib/runs/command_line.ts";
import { version } from "../../lib/version.ts";

Deno.test("shellWord() gives words that a shell takes as they are", async () => {
  for (
    const text of ["plain/a-b_c.mat", "with space", "it's", '$(x) "`\\', ""]
  ) {
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", `printf %s ${shellWord(text)}`],
    }).output();
    equal(new TextDecoder().decode(stdout), text);
  }
});

Deno.test(
  "commandLine() permits the folder and the task's file, no more",
  { permissions: { read: true } },
  () => {
    const line = commandLine(["train", "--resume", "a b.run"], {
      folder: "a b",
    });
    match(
      line,
      /^(?:deno|npx --yes deno@\S+) run '--allow-read=a b' '--allow-write=a b' \S+\/cli\.ts train --resume 'a b\.run'$/,
    );
    const file = { folder: "out", taskFile: "tasks/x.ts" };
    match(
      commandLine([], file),
      /--allow-read=out,tasks,\S+ --allow-write=out /,
    );
    match(commandLine([], { folder: "a,b" }), /^\S.* run -A /);
  },
);

/** A start of which everything is known. */
function started(over: Partial<Start>, files: Record<string, string>): Start {
  return {
    entry: "/clone/cli.ts",
    flags: [],
    deno: { path: "/usr/bin/deno", version: "2.9.6" },
    all: true,
    folders: ["/a", "/b"],
    read: (path) => files[path],
    ...over,
  };
}

Deno.test("commandLine() is the installed command, Deno, npx or a bundle, as this program was started", () => {
  const shim = (entry: string) =>
    `#!/bin/sh\nexec deno run --allow-all '${entry}' "$@"\n`;
  const npx = {
    path: "/home/user/.npm/_npx/7a/node_modules/deno/deno",
    version: "2.9.6",
  };
  const cases: [Start, string][] = [
    [
      started({}, { "/b/spikernn": shim("file:///clone/cli.ts") }),
      "spikernn map x",
    ],
    // Another clone's command is another program; so is one behind it.
    [
      started({}, { "/b/spikernn": shim("file:///other/cli.ts") }),
      "deno run -A /clone/cli.ts map x",
    ],
    [
      started({}, {
        "/a/spikernn": shim("file:///other/cli.ts"),
        "/b/spikernn": shim("file:///clone/cli.ts"),
      }),
      "deno run -A /clone/cli.ts map x",
    ],
    [
      started({ folders: [], all: false }, {}),
      "deno run --allow-read=models --allow-write=models /clone/cli.ts map x",
    ],
    [
      started({ deno: npx }, {}),
      "npx --yes deno@2.9.6 run -A /clone/cli.ts map x",
    ],
    // While npx runs, its own folder is on the path.
    [
      started({ deno: npx, folders: ["/r/_npx/7a/node_modules/.bin"] }, {
        "/r/_npx/7a/node_modules/.bin/deno": "",
      }),
      "npx --yes deno@2.9.6 run -A /clone/cli.ts map x",
    ],
    [
      started({ deno: npx }, { "/a/deno": "#!/bin/sh" }),
      "deno run -A /clone/cli.ts map x",
    ],
    [
      started({
        entry: "/dist/spikernn.js",
        flags: ["--unstable-worker-options"],
      }, {}),
      "deno run -A --unstable-worker-options /dist/spikernn.js map x",
    ],
  ];
  for (const [start, line] of cases) {
    equal(commandLine(["map", "x"], { folder: "models" }, start), line);
  }
});

Deno.test("commandLine() gives a command that exists", async () => {
  const line = commandLine(["--version"], { folder: "." });
  const { stdout } = await new Deno.Command("sh", { args: ["-c", line] })
    .output();
  equal(new TextDecoder().decode(stdout), `${version}\n`);
});
