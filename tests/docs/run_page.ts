/**
 * Runs the code blocks of a page in a new folder, in order, and compares what
 * they print with the block of output below each.
 *
 * - `sh`: bash, in which `spikernn` is this program;
 * - `python`: Python, in which `import spikernn` is this package;
 * - `matlab`: Octave;
 * - a block below a comment such as `<!-- sign.ts -->` is that file;
 * - a block below `<!-- not run: why -->` is left out;
 * - `text` is what the block above printed on standard output. A line `…`
 *   stands for any number of lines. Numbers may differ a little, since times do
 *   and other processors may round otherwise; seconds may be any.
 *
 * A command that ran before on the same files is not run again: pages have some in
 * common.
 *
 * With SPIKERNN_DOCS=write the blocks of output are written anew, a `…` with
 * all that it stands for.
 */
import { type Block, codeBlocks, readPage, root } from "./markdown.ts";
import { inFolder } from "../folder.ts";

const here = decodeURIComponent(root.pathname);

/** Share of a number by which it may differ, and what it may differ by anyway. */
const tolerance = { relative: 0.1, absolute: 0.05 };

/**
 * Runs a page; throws an error that names the line of what differs.
 *
 * @param path of the page, from the root
 * @param kept a folder for what commands print and write, of all pages
 * @param after called with the folder in which the blocks ran
 */
export async function runPage(
  path: string,
  kept: string,
  after?: (work: string) => Promise<void>,
): Promise<void> {
  const page = await readPage(path);
  const printed = new Map<Block, string>();
  await inFolder(async (folder) => {
    await makeProgram(folder, kept);
    const work = `${folder}/work`;
    await Deno.mkdir(work);
    let last: string | undefined;
    for (const block of codeBlocks(page)) {
      const { language, note, text, line } = block;
      if (note?.startsWith("not run: ")) continue;
      if (language === "text") {
        if (last === undefined) continue;
        printed.set(block, last);
        if (Deno.env.get("SPIKERNN_DOCS") !== "write") {
          compare(last, text, `${path}:${line}`);
        }
      } else if (note && /^[\w./-]+$/.test(note)) {
        await Deno.writeTextFile(`${work}/${note}`, `${text}\n`);
        last = undefined;
      } else if (["sh", "python", "matlab"].includes(language)) {
        last = await runBlock(block, folder, path);
      }
    }
    await after?.(work);
  }, { prefix: "spikernn_page_" });
  if (Deno.env.get("SPIKERNN_DOCS") === "write") await write(path, printed);
}

/** `spikernn` on a PATH of its own; what it did is kept. */
async function makeProgram(folder: string, kept: string): Promise<void> {
  await Deno.mkdir(`${folder}/bin`);
  const program = `${folder}/bin/spikernn`;
  const command =
    `"${Deno.execPath()}" run -A --no-check --config "${here}deno.json" "${here}cli.ts"`;
  await Deno.writeTextFile(
    program,
    `#!/bin/sh
kept="${kept}/$(echo "$@" | cksum | tr ' ' -)"
if diff -r "$kept/before" . > /dev/null 2>&1; then
  cp -R "$kept/after/." . && exec cat "$kept/printed"
fi
rm -rf "$kept" && mkdir -p "$kept/before" "$kept/after" && cp -R . "$kept/before"
${command} "$@" > "$kept/printed"
code=$?
cat "$kept/printed"
if [ $code = 0 ]; then cp -R . "$kept/after"; else rm -rf "$kept"; fi
exit $code
`,
  );
  await Deno.chmod(program, 0o755);
}

async function runBlock(
  { language, text, line }: Block,
  folder: string,
  path: string,
): Promise<string> {
  const [program, ...args] = language === "sh"
    ? ["bash", "-e", "-c", text]
    : language === "python"
    ? ["python3", "-c", text]
    : ["octave-cli", "-q", "--eval", octave(text)];
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: `${folder}/work`,
    stdin: "null",
    env: {
      PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
      PYTHONPATH: `${here}python/src`,
      SPIKERNN_DENO: Deno.execPath(),
      SPIKERNN_PROGRAM: `${here}cli.ts`,
      MPLBACKEND: "agg",
      NO_COLOR: "1",
    },
  }).output();
  const out = new TextDecoder().decode(stdout);
  if (code !== 0) {
    const err = new TextDecoder().decode(stderr);
    throw new Error(`${path}:${line}: exit code ${code}\n${out}${err}`);
  }
  return out.trimEnd();
}

/** Octave warns of functions that its packages shadow; figures need a screen. */
function octave(text: string): string {
  return `warning('off', 'Octave:shadowed-function');\naddpath('${here}matlab');\n${
    text.replace(/^addpath\(.*$/m, "")
  }`;
}

/** Throws an error if a text is not what was expected, numbers apart. */
export function compare(text: string, expected: string, where: string): void {
  const lines = text.split("\n").map((line) => line.trimEnd());
  let at = 0;
  const wanted = expected.split("\n").map((line) => line.trimEnd());
  wanted.forEach((line, k) => {
    if (line === "…") return;
    const open = wanted[k - 1] === "…";
    const found = open
      ? lines.findIndex((other, n) => n >= at && alike(other, line))
      : alike(lines[at] ?? "", line)
      ? at
      : -1;
    if (found < 0) {
      throw new Error(
        `${where}: expected\n  ${line}\nbut got\n  ${
          lines.slice(at, open ? undefined : at + 1).join("\n  ")
        }`,
      );
    }
    at = found + 1;
  });
  if (wanted.at(-1) !== "…" && at < lines.length) {
    throw new Error(`${where}: also got\n  ${lines.slice(at).join("\n  ")}`);
  }
}

const number = /-?\d+(?:\.\d+)?(?:e-?\d+)?/g;

/** A duration of a minute and more, which a busy machine may take. */
const minutes = /(?:\d+ h )?\d+ min(?: \d+ s)?/g;

/** Are two lines the same but for their numbers, and those close? */
function alike(first: string, second: string): boolean {
  const [one, other] = [first, second].map((line) =>
    line.replace(minutes, "60 s")
  );
  const shape = (line: string) =>
    line.replace(number, "#").replace(/\s+/g, " ").trim();
  if (shape(one) !== shape(other)) return false;
  const a = [...one.matchAll(number)], b = [...other.matchAll(number)];
  return a.every((found, k) => {
    if (/^ s\b/.test(one.slice(found.index + found[0].length))) return true;
    const [x, y] = [Number(found[0]), Number(b[k][0])];
    return Math.abs(x - y) <=
      Math.max(tolerance.absolute, tolerance.relative * Math.abs(y));
  });
}

/** Writes the blocks of output anew, unless they hold a `…` and still fit. */
async function write(
  path: string,
  printed: ReadonlyMap<Block, string>,
): Promise<void> {
  const lines = (await readPage(path)).split("\n");
  for (const [block, text] of [...printed].reverse()) {
    try {
      compare(text, block.text, path);
    } catch {
      const length = block.text === "" ? 0 : block.text.split("\n").length;
      lines.splice(block.line, length, ...text.split("\n"));
    }
  }
  await Deno.writeTextFile(new URL(path, root), lines.join("\n"));
}
