/**
 * Builds the documentation as pages with a search: docs/ and the pages that stand
 * elsewhere (the README and others) by MkDocs, and the reference of the library
 * by `deno doc`. The files under docs/ stay what is written by hand, and can be
 * read as they are.
 */
import { dirname, join, relative, resolve } from "node:path/posix";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Pages outside docs/, and their places among those of the site. */
const elsewhere: Readonly<Record<string, string>> = {
  "README.md": "about.md",
  "CHANGELOG.md": "changelog.md",
  "CONTRIBUTING.md": "contributing.md",
  "SECURITY.md": "security.md",
  "python/README.md": "python.md",
  "matlab/README.md": "matlab.md",
};

/** The list of all pages, with which the site starts. */
const index = "docs/README.md";
const start = join("docs", "index.md");

/** Pages that lead to the lab itself, which is beside the pages. */
const toLab: readonly string[] = [start, "docs/guides/lab.md"];

/** What the pages' looks have beside the theme's. */
const looks = "looks.css";

/** A name in a table stays in one piece: a table that is too wide scrolls. */
const rules =
  ".md-typeset table code{word-break:normal;overflow-wrap:normal}\n";

/** What MkDocs and its looks are installed by. */
const requirements = ".ci/requirements-docs.txt";

/**
 * Builds the pages into `out/docs`, and the reference of the library into
 * `out/docs/api`.
 *
 * @param out folder of the site
 * @throws {Error} if MkDocs is missing, or a link leads nowhere
 */
export async function buildDocs(out: string): Promise<void> {
  const work = await Deno.makeTempDir({ prefix: "spikernn_docs_" });
  try {
    await gather(join(work, "docs"));
    await Deno.writeTextFile(join(work, "docs", looks), rules);
    await Deno.writeTextFile(join(work, "mkdocs.yml"), await settings(work));
    await run("python3", [
      ...["-m", "mkdocs", "build", "--strict", "--quiet"],
      ...["--config-file", join(work, "mkdocs.yml")],
      ...["--site-dir", join(resolve(out), "docs")],
    ], `install ${requirements} by pip`);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  await run(Deno.execPath(), [
    ...[
      "doc",
      "--html",
      "--name=spikernn",
      `--output=${join(resolve(out), "docs/api")}`,
    ],
    ...await entries(),
  ]);
}

/** Copies all pages, with links that lead to where pages are in the site. */
async function gather(folder: string): Promise<void> {
  const places = new Map(
    Object.entries(elsewhere).map(([from, to]) => [from, join("docs", to)]),
  );
  async function copy(from: string, to: string): Promise<void> {
    const target = join(folder, relative("docs", to));
    await Deno.mkdir(dirname(target), { recursive: true });
    if (!from.endsWith(".md")) return await Deno.copyFile(root + from, target);
    const page = await Deno.readTextFile(root + from);
    const linked = relinked(page, from, to, places);
    await Deno.writeTextFile(
      target,
      toLab.includes(to) ? withLab(linked, to) : linked,
    );
  }
  async function look(path: string): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(root + path)) {
      if (isDirectory) await look(`${path}/${name}`);
      else if (/\.(md|svg|png|ts|toml|csv|ipynb)$/.test(name)) {
        const file = `${path}/${name}`;
        await copy(file, file === index ? start : file);
      }
    }
  }
  await look("docs");
  for (const [from, to] of places) await copy(from, to);
}

/**
 * A page whose links lead to pages of the site; those to files that are in no
 * page (tests, the source) become plain text.
 */
export function relinked(
  page: string,
  from: string,
  to: string,
  places: ReadonlyMap<string, string>,
): string {
  return page.replace(
    /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g,
    (whole, picture: string, text: string, target: string) => {
      if (/^(https?:|mailto:|#)/.test(target)) return whole;
      const [file, anchor] = target.split("#");
      const path = join(dirname(from), file);
      const place = path === index
        ? start
        : places.get(path) ?? (path.startsWith("docs/") ? path : undefined);
      if (place === undefined) return text;
      const link = relative(dirname(to), place) +
        (anchor === undefined ? "" : `#${anchor}`);
      return `${picture}[${text}](${link})`;
    },
  );
}

/**
 * A page with a button that opens the lab, below its title. As HTML: MkDocs knows
 * no page beside its own.
 */
export function withLab(page: string, to: string): string {
  const place = relative(dirname(to), "index.html");
  return page.replace(
    /^# .*\n/,
    (title) =>
      `${title}\n<p><a class="md-button md-button--primary" href="${place}">` +
      "Open the lab</a></p>\n",
  );
}

/** Settings of MkDocs: the order of pages is that of docs/README.md. */
async function settings(work: string): Promise<string> {
  const list = await Deno.readTextFile(root + index);
  const nav: unknown[] = [
    {
      Start: [
        "index.md",
        "tutorial.md",
        "glossary.md",
        "from-matlab-and-tensorflow.md",
        "about.md",
      ],
    },
  ];
  for (const section of list.split(/^## /m).slice(1)) {
    const title = section.slice(0, section.indexOf("\n"));
    const pages = [...section.matchAll(/\]\(([\w./-]+\.md)\)/g)]
      .map(([, path]) => elsewhere[path.replace("../", "")] ?? path);
    nav.push({ [title]: pages });
  }
  nav.push({ Project: ["changelog.md", "contributing.md", "security.md"] });
  return JSON.stringify(
    {
      site_name: "spikernn",
      docs_dir: join(work, "docs"),
      use_directory_urls: false,
      nav,
      not_in_nav: "/notebooks/*\n/results/reproduction/*/table.md\n",
      theme: {
        name: "material",
        // Nothing is asked for from elsewhere.
        font: false,
        features: [
          "navigation.sections",
          "navigation.top",
          "toc.follow",
          "search.suggest",
          "content.code.copy",
        ],
        palette: [
          { media: "(prefers-color-scheme: light)", scheme: "default" },
          { media: "(prefers-color-scheme: dark)", scheme: "slate" },
        ],
      },
      extra_css: [looks],
      plugins: ["search"],
      markdown_extensions: [
        "tables",
        "attr_list",
        { toc: { permalink: true, slugify: "!!slugify" } },
        "pymdownx.highlight",
        "pymdownx.superfences",
      ],
      validation: {
        links: {
          not_found: "warn",
          anchors: "warn",
          unrecognized_links: "warn",
        },
      },
    },
    null,
    2,
  ).replace(
    '"!!slugify"',
    "!!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}",
  );
}

/** The modules that the package exports, but the command line. */
async function entries(): Promise<string[]> {
  const { exports } = JSON.parse(await Deno.readTextFile(`${root}deno.json`));
  return Object.values(exports as Record<string, string>)
    .filter((path) => path !== "./cli.ts");
}

async function run(
  program: string,
  args: string[],
  advice?: string,
): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args,
    cwd: root,
    env: { NO_COLOR: "1", NO_MKDOCS_2_WARNING: "true" },
  }).output();
  if (success) return;
  const said = new TextDecoder().decode(stdout) +
    new TextDecoder().decode(stderr);
  throw new Error(
    `Cannot build the documentation: ${said.trim()}` +
      (advice ? `; if MkDocs is missing, ${advice}` : ""),
  );
}

if (import.meta.main) await buildDocs(Deno.args[0] ?? "site/dist");
