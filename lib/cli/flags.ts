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

/** The bounds of a number. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** Bounds that are not allowed themselves. */
  readonly above?: number;
  readonly below?: number;
}

interface NumberOptions<D> extends Bounds {
  readonly fallback: D;
  readonly placeholder?: string;
  readonly shown?: string;
}

/** A number, written as people and TOML write numbers. */
const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Whether a text is a number. */
export function isNumber(text: string): boolean {
  return numberPattern.test(text);
}

/** A whole number. */
export function whole<D extends number | undefined>(
  brief: string,
  options: NumberOptions<D>,
): Flag<number | D> {
  return numeric(brief, "whole numbers", Number.isSafeInteger, {
    placeholder: "COUNT",
    ...options,
  });
}

/** A number. */
export function real<D extends number | undefined>(
  brief: string,
  options: NumberOptions<D>,
): Flag<number | D> {
  return numeric(brief, "numbers", Number.isFinite, {
    placeholder: "NUMBER",
    ...options,
  });
}

/** A number, or one of some names in its place. */
export function realOr<
  const N extends readonly string[],
  const D extends number | N[number] | undefined,
>(
  brief: string,
  options: Bounds & {
    readonly names: N;
    readonly fallback: D;
    readonly shown?: string;
  },
): Flag<number | N[number] | D> {
  const { names, fallback, shown, ...bounds } = options;
  return {
    brief,
    placeholder: ["NUMBER", ...names].join("|"),
    fallback,
    shown: shown ?? shownOf(fallback),
    allowed: [describe("numbers", bounds), ...names].join(", "),
    parse: (text) =>
      names.find((name) => fold(name) === fold(text)) ??
        numberWithin(text, bounds, Number.isFinite),
  };
}

function numeric<D extends number | undefined>(
  brief: string,
  what: string,
  isKind: (value: number) => boolean,
  options: NumberOptions<D>,
): Flag<number | D> {
  return {
    brief,
    placeholder: options.placeholder!,
    fallback: options.fallback,
    shown: options.shown ?? shownOf(options.fallback),
    allowed: describe(what, options),
    parse: (text) => numberWithin(text, options, isKind),
  };
}

/** From `least` to `most` numbers, `--taus 4 20` or `--taus 4,20`. */
export function numbers<D extends readonly number[] | undefined>(
  brief: string,
  options: NumberOptions<D> & {
    readonly least: number;
    readonly most: number;
    readonly whole?: boolean;
  },
): Flag<readonly number[] | D> {
  const { least, most } = options;
  const isKind = options.whole ? Number.isSafeInteger : Number.isFinite;
  const count = most === Infinity
    ? `${least} or more`
    : least === most
    ? `${least}`
    : `${least} to ${most}`;
  return {
    brief,
    placeholder: options.placeholder ?? "NUMBER...",
    fallback: options.fallback,
    shown: options.shown ?? options.fallback?.join(" ") ?? "",
    allowed: `${count} ${
      describe(options.whole ? "whole numbers" : "numbers", options)
    }`,
    parse(text) {
      const values = text.split(/[\s,]+/).filter((part) => part !== "")
        .map((part) => numberWithin(part, options, isKind));
      return values.length < least || values.length > most ||
          values.includes(undefined)
        ? undefined
        : values as number[];
    },
    more: (text, count) => count < most && /^[-+.\d][-+.,\de]*$/i.test(text),
  };
}

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

function numberWithin(
  text: string,
  { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity }:
    Bounds,
  isKind: (value: number) => boolean,
): number | undefined {
  if (!isNumber(text)) return undefined;
  const value = Number(text);
  return isKind(value) && value >= min && value <= max &&
      (value > above || above === -Infinity) &&
      (value < below || below === Infinity)
    ? value
    : undefined;
}

function describe(what: string, { min, max, above, below }: Bounds): string {
  if (min !== undefined && max !== undefined) {
    return `${what} from ${min} to ${max}`;
  }
  const parts = [
    min !== undefined && `of ${min} or more`,
    max !== undefined && `of ${max} or less`,
    above !== undefined && `above ${above}`,
    below !== undefined && `below ${below}`,
  ].filter(Boolean);
  return [what, parts.join(" and ")].join(" ").trim();
}

function shownOf(value: unknown): string {
  return value === undefined ? "" : String(value);
}
