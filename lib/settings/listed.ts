/** Settings as plain data: for other programs, shells and documents. */
import type { Flag, Flags, Takes } from "./kinds.ts";
import { usualPreset } from "./presets.ts";

/** A setting as plain data; what does not apply is absent. */
export interface ListedSetting extends Takes {
  readonly name: string;
  /** Value when it is not given; null for none, which `default_text` may explain. */
  readonly default: unknown;
  /** The default in words: "drawn, and printed". */
  readonly default_text?: string;
  /** What it sets, with its unit. */
  readonly help: string;
  /** What stands for its value in the help; empty for a switch. */
  readonly placeholder: string;
  /** What may be given, in words. */
  readonly allowed: string;
  /** Heading in the help. */
  readonly group: string;
  /** Name among the library's options. */
  readonly option?: string;
  /** Other names. */
  readonly aliases?: readonly string[];
  /** What presets set it to. */
  readonly presets?: Readonly<Record<string, unknown>>;
  /** Whether it shapes the result, or belongs to the machine or the person. */
  readonly scope: "result" | "machine" | "person";
  /** Accepted, but not in the help. */
  readonly hidden?: true;
}

/** Settings as plain data, in the order of the help. */
export function listSettings(flags: Flags): ListedSetting[] {
  return Object.entries(flags).map(([name, flag]) => listed(name, flag));
}

function listed(name: string, flag: Flag<unknown>): ListedSetting {
  const { option, aliases, presets = {}, hidden, shown } = flag;
  return {
    name,
    ...flag.takes,
    default: presets[usualPreset] ?? flag.fallback ?? null,
    ...(shown && { default_text: shown }),
    help: flag.brief,
    placeholder: flag.placeholder,
    allowed: flag.allowed,
    group: flag.group ?? "Flags",
    ...(option && { option }),
    ...(aliases && { aliases }),
    ...(Object.keys(presets).length > 0 && { presets }),
    scope: flag.scope ?? "result",
    ...(hidden && { hidden }),
  };
}
