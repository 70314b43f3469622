/** The command lines of a report: run by a shell, they make the same file. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { basename } from "node:path";
import { commandLines } from "../../lib/runs/again.ts";
import { modelFiles } from "../../lib/runs/model_files.ts";
import { decodeMat } from "../../lib/mat5/reader.ts";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import type { Model } from "../../lib/network/records.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";

/** The lines of a report's page, as a reader copies them. */
function linesOf(page: string): string {
  const section = page.slice(page.indexOf('<section id="again"'));
  const [, lines] = /<pre[^>]*>([\s\S]*?)<\/pre>/.exec(section)!;
  return lines.replace(
    /&#(\d+);/g,
    (_, code) => String.fromCharCode(Number(code)),
  );
}

/** What a POSIX shell gives the program by lines: the words of each. */
async function wordsOf(lines: string, cwd: string): Promise<string[][]> {
  const script = `set -e
spikernn() { printf '%s\\0' "$@" ''; }
${lines}`;
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", script],
    cwd,
    stdin: "null",
  }).output();
  equal(code, 0, new TextDecoder().decode(stderr));
  // An empty word ends each.
  const each = new TextDecoder().decode(stdout).split("\0\0");
  equal(each.pop(), "");
  return each.map((words) => words.split("\0"));
}

/** Runs lines as a POSIX shell gives them to the program in a folder. */
async function shell(lines: string, folder: string): Promise<void> {
  for (const words of await wordsOf(lines, folder)) {
    // The only place that is named from the folder on; this process is elsewhere.
    const place = (word: string) =>
      word.startsWith("again/") ? `${folder}/${word}` : word;
    await run(words.map(place));
  }
}

/** The variables of a model file, without the time at which it was saved. */
async function contents(path: string): Promise<Record<string, unknown>> {
  const variables = decodeMat(await Deno.readFile(path));
  return Object.fromEntries(
    [...variables].map(([name, value]) => [
      name,
      value.kind === "char"
        ? value.rows.map((row) =>
          row.replace(/"created":"[^"]*"/, '"created":""')
        )
        : value,
    ]),
  );
}

async function onlyModel(folder: string): Promise<string> {
  const found = (await modelFiles([folder])).map(({ path }) => path);
  equal(found.length, 1, found.join());
  return found[0];
}

const tiny = [
  ...["--N", "12", "--n_trials", "30", "--eval_freq", "10", "--batch", "4"],
  ...["--eval_trials", "6", "--plots", "False", "--quiet"],
];

/** What is run, MODEL standing for the file that the training gave. */
const made: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "one layer, calibrated, with constants of its own": [
    ["train", "--task", "go-nogo", "--stim_dur", "20", "--seed", "5", ...tiny],
    [
      ...["map", "MODEL", "--seed", "3", "--trials", "6", "--write_anyway"],
      "--calibrate_anyway",
      ...["--factors", "30"],
      ...["50", "--refine", "--tref", "1.5", "--tm", "12", "--tr", "1"],
      ...["--downsample", "2", "--select", "paper", "--calibrate", "readout"],
      ...["units", "weights", "tune", "--calibrate_trials", "5"],
      ...["--calibrate_iterations", "2", "--tune_rounds", "1"],
      ...["--tune_updates", "3", "--tune_batch", "4", "--tune_rate", "0.02"],
      ...["--tune_guide", "0.5", "--tune_weights", "readout", "--quiet"],
    ],
  ],
  "two layers, mapped again and again": [
    [
      ...["train", "--task", "xor", "--layer_sizes", "10", "8", "--feedback"],
      ...[
        "0.3",
        "--apply_dale",
        "False",
        "--act",
        "softplus",
        ...tiny.slice(2),
      ],
    ],
    [
      ...["map", "MODEL", "--trials", "3", "--factors", "4", "8"],
      ...["--model", "alif", "--tau_w", "60", "--b_w", "0.25"],
      ...["--write_anyway", "--quiet"],
    ],
    [
      ...["map", "MODEL", "--force", "--trials", "4", "--factors", "6", "10"],
      ...["--synapse", "single", "--use_initial_weights", "--write_anyway"],
      "--quiet",
    ],
    [
      ...["map", "MODEL", "--trials", "5", "--factors", "5", "12"],
      ...["--factor_per_layer", "--quiet"],
    ],
    [
      ...["map", "MODEL", "--trials", "3", "--calibrate", "units", "--quiet"],
      ...["--calibrate_anyway", "--calibrate_trials", "5"],
    ],
  ],
  "without spikes, fixed decay, in the original's way": [
    [
      ...["train", "--task", "mante", "--preset", "paper", "--decay_taus", "6"],
      ...["--som_N", "1", "--P_inh", "0.5", "--w_dist", "gamma", "--seed", "1"],
      ...tiny.filter((word) => !["--batch", "4"].includes(word)),
      ...["--workers", "2"],
    ],
  ],
};

Deno.test("the report's lines make the same network again", async (context) => {
  await inFolder(async (folder) => {
    const all = [];
    for (const [k, [name, commands]] of Object.entries(made).entries()) {
      const first = `${folder}/first it's ${k}`;
      await run([...commands[0], "--output_dir", first]);
      const model = await onlyModel(first);
      for (const command of commands.slice(1)) {
        await run(command.map((word) => word.replace("MODEL", model)));
      }
      const page = `${folder}/page${k}.html`;
      await run([
        ...["report", model, "--out", page, "--trials", "4", "--quiet"],
        ...(name.startsWith("one layer") ? [] : ["--analyse", "none"]),
      ]);
      const lines = linesOf(await Deno.readTextFile(page));
      all.push({ name, model, page, lines, before: await contents(model) });
    }
    for (const { name, model, page, lines, before } of all) {
      await context.step(name, async () => {
        await shell(lines, folder);
        const [stem] = basename(model).split(/\.mat$/);
        const again = await onlyModel(`${folder}/again/${stem}`);
        equal(await contents(again), before);
        // The last line makes the report, of the file that it is about.
        const report = model.replace(/\.mat$/, "_report.html");
        equal(
          (await Deno.readTextFile(report)).replaceAll(report, page),
          await Deno.readTextFile(page),
        );
      });
    }
  });
});

