/**
 * Kinds of settings: what a setting takes, what is allowed, its default. One
 * description serves the command line, settings files, help, presets, what goes
 * on record and the checks of the library's options.
 */
import { refuseFlagNames } from "./flag_names.ts";
import { type PresetName, usualPreset } from "./presets.ts";

/** What a setting takes, as plain data: for other programs, and for shells. */
export interface Takes {
  readonly kind: "whole" | "real" | "choice" | "text" | "switch" | "boolean";
  /** Of numbers: bounds that are allowed themselves. */
  readonly min?: number;
  readonly max?: number;
  /** Of numbers: bounds that are not. */
  readonly above?: number;
  readonly below?: number;
  /** Of choices, and of numbers that names may stand for. */
  readonly names?: readonly string[];
  /** Of lists: how many; `most` is absent if there is no limit. */
  readonly list?: { readonly least: number; readonly most?: number };
  /** Of text that names something on a disk. */
  readonly path?: "file" | "folder";
}

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
  /** The same as data. */
  readonly takes: Takes;
  /** Reads a value; `undefined` if it is not allowed. */
  readonly parse: (text: string) => T | undefined;
  /** For a text that is not allowed: what may have been meant, for the error's end. */
  readonly hint?: (text: string) => string;
  /** Whether a value is allowed that comes from a program. */
  readonly accepts: (value: unknown) => boolean;
  /** Whether a further argument belongs to the same flag, after `count` values. */
  readonly more?: (text: string, count: number) => boolean;
  /** Set for flags that need no value: which arguments are one nevertheless. */
  readonly optionalValue?: (text: string) => boolean;
  /** Accepted, but not in the help. */
  readonly hidden?: boolean;
  /** Other names that are accepted for it, but not in the help. */
  readonly aliases?: readonly string[];
  /** Heading in the help. */
  readonly group?: string;
  /** Its name among the library's options; none for what the library lacks. */
  readonly option?: string;
  /** What presets set it to. */
  readonly presets?: Readonly<Partial<Record<PresetName, T>>>;
  /**
   * For what does not shape the result: whether it belongs to the machine that
   * computes it, or to the person who asked for it. Such settings may be given
   * anew and are not on record.
   */
  readonly scope?: "machine" | "person";
}

/** Flags by name, in the order of the help. */
// deno-lint-ignore no-explicit-any
export type Flags = Readonly<Record<string, Flag<any>>>;

/** Values of flags by name. */
export type Values<F extends Flags> = {
  readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never;
};

/** Values by the names of the library's options. */
export type Options<F extends Flags> = {
  readonly [
    K in keyof F as F[K] extends { readonly option: infer O extends string } ? O
      : never
  ]: F[K] extends Flag<infer T> ? T : never;
};

/**
 * A setting that presets set; its help shows the usual preset's value.
 *
 * @param flag what it takes
 * @param presets what they set it to; what they leave out has the default
 */
export function byPreset<T>(
  flag: Flag<T>,
  presets: Readonly<Partial<Record<PresetName, NoInfer<T>>>>,
): Flag<T> {
  const usual = presets[usualPreset];
  return {
    ...flag,
    presets,
    ...(usual !== undefined && {
      shown: `the preset's, ${Array.isArray(usual) ? usual.join(" ") : usual}`,
    }),
  };
}

/**
 * A setting that the library has too.
 *
 * @param name among the library's options
 * @param flag what it takes
 * @param presets what presets set it to
 */
export function option<const O extends string, T>(
  name: O,
  flag: Flag<T>,
  presets: Readonly<Partial<Record<PresetName, NoInfer<T>>>> = {},
): Flag<T> & { readonly option: O } {
  return { ...byPreset(flag, presets), option: name };
}

/** The same settings, none of which shapes the result. */
export function apart<F extends Flags>(
  scope: "machine" | "person",
  flags: F,
): F {
  return mapped(flags, (flag) => ({ ...flag, scope }));
}

/** Whether a setting may be given anew: it does not change the result. */
export function isFree(flags: Flags, name: string): boolean {
  return flags[name]?.scope !== undefined;
}

/**
 * Values of settings by the names of the library's options.
 *
 * @param flags the settings that may have such names
 * @param values of all of them, and perhaps others
 */
export function optionsOf<F extends Flags>(
  flags: F,
  values: Values<F>,
): Options<F> {
  return Object.fromEntries(
    Object.entries(flags).filter(([, { option }]) => option !== undefined)
      .map(([name, { option }]) => [option, values[name]]),
  ) as Options<F>;
}

