/** The file that a command makes, and what is left where it makes none. */
import { deepStrictEqual as equal, rejects } from "node:assert/strict";
import { dirname, join } from "node:path";
import { makeFile } from "../../lib/runs/making.ts";
import { Output } from "../../lib/cli/output.ts";
import { inFolder } from "../folder.ts";
import { fakeTerminal } from "./fake_terminal.ts";

Deno.test("makeFile() makes the folder first, and says at the end what is saved", () =>
  inFolder(async (folder) => {
    for (const json of [false, true]) {
      const terminal = fakeTerminal();
      const output = new Output(terminal, { quiet: false, json });
      const target = join(folder, "new", `${json}`, "file");
      await makeFile(target, output, async () => {
        equal(terminal.written.out, "");
        await Deno.writeTextFile(target, "made");
      });
      equal(
        terminal.written.out,
        json
          ? JSON.stringify({ kind: "saved", path: target }) + "\n"
          : `saved ${target}\n`,
      );
    }
  }));

Deno.test("makeFile() leaves no empty folder and says nothing where there is no file", () =>
  inFolder(async (folder) => {
    const terminal = fakeTerminal();
    const output = new Output(terminal, { quiet: false, json: false });
    const target = join(folder, "new", "deeper", "file");
    const failing = (error: Error) =>
      makeFile(target, output, async () => {
        await Deno.stat(dirname(target));
        throw error;
      });
    const fault = new RangeError("no");
    await rejects(failing(fault), fault);
    equal([...Deno.readDirSync(folder)], []);
    await rejects(failing(new DOMException("stop", "AbortError")), {
      name: "InterruptedError",
      message: "Interrupted: nothing was written",
    });
    equal([...Deno.readDirSync(folder)], []);
    equal(terminal.written, { out: "", err: "" });
  }));
