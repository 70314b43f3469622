/**
 * The golden runs have the same bits in Deno, Node, Bun and a browser, and what
 * differs between these is as it should be.
 */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runtimeProgram, testWith } from "../require.ts";
import { inFolder } from "../folder.ts";
import { withBrowser } from "../dashboard/browser.ts";
import { withFirefox } from "./firefox.ts";
import * as program from "./program.ts";

type Digests = Record<string, Record<string, string>>;

const golden = new URL("../data/golden/", import.meta.url);
const library = new URL("library.json", golden);

/** What depends on the clock. */
function timeless(runs: Digests): Digests {
  return Object.fromEntries(
    Object.entries(runs).map(([name, variables]) => {
      const { spikernn_provenance: _, ...rest } = variables;
      return [name, rest];
    }),
  );
}

async function known(): Promise<Digests> {
  return JSON.parse(await readFile(library, "utf8"));
}

const workersDo = {
  usual: "Error: 2 results",
  "throws at its start":
    "BackendError: Cannot run a job: 3 workers in a row did not start, …",
  "wrong syntax":
    "BackendError: Cannot run a job: 3 workers in a row did not start, …",
  "the first dies": "Error: 2 results",
};

function filesDo(sandbox: string): unknown[] {
  const read = "ModelFileError: Cannot read";
  const write = "ModelFileError: Cannot write";
  return [
    "FOLDER/of/a/run/a_2.mat",
    true,
    `${read} "FOLDER/none.mat": it does not exist, or its folder does not`,
    `${read} "FOLDER/of": it is a folder, name a file in it`,
    `${read} "FOLDER/of/a/run/a.mat/b.mat": ` +
    "a part of its path is a file, not a folder",
    `${write} "FOLDER/of/a": it is a folder, name a file in it`,
    "ModelFileError: Cannot make the folder " +
    '"FOLDER/of/a/run/a.mat": a file of that name is in the way',
    "TaskError: Cannot load task FOLDER/none.ts: there is no such file",
    "mine",
    sandbox,
  ];
}

const unpackedAre = [
  true,
  true,
  "ModelFileError: Cannot read the MATLAB file: received a compressed variable that is damaged",
  "ModelFileError: Cannot read the zip fi",
  true,
];

/** A task file that needs nothing imported. */
const task = `export default {
  name: "mine",
  description: "A pulse to answer.",
  timing: { T: 60 as number },
  channels: ["pulse"],
  conditions: ["pulse"],
  layout: ({ T }: { T: number }) => ({ stimuli: {}, response: [20, T] }),
  trial() {},
};
`;

const stoppedAre = ["enough", "enough", "enough", "interrupted"]
  .map((reason) => `RangeError: ${reason}`);

type ProgramName = "program" | "web_program";

const bundles = new Map<ProgramName, Promise<string>>();

/** A program in one file, as people bundle it for elsewhere; it is made once. */
function bundled(name: ProgramName): Promise<string> {
  const text = bundles.get(name) ?? bundle(name);
  bundles.set(name, text);
  return text;
}

async function bundle(name: ProgramName): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--platform", "browser"],
      new URL(`./${name}.ts`, import.meta.url).pathname,
    ],
  }).output();
  ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("a program that imports the library makes the runs of the command line", async () => {
  const runs = timeless(await program.libraryRuns());
  if (Deno.env.get("SPIKERNN_GOLDEN") === "write") {
    await writeFile(library, `${JSON.stringify(runs, null, 2)}\n`);
  }
  equal(runs, await known());
  for (const [name, variables] of Object.entries(runs)) {
    const { model } = JSON.parse(
      await readFile(new URL(`${name}.json`, golden), "utf8"),
    );
    const differing = Object.keys(model).filter((key) =>
      model[key] !== variables[key]
    );
    // What was asked on the command line is on record there.
    const asked = /^(file|spikernn_(search|provenance|task))$/;
    equal(differing.filter((key) => !asked.test(key)), [], name);
  }
});

Deno.test("workers and files in Deno do what they do elsewhere", async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, "task.ts"), task);
    equal(await program.workers(), workersDo);
    equal(await program.team(), true);
    equal(program.bytes(), true);
    equal(await program.stopped(), stoppedAre);
    equal(await program.unpacked(program.packed()), unpackedAre);
    const found = await program.files(folder);
    equal(found, filesDo("nothing was thrown"));
  });
});

