/**
 * A real Firefox, driven by WebDriver BiDi over its own socket: playwright's way
 * to a Firefox that it has not built sends a command that Debian's does not have.
 */
import { inFolder } from "../folder.ts";

/** What the browser told. */
interface Told {
  readonly method?: string;
  readonly id?: number;
  readonly type?: string;
  readonly result?: Record<string, unknown>;
  readonly message?: string;
  readonly params?: Record<string, unknown>;
}

/** A page in Firefox. */
export interface FirefoxPage {
  /** Errors that were not caught, and what went to the console as an error. */
  readonly errors: readonly string[];
  /** Addresses that the page asked for. */
  readonly requests: readonly string[];
  /** Opens an address and waits until it is loaded. */
  goto(url: string): Promise<void>;
  /**
   * What an expression in JavaScript gives, as JSON can hold it; a promise is
   * awaited.
   *
   * @throws {Error} with what the page threw
   */
  evaluate<T>(expression: string): Promise<T>;
  /**
   * Waits until an expression is true.
   *
   * @throws {Error} if it is not after four minutes, with what the page shows
   */
  waitFor(expression: string): Promise<void>;
  /** Sets the size of the window's content. */
  resize(width: number, height: number): Promise<void>;
  /** Runs a script in the page, which its security policy does not stop. */
  run(script: string): Promise<void>;
  /** Presses keys, one after the other, as a keyboard does. */
  press(...keys: readonly string[]): Promise<void>;
  /** Opens another tab over the page; what it gives closes that tab again. */
  cover(): Promise<() => Promise<void>>;
  /** A picture of the whole page, PNG. */
  screenshot(): Promise<Uint8Array>;
}

/** Milliseconds that a page may take on a busy machine: workers have three minutes. */
export const patience = 240_000;

/** Preferences of a browser that asks nothing, calls nobody and starts soon. */
const preferences = {
  "app.normandy.enabled": false,
  "app.update.disabledForTesting": true,
  "browser.aboutwelcome.enabled": false,
  // Pages, a process and add-ons that nobody looks at are a third of its start.
  "browser.newtab.preload": false,
  "browser.newtabpage.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "browser.startup.page": 0,
  "datareporting.policy.dataSubmissionEnabled": false,
  "datareporting.usage.uploadEnabled": false,
  // In a session of WebDriver, Firefox 153 looks at every worker that is made, and
  // now and then a worker that makes another never goes on (1 of 20 tries).
  "dom.maxHardwareConcurrency": 1,
  "dom.ipc.processPrelaunch.enabled": false,
  "extensions.enabledScopes": 0,
  "extensions.update.enabled": false,
  // A window that nobody sees takes keys all the same.
  "focusmanager.testmode": true,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "remote.active-protocols": 1,
  "services.settings.server": "data:,",
  "toolkit.telemetry.server": "",
};

/** Keys that are no letters, as WebDriver writes them. */
const keyCodes: Readonly<Record<string, string>> = {
  Tab: "\uE004",
  Enter: "\uE006",
  Space: " ",
  End: "\uE010",
  Home: "\uE011",
  ArrowLeft: "\uE012",
  ArrowRight: "\uE014",
};

/** What a user of the browser prefers. */
export interface Preferred {
  /** Dark pages, as the system has it. Defaults to light ones. */
  readonly dark?: boolean;
  /** Pages that keep still. */
  readonly still?: boolean;
}

/** A Firefox without a window and one page in it, for as long as the work lasts. */
export async function withFirefox(
  work: (page: FirefoxPage) => Promise<void>,
  { dark = false, still = false }: Preferred = {},
): Promise<void> {
  const preferred = {
    ...preferences,
    "layout.css.prefers-color-scheme.content-override": dark ? 0 : 1,
    "ui.prefersReducedMotion": still ? 1 : 0,
  };
  const args = ["--remote-debugging-port", "0"];
  let drained: Promise<void> | undefined;
  await running(preferred, { args, stderr: "piped" }, async (child) => {
    const listens = await listening(child.stderr);
    drained = listens.drained;
    const client = await connect(`${listens.address}/session`);
    try {
      await work(await openPage(client));
    } finally {
      await client.send("browser.close", {}).catch(() => {});
      client.close();
    }
  });
  await drained;
}

/**
 * A Firefox that opens a page and that nobody drives, as its users have it, for as
 * long as the work lasts.
 */
export async function withFirefoxAt(
  url: string,
  work: () => Promise<void>,
): Promise<void> {
  const { "dom.maxHardwareConcurrency": _, ...usual } = preferences;
  await running(usual, { args: [url], stderr: "null" }, work);
}

