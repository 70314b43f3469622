/** What a command loads before it does anything. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { registry } from "../../lib/cli/registry.ts";

interface Graph {
  readonly redirects: Readonly<Record<string, string>>;
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier: string };
    }[];
  }[];
}

/** All that the command line may ever load: every command, and what it needs. */
const program: Promise<Graph> = new Deno.Command(Deno.execPath(), {
  args: ["info", "--json", addressOf("cli.ts")],
}).output().then(({ stdout }) => JSON.parse(new TextDecoder().decode(stdout)));

function addressOf(path: string): string {
  return new URL(`../../${path}`, import.meta.url).href;
}

/** Modules that a module loads at once, without those it imports when needed. */
async function loadedBy(path: string): Promise<string[]> {
  const graph = await program;
  const modules = new Map(graph.modules.map((one) => [one.specifier, one]));
  ok(modules.has(addressOf(path)), path);
  const found = new Set<string>();
  const left = [addressOf(path)];
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
