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
    const found = await Promise.all(wanted.map(async (name) => {
      const file = await whereExported(checkout, name) ?? path;
      return `import { ${name} } from "../${file}";`;
    }));
    lines.set(line, found.join("\n"));
  }
  return text.replace(libraryImport, (line) => lines.get(line) ?? line);
}

/** The first file of the library that declares and exports a name. */
async function whereExported(
  checkout: string,
  name: string,
): Promise<string | undefined> {
  const declared = new RegExp(
    `^export (async )?(function\\*?|const|class) ${name}\\b`,
    "m",
  );
  for await (const file of modules(checkout, "lib")) {
    if (declared.test(await Deno.readTextFile(join(checkout, file)))) {
      return file;
    }
  }
  return undefined;
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
