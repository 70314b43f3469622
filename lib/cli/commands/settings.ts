/** `settings`: what every command takes, as text or as data for other programs. */
import { defineCommand, type Invocation } from "../command.ts";
import { outputFlags } from "../../runs/common_flags.ts";
import { UsageError } from "../../runs/errors.ts";
import { table } from "../../runs/table.ts";
import { version } from "../../version.ts";
import { listCommands } from "../listed.ts";

/** Lists settings. */
export default defineCommand({
  usage: ["[COMMAND...] [FLAGS]"],
  description:
    "Lists the settings of commands, of all of them unless some are named: names, what they take, defaults. With --json as one object with kinds, bounds, presets and texts, from which programs can make their own functions.",
  operands: {
    name: "COMMAND",
    brief: "commands by name",
    least: 0,
    most: Infinity,
  },
  flags: outputFlags,
  examples: [
    ["settings map", "what map takes, with bounds and defaults"],
    ["settings --json > settings.json", "everything, for another program"],
  ],
  async run(
    { operands, output, commands }: Invocation<typeof outputFlags>,
  ) {
    for (const name of operands) {
      if (Object.hasOwn(commands, name)) continue;
      throw new UsageError(
        `Cannot list the settings of ${JSON.stringify(name)}: ` +
          `the commands are ${Object.keys(commands).join(", ")}`,
      );
    }
    const listed = await listCommands(
      commands,
      operands.length > 0 ? operands : undefined,
    );
    output.event({ kind: "settings", format: 1, version, commands: listed });
    for (const [k, { name, settings }] of listed.entries()) {
      if (k > 0) output.result("");
      const rows = settings.filter(({ hidden }) => !hidden).map((setting) => [
        setting.name,
        setting.allowed,
        setting.default_text ?? shown(setting.default),
      ]);
      for (const line of table([name, "takes", "default"], rows)) {
        output.result(line);
      }
    }
  },
});

function shown(value: unknown): string {
  return value === null || value === undefined
    ? ""
    : [value].flat().join(" ") || "none";
}