/** Runs Firefox without a window, in a profile of its own. */
async function running(
  preferred: Readonly<Record<string, unknown>>,
  { args, stderr }: {
    readonly args: readonly string[];
    readonly stderr: "piped" | "null";
  },
  work: (child: Deno.ChildProcess) => Promise<void>,
): Promise<void> {
  await inFolder(async (profile) => {
    await Deno.writeTextFile(
      `${profile}/user.js`,
      Object.entries(preferred).map(([name, value]) =>
        `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`
      ).join(""),
    );
    const child = new Deno.Command("firefox-esr", {
      args: ["--headless", "--no-remote", "--profile", profile, ...args],
      env: { MOZ_DISABLE_CONTENT_SANDBOX: "1", MOZ_CRASHREPORTER_DISABLE: "1" },
      stdout: "null",
      stderr,
    }).spawn();
    try {
      await work(child);
    } finally {
      try {
        child.kill();
      } catch {
        // It has ended by itself.
      }
      await child.status;
    }
  });
}

/** The address that Firefox says it listens at, on its standard error. */
async function listening(stderr: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const lines = stderr.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  for (;;) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`Cannot start Firefox: ${said}`);
    said += value;
    const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(said) ?? [];
    if (address === undefined) continue;
    // Nobody reads on, but the pipe must not fill up.
    const drained = (async () => {
      while (!(await lines.read()).done);
    })();
    return { address, drained };
  }
}

type Client = Awaited<ReturnType<typeof connect>>;

async function connect(address: string) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`Cannot reach ${address}`));
  });
  const waiting = new Map<number, (told: Told) => void>();
  const listeners: ((told: Told) => void)[] = [];
  socket.onmessage = ({ data }) => {
    const told: Told = JSON.parse(data);
    if (told.id === undefined) return listeners.forEach((tell) => tell(told));
    waiting.get(told.id)?.(told);
    waiting.delete(told.id);
  };
  socket.onclose = () => {
    for (const tell of waiting.values()) {
      tell({ type: "error", message: "Firefox has closed" });
    }
  };
  let next = 0;
  async function send(method: string, params: unknown) {
    const id = ++next;
    const told = await new Promise<Told>((resolve) => {
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    if (told.type === "error") throw new Error(`${method}: ${told.message}`);
    return told.result!;
  }
  return {
    send,
    listen: (tell: (told: Told) => void) => listeners.push(tell),
    close: () => socket.close(),
  };
}

async function openPage({ send, listen }: Client): Promise<FirefoxPage> {
  const errors: string[] = [];
  const requests: string[] = [];
  await send("session.new", { capabilities: {} });
  await send("session.subscribe", {
    events: ["log.entryAdded", "network.beforeRequestSent"],
  });
  listen(({ method, params = {} }) => {
    if (method === "log.entryAdded" && params.level === "error") {
      errors.push(String(params.text));
    }
    if (method === "network.beforeRequestSent") {
      requests.push((params.request as { url: string }).url);
    }
  });
  // The window that the browser opens by itself never gets the focus.
  const { context } = await send("browsingContext.create", { type: "window" });

  async function run(expression: string): Promise<unknown> {
    const { type, result, exceptionDetails } = await send("script.evaluate", {
      expression,
      target: { context },
      awaitPromise: true,
    });
    if (type !== "success") {
      throw new Error((exceptionDetails as { text: string }).text);
    }
    return (result as { value?: unknown }).value;
  }

  async function evaluate<T>(expression: string): Promise<T> {
    const value = await run(
      `(async () => JSON.stringify(await (${expression})))()`,
    );
    return value === undefined ? undefined as T : JSON.parse(value as string);
  }

  return {
    errors,
    requests,
    evaluate,
    async goto(url) {
      await send("browsingContext.navigate", {
        context,
        url,
        wait: "complete",
      });
    },
    async waitFor(expression) {
      const met = await evaluate(`(async () => {
        const end = Date.now() + ${patience};
        while (!(${expression})) {
          if (Date.now() > end) return false;
          await new Promise((r) => setTimeout(r, 30));
        }
        return true;
      })()`);
      if (met) return;
      const said = await evaluate(`document.body.innerText`);
      throw new Error(
        `A page shows:\n${said}\nIt did not come to ${expression}` +
          (errors.length > 0 ? `; its errors: ${errors.join("; ")}` : ""),
      );
    },
    async resize(width, height) {
      await send("browsingContext.setViewport", {
        context,
        viewport: { width, height },
      });
    },
    async run(script) {
      await run(script);
    },
    async press(...keys) {
      await send("input.performActions", {
        context,
        actions: [{
          ...{ type: "key", id: "keyboard" },
          actions: keys.flatMap((key) => {
            const value = keyCodes[key] ?? key;
            return [{ type: "keyDown", value }, { type: "keyUp", value }];
          }),
        }],
      });
    },
    async cover() {
      const tab = await send("browsingContext.create", {
        type: "tab",
        referenceContext: context,
      });
      await send("browsingContext.activate", { context: tab.context });
      return async () => {
        await send("browsingContext.close", { context: tab.context });
        await send("browsingContext.activate", { context });
      };
    },
    async screenshot() {
      const { data } = await send("browsingContext.captureScreenshot", {
        context,
        origin: "document",
      });
      return Uint8Array.fromBase64(data as string);
    },
  };
}
