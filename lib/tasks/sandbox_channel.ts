/**
 * What runs the sandbox of a task file: a process of its own if this program may
 * start one, else a worker. A process can be ended whatever it does, and takes
 * nothing with it if it fills its memory; a worker that is busy within one call
 * of the engine goes on after `terminate()` (Deno 2.9).
 */
import { builtin } from "../platform/runtime.ts";
import { workerText } from "./sandbox_library.ts";

/** Who listens to a sandbox. */
export interface Listener {
  /** A message, not checked. */
  message(data: unknown): void;
  /** It ended, or cannot be understood; nothing more comes. */
  failed(why: string): void;
}

/** A running sandbox. */
export interface Channel {
  /** Sends a request. */
  post(request: unknown): void;
  /** Ends it. */
  end(): void;
  /** Whether `end` ends whatever is under way. */
  readonly sure: boolean;
}

/** Starts the sandbox. */
export function openChannel(listener: Listener): Channel {
  const { stripTypeScriptTypes } = builtin<
    { stripTypeScriptTypes(text: string): string }
  >("node:module");
  const program = stripTypeScriptTypes(workerText);
  return mayStartProcesses()
    ? processChannel(program, listener)
    : workerChannel(program, listener);
}

function mayStartProcesses(): boolean {
  try {
    const command = Deno.execPath();
    return Deno.permissions.querySync({ name: "run", command }).state ===
      "granted";
  } catch {
    // Where the program itself is may be a secret.
    return false;
  }
}

function workerChannel(program: string, listener: Listener): Channel {
  const address = URL.createObjectURL(
    new Blob([program], { type: "text/javascript" }),
  );
  // The permissions of workers are not in the standard's types.
  const worker = new Worker(
    address,
    {
      type: "module",
      name: "task",
      deno: { permissions: "none" },
    } as WorkerOptions,
  );
  worker.onmessage = ({ data }) => listener.message(data);
  worker.onmessageerror = () => listener.failed("its answer cannot be read");
  worker.onerror = (event) => {
    event.preventDefault();
    listener.failed(event.message);
  };
  return {
    sure: false,
    post: (request) => worker.postMessage(request),
    end() {
      worker.terminate();
      URL.revokeObjectURL(address);
    },
  };
}

/** Largest heap of a sandbox's process, MB. */
const heap = 1024;

/** Longest message from a sandbox, in characters: as much as its heap holds. */
const longest = heap * 2 ** 20;

/**
 * Before the sandbox's own program: messages are lines of JSON. What a broken
 * sandbox writes there is checked as every message is.
 */
const prelude = `
const { stdin, stdout, exit } = Deno;
const encoder = new TextEncoder();
globalThis.postMessage = (message) => {
  let bytes = encoder.encode(JSON.stringify(message) + "\\n");
  while (bytes.length > 0) bytes = bytes.subarray(stdout.writeSync(bytes));
};
{
  const { dispatchEvent, MessageEvent } = globalThis;
  const read = async () => {
    let rest = "";
    for await (const part of stdin.readable.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + part).split("\\n");
      rest = lines.pop();
      for (const line of lines) {
        dispatchEvent(new MessageEvent("message", { data: JSON.parse(line) }));
      }
    }
    exit(0);
  };
  read();
}
`;

function processChannel(program: string, listener: Listener): Channel {
  const text = new TextEncoder().encode(prelude + program).toBase64();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      ...["--quiet", "--no-prompt", "--no-config", "--no-lock", "--no-remote"],
      ...["--no-npm", "--no-check", `--v8-flags=--max-old-space-size=${heap}`],
      `data:text/javascript;base64,${text}`,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
    clearEnv: true,
    env: { DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" },
  }).spawn();
  // It never keeps the program from ending; a request that waits has a clock.
  child.unref();
  let open = true;
  const end = () => {
    open = false;
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
  };
  const input = child.stdin.getWriter();
  const fail = (why: string) => {
    if (!open) return;
    end();
    listener.failed(why);
  };
  const listen = async () => {
    let rest = "";
    const output = child.stdout.pipeThrough(new TextDecoderStream());
    for await (const part of output) {
      rest += part;
      if (rest.length > longest) return fail("its answer is too long");
      if (!part.includes("\n")) continue;
      const lines = rest.split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        if (open) listener.message(parsed(line));
      }
    }
    const { signal } = await child.status;
    fail(
      signal === null
        ? "its process ended by itself"
        : `its process was ended (${signal}): it may have filled its memory`,
    );
  };
  listen().catch(() => fail("its answer cannot be read"));
  return {
    sure: true,
    post(request) {
      const line = new TextEncoder().encode(JSON.stringify(request) + "\n");
      input.write(line).catch(() => fail("its process ended by itself"));
    },
    end,
  };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
