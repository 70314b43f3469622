/** The lab, built and served to a browser on this machine. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { buildLab, filesIn } from "../../tools/site/lab.ts";
import { patience } from "../dashboard/browser.ts";
import { inFolder } from "../folder.ts";

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
};

/** A lab that is served. */
export interface Served {
  readonly url: string;
  /** Size of a file as servers send it, packed. */
  packed(path: string): number;
}

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** The files of the lab, built once for all tests of a file. */
let built: Promise<Files> | undefined;

function build(): Promise<Files> {
  return inFolder(async (folder) => {
    await buildLab(folder);
    const files = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const path of await filesIn(folder)) {
      files.set(path, await Deno.readFile(join(folder, path)));
    }
    return files;
  });
}

/** A script that the lab's page runs as well, for where nobody drives it. */
export interface Watcher {
  /** A module, in JavaScript. It posts what it finds to `/told`. */
  readonly script: string;
  /** Takes what it posts. */
  readonly told: (text: string) => void;
}

/** Builds the lab and serves it, as any file server does. */
export async function withLab(
  work: (served: Served) => Promise<void>,
  watcher?: Watcher,
): Promise<void> {
  const files = await (built ??= build());
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const path = new URL(request.url).pathname.slice(1) || "index.html";
      const headers = { "content-type": types[path.split(".").at(-1)!] };
      if (watcher && path === "told") {
        watcher.told(await request.text());
        return new Response("");
      }
      if (watcher && path === "watcher.js") {
        return new Response(watcher.script, { headers });
      }
      const file = files.get(path);
      if (!file) return new Response("not found", { status: 404 });
      if (watcher && path === "index.html") {
        const html = new TextDecoder().decode(file);
        const added = '<script type="module" src="watcher.js"></script></head>';
        return new Response(html.replace("</head>", added), { headers });
      }
      return new Response(file, { headers });
    },
  );
  try {
    await work({
      url: `http://127.0.0.1:${server.addr.port}/`,
      packed: (path) => gzipSync(files.get(path)!).length,
    });
  } finally {
    await server.shutdown();
  }
}

/** A page of the lab in Chromium. */
export interface Lab {
  readonly page: Page;
  /** Paths that it asked for so far. */
  readonly requests: readonly string[];
  /** Waits until the page says something. */
  says(text: RegExp): Promise<string>;
}

/** Opens the lab; it must stay on this machine and without errors. */
export async function openLab(
  browser: Browser,
  served: Served,
  options: BrowserContextOptions & { readonly fragment?: string },
  work: (lab: Lab) => Promise<void>,
): Promise<void> {
  const { fragment = "", ...context } = options;
  const opened = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    acceptDownloads: true,
    ...context,
  });
  // A machine that is busy with other tests takes its time.
  opened.setDefaultTimeout(patience);
  const page = await opened.newPage();
  const errors: string[] = [];
  const elsewhere: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      errors.push(message.text());
    }
  });
  page.on("request", (request) => {
    const url = request.url();
    if (url.startsWith(served.url)) {
      requests.push(url.slice(served.url.length));
    } else if (!/^(data|blob):/.test(url)) elsewhere.push(url);
  });
  try {
    await page.goto(served.url + fragment);
    await page.locator("#about").getByText("computed on").waitFor();
    await work({
      page,
      requests,
      async says(text) {
        const { source, flags } = text;
        // Not at every frame, which would have frames drawn to look at them.
        await page.waitForFunction(
          ([source, flags]) => {
            const said = document.querySelector("#status")!.textContent!;
            return new RegExp(source, flags).test(said);
          },
          [source, flags],
          { polling: 50 },
        );
        return await page.locator("#status").textContent() ?? "";
      },
    });
    equal(errors, []);
    equal(elsewhere, []);
  } finally {
    await opened.close();
  }
}
