/** Outputs that fail: the model is saved whatever listens. */
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../../tests/folder.ts";
import { diceOf } from "./dice.ts";
import { filesIn, processesNaming, quoted, run, words } from "./process.ts";
import { type Attack, Tally } from "./types.ts";

const updates = 30;

/** Reads a pipe that does not block, slowly. */
const slow = `
import os, fcntl, subprocess, sys, time
r, w = os.pipe()
fcntl.fcntl(w, fcntl.F_SETFL, fcntl.fcntl(w, fcntl.F_GETFL) | os.O_NONBLOCK)
fcntl.fcntl(w, 1031, 4096)
child = subprocess.Popen(sys.argv[1:], stdout=w)
os.close(w)
while True:
    part = os.read(r, 900)
    if not part: break
    time.sleep(0.002)
sys.exit(child.wait())
`;

/** A terminal that is closed while the program runs. */
const leaves = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0: os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
while b"train" not in seen: seen += os.read(terminal, 1000)
os.close(terminal)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`;

/** What is done to a command line, by name; `$1…` stand for it. */
const ways: readonly (readonly [
  name: string,
  make: (line: string, some: number) => string,
])[] = [
  ["stdout on a full disk", (line) => `${line} > /dev/full`],
  ["stderr on a full disk", (line) => `${line} 2> /dev/full`],
  ["both on a full disk", (line) => `${line} > /dev/full 2>&1`],
  ["a reader that leaves", (line, some) => `${line} | head -n ${some}`],
  ["a reader of bytes that leaves", (l, some) => `${l} 2>&1 | head -c ${some}`],
  ["a reader that is not there", (line) => `${line} 2>&1 | true`],
  ["stdout closed", (line) => `${line} >&-`],
  ["stderr closed", (line) => `${line} 2>&-`],
  ["all closed", (line) => `${line} <&- >&- 2>&-`],
  ["a slow reader", (line) => `python3 -c ${quoted([slow])} ${line}`],
  ["a terminal that goes", (line) => `python3 -c ${quoted([leaves])} ${line}`],
];

/** Listeners of trainings. */
export const listeners: Attack = {
  name: "listeners",
  what: "full, closed, slow and leaving readers; every model is saved",
  unit: "runs",
  wanted: 200,
  usual: 33,
  run: ({ count, seed, until }) =>
    inFolder(async (folder) => {
      const tally = new Tally();
      for (let index = 0; index < count; index++) {
        if (performance.now() > until) break;
        const dice = diceOf(seed, index);
        const [name, make] = ways[index % ways.length];
        const terminal = name === "a terminal that goes";
        const place = join(folder, `run${index}`);
        const args = [
          ...["train", "--preset=paper", "--N=16", `--n_trials=${updates}`],
          ...["--eval_freq=10", "--eval_trials=2", "--loss_threshold=1e-9"],
          ...["--plots=False", `--seed=${index}`, `--output_dir=${place}`],
          ...(!terminal && dice.once(2) ? ["--json"] : []),
          ...(!terminal && dice.once(4) ? ["--quiet"] : []),
          ...(dice.once(2) ? [`--log_dir=${place}/logs`] : []),
        ];
        const line = make(quoted(words(folder, args)), 1 + dice.below(20));
        const { code, err } = await run(["bash", "-c", line], {
          longest: 300_000,
        });
        try {
          if (code === -1) throw new Error("it did not end");
          const models = filesIn(place).filter((path) => path.endsWith(".mat"));
          if (models.length !== 1) throw new Error(`${models.length} models`);
          const { training } = await readModel(models[0]);
          const made = training?.losses.length;
          if (made !== updates) throw new Error(`${made} updates`);
          const left = processesNaming(place);
          if (left.length > 0) throw new Error(`left: ${left}`);
          tally.held(name);
        } catch (error) {
          tally.broke(
            `${name}, try ${index} (seed ${seed}): ` +
              `${(error as Error).message}; exit code ${code}: ${err}`,
          );
        }
      }
      return tally.outcome;
    }),
};
