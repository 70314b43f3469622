/** Hostile task files: nothing gets out, nothing goes on. */
import { join } from "node:path";
import { inFolder } from "../../tests/folder.ts";
import { diceOf } from "./dice.ts";
import { hostileTask } from "./task_texts.ts";
import { processesNaming, root, run } from "./process.ts";
import { type Attack, Tally } from "./types.ts";

/** Files that one process loads, one after the other. */
const each = 10;

const secret = "never-told-5f1b";

/** Loads files with all permissions of its own; says what came of each. */
const program = `
import { cpuUsage } from "node:process";
import { drawTrials } from "${root}lib/tasks/draw.ts";
import { loadTask } from "${root}lib/tasks/load_task.ts";
import { randomStream } from "${root}lib/random/stream.ts";
const before = Object.getOwnPropertyNames(Object.prototype).join();
const { push } = Array.prototype, { then } = Promise.prototype;
for (const path of Deno.args) {
  let said;
  try {
    const task = await loadTask(path, { timeoutMs: 400, print: console.error });
    try {
      const trials = await drawTrials(task, randomStream(1), { count: 2 });
      said = { loaded: trials.length };
    } finally {
      task.close();
    }
  } catch (error) {
    said = { name: error?.name, message: String(error?.message) };
  }
  console.log(JSON.stringify({ path, ...said }));
}
const { user, system } = cpuUsage();
await new Promise((done) => setTimeout(done, 500));
const after = cpuUsage();
console.log(JSON.stringify({
  same: before === Object.getOwnPropertyNames(Object.prototype).join() &&
    push === Array.prototype.push && then === Promise.prototype.then,
  busy: (after.user - user + after.system - system) / 1000,
}));
`;

/** Task files of others. */
export const tasks: Attack = {
  name: "tasks",
  what: "hostile task files: no file, port, secret, process or object reached",
  unit: "files",
  wanted: 1000,
  usual: 200,
  run: ({ count, seed, until }) =>
    inFolder(async (folder) => {
      const tally = new Tally();
      const main = join(folder, "main.ts");
      await Deno.writeTextFile(main, program);
      const file = join(folder, "secret.txt");
      await Deno.writeTextFile(file, secret);
      const canary = join(folder, "canary");
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      let reached = 0;
      const listening = (async () => {
        for await (const connection of listener) {
          reached++;
          connection.close();
        }
      })();
      const { port } = listener.addr as Deno.NetAddr;
      const prey = { file, canary, port, pid: Deno.pid };
      try {
        for (let from = 0; from < count; from += each) {
          if (performance.now() > until) break;
          const paths: string[] = [];
          for (let k = from; k < Math.min(count, from + each); k++) {
            const path = join(folder, `task${k}.ts`);
            await Deno.writeTextFile(path, hostileTask(diceOf(seed, k), prey));
            paths.push(path);
          }
          const label = `files ${from} to ${from + paths.length - 1}` +
            ` (seed ${seed})`;
          const { code, out, err } = await run([
            ...[Deno.execPath(), "run", "-A", "--no-check"],
            ...["-c", `${root}deno.json`, main, ...paths],
          ], { longest: 300_000, env: { ATTACK_SECRET: secret } });
          for (const { path, fault, kind } of verdicts(paths, out)) {
            if (fault === undefined) tally.held(kind);
            else tally.broke(`${path} (seed ${seed}): ${fault}`);
          }
          const wrong = [
            code !== 0 && `exit code ${code}: ${err.slice(-500)}`,
            (out + err).includes(secret) && "a secret was told",
            // deno-lint-ignore no-control-regex
            /\u001b|\u202e/.test(out + err) && "orders to a terminal",
            exists(canary) && "a file was written",
            reached > 0 && "a port was reached",
            processesNaming(folder).length > 0 && "a process is left",
          ].filter((fault) => fault !== false);
          for (const fault of wrong) tally.broke(`${label}: ${fault}`);
          if (wrong.length > 0) break;
        }
      } finally {
        listener.close();
        await listening.catch(() => {});
      }
      return tally.outcome;
    }),
};

/** What the program says of each file. */
function verdicts(paths: readonly string[], out: string) {
  const lines: Record<string, unknown>[] = [];
  for (const line of out.trim().split("\n")) {
    try {
      lines.push(JSON.parse(line));
    } catch {
      lines.push({ strange: line });
    }
  }
  const end = lines.at(-1) ?? {};
  return paths.map((path, k) => {
    const said = lines[k] ?? {};
    const fault = said.path !== path
      ? `no verdict but ${JSON.stringify(said).slice(0, 200)}`
      : said.loaded === undefined && said.name !== "TaskError"
      ? `${said.name}: ${said.message}`
      : String(said.message ?? "").length > 3000
      ? "an endless message"
      : end.same !== true
      ? "objects of the program were changed"
      : Number(end.busy) > 300
      ? `${end.busy} ms of computing afterwards`
      : undefined;
    return { path, fault, kind: said.loaded ? "harmless" : "refused" };
  });
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
