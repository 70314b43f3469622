/** Whatever listens to a run may fail; the run goes on, and its result is kept. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { dirname, join } from "node:path";
import { runCommandLine } from "../../lib/cli/application.ts";
import { registry } from "../../lib/cli/registry.ts";
import { PatientWriter } from "../../lib/cli/terminal.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
import { fakeTerminal } from "./fake_terminal.ts";
import { root } from "./spawn.ts";
import { small } from "./with_model.ts";

/** A training of a second, with some evaluations and checkpoints. */
const training = [
  ...["train", "--N=30", "--preset=paper", "--n_trials=60", "--eval_freq=20"],
  ...["--eval_trials=2", "--loss_threshold=0.0001", "--seed=1"],
];

/** A stream that takes some bytes, or fails, as a list says. */
function streamOf(takes: (number | Error)[]) {
  const taken: number[] = [];
  return {
    taken,
    text: () => new TextDecoder().decode(new Uint8Array(taken)),
    writeSync(bytes: Uint8Array): number {
      const next = takes.shift() ?? bytes.length;
      if (next instanceof Error) throw next;
      taken.push(...bytes.subarray(0, next));
      return Math.min(next, bytes.length);
    },
  };
}

const busy = () => new Deno.errors.WouldBlock("os error 11");

Deno.test("PatientWriter waits for a reader that is busy, and loses no byte", () => {
  const stream = streamOf([3, busy(), busy(), 1, busy()]);
  const writer = new PatientWriter(stream);
  writer.write("0123456789");
  writer.write("abc");
  equal(stream.text(), "0123456789abc");
  equal(writer.loss, undefined);
});

Deno.test("PatientWriter drops what a stream cannot take any more, and says why", () => {
  for (
    const [error, loss] of [
      [new Deno.errors.BrokenPipe("os error 32"), {
        left: true,
        why: "its reader went away",
      }],
      [new Error("Input/output error (os error 5)"), {
        left: true,
        why: "its terminal went away",
      }],
      [new Error("No space left on device (os error 28)"), {
        left: false,
        why: "the disk is full",
      }],
    ] as const
  ) {
    const stream = streamOf([2, error]);
    const writer = new PatientWriter(stream);
    writer.write("0123");
    writer.write("4567");
    equal(stream.text(), "01");
    equal(writer.loss, loss);
  }
});

Deno.test("PatientWriter gives up a reader that takes nothing for too long", () => {
  const stream = streamOf(Array.from({ length: 100 }, busy));
  const writer = new PatientWriter(stream, 50);
  writer.write("0123");
  equal(writer.loss, { left: true, why: "its reader takes nothing" });
  equal(stream.text(), "");
});

/** Runs the command line in a shell, with what comes behind it there. */
async function inShell(folder: string, args: readonly string[], after: string) {
  const words = [
    ...[Deno.execPath(), "run", "--no-prompt", "--no-check"],
    ...[`--allow-read=${folder}`, `--allow-write=${folder}`, "cli.ts"],
    ...args,
  ].map((word) => `'${word}'`);
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", `set -o pipefail; ${words.join(" ")} ${after}`],
    cwd: root,
    stdin: "null",
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  return { code, out, err };
}

/** The models below a folder. */
function modelsIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory
      ? modelsIn(path)
      : path.endsWith(".mat")
      ? [path]
      : [];
  });
}

Deno.test("train saves its model when standard output or error is a full disk", async () => {
  await inFolder(async (folder) => {
    const args = [...training, "--plots=False", `--output_dir=${folder}`];
    const out = await inShell(folder, [...args, "--json"], "> /dev/full");
    equal(out.code, 1);
    match(
      out.err,
      /spikernn: Cannot write everything \(standard output: the disk is full\); saved (.*\.mat)\n$/,
    );
    const [, path] = /saved (.*\.mat)\n$/.exec(out.err)!;
    equal((await readModel(path)).training?.losses.length, 60);

    const err = await inShell(folder, args, "2> /dev/full");
    equal(err.code, 0);
    match(err.out, /\nsaved .*\.mat\n$/);

    const json = await inShell(folder, [...args, "--json"], "2> /dev/full");
    equal(json.code, 0);
    equal(
      JSON.parse(json.out.trim().split("\n").at(-1)!),
      { kind: "unwritten", what: ["standard error: the disk is full"] },
    );

    const both = await inShell(folder, args, "> /dev/full 2>&1");
    equal(both.code, 1);
    equal(modelsIn(folder).length, 4);
  });
});

