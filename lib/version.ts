/** The version of this package. */
import manifest from "../deno.json" with { type: "json" };

/** Version of the package, as in deno.json. */
export const version: string = manifest.version;

/** Makes the command `spikernn`, in the folder of the program. */
export const installLine: string =
  "deno install -g -A --frozen=false --config deno.json --name spikernn cli.ts";

/** The version of Deno that it is tested with. */
export const denoVersion = "2.9.6";
