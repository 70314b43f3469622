/** The task that times the kernels finds something to time. */
import { equal, match, ok } from "node:assert/strict";
import { root } from "../cli/spawn.ts";

Deno.test("deno task bench finds every file with benches, each of them by its name", async () => {
  const holding: string[] = [];
  for await (const { name } of Deno.readDir(`${root}bench`)) {
    const text = await Deno.readTextFile(`${root}bench/${name}`);
    if (/\bDeno\.bench\(/.test(text)) holding.push(name);
  }
  ok(holding.length >= 5);
  for (const name of holding) match(name, /_bench\.ts$/);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "bench", "--no-run"],
    cwd: root,
  }).output();
  const text = new TextDecoder().decode(stdout) +
    new TextDecoder().decode(stderr);
  equal(code, 0, text);
  ok(!/No (bench )?modules found/i.test(text), text);
  const { tasks } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  equal(
    tasks.bench.command,
    "deno bench --no-prompt --allow-read bench/",
    "what the names are chosen for",
  );
});