/** What a module beside the programs prints in another runtime, as JSON. */
async function printed(
  need: "node" | "bun",
  folder: string,
  module: string,
): Promise<unknown> {
  for (const name of ["program", "web_program"] as const) {
    if (!module.includes(`"./${name}.js"`)) continue;
    await writeFile(join(folder, `${name}.js`), await bundled(name));
  }
  const main = join(folder, "main.mjs");
  await writeFile(main, module);
  const { success, stdout, stderr } = await new Deno.Command(
    runtimeProgram(need),
    { args: [main], cwd: folder, signal: AbortSignal.timeout(600_000) },
  ).output();
  ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** One golden run: the others tell nothing more where ./web is not all that runs. */
const one = "one_layer";

/** What the entry for pages gives in a runtime, by an expression in JavaScript. */
const webRuns = (path: string, only?: string) =>
  `(async () => {
    const there = await import(${JSON.stringify(path)});
    return {
      runs: await there.libraryRuns(${only ? JSON.stringify(only) : ""}),
      analysed: await there.analysed(),
    };
  })()`;

interface WebFound {
  readonly runs: Digests;
  readonly analysed: readonly string[];
}

async function holdsToGolden(
  { runs, analysed }: WebFound,
  only?: string,
): Promise<void> {
  const all = await known();
  equal(timeless(runs), only ? { [only]: all[only] } : all);
  equal(analysed, ["trajectories", "weights"]);
}

for (const [need, name] of [["node", "Node"], ["bun", "Bun"]] as const) {
  testWith(
    need,
    `the golden runs have the same bits in ${name}` +
      (need === "node" ? ", and by ./web" : ""),
    async () => {
      await inFolder(async (folder) => {
        const inside = join(folder, "files");
        await mkdir(inside);
        await writeFile(join(inside, "task.ts"), task);
        const { runs, web, ...found } = await printed(
          need,
          folder,
          `import * as program from "./program.js";
         console.log(JSON.stringify({
           name: program.name,
           runs: await program.libraryRuns(),
           workers: await program.workers(),
           team: await program.team(),
           bytes: program.bytes(),
           stopped: await program.stopped(),
           unpacked: await program.unpacked(program.packed()),
           files: await program.files(${JSON.stringify(inside)}),
           web: ${
            need === "node" && `await ${webRuns("./web_program.js", one)}`
          },
         }));`,
        ) as { readonly runs: Digests; readonly web: WebFound | false };
        equal(timeless(runs), await known());
        if (web) await holdsToGolden(web, one);
        equal(web !== false, need === "node");
        equal(found, {
          name: need,
          workers: workersDo,
          team: true,
          bytes: true,
          stopped: stoppedAre,
          unpacked: unpackedAre,
          files: filesDo(
            `TaskError: Cannot load task FOLDER/task.ts: ${name} has no ` +
              "sandbox for code that is not trusted, only Deno has; " +
              "`trust: true` runs the file with the program's own rights",
          ),
        });
      });
    },
  );
}

const emptyPage =
  '<!doctype html><title>spikernn</title><link rel="icon" href="data:,">';

/** Serves the programs to pages, under what docs/reference/library.md says a policy allows. */
async function served(work: (url: string) => Promise<void>): Promise<void> {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async ({ url }) => {
      const [, name] = /([a-z_]+)\.js$/.exec(url) ?? [];
      return name
        ? new Response(await bundled(name as ProgramName), {
          headers: { "content-type": "text/javascript" },
        })
        : new Response(emptyPage, {
          headers: {
            "content-type": "text/html",
            "content-security-policy": "default-src 'none'; img-src data:; " +
              "worker-src blob:; script-src 'self' 'wasm-unsafe-eval'",
          },
        });
    },
  );
  try {
    await work(`http://127.0.0.1:${server.addr.port}/`);
  } finally {
    await server.shutdown();
  }
}

testWith(
  "chromium",
  "the golden runs have the same bits in Chromium, and by ./web",
  (context) =>
    served((url) =>
      withBrowser(async (browser) => {
        await context.step("by the other entries", async () => {
          const page = await browser.newPage();
          await page.goto(url);
          const { runs, ...found } = await page.evaluate(async (packed) => {
            const path = "/program.js";
            const there: typeof program = await import(path);
            return {
              name: there.name,
              runs: await there.libraryRuns(),
              workers: await there.workers(),
              team: await there.team(),
              bytes: there.bytes(),
              stopped: await there.stopped(),
              unpacked: await there.unpacked(packed),
            };
          }, program.packed());
          equal(timeless(runs), await known());
          equal(found, {
            ...{ name: "browser", workers: workersDo, team: true, bytes: true },
            stopped: stoppedAre,
            unpacked: unpackedAre,
          });
        });
        await context.step("by ./web", async () => {
          const page = await browser.newPage();
          await page.goto(url);
          await holdsToGolden(
            await page.evaluate(webRuns("/web_program.js", one)),
            one,
          );
        });
      })
    ),
);

testWith(
  "firefox",
  "./web has the same bits in Firefox",
  () =>
    served((url) =>
      withFirefox(async (page) => {
        await page.goto(url);
        await holdsToGolden(await page.evaluate(webRuns("/web_program.js")));
        equal(page.errors, []);
      })
    ),
);