Deno.test("train says where the model is when its reader has left", async () => {
  await inFolder(async (folder) => {
    const args = [...training, "--plots=False", `--output_dir=${folder}`];
    const { code, out, err } = await inShell(
      folder,
      [...args, "--json"],
      "| head -n 1",
    );
    equal(code, 0, err);
    match(out, /"started"/);
    match(err, /\(standard output: its reader went away\); saved .*\.mat\n$/);
    const seen = await inShell(folder, ["--help"], "| head -n 1");
    equal([seen.code, seen.err], [0, ""], "nothing was made: nothing to say");
  });
});

Deno.test("results that cannot be written are a failure, for --help too", async () => {
  await inFolder(async (folder) => {
    for (const args of [["--help"], ["tasks"], ["train", "--help"]]) {
      const { code, err } = await inShell(folder, args, "> /dev/full");
      equal(code, 1, args.join(" "));
      match(err, /^spikernn: Cannot write .*the disk is full\)?\n$/);
    }
  });
});

/** Leaves a program's stdout in a pipe that does not block, and reads it slowly. */
const slowReader = `
import os, fcntl, subprocess, sys, time
r, w = os.pipe()
fcntl.fcntl(w, fcntl.F_SETFL, fcntl.fcntl(w, fcntl.F_GETFL) | os.O_NONBLOCK)
fcntl.fcntl(w, 1031, 4096)
child = subprocess.Popen(sys.argv[1:], stdout=w)
os.close(w)
while True:
    part = os.read(r, 700)
    if not part: break
    os.write(1, part)
    time.sleep(0.002)
sys.exit(child.wait())
`;

/** Runs a program on a terminal that is closed once it has said something. */
const goesAway = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0: os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
while b"train" not in seen: seen += os.read(terminal, 1000)
os.close(terminal)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

function underPython(program: string, folder: string, args: readonly string[]) {
  return new Deno.Command("python3", {
    args: [
      ...["-c", program, Deno.execPath(), "run", "--no-prompt", "--no-check"],
      ...[`--allow-read=${folder}`, `--allow-write=${folder}`, "cli.ts"],
      ...args,
      `--output_dir=${folder}`,
    ],
    cwd: root,
    stdin: "null",
  }).output();
}

testWith(
  "scipy",
  "train waits for a slow reader of a pipe that does not block",
  async () => {
    await inFolder(async (folder) => {
      const { code, stdout } = await underPython(slowReader, folder, [
        ...[...training, "--plots=False", "--json"],
      ]);
      equal(code, 0);
      const events = new TextDecoder().decode(stdout).trim().split("\n")
        .map((line) => JSON.parse(line));
      const updates = events.filter(({ kind }) => kind === "trained");
      equal(
        updates.map(({ update }) => update),
        Array.from({ length: 60 }, (_, update) => update + 1),
      );
      equal(events.at(-1).kind, "saved");
    });
  },
);

testWith(
  "scipy",
  "train goes on when its terminal is closed, and saves its model",
  async () => {
    await inFolder(async (folder) => {
      const { code } = await underPython(goesAway, folder, [
        ...[...training, "--plots=False"],
      ]);
      equal(
        code,
        0,
        "neither the signal nor the terminal that is gone ends it",
      );
      const [path, ...more] = modelsIn(folder);
      equal(more, []);
      equal((await readModel(path)).training?.losses.length, 60);
    });
  },
);

