/** Task files that mean harm: deeds, in wrappings, in places. */
import { taskText } from "../../tests/tasks/task_files.ts";
import type { Dice } from "./dice.ts";

/** What a deed would reach if it could. */
export interface Prey {
  /** A file that it may not read; holds `secret`. */
  readonly file: string;
  /** A file that must not come to be. */
  readonly canary: string;
  /** A port of this machine that a server listens on. */
  readonly port: number;
  /** A process that must go on. */
  readonly pid: number;
}

/** Expressions and statements that reach out. */
const deeds = (p: Prey): string[] => [
  `Deno.readTextFileSync(${q(p.file)})`,
  `Deno.writeTextFileSync(${q(p.canary)}, "x")`,
  `Deno.mkdirSync(${q(p.canary)})`,
  `Deno.env.get("ATTACK_SECRET")`,
  `new Deno.Command("touch", { args: [${q(p.canary)}] }).outputSync()`,
  `Deno.kill(${p.pid}, "SIGKILL")`,
  "Deno.exit(7)",
  "Deno.core.ops.op_exit(7)",
  "Deno[Deno.internal].core.print('OUT')",
  "process.exit(7)",
  "process.abort()",
  `process.kill(${p.pid}, 9)`,
  "process.env.ATTACK_SECRET",
  `process.getBuiltinModule("fs").writeFileSync(${q(p.canary)}, "")`,
  `require("node:fs").writeFileSync(${q(p.canary)}, "")`,
  `await import("node:fs").then((fs) => fs.writeFileSync(${q(p.canary)}, ""))`,
  `await fetch("http://127.0.0.1:${p.port}/")`,
  `new WebSocket("ws://127.0.0.1:${p.port}/")`,
  `await Deno.connect({ port: ${p.port} })`,
  `new Worker("data:text/javascript,while(true);", { type: "module" })`,
  'await caches.open("x").then((c) => c.put("http://a/", new Response("x")))',
  'localStorage.setItem("a", "b")',
  "self.close()",
  'self.postMessage({ kind: "loaded" })',
  "queueMicrotask(() => { while (true); })",
  "setTimeout(() => { while (true); }, 0)",
  "new BroadcastChannel('a').postMessage(1)",
  'prompt("?")',
  'confirm("?")',
  'eval("1+1")',
  'Function("return this")().Deno.exit(7)',
  "(async () => {}).constructor('return Deno')()",
  "(function* () {}).constructor('return Deno')().next()",
  "globalThis.constructor.constructor('return process')().exit(7)",
  "console.log.constructor('return process')().exit(7)",
  "defineTask.constructor('return process')().exit(7)",
  "import.meta.url.constructor.constructor('return Deno')()",
  "import.meta.resolve('node:fs')",
  "Object.getPrototypeOf(async function () {}).constructor('return Deno')()",
  "new (Object.getPrototypeOf(new Error().stack).constructor)('x')",
  "Error.captureStackTrace(globalThis); globalThis.stack",
  "Error.prepareStackTrace = (_, s) => s[0].getThis().Deno.exit(7)",
  "WebAssembly.compile(new Uint8Array(8))",
  "new SharedArrayBuffer(1 << 20)",
  "Atomics.wait(new Int32Array(8), 0, 0)",
  "Object.prototype.polluted = 'yes'",
  "Object.prototype.then = (f) => f(1)",
  "Object.prototype.kind = 'loaded'",
  "Object.defineProperty(Object.prototype, 'id', { get() { while (true); } })",
  "Array.prototype[Symbol.iterator] = function* () { while (true) yield 1; }",
  "Array.prototype.push = () => { while (true); }",
  "Array.prototype.toJSON = () => 'x'",
  "Promise.prototype.then = () => {}",
  'JSON.stringify = () => \'{"kind":"loaded","task":{"name":".."}}\'',
  "JSON.parse = () => ({ kind: 'trials', trials: [] })",
  "Float32Array.from = () => ({ length: 2 ** 40 })",
  "Math.random = () => { while (true); }",
  "globalThis.globalThis = undefined",
  "delete globalThis.Object",
  "Object.freeze(Object.prototype)",
  "__proto__.x = 1",
  "while (true);",
  "for (;;) console.log('a'.repeat(1000))",
  "(function f() { f(); })()",
  "new Array(2 ** 32 - 1).fill(0)",
  "new Array(-1)",
  "'x'.repeat(2 ** 29)",
  "new Float32Array(2 ** 31)",
  "new ArrayBuffer(2 ** 33)",
  "/^(a+)+$/.test('a'.repeat(40) + 'b')",
  "BigInt(2) ** 10_000_000n",
  "throw { get message() { while (true); } }",
  "throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } })",
  "throw null",
  "throw '\\u001b[2J\\u202e' + 'x'.repeat(1e6)",
  "throw Object.assign(new Error(), { stack: {}, name: {}, message: [] })",
  "Promise.reject(Object.create(null))",
  "debugger",
  "await new Promise(() => {})",
];

