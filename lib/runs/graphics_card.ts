/**
 * Looking for a graphics card without its drivers' talk. On Linux they look for
 * a display too, and where the session has none write `error: XDG_RUNTIME_DIR is
 * invalid or not set in the environment` to standard error, past the program.
 */
import { runtime } from "../platform/runtime.ts";
import { systemName } from "../platform/system.ts";
import type { Reporter } from "./reporter.ts";

const variable = "XDG_RUNTIME_DIR";

/** A folder that does not exist: drivers find no display there, and say nothing. */
const nowhere = "/nonexistent";

let remarked = false;

/**
 * Runs what looks for a graphics card. If the program may use that variable of
 * the environment, it stands for the time of the search and is unset again, so
 * that drivers are silent; if not, a remark comes before what they write.
 */
export async function lookingForCard<T>(
  output: Pick<Reporter, "note">,
  look: () => Promise<T>,
): Promise<T> {
  if (runtime !== "deno" || systemName() !== "linux") return await look();
  const { state } = await Deno.permissions.query({ name: "env", variable });
  if (state !== "granted") {
    if (!remarked) {
      output.note(
        "looking for a graphics card (a driver may write of " +
          `${variable}: it misses a display, which is not needed)`,
      );
    }
    remarked = true;
    return await look();
  }
  if (Deno.env.has(variable)) return await look();
  Deno.env.set(variable, nowhere);
  try {
    return await look();
  } finally {
    Deno.env.delete(variable);
  }
}
