import { equal, match } from "node:assert/strict";
import { commandLine, shellWord } from "../../lib/runs/command_line.ts";

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
      /^deno run '--allow-read=a b' '--allow-write=a b' \S+\/cli\.ts train --resume 'a b\.run'$/,
    );
    const file = { folder: "out", taskFile: "tasks/x.ts" };
    match(
      commandLine([], file),
      /--allow-read=out,tasks,\S+ --allow-write=out /,
    );
    match(commandLine([], { folder: "a,b" }), /^deno run -A /);
  },
);

Deno.test("commandLine() says -A where this process may do everything", () => {
  match(
    commandLine(["train"], { folder: "a" }),
    /^deno run -A \S+\/cli\.ts train$/,
  );
});
