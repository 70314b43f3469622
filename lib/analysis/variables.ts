/** Condition variables: what trials differ in, read from the names of conditions. */

/** A variable of the conditions: "stimulus 1" with the values +1 and -1. */
export interface ConditionVariable {
  /** Name: "stimulus 1", "match", "context", or "condition". */
  readonly name: string;
  /** Its values, each once, in the order of the conditions. */
  readonly values: readonly string[];
  /** The value of each condition, by the condition's name. */
  readonly of: Readonly<Record<string, string>>;
}

/** Names from which the variables of a task follow. */
export interface ConditionNames {
  /** Names of the conditions: `same:+-`, `context1:++`, `go`. */
  readonly conditions: readonly string[];
  /** Names of the input channels, for signs: the k-th sign is the k-th channel's. */
  readonly channels?: readonly string[];
  /**
   * The answer that each condition requires, if known ("+1", "-1", "0"): a
   * variable of its own if no other one divides the conditions in the same way.
   */
  readonly answers?: Readonly<Record<string, string>>;
}

/**
 * The variables by which conditions differ. Names are read by their form: parts
 * are divided by colons; a part of signs (`+-`) is one variable for each sign,
 * named after its channel; parts that end in numbers (`context1`) are named
 * after what comes before; `same` and `different` are named match. Any other
 * part is named "condition", or "part k" if there are several. A part that does
 * not vary, or divides the conditions in the same way as an earlier variable,
 * is left out.
 *
 * @param names conditions, channels and answers of a task
 * @returns the variables; none for a single condition
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { conditionVariables } from "@spikernn/spikernn/analysis";
 * const variables = conditionVariables({
 *   conditions: ["same:++", "same:--", "different:+-", "different:-+"],
 *   channels: ["stimulus 1", "stimulus 2"],
 * });
 * assert.deepEqual(
 *   variables.map(({ name }) => name),
 *   ["match", "stimulus 1", "stimulus 2"],
 * );
 * assert(variables[1].of["different:-+"] === "-1");
 * ```
 */
export function conditionVariables(
  { conditions, channels = [], answers }: ConditionNames,
): ConditionVariable[] {
  const split = conditions.map((condition) => condition.split(":"));
  const parts = Math.min(...split.map((part) => part.length));
  const even = split.every((part) => part.length === parts);
  const found: ConditionVariable[] = [];
  const add = (name: string, value: (index: number) => string) => {
    const values = conditions.map((_, k) => value(k));
    const variable = {
      name,
      values: [...new Set(values)],
      of: Object.fromEntries(conditions.map((name, k) => [name, values[k]])),
    };
    if (variable.values.length < 2) return;
    if (found.some((other) => sameDivision(other, variable, conditions))) {
      return;
    }
    found.push(variable);
  };
  if (!even) add("condition", (k) => conditions[k]);
  for (let p = 0; even && p < parts; p++) {
    const texts = split.map((part) => part[p]);
    const length = texts[0].length;
    if (
      length > 0 &&
      texts.every((text) => text.length === length && /^[-+]+$/.test(text))
    ) {
      for (let c = 0; c < length; c++) {
        add(channels[c] ?? `sign ${c + 1}`, (k) => `${texts[k][c]}1`);
      }
    } else add(nameOf(texts, p, parts), (k) => texts[k]);
  }
  if (answers) add("answer", (k) => answers[conditions[k]]);
  return found;
}

function nameOf(texts: readonly string[], p: number, parts: number): string {
  const stems = new Set(texts.map((text) => text.replace(/\d+$/, "")));
  const [stem] = stems;
  if (stems.size === 1 && stem !== "" && stem !== texts[0]) return stem;
  if (texts.every((text) => text === "same" || text === "different")) {
    return "match";
  }
  return parts === 1 ? "condition" : `part ${p + 1}`;
}

/** Whether two variables put the same conditions together. */
function sameDivision(
  a: ConditionVariable,
  b: ConditionVariable,
  conditions: readonly string[],
): boolean {
  if (a.values.length !== b.values.length) return false;
  const pairs = new Set(
    conditions.map((name) => JSON.stringify([a.of[name], b.of[name]])),
  );
  return pairs.size === a.values.length;
}
