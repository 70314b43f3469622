/** What training needs is said before it begins. */
import { equal, match, ok } from "node:assert/strict";
import { tellMemory } from "../../lib/runs/memory.ts";
import { Output } from "../../lib/cli/output.ts";
import { inFolder } from "../folder.ts";
import { fakeTerminal } from "./fake_terminal.ts";
import { spawn } from "./spawn.ts";

type Settings = Parameters<typeof tellMemory>[0];

const settings = {
  N: 200,
  n_layers: 1,
  P_rec: 0.2,
  P_inter: 0.8,
  feedback: 0,
  batch: 1,
  workers: 2,
  backend: "auto",
} as Settings;

async function train(...args: string[]) {
  return await inFolder(async (folder) => {
    const { code, err } = await spawn(
      [`--allow-read=${folder}`, `--allow-write=${folder}`],
      [
        ...["train", "--task=go-nogo", "--seed=1", "--plots=False"],
        ...["--n_trials=1", "--workers=1", "--output_dir", folder, ...args],
      ],
    );
    return { code, err, left: [...Deno.readDirSync(folder)].length };
  });
}

Deno.test("train refuses what WebAssembly cannot address, and leaves nothing", async () => {
  const { code, err, left } = await train("--N=2000", "--T=120000");
  equal(code, 2);
  match(
    err,
    /Cannot train 2000 units over 120000 steps .* needs 4\.8 GB .* allowed are 4\.3 GB/,
  );
  ok(!err.includes("    at "));
  equal(left, 0);
});

Deno.test("train refuses a huge network before it makes one", async () => {
  const { code, err } = await train("--N=100000");
  equal(code, 2);
  match(err, /Cannot train 100000 units .* needs 80\.\d GB/);
});

Deno.test("tellMemory() says what is needed, where that is much", () => {
  const said = (changes: Partial<Settings>, steps = 200) => {
    const terminal = fakeTerminal();
    const output = new Output(terminal, { quiet: false, json: false });
    tellMemory({ ...settings, ...changes }, steps, output);
    return terminal.written.err;
  };
  equal(said({}), "");
  // The suite has all permissions: it may know that this machine has less.
  match(said({ N: 4000 }), /this run needs about 3\.\d GB of memory/);
  match(
    said({ N: 100, batch: 64 }, 100_000),
    /needs about \d\.\d GB of memory/,
  );
});