const network = createNetwork({ units: 4, channels: 1 }, randomStream(1));
const provenance: NonNullable<Model["provenance"]> = {
  version: "1",
  seed: 1,
  backend: "simd",
  created: "today",
  settings: {},
};

/** What a shell, a terminal or this program would obey. */
const hostile = {
  "N 5; touch owned #": 200,
  "$(touch owned)": 1,
  "`touch owned`": 1,
  task: "x'; touch owned; '$(touch owned)`touch owned`",
  seed: "1; touch owned",
  gain: ["$(touch owned)"],
  act: { toString: "touch owned" },
  output_dir: "owned",
  config: "owned",
  trust_task: true,
  log_dir: "owned",
  dashboard: true,
  resume: "owned",
  constructor: 1,
  __proto__: 1,
  loss_fn: "l1\ntouch owned",
  N: 7,
};

Deno.test("commandLines() take names of known settings alone, and quote values", async () => {
  await inFolder(async (folder) => {
    // As a file holds it: names like __proto__ among them.
    const settings = JSON.parse(
      JSON.stringify(hostile).replace(
        '"constructor"',
        '"__proto__":1,"constructor"',
      ),
    );
    const path = `${folder}/$(touch owned); 'x'.mat`;
    await writeModel(path, {
      network,
      task: { name: "go-nogo", timing: {} },
      provenance: { ...provenance, backend: "simd; touch owned", settings },
      search: {
        factors: [30],
        scores: [{
          paper: { correct: 1, trials: 1, value: 1, low: 0, high: 1 },
          strict: { correct: 1, trials: 1, value: 1, low: 0, high: 1 },
          loss: NaN,
          outputError: 0.1,
          conditions: [],
        }],
        chosen: 30,
        select: "strict",
        plateau: [30],
        runs: [{
          "seed 1; touch owned #": 2,
          task: "$(touch owned)",
          calibrate: ["units", "; touch owned"],
          factors: [30],
          log_dir: "owned",
          force: "touch owned",
        }],
        settings: { backend: "simd (2 workers); touch owned" },
      },
    });
    const { lines, complete } = commandLines(await readModel(path), path, {});
    ok(!complete);
    equal(lines.length, 3);
    match(
      lines[0],
      /^spikernn train --task 'x'\\''; touch owned; '\\''\$\(touch owned\)`touch owned`' --N 7 --output_dir 'again\/[^']*'\\''x'\\'''$/,
    );
    match(
      lines[1],
      /^spikernn map '.*' --task '\$\(touch owned\)' --factors 30 --all_trials True$/,
    );
    const script = [
      'spikernn() { for word in "$@"; do printf "%s\\n" "$word"; done; }',
      ...lines,
    ];
    const { code, stdout } = await new Deno.Command("sh", {
      args: ["-c", script.join("\n")],
      cwd: folder,
    }).output();
    equal(code, 0);
    const words = new TextDecoder().decode(stdout).split("\n");
    ok(words.includes(hostile.task), words.join("\n"));
    equal([...Deno.readDirSync(folder)].length, 1, "nothing was made");
    for (const name of words.filter((word) => word.startsWith("--"))) {
      match(name, /^--(task|N|output_dir|factors|all_trials)$/);
    }
  });
});

Deno.test("commandLines() have no characters that a terminal obeys", () => {
  const model: Model = {
    network,
    provenance: {
      ...provenance,
      settings: { N: 4, task: "a\x1b[201~\ntouch owned\n\u202e" },
    },
  };
  const { lines, complete } = commandLines(model, "m.mat", {});
  ok(!complete);
  match(
    lines[0],
    /^spikernn train --N 4 --backend simd --workers 1 --output_dir again\/m$/,
  );
  // A file of that name is not named at all.
  equal(commandLines(model, "m\x1b.mat", {}).lines, []);
});

Deno.test("commandLines() of a file that does not say how it was made are of its kind", () => {
  const { lines, complete } = commandLines(
    { network, task: { name: "xor", timing: {} } },
    "-m.mat",
    { seed: 7, uncalibrated: true },
  );
  ok(!complete);
  equal(lines, [
    "spikernn train --task xor --N 4 --apply_dale True --act sigmoid " +
    "--decay_taus 4 20 --output_dir again/-m",
    "spikernn report ./-m.mat --seed 7 --uncalibrated True",
  ]);
});

Deno.test("commandLines() of an interrupted training do not promise the same network", () => {
  const ended = (reason: "interrupted" | "limit") =>
    commandLines(
      {
        network,
        provenance: { ...provenance, settings: { N: 4, seed: 1 } },
        training: {
          lastUpdate: 2,
          losses: new Float64Array(3),
          evaluations: [],
          evalOutputs: new Float64Array(),
          evalLabels: new Float64Array(),
          outcome: { reason, met: false },
        },
      },
      "m.mat",
      {},
    );
  ok(ended("limit").complete);
  ok(!ended("interrupted").complete);
  equal(ended("interrupted").interruptedAfter, 3);
  equal(ended("interrupted").lines, ended("limit").lines);
});
