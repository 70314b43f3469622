/** The workflow that publishes the site says what GitHub needs, and what is here. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { testWith } from "../require.ts";

const root = new URL("../../", import.meta.url);

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly "runs-on": string;
  readonly needs?: string;
  readonly environment?: { readonly name: string; readonly url: string };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: { readonly push: { readonly branches: readonly string[] } };
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A workflow, by PyYAML; YAML 1.1 takes the key `on` for a truth value. */
async function workflow(path: string): Promise<Workflow> {
  const program = "import json, sys, yaml\n" +
    "read = yaml.safe_load(open(sys.argv[1]))\n" +
    'read["on"] = read.pop(True)\n' +
    "print(json.dumps(read))";
  const { success, stdout, stderr } = await new Deno.Command("python3", {
    args: ["-c", program, path],
    cwd: root.pathname,
  }).output();
  ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

// NWB Inspector brings PyYAML.
testWith(
  "nwb",
  "the workflow builds the site from what is here, and publishes it",
  async () => {
    const { on, permissions, jobs } = await workflow(
      ".github/workflows/pages.yml",
    );
    const read = (path: string) => Deno.readTextFile(new URL(path, root));
    const { tasks } = JSON.parse(await read("deno.json"));
    const [, deno] = /npx --yes deno@([\d.]+)/.exec(await read(".ci/run"))!;
    equal(on.push.branches, ["main"]);
    // Without these two GitHub does not let a job publish.
    equal(permissions.pages, "write");
    equal(permissions["id-token"], "write");

    const steps = Object.values(jobs).flatMap(({ steps }) => steps);
    for (const { uses, run } of steps) {
      // A step does one thing; an action has a version.
      ok((uses === undefined) !== (run === undefined));
      if (uses) match(uses, /^actions\/[a-z-]+@v\d+$/);
    }
    const commands = jobs.build.steps.flatMap(({ run }) => run ?? []);
    const ran: string[] = [];
    for (const command of commands) {
      const [, version, what] =
        /^npx --yes deno@([\d.]+) (?:install --frozen|task (\S+))$/.exec(
          command,
        ) ?? [];
      const [, file] = /^python3 -m pip install -r (\S+)$/.exec(command) ?? [];
      ok(version !== undefined || file !== undefined, command);
      if (version !== undefined) equal(version, deno);
      if (what !== undefined) ok(Object.hasOwn(tasks, what), what);
      if (file !== undefined) ok((await read(file)).includes("mkdocs"));
      ran.push(what ?? file ?? "install");
    }
    // Pages are built by what is installed before.
    equal(ran, [".ci/requirements-docs.txt", "install", "site"]);
    const upload = jobs.build.steps.at(-1)!;
    match(upload.uses!, /^actions\/upload-pages-artifact@/);
    match(
      await read("tools/site.ts"),
      new RegExp(`usualOutput = "${upload.with!.path}"`),
    );

    const { needs, environment, steps: [deploy] } = jobs.deploy;
    equal([needs, environment!.name], ["build", "github-pages"]);
    match(deploy.uses!, /^actions\/deploy-pages@/);
    match(
      environment!.url,
      new RegExp(`steps\\.${deploy.id}\\.outputs\\.page_url`),
    );
  },
);
