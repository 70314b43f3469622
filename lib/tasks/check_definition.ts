/** Checks of a task's definition, which may come from a file of the user's. */
import { TaskError } from "../errors.ts";
import type { Layout, TaskDefinition } from "./definition.ts";
import { shown } from "./shown.ts";

const namePattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

/**
 * Checks what a definition must have, so that a slip in a task file is reported
 * as what it is.
 *
 * @throws {TaskError} naming the field, what was received and what is needed
 */
export function checkDefinition(definition: unknown): void {
  if (typeof definition !== "object" || definition === null) {
    fail("the definition", definition, "an object");
  }
  const task = definition as Partial<TaskDefinition>;
  if (!(typeof task.name === "string" && namePattern.test(task.name))) {
    fail(
      "name",
      task.name,
      "lower-case letters, digits and hyphens, 64 at most",
    );
  }
  if (!(typeof task.description === "string" && task.description.trim())) {
    fail("description", task.description, "a sentence");
  }
  const { stepMs = 5 } = task;
  if (!(Number.isFinite(stepMs) && stepMs > 0)) {
    fail("stepMs", stepMs, "a number of ms above 0");
  }
  checkTiming(task.timing);
  checkNames("channels", task.channels);
  checkNames("conditions", task.conditions);
  const conditions = task.conditions as readonly string[];
  if (!conditions.every(isConditionName)) {
    fail(
      "conditions",
      conditions,
      "names that can be printed, without commas, or spaces around them",
    );
  }
  checkLabels(task.labels, task.conditions!);
  for (const part of ["layout", "trial"] as const) {
    if (typeof task[part] !== "function") fail(part, task[part], "a function");
  }
  if (task.graded !== undefined && typeof task.graded !== "function") {
    fail("graded", task.graded, "a function of the timings");
  }
  for (const [rule, value] of Object.entries(task.stopping ?? {})) {
    if (!["loss", "performance", "trials"].includes(rule)) {
      fail("stopping", rule, "loss, performance or trials");
    }
    if (!(typeof value === "number" && value >= 0)) {
      fail(`stopping.${rule}`, value, "a number of 0 or more");
    }
    if (rule === "performance" && value > 1) {
      fail(`stopping.${rule}`, value, "a share from 0 to 1");
    }
  }
}

/**
 * Checks what a definition's `layout` returned.
 *
 * @throws {TaskError} naming the window, what was received and what is needed
 */
export function checkRanges(task: string, layout: Layout): void {
  const check = (what: string, range: unknown) => {
    if (
      !(Array.isArray(range) && range.length === 2 &&
        range.every((step) => typeof step === "number"))
    ) {
      fail(`${what} in the layout of ${task}`, range, "[first step, end)");
    }
  };
  const { stimuli, response, strict, paper, paperSpiking } = Object(layout);
  if (typeof stimuli !== "object" || stimuli === null) {
    fail(`stimuli in the layout of ${task}`, stimuli, "windows by name");
  }
  for (const [name, range] of Object.entries(stimuli)) check(name, range);
  check("response", response);
  for (const [name, range] of Object.entries({ strict, paper, paperSpiking })) {
    if (range !== undefined) check(name, range);
  }
}

/**
 * Whether a condition may be called so: lists of conditions are separated by
 * commas, and a terminal prints them.
 */
export function isConditionName(name: unknown): boolean {
  return typeof name === "string" &&
    /^[^\p{Cc}\p{Cf},]{1,64}$/u.test(name) && name.trim() === name;
}

function checkTiming(timing: unknown): void {
  if (typeof timing !== "object" || timing === null) {
    fail("timing", timing, "an object of steps by name, T among them");
  }
  if (!Object.hasOwn(timing, "T")) {
    fail("timing.T", undefined, "the number of steps of a trial");
  }
  for (const [name, value] of Object.entries(timing)) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      fail("timing", name, "names of letters, digits and underscores");
    }
    if (!Number.isInteger(value)) {
      fail(`timing.${name}`, value, "a whole number of steps");
    }
  }
}

function checkNames(field: string, names: unknown): void {
  if (!Array.isArray(names) || names.length === 0) {
    fail(field, names, "a list of one or more names");
  }
  for (const name of names) {
    if (typeof name !== "string" || name.trim() === "" || name.length > 64) {
      fail(field, name, "names of 1 to 64 characters");
    }
  }
  if (new Set(names).size < names.length) {
    fail(field, names, "names that differ");
  }
}

function checkLabels(labels: unknown, conditions: readonly string[]): void {
  if (labels === undefined) return;
  if (typeof labels !== "object" || labels === null || Array.isArray(labels)) {
    fail("labels", labels, "an object of words by condition");
  }
  for (const [condition, label] of Object.entries(labels)) {
    if (!conditions.includes(condition)) {
      fail(
        "labels",
        condition,
        `names of conditions: ${conditions.join(", ")}`,
      );
    }
    if (typeof label !== "string" || label.trim() === "" || label.length > 64) {
      fail(`labels of ${condition}`, label, "1 to 64 characters");
    }
  }
  const shown = conditions.map((name) =>
    (labels as Record<string, string>)[name] ?? name
  );
  if (new Set(shown).size < shown.length) {
    fail("labels", Object.values(labels), "words that differ");
  }
}

function fail(field: string, received: unknown, needed: string): never {
  throw new TaskError(
    `Cannot define a task: ${field} is ${shown(received)}, needed: ${needed}`,
  );
}
