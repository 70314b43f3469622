/** `completion`: a script with which a shell completes this program's words. */
import { defineCommand, type Invocation } from "../command.ts";
import { outputFlags } from "../../runs/common_flags.ts";
import { UsageError } from "../../runs/errors.ts";

const shells = ["bash", "zsh", "fish"];

/** Prints a script. */
export default defineCommand({
  usage: [shells.join("|")],
  description:
    "Prints a script with which a shell completes commands, flags, values, model files and folders. Write it where the shell looks for such scripts, and again after every upgrade.",
  operands: {
    name: "SHELL",
    brief: shells.join(", "),
    least: 1,
    most: 1,
    words: shells,
  },
  flags: outputFlags,
  examples: [
    [
      "completion bash > ~/.local/share/bash-completion/completions/spikernn",
      "bash",
    ],
    ['completion zsh > "${fpath[1]}/_spikernn"', "zsh"],
    ["completion fish > ~/.config/fish/completions/spikernn.fish", "fish"],
  ],
  async run(
    { operands: [shell], output, commands }: Invocation<typeof outputFlags>,
  ) {
    const { completionScript, shells } = await import("../completion.ts");
    const { listCommands } = await import("../listed.ts");
    const known = shells.find((each) => each === shell.toLowerCase());
    if (!known) {
      throw new UsageError(
        `Cannot complete in the shell ${JSON.stringify(shell)}: allowed are ` +
          shells.join(", "),
      );
    }
    const script = completionScript(known, await listCommands(commands));
    output.event({ kind: "completion", shell: known, script });
    output.result(script.trimEnd());
  },
});
