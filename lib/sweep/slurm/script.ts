/** The batch script, and the command that it becomes. */
import type { SlurmOptions } from "./options.ts";

/**
 * Writes the script of an array. It finds its points by its number in the file
 * of tasks, one line a task, and becomes Deno: signals of SLURM reach Deno
 * itself, and its end is the task's.
 *
 * @param tasks path of the file of tasks
 * @param setup lines of bash before it
 * @param command program and arguments; ids of points follow them
 * @returns text of a bash script
 */
export function batchScript(
  tasks: string,
  setup: readonly string[],
  command: readonly string[],
): string {
  return [
    "#!/bin/bash",
    ...setup,
    `tasks=${quote(tasks)}`,
    'read -r -a points < <(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" "$tasks")',
    'if [ "${#points[@]}" -eq 0 ]; then',
    '  echo "Cannot run task $SLURM_ARRAY_TASK_ID: $tasks has no points for it" >&2',
    "  exit 1",
    "fi",
    `exec ${command.map(quote).join(" ")} "\${points[@]}"`,
    "",
  ].join("\n");
}

/**
 * The command that runs points of a sweep: Deno, with what it has in its cache
 * alone, and with the permission to read and write the sweep's folder.
 *
 * @param deno program
 * @param entry address of the command line's module
 * @param folder of the sweep, an absolute path
 * @param readable more files to read
 * @param trusted SHA-256 of task files that run with these permissions
 * @throws {RangeError} if a path has a character that Deno or SLURM cannot take
 */
export function pointCommand(
  deno: string,
  entry: string,
  folder: string,
  readable: readonly string[] = [],
  trusted: readonly string[] = [],
): string[] {
  const paths = [folder, ...readable];
  paths.forEach(checkSlurmPath);
  return [
    deno,
    "run",
    "--cached-only",
    "--no-prompt",
    `--allow-read=${paths.join(",")}`,
    `--allow-write=${folder}`,
    "--allow-sys=hostname",
    entry,
    "sweep",
    "point",
    ...(trusted.length > 0 ? [`--trusted=${trusted.join(",")}`] : []),
    folder,
  ];
}

/**
 * Refuses a path that a task cannot be given: Deno splits lists of permitted
 * paths at commas, SLURM puts nothing in for `%a` in a path with a backslash, and
 * neither takes line ends.
 *
 * @throws {RangeError} with what to do
 */
export function checkSlurmPath(path: string): void {
  // deno-lint-ignore no-control-regex
  const [wrong] = /[,\\\x00-\x1f]/.exec(path) ?? [];
  if (wrong === undefined) return;
  const named = { ",": "a comma", "\\": "a backslash" }[wrong] ??
    "a control character";
  throw new RangeError(
    `Cannot run points on SLURM with the path ${
      JSON.stringify(path)
    }: it has ` +
      `${named}, which Deno or SLURM does not take; rename the folder, or name ` +
      "another one by --output_dir",
  );
}

/**
 * Arguments of `sbatch` for an array.
 *
 * @param name of the job, by which it is found again
 * @param folder of the submission, an absolute path
 * @param tasks how many
 * @param throttle how many of them at once
 */
export function submitArguments(
  options: SlurmOptions,
  name: string,
  folder: string,
  tasks: number,
  throttle?: number,
): string[] {
  const { account, partition, time, mem, cpus, extra } = options;
  const given = Object.entries({ account, partition, time, mem })
    .flatMap(([key, value]) => value === undefined ? [] : `--${key}=${value}`);
  // SLURM puts numbers in for what follows a percent sign.
  const path = folder.replaceAll("%", "%%");
  return [
    "--parsable",
    `--job-name=${name}`,
    `--array=0-${tasks - 1}${throttle === undefined ? "" : `%${throttle}`}`,
    "--requeue",
    "--open-mode=append",
    `--output=${path}/logs/%a.log`,
    `--chdir=${folder}`,
    `--cpus-per-task=${cpus}`,
    ...given,
    ...extra,
    `${folder}/job.sh`,
  ];
}

/** A word of bash that stands for the text itself. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
