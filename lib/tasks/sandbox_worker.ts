/**
 * The worker or process that holds the sandbox: it has no permissions, and runs a
 * task file in a context of its own that has the language and nothing else. Only
 * `sandbox_channel.ts` starts it, as text, so that it imports nothing of this package.
 *
 * A worker that is busy goes on after `terminate()` (Deno 2.9); code that runs
 * under the time limit of `node:vm` does not. So the file's code runs nowhere
 * else: nothing of the worker's is handed to it, nothing of its own (a getter of
 * an object that it made, say) is touched outside of the limit, and what comes
 * out of it is text.
 */
import { stripTypeScriptTypes } from "node:module";
import vm from "node:vm";
import type { Request, SandboxedFile } from "./sandbox_protocol.ts";

/** A module in a context; the types of `node:vm` do not have them. */
interface SourceTextModule {
  readonly identifier: string;
  readonly status: string;
  readonly error: unknown;
  readonly namespace: Readonly<Record<string, unknown>>;
  link(
    linker: (
      specifier: string,
      referrer: SourceTextModule,
    ) => SourceTextModule,
  ): Promise<void>;
  evaluate(): Promise<void>;
}
const { SourceTextModule } = vm as unknown as {
  SourceTextModule: new (
    text: string,
    options: { readonly context: vm.Context; readonly identifier: string },
  ) => SourceTextModule;
};

/** What `sandbox_inside.ts` exports. */
type Inside = typeof import("./sandbox_inside.ts");

const post = postMessage.bind(globalThis);
const listen = addEventListener.bind(globalThis);
const { createContext, runInContext, constants } = vm;
const NewURL = URL;
const now = performance.now.bind(performance);
const wait = setTimeout;

const context = createContext(constants.DONT_CONTEXTIFY as unknown as object, {
  // Its promises are settled by runs of its own code, under their time limit.
  microtaskMode: "afterEvaluate",
  codeGeneration: { strings: false, wasm: false },
});
/** The context that holds the call that is under way: time limits need one. */
const caller = createContext(Object.create(null)) as { call?: () => void };

/** Takes from the worker what nobody here needs, should code ever break out. */
function disarm(): void {
  const language = runInContext(
    "Object.getOwnPropertyNames(globalThis)",
    context,
  );
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    // What cannot be deleted stays; without permissions it is of no use.
    if (!language.includes(name)) Reflect.deleteProperty(globalThis, name);
  }
  const functions = [
    function () {},
    async function () {},
    function* () {},
    async function* () {},
  ];
  for (const any of functions) {
    Reflect.deleteProperty(Object.getPrototypeOf(any), "constructor");
  }
}
disarm();

/** Takes from the context what waits, shares memory, or hands out the outside. */
const prepare = `"use strict";
  for (const name of ["FinalizationRegistry", "WeakRef", "Atomics",
    "SharedArrayBuffer", "WebAssembly", "queueMicrotask", "console"]) {
    delete globalThis[name];
  }
  // What is called with an error's frames is given objects of the outside.
  Object.defineProperty(Error, "prepareStackTrace", { value: undefined });
  Object.defineProperty(globalThis, "Error", {
    value: Error, writable: false, configurable: false });
  // The outside waits for the module's promise, by these.
  Object.freeze(Promise);
  Object.freeze(Promise.prototype);`;

/** The code was ended by its time limit, or failed if nothing caught it. */
const unfinished = Symbol("unfinished");

/** Runs a call into the context, to its end or to the end of the time. */
function within<T>(timeoutMs: number, call: () => T): T | typeof unfinished {
  let result: T | typeof unfinished = unfinished;
  caller.call = () => {
    result = call();
  };
  try {
    runInContext("call()", caller, { timeout: timeoutMs });
    // Its promises.
    runInContext("0", context, { timeout: timeoutMs });
  } catch {
    // What was thrown is the file's; it is not looked at.
    return unfinished;
  }
  return result;
}

let inside: Inside;
let url = "";

/** An answer in text, or what to say if there is none. */
function answered(
  timeoutMs: number,
  call: () => unknown,
  what = "it broke off without an error",
): string {
  const begin = now();
  const answer = within(timeoutMs, call);
  if (typeof answer === "string") return answer;
  const late = now() - begin >= 0.9 * timeoutMs;
  const message = late ? `it gave no answer within ${timeoutMs} ms` : what;
  const failed = within(100, () => inside.failed(message));
  return typeof failed === "string"
    ? failed
    : JSON.stringify({ kind: "failed", message });
}

