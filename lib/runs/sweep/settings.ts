/** Settings of a plan as values of the flags that have their names. */
import { nearest } from "../../tasks/nearest.ts";
import { shownValue, typedText, valueOf } from "../config.ts";
import {
  allowedText,
  fallbacks,
  type Flags,
  fold,
} from "../../settings/kinds.ts";
import { mapFlags } from "../map_flags.ts";
import { perturbedSettings } from "../perturb_flags.ts";
import { trainFlags } from "../train_flags.ts";
import type { Part } from "../../sweep/plan.ts";

const flagsOf: Readonly<Record<Part, Flags>> = {
  train: trainFlags,
  map: mapFlags,
  perturb: perturbedSettings,
};

/** Names of the settings that a plan may have. */
export function settingNames(part: Part): string[] {
  // The sweep has seeds of its own.
  return Object.entries(flagsOf[part])
    .filter(([name, { scope }]) => scope !== "person" && name !== "seed")
    .map(([name]) => name);
}

/**
 * Checks a setting of a plan.
 *
 * @returns the value as it was given, so that plans and results read alike
 * @throws {RangeError} for a name that is unknown or a value that is not allowed
 */
export function checkSetting(
  part: Part,
  name: string,
  value: unknown,
): unknown {
  if (fold(name) === fold("trust_task")) {
    throw new RangeError(
      `Cannot use the plan: ${part} sets ${name}; trust is given on the ` +
        "command line alone, by sweep --trust_task",
    );
  }
  const names = settingNames(part);
  const known = names.find((each) => fold(each) === fold(name));
  if (known !== name) {
    const near = known ?? nearest(name, names);
    throw new RangeError(
      `Cannot use the plan: ${part} has no setting ${JSON.stringify(name)}` +
        (near ? `, did you mean ${near}?` : ""),
    );
  }
  const flag = flagsOf[part][name];
  if (valueOf(flag, value) === undefined) {
    throw new RangeError(
      `Cannot use the plan: ${part}.${name} is ${shownValue(value)}, ` +
        `allowed are ${allowedText(flag, typedText(value))}`,
    );
  }
  return value;
}

/** Values of all flags, those of a point's settings and the usual ones. */
export function flagValues<F extends Flags>(
  flags: F,
  settings: Readonly<Record<string, unknown>>,
) {
  const given = Object.fromEntries(
    Object.entries(settings).map(([name, value]) => {
      const flag = flags[name];
      const read = flag && valueOf(flag, value);
      if (read === undefined) {
        throw new RangeError(
          `Cannot run the point: ${name} is ${shownValue(value)}` +
            (flag
              ? `, allowed are ${allowedText(flag, typedText(value))}`
              : ", a setting that is unknown"),
        );
      }
      return [name, read];
    }),
  );
  return { ...fallbacks(flags), ...given };
}
