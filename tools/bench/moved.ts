/** Cases of this checkout on the library of another, whose files lie elsewhere. */
import { join } from "node:path";

/** An import of the library, with the names that it takes. */
const libraryImport = /import (type )?\{([^}]*)\} from "\.\.\/(lib\/[^"]+)";/g;

/**
 * The text of a module beside lib/, its imports turned to where the same names
 * are exported in a checkout. What only types need is left as it is: it is erased.
 *
 * @param checkout path of the other checkout
 */
export async function importsAsIn(
  checkout: string,
  text: string,
): Promise<string> {
  const lines = new Map<string, string>();
  for (const [line, onlyTypes, names, path] of text.matchAll(libraryImport)) {
    if (onlyTypes || await isFile(join(checkout, path))) continue;
    const wanted = names.split(",").map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type "));
    const here = await Deno.readTextFile(new URL(path, library))
      .catch(() => "");
    const found = await Promise.all(wanted.map(async (name) => {
      // Several files may export the name: what it declares tells them apart.
      const head = here.match(declarationOf(name))?.[0];
      const file = await whereExported(checkout, name, head) ?? path;
      return `import { ${name} } from "../${file}";`;
    }));
    lines.set(line, found.join("\n"));
  }
  return text.replace(libraryImport, (line) => lines.get(line) ?? line);
}

/** The root of this checkout. */
const library = new URL("../../", import.meta.url);

/** How a name is declared and exported, up to the name. */
function declarationOf(name: string): RegExp {
  return new RegExp(
    `^export (async )?(function\\*?|const|class) ${name}\\b`,
    "m",
  );
}

/**
 * The file of the library that declares and exports a name: the first one that
 * does so in the same words, or the first one that does.
 */
async function whereExported(
  checkout: string,
  name: string,
  head: string | undefined,
): Promise<string | undefined> {
  let first: string | undefined;
  for await (const file of modules(checkout, "lib")) {
    const text = await Deno.readTextFile(join(checkout, file));
    const found = text.match(declarationOf(name))?.[0];
    if (found === undefined) continue;
    if (found === head) return file;
    first ??= file;
  }
  return first;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((s) => s.isFile, () => false);
}

async function* modules(
  checkout: string,
  folder: string,
): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(join(checkout, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* modules(checkout, path);
    else if (path.endsWith(".ts") && !path.includes("/simd/")) yield path;
  }
}
