/**
 * What is said between a sandboxed task file and the rest. Answers are text: a
 * string cannot run code of the file's where it is read, as an object can.
 */
import { z } from "zod";

/** To the sandbox. */
export type Request =
  & {
    readonly id: number;
    /** Longest time that the file's code may take, ms. */
    readonly timeoutMs: number;
  }
  & (
    | {
      readonly kind: "load";
      /** The task file. */
      readonly file: SandboxedFile;
      /** Texts of this package's modules, by their address in the sandbox. */
      readonly modules: Readonly<Record<string, string>>;
      /** Timings that differ from the task's own, as JSON. */
      readonly timing: string;
    }
    | {
      readonly kind: "trials";
      /** Keys of the random streams, and conditions, as JSON. */
      readonly trials: string;
    }
  );

/** A task file on its way into the sandbox. */
export interface SandboxedFile {
  readonly url: string;
  readonly text: string;
  /** Whether types have to be taken out of the text. */
  readonly typescript: boolean;
}

/** From the sandbox: a message's shape. */
export const messageSchema = z.object({
  id: z.int().min(0),
  /** An answer, as JSON. */
  answer: z.string(),
});

/** What the file's code wrote to the console, line by line. */
const said = z.array(z.string()).max(1000).default([]);
const numbers = z.custom<readonly number[]>((value) =>
  Array.isArray(value) && value.every(Number.isInteger)
);

/** The shape of an answer. */
export const answerSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("loaded"),
    /** A task's data, to be checked as a task's. */
    task: z.unknown().optional(),
    /** What else is wrong with the task. */
    flaw: z.string().optional(),
    said,
  }),
  z.object({
    kind: z.literal("trials"),
    trials: z.array(z.object({
      condition: z.string(),
      /** The bits of float32 numbers, which JSON would not keep (-0). */
      inputs: numbers,
      target: numbers,
      expects: z.union([
        z.object({ reach: z.number() }).strict(),
        z.object({ within: z.number() }).strict(),
      ]),
    })),
    said,
  }),
  z.object({ kind: z.literal("failed"), message: z.string(), said }),
]);

/** An answer of the sandbox. */
export type Answer = z.infer<typeof answerSchema>;
