/** What `settings` says of every command is what the command takes. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { registry } from "../../lib/cli/registry.ts";
import { listCommands, type ListedCommand } from "../../lib/cli/listed.ts";
import type { ListedSetting } from "../../lib/settings/listed.ts";
import { settingsPage } from "../../tools/settings_page.ts";
import { run } from "./in_process.ts";

async function listed(): Promise<readonly ListedCommand[]> {
  const { out } = await run(["settings", "--json"]);
  const { kind, format, commands } = JSON.parse(out);
  equal([kind, format], ["settings", 1]);
  return commands;
}

Deno.test("settings --json lists every command, with its settings, in one object", async () => {
  const commands = await listed();
  equal(commands.map(({ name }) => name), Object.keys(registry));
  for (const { name, settings } of commands) {
    const { flags } = (await registry[name].load()).default;
    equal(settings.map((setting) => setting.name), Object.keys(flags), name);
    for (const { kind, help } of settings) ok(kind && help, name);
  }
});

/** Values at the edges of what a setting says it takes, and beyond them. */
function edges(setting: ListedSetting): [inside: unknown[], outside: number[]] {
  const { kind, min, max, above, below, names = [], list } = setting;
  const step = kind === "whole" ? 1 : 1e-6;
  const inside = [
    min,
    max,
    above !== undefined && above + step,
    below !== undefined && below - step,
  ].filter((value) => typeof value === "number");
  const outside = [
    min !== undefined && min - step,
    max !== undefined && max + step,
    above,
    below,
  ].filter((value) => typeof value === "number");
  const each = [...inside, ...names];
  return [
    list && list.least > 1
      ? each.map((value) => Array(list.least).fill(value))
      : each,
    outside,
  ];
}

Deno.test("bounds and names that settings --json gives are those that are kept to", async () => {
  let bounds = 0;
  for (const { name: command, settings } of await listed()) {
    const { flags } = (await registry[command].load()).default;
    for (const setting of settings) {
      const flag = flags[setting.name];
      const [inside, outside] = edges(setting);
      for (const value of inside) {
        ok(
          flag.parse([value].flat().join(",")) !== undefined,
          `${command} --${setting.name} ${value}`,
        );
      }
      for (const value of outside) {
        bounds++;
        equal(
          flag.parse(String(value)),
          undefined,
          `${command} --${setting.name} ${value}`,
        );
      }
      if (setting.list?.most !== undefined) {
        const one = String(setting.min ?? 1);
        const many = Array(setting.list.most + 1).fill(one);
        equal(flag.parse(many.join(",")), undefined, setting.name);
      }
    }
  }
  ok(bounds > 100, `${bounds}`);
});

Deno.test("defaults that settings --json gives are allowed", async () => {
  for (const { name: command, settings } of await listed()) {
    const { flags } = (await registry[command].load()).default;
    for (const { name, default: value } of settings) {
      if (value !== null) ok(flags[name].accepts(value), `${command} ${name}`);
    }
  }
});

Deno.test("settings COMMAND shows its settings; of no command it says which there are", async () => {
  const { out } = await run(["settings", "train"]);
  match(out, /^P_inh +numbers from 0 to 1 +0\.2$/m);
  match(out, /^curriculum .* the preset's, 10$/m);
  const { err } = await run(["settings", "trian"], 2);
  match(err, /Cannot list the settings of "trian": the commands are train, /);
});

Deno.test("docs/reference/settings.md is what deno task build-settings writes", async () => {
  const page = await Deno.readTextFile(
    new URL("../../docs/reference/settings.md", import.meta.url),
  );
  equal(page, settingsPage(await listCommands(registry)));
});
