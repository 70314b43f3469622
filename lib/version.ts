/** The version of this package. */
import manifest from "../deno.json" with { type: "json" };

/** As in deno.json. */
export const version: string = manifest.version;
