/** `dashboard`: shows run logs on a live page, and follows them. */
import { defineCommand, type Invocation } from "../command.ts";
import { dashboardFlags, mostRuns } from "../flags/dashboard.ts";

/** Shows run logs. */
export default defineCommand({
  usage: ["RUN_DIR... [FLAGS]"],
  description:
    "Serves a page on 127.0.0.1 that replays the run logs that train and map wrote with --log_dir, one or several side by side, and follows those that are still being written. The page's address, which holds a secret token, is printed; Ctrl-C ends it. Needs --allow-net=127.0.0.1.",
  flags: dashboardFlags,
  operands: {
    name: "RUN_DIR",
    brief: "folders with run logs, or below which they are",
    least: 1,
    most: mostRuns,
  },
  examples: [
    ["dashboard logs", "every run below logs, up to 16"],
    ["dashboard logs/xor_seed1 logs/xor_seed2", "two runs"],
    ["dashboard logs --port 8080", "at a port of your choice"],
  ],
  needs: ({ operands }) => ({ read: operands, net: ["127.0.0.1"] }),
  async run(given: Invocation<typeof dashboardFlags>) {
    await (await import("../work/dashboard.ts")).run(given);
  },
});
