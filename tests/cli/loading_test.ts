/** What a command loads before it does anything. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { registry } from "../../lib/cli/registry.ts";

interface Graph {
  readonly roots: readonly string[];
  readonly redirects: Readonly<Record<string, string>>;
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier: string };
    }[];
  }[];
}

/** Modules that a module loads at once, without those it imports when needed. */
async function loadedBy(path: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL(`../../${path}`, import.meta.url).href],
  }).output();
  const graph: Graph = JSON.parse(new TextDecoder().decode(stdout));
  const modules = new Map(graph.modules.map((one) => [one.specifier, one]));
  const found = new Set<string>();
  const left = [...graph.roots];
  for (let next; (next = left.pop()) !== undefined;) {
    const specifier = graph.redirects[next] ?? next;
    if (found.has(specifier)) continue;
    found.add(specifier);
    for (
      const { code, isDynamic } of modules.get(specifier)?.dependencies ?? []
    ) {
      if (code && !isDynamic) left.push(code.specifier);
    }
  }
  return [...found];
}

Deno.test("train loads neither what draws nor what serves until it is needed", async () => {
  for (const path of ["cli.ts", "lib/cli/commands/train.ts"]) {
    const loaded = await loadedBy(path);
    const unneeded = loaded.filter((name) =>
      /vega|resvg|uplot|ml-matrix|lib\/(report\/(render|figures|font)|dashboard)\//
        .test(name)
    );
    equal(unneeded, [], path);
  }
  // The walk does find what is imported.
  const drawing = await loadedBy("lib/report/listener.ts");
  ok(drawing.some((name) => name.endsWith("/lib/report/figures/panels.ts")));
});

Deno.test("what a command takes is known without loading what it does", async () => {
  for (const name of Object.keys(registry)) {
    const loaded = await loadedBy(`lib/cli/commands/${name}.ts`);
    const work = loaded.filter((path) =>
      /lib\/(cli\/work|backend\/open|simulate\/simulate|train\/train)|npm/
        .test(path)
    );
    equal(work, [], name);
    ok(loaded.length <= 50, `${name} loads ${loaded.length} modules`);
  }
});