/** Runs a command here, and does something at one of its events. */
async function runMeanwhile(
  args: readonly string[],
  kind: string,
  act: (event: Record<string, string>) => void,
) {
  const terminal = fakeTerminal();
  const events: Record<string, string>[] = [];
  let acted = false;
  const code = await runCommandLine([...args, "--json"], registry, {
    ...terminal,
    out(line) {
      const event = JSON.parse(line);
      events.push(event);
      if (acted || event.kind !== kind) return;
      acted = true;
      act(event);
    },
  });
  ok(acted, terminal.written.err);
  return { code, events, err: terminal.written.err };
}

const savedIn = (events: Record<string, string>[]) =>
  events.find(({ kind }) => kind === "saved")!.path;

Deno.test("train saves its model when its whole output folder is removed meanwhile", async () => {
  await inFolder(async (folder) => {
    const place = join(folder, "out");
    const { code, events, err } = await runMeanwhile(
      [...training, `--output_dir=${place}`],
      "evaluated",
      () => Deno.removeSync(place, { recursive: true }),
    );
    equal(code, 0, err);
    const path = savedIn(events);
    ok(path.startsWith(place));
    equal((await readModel(path)).training?.losses.length, 60);
    match(err, /Cannot write checkpoints in .*does not exist.*goes on/);
    match(err, /\nspikernn: Cannot write everything \(checkpoints in [^;]*/);
  });
});

Deno.test("train saves its model elsewhere when a file took its folder's place, and says where", async () => {
  await inFolder(async (folder) => {
    const { code, events, err } = await runMeanwhile(
      [...training, "--plots=False", `--output_dir=${folder}`],
      "evaluated",
      () => {
        Deno.removeSync(join(folder, "models"), { recursive: true });
        Deno.writeTextFileSync(join(folder, "models"), "a file");
      },
    );
    equal(code, 1, "it is not where it belongs");
    const path = savedIn(events);
    equal(dirname(path), folder);
    equal((await readModel(path)).training?.losses.length, 60);
    ok(err.includes(`it was saved as ${path}`), err);
  });
});

for (
  const [what, harm] of [
    ["removed", (place: string) => Deno.removeSync(place, { recursive: true })],
    ["replaced by a file", (place: string) => {
      Deno.removeSync(place, { recursive: true });
      Deno.writeTextFileSync(place, "");
    }],
  ] as const
) {
  Deno.test(`train says that its logs were ${what} meanwhile, and saves its model`, async () => {
    await inFolder(async (folder) => {
      const logs = join(folder, "logs");
      const { code, events, err } = await runMeanwhile(
        [
          ...[...training, "--plots=False"],
          ...[`--output_dir=${folder}`, `--log_dir=${logs}`],
        ],
        "evaluated",
        () => harm(join(logs, "go-nogo_seed1")),
      );
      equal(code, 0, err);
      await readModel(savedIn(events));
      match(err, /the logs in .*go-nogo_seed1: .*removed or replaced/);
    });
  });
}

Deno.test("train saves its model when its panels cannot be written any more", async () => {
  await inFolder(async (folder) => {
    const { code, events, err } = await runMeanwhile(
      [...training, `--output_dir=${folder}`],
      "evaluated",
      () => {
        Deno.removeSync(join(folder, "plots"), { recursive: true });
        Deno.writeTextFileSync(join(folder, "plots"), "");
      },
    );
    equal(code, 0, err);
    await readModel(savedIn(events));
    match(err, /Cannot write everything \(the panels: /);
  });
});

Deno.test("map finds its factor though the state of its search cannot be kept", async () => {
  await inFolder(async (folder) => {
    const model = join(folder, "model.mat");
    await Deno.copyFile(small, model);
    // Nobody, not even the superuser, writes over a folder.
    await Deno.mkdir(join(folder, "model.search.json"));
    await Deno.writeTextFile(join(folder, "model.search.json", "x"), "");
    const terminal = fakeTerminal();
    const code = await runCommandLine(
      [
        "map",
        model,
        "--task=go-nogo",
        "--trials=4",
        "--factors=40,50",
        "--seed=1",
      ],
      registry,
      terminal,
    );
    const { err } = terminal.written;
    equal(code, 0, err);
    ok((await readModel(model)).search);
    equal(err.match(/the work goes on/g)?.length, 1, "said once");
    match(err, /Cannot write everything \(the state of the search: /);
  });
});
