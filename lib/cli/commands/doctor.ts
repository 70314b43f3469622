/** `doctor`: what this machine has, and whether its backends compute rightly. */
import { defineCommand, type Invocation } from "../command.ts";
import { doctorFlags } from "../flags/doctor.ts";

/** Says what the machine has and checks every backend. */
export default defineCommand({
  usage: ["[FLAGS]"],
  description:
    "Says what this machine has (Deno, processors, graphics card and its limits) and has every backend compute known answers: noise, a rate network, its gradient, a spiking trial. The answers are computed by the plain reference on the spot. Exit code 1 if one is wrong.",
  flags: doctorFlags,
  examples: [
    ["doctor", "check this machine, and how fast it is"],
    ["doctor --fast", "the same without the times"],
    ["doctor --json", "one JSON object for each finding"],
  ],
  async run(given: Invocation<typeof doctorFlags>) {
    await (await import("../work/doctor.ts")).run(given);
  },
});
