/**
 * Gathers what people read of the program for a prose linter: pages of Markdown
 * as they are, and of modules the comments and texts, every line in its place.
 *
 *     deno run --allow-read --allow-write tools/words.ts FOLDER
 */
import { dirname } from "node:path/posix";

const root = new URL("../", import.meta.url);

/** What is made by a tool, or is no prose. */
const left =
  /assets\.ts$|\/simd\/|\/font\/|\.wasm|^docs\/results\/reproduction\/.*table/;

/** Folders and files whose words are read. */
const places = ["lib", "docs", "python", "matlab", "site"];

/** A module with all but its comments and texts left blank. */
export function wordsOf(source: string): string {
  const kept =
    /\/\*\*?([\s\S]*?)\*\/|\/\/(.*)|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\[\s\S])*)`/g;
  let text = "", from = 0;
  for (const found of source.matchAll(kept)) {
    text += blank(source.slice(from, found.index));
    const isWord = /^["`]\S*["`]$/.test(found[0]); // a name, a path, a format
    // Code within words is left out: links of comments, values of templates.
    text += isWord ? blank(found[0]) : found[0].replace(
      /^\/\*\*?|\*\/$|^\s*\* ?|\$\{[^}]*\}|^["`]|["`]$|^\/\/ ?/gm,
      " ",
    )
      .replace(/```[\s\S]*?```/g, blank)
      .replace(/\{@\w+ [^}]*\}|`[^`\n]*`/g, " ");
    from = found.index + found[0].length;
  }
  return text + blank(source.slice(from));
}

function blank(code: string): string {
  return code.replace(/[^\n]/g, "");
}

/** Writes the words of all places into a folder; gives how many files. */
export async function gatherWords(folder: string): Promise<number> {
  let count = 0;
  async function take(path: string): Promise<void> {
    const isPage = path.endsWith(".md");
    if (left.test(path) || !(isPage || path.endsWith(".ts"))) return;
    const source = await Deno.readTextFile(new URL(path, root));
    const to = `${folder}/${path}${isPage ? "" : ".txt"}`;
    await Deno.mkdir(dirname(to), { recursive: true });
    await Deno.writeTextFile(to, isPage ? source : wordsOf(source));
    count++;
  }
  async function look(path: string): Promise<void> {
    for await (
      const { name, isDirectory } of Deno.readDir(new URL(path, root))
    ) {
      if (/^(dist|build|node_modules)$/.test(name)) continue;
      await (isDirectory ? look(`${path}/${name}`) : take(`${path}/${name}`));
    }
  }
  for (const place of places) await look(place);
  for await (const { name, isFile } of Deno.readDir(root)) {
    if (isFile && name.endsWith(".md")) await take(name);
  }
  return count;
}

if (import.meta.main) await gatherWords(Deno.args[0]);
