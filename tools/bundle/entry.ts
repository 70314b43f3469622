/** The entry of a bundle: the command line, and in a worker what runs there. */
const { name } = globalThis as { name?: string };
if (name === "sweep") await import("../../lib/runs/sweep/worker.ts");
else await (await import("../../lib/cli/main.ts")).main();
