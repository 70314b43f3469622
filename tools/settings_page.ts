/**
 * Writes docs/reference/settings.md, the reference of all settings, from their tables:
 *
 *     deno task build-settings
 */
import { listCommands, type ListedCommand } from "../lib/cli/listed.ts";
import { registry } from "../lib/cli/registry.ts";
import type { ListedSetting } from "../lib/settings/listed.ts";

/** The page: a setting that several commands have stands once. */
export function settingsPage(commands: readonly ListedCommand[]): string {
  const rows = new Map<string, { setting: ListedSetting; of: string[] }>();
  for (const { name, settings } of commands) {
    for (const setting of settings.filter(({ hidden }) => !hidden)) {
      const { group, help, allowed } = setting;
      const key = JSON.stringify([
        ...[group, setting.name, help, allowed],
        shownDefault(setting),
      ]);
      const row = rows.get(key) ?? { setting, of: [] };
      row.of.push(name);
      rows.set(key, row);
    }
  }
  const all = [...rows.values()];
  const groups = [...new Set(all.map(({ setting }) => setting.group))];
  return [
    "# All settings",
    "Flags of the command line, and the same names in settings files and plans. Made from the tables by `deno task build-settings`; `settings COMMAND` prints a command's, `settings --json` gives them to other programs.",
    ...groups.flatMap((group) => [
      `## ${group}`,
      [
        "| setting | takes | default | what it sets | of |",
        "| --- | --- | --- | --- | --- |",
        ...all.filter(({ setting }) => setting.group === group)
          .map((row) => rowOf(row, commands.length)),
      ].join("\n"),
    ]),
  ].join("\n\n") + "\n";
}

function rowOf(
  { setting, of }: { setting: ListedSetting; of: readonly string[] },
  count: number,
): string {
  const { name, allowed, help } = setting;
  const cells = [allowed, shownDefault(setting), help].map(cell);
  const commands = of.length === count ? "all" : of.join(", ");
  return `| \`${name}\` | ${cells.join(" | ")} | ${commands} |`;
}

function shownDefault(setting: ListedSetting): string {
  const { default: value, default_text } = setting;
  return default_text ??
    (value === null ? "" : [value].flat().join(" ") || "none");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

if (import.meta.main) {
  const path = new URL("../docs/reference/settings.md", import.meta.url);
  await Deno.writeTextFile(path, settingsPage(await listCommands(registry)));
}
