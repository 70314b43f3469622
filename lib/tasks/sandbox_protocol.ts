/** What is said between a sandboxed task file and the rest. */
import type { TaskData } from "./check_task.ts";
import type { Timings } from "./from_module.ts";
import type { Trial } from "./types.ts";

/** To the sandbox. */
export type Request =
  & { readonly id: number }
  & (
    | {
      readonly kind: "load";
      /** Address of the task file's text. */
      readonly url: string;
      readonly timing: Timings;
    }
    | {
      readonly kind: "trials";
      /** Keys of the random streams, and conditions. */
      readonly trials: readonly {
        readonly key: number;
        readonly condition?: string;
      }[];
    }
  );

/** From the sandbox. */
export type Reply =
  & { readonly id: number }
  & (
    | { readonly kind: "loaded"; readonly task: TaskData }
    | { readonly kind: "trials"; readonly trials: readonly Trial[] }
    | { readonly kind: "failed"; readonly message: string }
  );

/** The one module that a sandboxed task file may import. */
export const ownModule = "@spikernn/spikernn";

/** Where the sandbox keeps what the import of this package gives. */
export const shimSymbol = "spikernn.sandbox";

/** Address of a module that offers what task files use of this package. */
export const shim = "data:text/javascript," + encodeURIComponent(
  `export const { defineTask } = ` +
    `globalThis[Symbol.for(${JSON.stringify(shimSymbol)})];`,
);
