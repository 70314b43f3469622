/** The live line on a real terminal, and readers that go away. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
import { onTerminal, onTerminalInTurn, start } from "./spawn.ts";

const args = (folder: string) => [
  "train",
  "--N=20",
  "--preset=paper",
  "--n_trials=600",
  "--eval_trials=2",
  "--plots=False",
  "--loss_threshold=0.0001",
  "--seed=1",
  "--output_dir",
  folder,
];

const allow = (folder: string) => [
  `--allow-read=${folder}`,
  `--allow-write=${folder}`,
];

testWith(
  "script",
  "train redraws one line that fits the terminal, and leaves none behind",
  async () => {
    await inFolder(async (folder) => {
      for (const columns of [50, 120]) {
        const { code, screen: raw } = await onTerminal(
          allow(folder),
          args(folder),
          { columns },
        );
        equal(code, 0, raw);
        // Deno clears the place of its own progress when a worker is started.
        const screen = raw.replaceAll("\x1b[0G\x1b[2K\x1b[J", "");
        const drawn = screen.split("\r\x1b[2K").slice(1);
        const last = drawn.pop()!;
        ok(drawn.length >= 1, screen);
        for (const line of drawn) {
          match(line, /^train \d+\/600 {2}loss \d/);
          ok(!line.includes("\n"), line);
          ok([...line].length < columns, line);
        }
        match(last, /^trained 600 updates/);
        ok(!last.includes("\x1b"), last);
      }
    });
  },
);

testWith(
  "script",
  "train moves no cursor on a terminal that cannot do it (TERM=dumb)",
  async () => {
    await inFolder(async (folder) => {
      const screenOf = async (term: string) => {
        const { code, screen } = await onTerminal(
          [...allow(folder), "--allow-env=TERM"],
          args(folder),
          { env: { TERM: term } },
        );
        equal(code, 0, screen);
        return screen.replaceAll("\x1b[0G\x1b[2K\x1b[J", "");
      };
      const dumb = await screenOf("dumb");
      ok(!dumb.includes("\x1b"), dumb);
      match(dumb, /^train 60\/600 /m);
      ok((await screenOf("xterm")).includes("\r\x1b[2K"));
    });
  },
);

testWith(
  "script",
  "train keeps still on a terminal with --quiet and with --json",
  async () => {
    await inFolder(async (folder) => {
      const lines = ["--quiet", "--json"].map((mode) => [
        ...args(folder),
        mode,
      ]);
      for (
        const { screen } of await onTerminalInTurn(allow(folder), lines)
      ) {
        ok(!screen.includes("train 1"), screen);
        ok(!screen.includes("\r\x1b[2K"), screen);
      }
    });
  },
);

Deno.test("train saves its model although nobody reads its events any more", async () => {
  await inFolder(async (folder) => {
    const child = start(allow(folder), [...args(folder), "--json"]);
    const reader = child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    const err = await new Response(child.stderr).text();
    equal((await child.status).code, 0, err);
    const place = `${folder}/models/go-nogo/P_rec_0.2_Taus_4.0_20.0`;
    equal([...Deno.readDirSync(place)].length, 1);
  });
});
