/** Scripts with which shells complete the words of this program's command lines. */
import type { ListedSetting } from "../settings/listed.ts";
import { tasks } from "../tasks/registry.ts";
import { beginningOf, programName } from "./help.ts";
import type { ListedCommand } from "./listed.ts";

/** The shells. */
export const shells = ["bash", "zsh", "fish"] as const;

/** A shell. */
export type Shell = typeof shells[number];

/** What may stand at a place: words of a list, files of an ending, folders. */
interface Choice {
  readonly words: readonly string[];
  readonly path?: "file" | "folder" | "mat";
  /** Whether there may be several. */
  readonly several: boolean;
}

/**
 * The script for a shell.
 *
 * @param shell which one
 * @param commands all of them, as data
 */
export function completionScript(
  shell: Shell,
  commands: readonly ListedCommand[],
): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return zsh(commands);
    case "fish":
      return fish(commands);
  }
}

/** The first words of a command line, beside the commands themselves. */
const others: readonly (readonly [name: string, brief: string])[] = [
  ["help", "say what a command takes"],
];

function shownSettings(command: ListedCommand): readonly ListedSetting[] {
  return command.settings.filter(({ hidden }) => !hidden);
}

function valuesOf(
  { name, kind, names = [], list, path }: ListedSetting,
): Choice {
  const words = kind === "boolean"
    ? ["True", "False"]
    : name === "task"
    ? Object.keys(tasks)
    : names;
  return { words, path, several: list !== undefined };
}

function operandsOf(
  { name: command, operands }: ListedCommand,
  commands: readonly ListedCommand[],
): Choice {
  const { name = "", words = [] } = operands ?? {};
  return {
    words: name === "COMMAND"
      ? commands.map((other) => other.name)
      : command === "tasks"
      ? [...words, ...Object.keys(tasks)]
      : words,
    path: /MODEL|\.mat\b/.test(name)
      ? "mat"
      : /DIR|FOLDER/.test(name)
      ? "folder"
      : /FILE|PLAN|NAME/.test(name)
      ? "file"
      : undefined,
    several: true,
  };
}

/**
 * What bash and zsh share, functions that print, one a line: a command's flags;
 * and for a flag, or for a word that is not a flag, the words and, after a colon, the kind
 * of files, `several` if more values may follow.
 */
function tables(commands: readonly ListedCommand[]): string {
  const lines = ({ words, path, several }: Choice) =>
    [...words, path && `:${path}`, several && ":several"].filter(Boolean)
      .map((line) => `'${line}'`).join(" ");
  const values = commands.flatMap((command) =>
    shownSettings(command).map((setting) => ({ command, setting })).filter((
      { setting },
    ) => setting.kind !== "switch")
  ).map(({ command, setting }) => ({
    at: `${command.name}\\ --${setting.name}`,
    printed: lines(valuesOf(setting)),
  })).filter(({ printed }) => printed !== "");
  const grouped = Map.groupBy(values, ({ printed }) => printed);
  return `_${programName}_flags() {
  case $1 in
${
    commands.map((command) =>
      `    ${command.name}) printf '%s\\n' ${
        [...shownSettings(command).map(({ name }) => name), "help", "help-all"]
          .map((name) => `--${name}`).join(" ")
      } ;;`
    ).join("\n")
  }
  esac
}

_${programName}_values() {
  case "$1 $2" in
${
    [...grouped].map(([printed, same]) =>
      `    ${same.map(({ at }) => at).join("|")}) printf '%s\\n' ${printed} ;;`
    ).join("\n")
  }
  esac
}

_${programName}_switches() {
  case $1 in
${
    commands.map((command) =>
      `    ${command.name}) printf ' %s ' ${
        [
          ...shownSettings(command).filter(({ kind }) => kind === "switch")
            .map(({ name }) => name),
          "help",
          "help-all",
        ].map((name) => `--${name}`).join(" ")
      } ;;`
    ).join("\n")
  }
  esac
}

_${programName}_operands() {
  case $1 in
${
    [
      ...commands.map((command) =>
        [command.name, lines(operandsOf(command, commands))] as const
      ),
      ["help", commands.map(({ name }) => name).join(" ")] as const,
    ].filter(([, printed]) => printed !== "")
      .map(([name, printed]) => `    ${name}) printf '%s\\n' ${printed} ;;`)
      .join("\n")
  }
  esac
}
`;
}

