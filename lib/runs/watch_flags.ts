/** Flags of who watches a run beside the terminal: a live page, logs. */
import { apart, grouped, onOff, text } from "../settings/kinds.ts";
import { whole } from "../settings/numbers.ts";

/** The port of the live page. */
export const portFlag = apart(
  "person",
  grouped("Output", {
    port: whole("port of the live page", {
      min: 0,
      max: 65535,
      fallback: 0,
      placeholder: "PORT",
      shown: "any free one",
    }),
  }),
);

/** Flags of commands that can be watched. */
export const watchFlags = apart(
  "person",
  grouped("Output", {
    dashboard: onOff(
      "serve a live page on 127.0.0.1 and print its address (needs --allow-net=127.0.0.1)",
    ),
    ...portFlag,
    log_dir: text(
      "folder for a run log and TensorBoard's events, with a sub-folder for each run",
      { fallback: undefined, placeholder: "FOLDER", path: "folder" },
    ),
  }),
);
