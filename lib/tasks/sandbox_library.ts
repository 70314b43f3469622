/**
 * The modules of this package that run inside of the sandbox, beside the task
 * file, as text: nothing of the outside is handed in there, and nothing of the
 * package needs to be read for it (so that no permission is needed).
 */
import finite from "../arithmetic/finite.ts" with { type: "text" };
import errors from "../errors.ts" with { type: "text" };
import draw from "../random/draw.ts" with { type: "text" };
import key from "../random/key.ts" with { type: "text" };
import normal from "../random/normal.ts" with { type: "text" };
import stream from "../random/stream.ts" with { type: "text" };
import checkDefinition from "./check_definition.ts" with { type: "text" };
import checkTrial from "./check_trial.ts" with { type: "text" };
import define from "./define.ts" with { type: "text" };
import fromModule from "./from_module.ts" with { type: "text" };
import inside from "./sandbox_inside.ts" with { type: "text" };
import worker from "./sandbox_worker.ts" with { type: "text" };
import shown from "./shown.ts" with { type: "text" };
import timing from "./timing.ts" with { type: "text" };

/** The program of the worker that holds the sandbox. */
export const workerText: string = worker;

/** Modules by their address in the sandbox. */
export const libraryTexts: Readonly<Record<string, string>> = {
  "lib:/arithmetic/finite.ts": finite,
  "lib:/errors.ts": errors,
  "lib:/random/draw.ts": draw,
  "lib:/random/key.ts": key,
  "lib:/random/normal.ts": normal,
  "lib:/random/stream.ts": stream,
  "lib:/tasks/check_definition.ts": checkDefinition,
  "lib:/tasks/check_trial.ts": checkTrial,
  "lib:/tasks/define.ts": define,
  "lib:/tasks/from_module.ts": fromModule,
  "lib:/tasks/sandbox_inside.ts": inside,
  "lib:/tasks/shown.ts": shown,
  "lib:/tasks/timing.ts": timing,
};
