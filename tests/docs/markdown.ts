/** What a page of Markdown holds: code blocks, links, anchors. */

/** A fenced code block. */
export interface Block {
  /** Language, as in `sh`; empty where none is named. */
  readonly language: string;
  /** What stands behind the language, as in `ignore`. */
  readonly rest: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** The HTML comment on the line above, or none. */
  readonly note?: string;
}

/** All code blocks of a page, in order. */
export function codeBlocks(page: string): Block[] {
  const lines = page.split("\n");
  const blocks: Block[] = [];
  for (let k = 0; k < lines.length; k++) {
    const fence = /^```(\S*) ?(.*)$/.exec(lines[k]);
    if (!fence) continue;
    const end = lines.indexOf("```", k + 1);
    if (end < 0) throw new Error(`line ${k + 1}: a code block without an end`);
    const note = /^<!-- (.*) -->$/.exec(lines[k - 1] ?? "")?.[1];
    blocks.push({
      ...{ language: fence[1], rest: fence[2], line: k + 1, note },
      text: lines.slice(k + 1, end).join("\n"),
    });
    k = end;
  }
  return blocks;
}

/** The page with its code blocks and code in lines left blank. */
export function prose(page: string): string {
  let inside = false;
  return page.split("\n").map((line) => {
    const fence = line.startsWith("```");
    if (fence) inside = !inside;
    return inside || fence ? "" : line.replace(/`[^`]*`/g, "``");
  }).join("\n");
}

/** A link or picture, and its line. */
export interface Link {
  readonly target: string;
  readonly line: number;
}

/** The links and pictures of a page, those to other sites too. */
export function links(page: string): Link[] {
  return prose(page).split("\n").flatMap((text, k) =>
    [...text.matchAll(/\]\(([^()\s]+)\)|<img[^>]* src="([^"]+)"/g)]
      .map((found) => ({ target: found[1] ?? found[2], line: k + 1 }))
  );
}

/** The anchors that headings make, as sites that show Markdown name them. */
export function anchors(page: string): Set<string> {
  const found = new Set<string>();
  let inside = false;
  for (const line of page.split("\n")) {
    if (line.startsWith("```")) inside = !inside;
    const heading = inside ? null : /^#+ +(.*)$/.exec(line)?.[1];
    if (!heading) continue;
    const slug = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(" ", "-");
    let name = slug;
    for (let k = 1; found.has(name); k++) name = `${slug}-${k}`;
    found.add(name);
  }
  return found;
}

/** The folder of the program. */
export const root = new URL("../../", import.meta.url);

/** All pages that people read, by their paths in the folder of the program. */
export async function pages(): Promise<string[]> {
  const found: string[] = [];
  async function look(folder: string): Promise<void> {
    for await (const entry of Deno.readDir(new URL(folder || ".", root))) {
      const path = `${folder}${entry.name}`;
      if (/^(node_modules|dist|site|\..*)$/.test(entry.name)) continue;
      if (entry.isDirectory && /^(docs|python|matlab)/.test(path)) {
        await look(`${path}/`);
      } else if (entry.isFile && path.endsWith(".md")) found.push(path);
    }
  }
  await look("");
  return found.sort();
}

/** The text of a page. */
export async function readPage(path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, root));
}
