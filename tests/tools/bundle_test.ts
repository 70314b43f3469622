/** The command line as one file: it does all by itself what the clone does. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { decodeMat, type MatVariables } from "../../lib/mat5/mod.ts";
import { makeBundle } from "../../tools/bundle.ts";
import { run } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";
import { taskText } from "../tasks/task_files.ts";

const tiny = [
  ...["--n_layers", "2", "--N", "12", "--n_trials", "20", "--eval_freq", "10"],
  ...["--eval_trials", "4", "--seed", "5", "--plots", "False", "--json"],
  ...["--backend", "simd", "--workers", "2"],
];

/** The path that a command says that it saved. */
function savedIn(out: string): string {
  const events = out.trimEnd().split("\n").map((line) => JSON.parse(line));
  return events.findLast(({ kind }) => kind === "saved").path;
}

/** A model's variables but for the one that says when it was made. */
async function variables(path: string): Promise<MatVariables> {
  const all = new Map(decodeMat(await Deno.readFile(path)));
  all.delete("spikernn_provenance");
  return all;
}

Deno.test("the bundle trains, maps, draws and sweeps by itself, with the same bits", async (context) => {
  await inFolder(async (folder) => {
    const bundle = join(folder, "spikernn.js");
    await makeBundle(bundle);
    // Neither the registry nor what is cached of it can be reached.
    const bundled = async (...args: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--no-prompt", "--no-config", "--no-remote", "--no-npm"],
          ...["--unstable-worker-options", "--allow-read", "--allow-write"],
          ...["--allow-sys", bundle, ...args],
        ],
        cwd: folder,
        env: {
          DENO_DIR: join(folder, "cache"),
          HTTP_PROXY: "http://127.0.0.1:9",
          HTTPS_PROXY: "http://127.0.0.1:9",
        },
      }).output();
      const [out, err] = [stdout, stderr].map((b) =>
        new TextDecoder().decode(b)
      );
      equal(code, 0, err);
      return out;
    };
    await Deno.writeTextFile(join(folder, "pulse.ts"), taskText({}));
    let model = "";

    await context.step("train and map give the clone's bits", async () => {
      const words = ["train", "--task", "go-nogo", ...tiny];
      model = join(folder, savedIn(await bundled(...words)));
      const here = await run([...words, "--output_dir", join(folder, "here")]);
      equal(await variables(model), await variables(savedIn(here.out)));
      const search = [
        "--trials",
        "4",
        "--seed",
        "3",
        "--write_anyway",
        "--json",
      ];
      await bundled("map", model, ...search, "--workers", "2");
      const other = savedIn(here.out);
      await run(["map", other, ...search, "--workers", "2"]);
      equal(await variables(model), await variables(other));
    });

    await context.step("figures are drawn", async () => {
      const words = ["plot", model, "weights", "--format", "png", "--json"];
      const bytes = await Deno.readFile(savedIn(await bundled(...words)));
      equal([...bytes.subarray(1, 4)], [0x50, 0x4e, 0x47]);
      const page = await bundled(
        ...words.slice(0, 3),
        "--format=pdf",
        "--json",
      );
      const pdf = await Deno.readFile(savedIn(page));
      equal(new TextDecoder().decode(pdf.subarray(0, 5)), "%PDF-");
    });

    await context.step("HDF5 files are written", async () => {
      const words = ["export", model, "--to", "nir", "--json"];
      const bytes = await Deno.readFile(savedIn(await bundled(...words)));
      equal(new TextDecoder().decode(bytes.subarray(1, 4)), "HDF");
    });

    await context.step("licences of what is in it lie beside it", async () => {
      const text = await Deno.readTextFile(
        join(folder, "spikernn.licences.txt"),
      );
      for (
        const [name, licence] of [
          ...[["vega-lite", "BSD-3-Clause"], ["pdfkit", "MIT"]],
          ...[["h5wasm", "NIST-Software"], ["zod", "MIT"]],
          ["@fontsource/dejavu-sans", "OFL-1.1"],
        ]
      ) {
        ok(
          new RegExp(`^${name} [\\d.]+ \\(.*${licence}`, "m").test(text),
          name,
        );
      }
      ok(text.includes("WITHOUT WARRANTY OF ANY KIND"));
    });

    await context.step("it is in ASCII, and below 9 MB", async () => {
      const bytes = await Deno.readFile(bundle);
      ok(bytes.every((byte) => byte < 128));
      ok(bytes.length < 9e6, `${bytes.length} bytes`);
    });

    await context.step("points of a sweep run in workers", async () => {
      const train = { task: "pulse.ts", N: 10, n_trials: 3, eval_trials: 4 };
      const plan = { name: "p", seeds: [1, 2], train, map: { trials: 4 } };
      await Deno.writeTextFile(join(folder, "p.json"), JSON.stringify(plan));
      const out = await bundled("sweep", "p.json", "--workers", "2", "--json");
      ok(out.includes('"done":2'), out);
    });
  });
});
