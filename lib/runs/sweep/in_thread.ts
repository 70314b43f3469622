/** Points that run in the program's own thread, one after the other. */
import type { PointWorker } from "../../sweep/local.ts";
import { messageOf } from "../messages.ts";
import { runPoint } from "./job.ts";

/**
 * What runs points here. An aborted point ends after its update, and keeps a
 * checkpoint.
 */
export function inThisThread(): PointWorker {
  return {
    async run({ folder, point, trials, trusted }, signal) {
      try {
        await runPoint(folder, point, trials, trusted, signal);
      } catch (error) {
        return { text: messageOf(error), broken: false };
      }
    },
    end() {},
  };
}