async function load(request: Request & { kind: "load" }): Promise<string> {
  const { file, modules, timing, timeoutMs } = request;
  ({ url } = file);
  runInContext(prepare, context);
  const library = new Map<string, SourceTextModule>();
  const own = (address: string) => {
    const known = library.get(address);
    if (known) return known;
    const module = new SourceTextModule(
      stripTypeScriptTypes(modules[address]),
      {
        context,
        identifier: address,
      },
    );
    library.set(address, module);
    return module;
  };
  const linker = (specifier: string, { identifier }: SourceTextModule) =>
    own(new NewURL(specifier, identifier).href);
  const entry = own("lib:/tasks/sandbox_inside.ts");
  await entry.link(linker);
  await entry.evaluate();
  inside = entry.namespace as unknown as Inside;
  inside.install();

  const define = own("lib:/tasks/define.ts");
  const linked = await linkedModule(file, define);
  if (typeof linked === "string") return inside.failed(linked);
  const begin = now();
  let settled = false;
  const settle = () => {
    settled = true;
  };
  const ran = within(timeoutMs, () => {
    linked.evaluate().then(settle, settle);
    return true;
  });
  if (ran === unfinished && now() - begin >= 0.9 * timeoutMs) {
    return inside.failed(`it gave no answer within ${timeoutMs} ms`);
  }
  if (linked.status === "errored") {
    return answered(timeoutMs, () => inside.threw(linked.error, url));
  }
  await afterwards();
  if (!settled) return inside.failed("it awaits what never comes");
  return answered(
    timeoutMs,
    () => inside.load(linked.namespace, timing, url),
  );
}

/** Until the events are told that there are. */
function afterwards(): Promise<void> {
  return new Promise((resolve) => wait(resolve));
}

/** The file as a module that is ready to run, or what is wrong with it. */
async function linkedModule(
  file: SandboxedFile,
  define: SourceTextModule,
): Promise<SourceTextModule | string> {
  const forms = formsOf(file);
  if (typeof forms === "string") return forms;
  let why = "";
  for (const { text, moved } of forms) {
    let imported: string | undefined;
    try {
      const module = new SourceTextModule(text, {
        context,
        // Lines of another text than the file's are not told of.
        identifier: moved ? `${file.url}#compiled` : file.url,
      });
      const exported = new SourceTextModule(
        'export { defineTask } from "lib:/tasks/define.ts";',
        { context, identifier: "lib:/mod.ts" },
      );
      await module.link((specifier, referrer) => {
        if (referrer === exported) return define;
        if (isThisPackage(specifier)) return exported;
        imported = specifier;
        throw new Error("refused");
      });
      return module;
    } catch (error) {
      // Nothing of the file has run: the error is the engine's, or ours.
      why ||= imported === undefined
        ? `SyntaxError: ${(error as Error).message}`
        : `it imports ${imported}; a task file may import ` +
          "@spikernn/spikernn alone, unless it is trusted";
    }
  }
  return why;
}

/** As task files name it, whether they are trusted or not. */
function isThisPackage(specifier: string): boolean {
  return /^(?:jsr:\/?)?@spikernn\/spikernn(?:@[^/]+)?(?:\/tasks)?$/.test(
    specifier,
  );
}

/**
 * The file's text as JavaScript: with its types blanked out, so that lines and
 * columns stay, and as the compiler writes it, where that cannot be run (it has
 * enums, or imports types without saying so). Or where its syntax is wrong.
 */
function formsOf(
  { text, typescript }: SandboxedFile,
): { readonly text: string; readonly moved: boolean }[] | string {
  const transform = (mode: "strip" | "transform") => {
    try {
      return { text: stripTypeScriptTypes(text, { mode }) };
    } catch (error) {
      return { why: (error as Error).message };
    }
  };
  const whole = transform("transform");
  if (whole.text === undefined) {
    const [first] = whole.why!.replace(/^SyntaxError: /, "").split("\n");
    const place = /at file:\/\/\S*?:(\d+):(\d+)\s*$/.exec(whole.why!);
    return `SyntaxError: ${first}` +
      (place ? ` (line ${place[1]}, column ${place[2]})` : "");
  }
  if (!typescript) return [{ text, moved: false }];
  const blanked = transform("strip");
  const compiled = { text: whole.text, moved: true };
  return blanked.text === undefined
    ? [compiled]
    : [{ text: blanked.text, moved: false }, compiled];
}

/** What the file left behind that failed after it was asked for. */
let lost: string | undefined;

/** Time to describe that, ms: no longer than the file has for anything else. */
let lostMs = 1000;

listen("unhandledrejection", (event) => {
  event.preventDefault();
  const { reason } = event as PromiseRejectionEvent;
  lost ??= answered(
    lostMs,
    () => inside.threw(reason, url),
    "a promise of its was rejected",
  );
});

listen("message", async (event) => {
  const request = (event as MessageEvent<Request>).data;
  const { id, timeoutMs } = request;
  lostMs = Math.min(lostMs, timeoutMs);
  let answer: string;
  try {
    answer = request.kind === "load"
      ? await load(request)
      : answered(timeoutMs, () => inside.trials(request.trials, url));
    // A rejection that nothing handles becomes an event first.
    await afterwards();
  } catch (error) {
    // The file's code is not run here: this is a fault of the sandbox.
    answer = JSON.stringify({ kind: "failed", message: String(error) });
  }
  post({ id, answer: lost ?? answer });
});