function bash(commands: readonly ListedCommand[]): string {
  const names = [
    ...commands.map(({ name }) => name),
    ...others.map(([n]) => n),
  ];
  return `# Completion of ${programName} for bash; written by: ${programName} completion bash
${tables(commands)}
_${programName}() {
  local IFS=$'\\n' cur=\${COMP_WORDS[COMP_CWORD]} before=$((COMP_CWORD - 1))
  local command=\${COMP_WORDS[1]} flag= choices= k
  COMPREPLY=()
  # bash takes = for a word of its own.
  if [[ $cur == = ]]; then cur=
  elif [[ \${COMP_WORDS[before]} == = ]]; then before=$((before - 1)); fi
  if [[ $COMP_CWORD == 1 && $cur != -* ]]; then
    COMPREPLY=($(compgen -W $'${names.join("\\n")}' -- "$cur"))
    return
  fi
  [[ $command == -* ]] && command=train
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$(_${programName}_flags "$command")" -- "$cur"))
    return
  fi
  for ((k = before; k > 0; k--)); do
    [[ \${COMP_WORDS[k]} == --* ]] && flag=\${COMP_WORDS[k]} && break
  done
  if [[ -n $flag && "$(_${programName}_switches "$command")" != *" $flag "* ]]; then
    choices=$(_${programName}_values "$command" "$flag")
    [[ $k -lt $before && $choices != *:several* ]] && flag=
  else
    flag=
  fi
  # A list may go on, or end.
  [[ -z $flag || $k -lt $before ]] &&
    choices=$choices$'\\n'$(_${programName}_operands "$command")
  [[ -z $flag ]] && choices=$(_${programName}_operands "$command")
  COMPREPLY=($(compgen -W "$(printf '%s\\n' "$choices" | grep -v '^:')" -- "$cur"))
  case $choices in
    *:folder*) COMPREPLY+=($(compgen -d -- "$cur")) ;;
    *:mat*) COMPREPLY+=($(compgen -d -- "$cur") $(compgen -f -X '!*.mat' -- "$cur")) ;;
    *:file*) COMPREPLY+=($(compgen -f -- "$cur")) ;;
    *) return ;;
  esac
  compopt -o filenames 2>/dev/null
}

complete -F _${programName} ${programName}
`;
}

function zsh(commands: readonly ListedCommand[]): string {
  const described = [
    ...commands.map(({ name, brief }) => [name, brief] as const),
    ...others,
  ].map(([name, brief]) => `    ${quoted(`${name}:${brief}`)}`);
  return `#compdef ${programName}
# Completion of ${programName} for zsh; written by: ${programName} completion zsh
${tables(commands)}
_${programName}() {
  local command=$words[2] cur=$words[CURRENT] flag= k
  local -a choices names
  names=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )) && [[ $cur != -* ]]; then
    _describe command names
    return
  fi
  [[ $command == -* ]] && command=train
  if [[ $cur == --*=* ]]; then
    flag=\${cur%%=*}
    compset -P '*='
    choices=(\${(f)"$(_${programName}_values $command $flag)"})
  elif [[ $cur == -* ]]; then
    compadd -- \${(f)"$(_${programName}_flags $command)"}
    return
  else
    for (( k = CURRENT - 1; k > 1; k-- )); do
      [[ $words[k] == --* ]] && flag=$words[k] && break
    done
    if [[ -n $flag && "$(_${programName}_switches $command)" != *" $flag "* ]]; then
      choices=(\${(f)"$(_${programName}_values $command $flag)"})
      (( k < CURRENT - 1 )) && [[ -z \${choices[(r):several]} ]] && flag= choices=()
    else
      flag=
    fi
    # A list may go on, or end.
    if [[ -z $flag ]] || (( k < CURRENT - 1 )); then
      choices+=(\${(f)"$(_${programName}_operands $command)"})
    fi
  fi
  compadd -- \${choices:#:*}
  if [[ -n \${choices[(r):mat]} ]]; then _files -g '*.mat(-.)'
  elif [[ -n \${choices[(r):folder]} ]]; then _files -/
  elif [[ -n \${choices[(r):file]} ]]; then _files
  fi
}

compdef _${programName} ${programName}
`;
}

function fish(commands: readonly ListedCommand[]): string {
  const names = commands.map(({ name }) => name);
  const none = `not __fish_seen_subcommand_from ${
    [...names, "help"].join(" ")
  }`;
  const paths: Readonly<Record<NonNullable<Choice["path"]>, string>> = {
    file: "-F",
    folder: "-xa '(__fish_complete_directories)'",
    mat: "-ka '(__fish_complete_suffix .mat)'",
  };
  const all = [
    `# Completion of ${programName} for fish; written by: ${programName} completion fish`,
    `complete -c ${programName} -f`,
    ...[
      ...commands.map(({ name, brief }) => [name, brief] as const),
      ...others,
    ].map(([name, brief]) =>
      `complete -c ${programName} -n '${none}' -a ${name} -d ${quoted(brief)}`
    ),
    `complete -c ${programName} -n '__fish_seen_subcommand_from help' -a '${
      names.join(" ")
    }'`,
  ];
  for (const command of commands) {
    // Without a command flags are those of train, as in the original.
    const seen = `__fish_seen_subcommand_from ${command.name}`;
    const when = command.name === "train" ? `${seen}; or ${none}` : seen;
    const complete = `complete -c ${programName} -n '${when}'`;
    for (const setting of shownSettings(command)) {
      const { words, path } = valuesOf(setting);
      const takes = setting.kind === "switch" ? "" : [
        path === undefined
          ? "-x"
          : `-r ${path === "file" ? "-F" : paths[path]}`,
        words.length > 0 ? ` -a '${words.join(" ")}'` : "",
      ].join("");
      const brief = beginningOf(setting.help);
      all.push(
        `${complete} -l ${setting.name} ${takes} -d ${quoted(brief)}`
          .replace(/ {2,}/g, " "),
      );
    }
    all.push(`${complete} -l help -l help-all`.replace(
      " -l help-all",
      ` -d 'say how it is used'\n${complete} -l help-all -d 'all flags'`,
    ));
    const { words, path } = operandsOf(command, commands);
    if (words.length > 0) {
      all.push(
        `complete -c ${programName} -n '${seen}' -a '${words.join(" ")}'`,
      );
    }
    if (path !== undefined) {
      all.push(`complete -c ${programName} -n '${seen}' ${paths[path]}`);
    }
  }
  return all.join("\n") + "\n";
}

/** A text in single quotes, as all three shells take it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}
