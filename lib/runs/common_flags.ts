/** Flags that several commands share. */
import {
  apart,
  type Flag,
  grouped,
  oneOf,
  onOff,
  text,
  words,
} from "../settings/kinds.ts";
import { backendNames } from "../backend/types.ts";
import { processors } from "../platform/threads.ts";
import { whole } from "../settings/numbers.ts";
import { isConditionName } from "../tasks/check_definition.ts";

/** How much is said. */
export const outputFlags = apart(
  "person",
  grouped("Output", {
    quiet: onOff("print only results and errors"),
    json: onOff("one JSON object per line on standard output, instead of text"),
    debug: onOff("show where in the program an error arose"),
  }),
);

/** The settings file. */
export const configFlags = apart(
  "person",
  grouped("Output", {
    config: text(
      "settings file in TOML, by the flags' names (flags win over it)",
      { fallback: undefined, placeholder: "FILE", path: "file" },
    ),
  }),
);

/** Where the numbers are computed. */
export const backendFlags = grouped("Running", {
  backend: oneOf(
    "where to compute: auto is simd, or a graphics card (webgpu) if there is one that is faster",
    {
      names: ["auto", ...backendNames] as const,
      fallback: "auto",
    },
  ),
  ...apart("machine", {
    gpu: {
      brief: "which graphics card auto and webgpu may take, by number, or off",
      placeholder: "NUMBER|off",
      fallback: undefined,
      shown: "the first",
      allowed: "off and numbers from 0 to 99",
      takes: { kind: "whole", min: 0, max: 99, names: ["off"] },
      parse: (text) =>
        /^off$/i.test(text)
          ? "off"
          : /^\d{1,2}$/.test(text)
          ? Number(text)
          : undefined,
      accepts: (value) =>
        value === "off" ||
        Number.isInteger(value) && Number(value) >= 0 && Number(value) < 100,
    } satisfies Flag<number | "off" | undefined> as Flag<
      number | "off" | undefined
    >,
    workers: whole(
      "number of workers that share trials, or the layers of one",
      {
        min: 1,
        max: 1024,
        fallback: undefined,
        shown: "one per core",
      },
    ),
  }),
});

/** Workers that a command computes with: those asked for, or one a processor. */
export function workersOf(
  { workers }: { readonly workers?: number },
): number {
  return workers ?? processors();
}

/** The seed. */
export const seedFlags = grouped("Running", {
  seed: whole("seed of all random numbers", {
    min: 0,
    fallback: undefined,
    shown: "drawn, and printed",
  }),
});

/** The task, built-in or of your own, and its timings. */
export const taskFlags = grouped("Task", {
  task: text(
    "task by name (see the command tasks), or a .ts file that defines one",
    { fallback: undefined, placeholder: "NAME|FILE.ts", path: "file" },
  ),
  ...apart("person", {
    trust_task: onOff(
      "run the task's file with the permissions of this command (else with none)",
    ),
  }),
  T: timing("duration of a trial, in steps"),
  stim_on: timing("onset of the (first) stimulus, in steps"),
  stim_dur: timing("duration of a stimulus, in steps"),
  delay: timing(
    "from the end of the first stimulus to the onset of the second, in steps",
  ),
  timing: words("further timings of a task of your own, in steps", {
    placeholder: "NAME=STEPS...",
    allowed: "names and whole numbers, as in answer_at=120",
    pattern: /^[a-z][a-z0-9_]*=\d{1,9}$/i,
  }),
});

/**
 * Conditions by name: all that a task may call them, separated by commas or
 * given one after the other, but for what looks like a file.
 */
export function conditionNames(
  brief: string,
  shown: string,
): Flag<readonly string[] | undefined> {
  const parts = (text: string) => text.split(",").map((part) => part.trim());
  return {
    brief,
    placeholder: "CONDITION...",
    fallback: undefined,
    shown,
    allowed: "names of conditions, as in go or same:++",
    takes: { kind: "text", list: { least: 1 } },
    parse: (text) =>
      parts(text).every(isConditionName) ? parts(text) : undefined,
    accepts: (value) =>
      Array.isArray(value) && value.length > 0 && value.every(isConditionName),
    more: (text) =>
      !/^-|[/\\]|\.[a-z]\w*$/i.test(text) && parts(text).every(isConditionName),
  };
}

function timing(brief: string) {
  return whole(brief, {
    min: 0,
    fallback: undefined,
    placeholder: "STEPS",
    shown: "the task's own",
  });
}