function q(text: string): string {
  return JSON.stringify(text);
}

/** Ways of saying a deed, each a statement. */
const wrappings: readonly ((deed: string) => string)[] = [
  (deed) => `${deed};`,
  (deed) => `try { ${deed}; } catch (e) { throw String(e); }`,
  (deed) => `try { ${deed}; } finally { throw 1; }`,
  (deed) => `(async () => { await 0; ${deed}; })();`,
  (deed) => `Promise.resolve().then(async () => { ${deed}; });`,
  (deed) => `new (class { static { (async () => { ${deed}; })(); } })();`,
  (deed) => `String({ toString() { (async () => { ${deed}; })(); } });`,
  (deed) => `[...(function* () { (async () => { ${deed}; })(); yield 1; })()];`,
  (deed) =>
    `new Proxy({}, { get() { (async () => { ${deed}; })(); } })[Symbol()];`,
  (deed) => `Reflect.apply(async () => { ${deed}; }, undefined, []);`,
  (deed) =>
    `Object.defineProperty(globalThis, "x", { get() { (async () => { ${deed}; })(); } }); x;`,
];

/** Task files that are none, or answer with what no trial is. */
const whole: readonly string[] = [
  "",
  "export default 1;",
  "export default null;",
  "export default {};",
  "export default () => { while (true); };",
  "export default new Proxy({}, { get() { while (true); } });",
  "export default { get name() { throw 1; } };",
  "export default async () => ({});",
  "export default class {}",
  "syntax error here",
  "{".repeat(3000),
  "import './other.ts'; export default {};",
  "import 'https://example.invalid/x.ts';",
  "import x from 'node:fs'; export default x;",
  "export { default } from 'npm:left-pad';",
  "import x from './a.json' with { type: 'json' }; export default x;",
  "\u0000",
  "\ufeffexport default 1;",
  "//# sourceMappingURL=file:///etc/passwd\nexport default 1;",
  "await 1; export default await new Promise(() => {});",
];

/** A hostile task file. */
export function hostileTask(dice: Dice, prey: Prey): string {
  if (dice.once(8)) return dice.pick(whole);
  const statement = () => dice.pick(wrappings)(dice.pick(deeds(prey)));
  const asynchronous = (text: string) => `(async () => { ${text} })();`;
  switch (dice.below(4)) {
    case 0:
      return taskText({ head: statement() });
    case 1:
      return taskText({ trial: asynchronous(statement()) });
    case 2:
      return taskText({ trial: statement().replaceAll("await ", "") });
    default:
      return taskText({
        layout: `((t) => { ${asynchronous(statement())} ` +
          "return { stimuli: { pulse: [10, 20] }, response: [20, t.T] }; })",
        trial: dice.once(2) ? asynchronous(statement()) : "",
      });
  }
}