/**
 * Options of the library with the defaults of their settings, checked.
 *
 * @param doing what is begun, for errors: "make a network"
 * @param flags the settings that have the names of options
 * @param options as given
 * @throws {RangeError} naming the option, what was received and what is allowed
 */
export function complete<F extends Flags, O extends object>(
  doing: string,
  flags: F,
  options: O,
): O & Options<F> {
  refuseFlagNames(doing, flags, options);
  const given = options as Readonly<Record<string, unknown>>;
  const all: Record<string, unknown> = { ...given };
  for (const { option, fallback, accepts, allowed } of Object.values(flags)) {
    if (option === undefined) continue;
    const value = given[option] ?? fallback;
    if (value !== undefined && !accepts(value)) {
      const received = Array.isArray(value) ? `[${value}]` : value;
      throw new RangeError(
        `Cannot ${doing}: ${option} is ${received}, allowed: ${allowed}`,
      );
    }
    all[option] = value;
  }
  return all as O & Options<F>;
}

/**
 * The defaults of settings, by the names of the library's options.
 *
 * @param flags the settings that have such names
 */
export function usual<F extends Flags>(flags: F): Options<F> {
  return optionsOf(flags, fallbacks(flags));
}

/** A list that may be empty: `none`, or `[]` in a file. */
export function listOrNone<T>(
  flag: Flag<readonly T[]>,
): Flag<readonly T[]> {
  return {
    ...flag,
    allowed: `none, ${flag.allowed}`,
    takes: { ...flag.takes, names: ["none"] },
    parse: (text) => /^(none)?$/i.test(text.trim()) ? [] : flag.parse(text),
    accepts: (value) =>
      Array.isArray(value) && value.length === 0 || flag.accepts(value),
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
    takes: { kind: "choice", names: options.names },
    parse: (text) => options.names.find((name) => fold(name) === fold(text)),
    accepts: (value) => options.names.includes(value as N[number]),
  };
}

/** Any text. */
export function text<D extends string | undefined>(
  brief: string,
  options: {
    readonly fallback: D;
    readonly placeholder: string;
    readonly shown?: string;
    readonly path?: "file" | "folder";
  },
): Flag<string | D> {
  return {
    brief,
    placeholder: options.placeholder,
    fallback: options.fallback,
    shown: options.shown ?? shownOf(options.fallback),
    allowed: "texts that are not empty",
    takes: { kind: "text", ...(options.path && { path: options.path }) },
    parse: (text) => text.trim() === "" ? undefined : text,
    accepts: (value) => typeof value === "string" && value.trim() !== "",
  };
}

/** One word that matches a pattern. */
export function word(
  brief: string,
  options: {
    readonly placeholder: string;
    readonly allowed: string;
    readonly pattern: RegExp;
    readonly shown?: string;
  },
): Flag<string | undefined> {
  const matches = (value: unknown) =>
    typeof value === "string" && options.pattern.test(value);
  return {
    brief,
    placeholder: options.placeholder,
    fallback: undefined,
    shown: options.shown ?? "",
    allowed: options.allowed,
    takes: { kind: "text" },
    parse: (text) => matches(text) ? text : undefined,
    accepts: matches,
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
    /** All that there are, if they can be listed. */
    readonly names?: readonly string[];
  },
): Flag<readonly string[] | undefined> {
  return {
    brief,
    placeholder: options.placeholder,
    fallback: undefined,
    shown: options.shown ?? "",
    allowed: options.allowed,
    takes: {
      kind: options.names ? "choice" : "text",
      ...(options.names && { names: options.names }),
      list: { least: 1 },
    },
    parse(text) {
      const parts = text.split(/[\s,]+/).filter((part) => part !== "");
      return parts.length && parts.every((part) => options.pattern.test(part))
        ? parts
        : undefined;
    },
    accepts: (value) =>
      Array.isArray(value) && value.length > 0 &&
      value.every((part) => options.pattern.test(part)),
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
    takes: { kind: "switch" },
    parse: truth,
    accepts: (value) => typeof value === "boolean",
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
    takes: { kind: "boolean" },
    parse: truth,
    accepts: (value) => typeof value === "boolean",
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

/**
 * The names under which flags may be set, their other names among them, each in
 * the form in which names are compared, with the name in the table.
 */
export function namesOf(flags: Flags): Map<string, string> {
  return new Map(
    Object.entries(flags).flatMap(([name, { aliases = [] }]) =>
      [name, ...aliases].map((each) => [fold(each), name] as const)
    ),
  );
}

/** What may be given, and what may have been meant by something else. */
export function allowedText(flag: Flag<unknown>, text: string): string {
  return flag.allowed + (flag.hint?.(text) ?? "");
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
