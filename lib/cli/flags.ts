/**
 * Flags of commands: what they are called, what they take, what is allowed. One
 * table serves the command line, the settings file and the help.
 */

/** A flag whose value is a T. */
export interface Flag<T> {
  /** What it sets, in the field's words, with the unit. */
  readonly brief: string;
  /** Stands for the value in the help; empty for a switch. */
  readonly placeholder: string;
  /** The value when the flag is not given. */
  readonly fallback: T;
  /** How the help shows that value; nothing is shown when empty. */
  readonly shown: string;
  /** What may be given, for errors: "whole numbers of 1 or more". */
  readonly allowed: string;
  /** Reads a value; `undefined` where it is not allowed. */
  readonly parse: (text: string) => T | undefined;
  /** Whether a further argument belongs to the same flag, after `count` values. */
  readonly more?: (text: string, count: number) => boolean;
  /** Set for flags that need no value: which arguments are one nevertheless. */
  readonly optionalValue?: (text: string) => boolean;
  /** Accepted, but not in the help. */
  readonly hidden?: boolean;
  /** Heading in the help. */
  readonly group?: string;
}

/** Flags by name, in the order of the help. */
// deno-lint-ignore no-explicit-any
export type Flags = Readonly<Record<string, Flag<any>>>;

/** Values of flags by name. */
export type Values<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never;
};

/** A list that may be empty: `none`, or `[]` in a file. */
export function listOrNone<T>(
  flag: Flag<readonly T[]>,
): Flag<readonly T[]> {
  return {
    ...flag,
    allowed: `none, ${flag.allowed}`,
    parse: (text) => /^(none)?$/i.test(text.trim()) ? [] : flag.parse(text),
  };
}

/** One of some names; case and dashes against underscores do not matter. */
export function oneOf<
  const N extends readonly string[],
  D extends N[number] | undefined,
>(
  brief: string,
  options: {
    readonly names: N;
    readonly fallback: D;
    readonly shown?: string;
    readonly placeholder?: string;
  },
): Flag<N[number] | D> {
  return {
    brief,
    placeholder: options.placeholder ?? options.names.join("|"),
    fallback: options.fallback,
    shown: options.shown ?? shownOf(options.fallback),
    allowed: options.names.join(", "),
    parse: (text) => options.names.find((name) => fold(name) === fold(text)),
  };
}

/** Any text. */
export function text<D extends string | undefined>(
  brief: string,
  options: {
    readonly fallback: D;
    readonly placeholder: string;
    readonly shown?: string;
  },
): Flag<string | D> {
  return {
    brief,
    placeholder: options.placeholder,
    fallback: options.fallback,
    shown: options.shown ?? shownOf(options.fallback),
    allowed: "any text but an empty one",
    parse: (text) => text.trim() === "" ? undefined : text,
  };
}

/** Words separated by commas or given one after the other, while they match. */
export function words(
  brief: string,
  options: {
    readonly placeholder: string;
    readonly allowed: string;
    readonly pattern: RegExp;
    readonly shown?: string;
  },
): Flag<readonly string[] | undefined> {
  return {
    brief,
    placeholder: options.placeholder,
    fallback: undefined,
    shown: options.shown ?? "",
    allowed: options.allowed,
    parse(text) {
      const parts = text.split(/[\s,]+/).filter((part) => part !== "");
      return parts.length && parts.every((part) => options.pattern.test(part))
        ? parts
        : undefined;
    },
    more: (text) => text.split(",").every((part) => options.pattern.test(part)),
  };
}

/** On when named: `--quiet`, or `--quiet true|false`. */
export function onOff(brief: string): Flag<boolean> {
  return {
    brief,
    placeholder: "",
    fallback: false,
    shown: "",
    allowed: "true, false",
    parse: truth,
    optionalValue: (text) => /^(true|false)$/i.test(text),
  };
}

/** True or False, as Python writes them: `--apply_dale False`. */
export function trueFalse(
  brief: string,
  options: { readonly fallback: boolean },
): Flag<boolean> {
  return {
    brief,
    placeholder: "True|False",
    fallback: options.fallback,
    shown: options.fallback ? "True" : "False",
    allowed: "True, False",
    parse: truth,
    optionalValue: (text) => truth(text) !== undefined,
  };
}

/** The same flags under a heading of the help. */
export function grouped<F extends Flags>(group: string, flags: F): F {
  return mapped(flags, (flag) => ({ ...flag, group }));
}

/** The same flags, accepted but not shown. */
export function hidden<F extends Flags>(flags: F): F {
  return mapped(flags, (flag) => ({ ...flag, hidden: true }));
}

/** The form in which names are compared: `--Decay-Taus` is `decay_taus`. */
export function fold(name: string): string {
  return name.toLowerCase().replaceAll("-", "_");
}

/** The values that flags have when none is given. */
export function fallbacks<F extends Flags>(flags: F): Values<F> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, flag.fallback]),
  ) as Values<F>;
}

function mapped<F extends Flags>(
  flags: F,
  change: (flag: Flag<unknown>) => Flag<unknown>,
): F {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, change(flag)]),
  ) as F;
}

function truth(text: string): boolean | undefined {
  if (/^(true|t|yes|y|on|1)$/i.test(text)) return true;
  if (/^(false|f|no|n|off|0)$/i.test(text)) return false;
  return undefined;
}

/** How the help shows a fallback; nothing for none. */
export function shownOf(value: unknown): string {
  return value === undefined ? "" : String(value);
}
