/**
 * The machine and its operating system: names, memory, signals. What Deno keeps
 * behind a permission that was not given is unknown.
 */
import { builtin, runtime } from "./runtime.ts";

/** What is used of `node:os`. */
interface NodeSystem {
  hostname(): string;
  freemem(): number;
}

/** What is used of `process`, which Deno has as well. */
interface Process {
  readonly pid: number;
  readonly platform: string;
  exit(code: number): never;
  on(signal: string, listener: () => void): void;
  off(signal: string, listener: () => void): void;
}

/** Signals of the system that a program can hear of. */
export type Signal = "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGBREAK";

/** The operating system. */
export function systemName(): "linux" | "darwin" | "windows" | "other" {
  const name = runtime === "deno"
    ? Deno.build.os
    : runtime === "browser"
    ? "other"
    : process().platform;
  if (name === "win32") return "windows";
  return name === "linux" || name === "darwin" || name === "windows"
    ? name
    : "other";
}

/** Whether the program may use a path, without anybody being asked. */
export function may(name: "read" | "write", path: string): boolean {
  if (runtime !== "deno") return runtime !== "browser";
  return granted({ name, path });
}

/** The machine's name; undefined if it may not be known. */
export function hostName(): string | undefined {
  if (runtime === "browser") return undefined;
  if (runtime !== "deno") return builtin<NodeSystem>("node:os").hostname();
  return granted({ name: "sys", kind: "hostname" })
    ? Deno.hostname()
    : undefined;
}

/** Memory that is free, bytes; undefined if it may not be known. */
export function freeMemory(): number | undefined {
  if (runtime === "browser") return undefined;
  if (runtime !== "deno") return builtin<NodeSystem>("node:os").freemem();
  return granted({ name: "sys", kind: "systemMemoryInfo" })
    ? Deno.systemMemoryInfo().available
    : undefined;
}

/** The number of this process. */
export function processId(): number {
  return runtime === "deno" ? Deno.pid : process().pid;
}

/** Ends the program at once. */
export function exit(code: number): never {
  if (runtime === "deno") Deno.exit(code);
  return process().exit(code);
}

/** Calls a listener at each signal of a kind, until what it returns is called. */
export function onSignal(signal: Signal, listener: () => void): () => void {
  if (runtime === "deno") {
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  }
  process().on(signal, listener);
  return () => process().off(signal, listener);
}

/** Lets a program end though a timer of `setInterval` goes on. */
export function unrefTimer(timer: ReturnType<typeof setInterval>): void {
  if (runtime === "deno") Deno.unrefTimer(timer as unknown as number);
  else (timer as unknown as { unref?(): void }).unref?.();
}

function granted(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

function process(): Process {
  return builtin<Process>("node:process");
}
