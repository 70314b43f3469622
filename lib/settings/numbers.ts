/** Settings that take numbers. */
import { type Flag, fold, shownOf, type Takes } from "./kinds.ts";

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
  /** For a text that is not allowed: what may have been meant. */
  readonly hint?: (text: string) => string;
}

/** A number, written as people and TOML write numbers. */
const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A whole number. */
export function whole<D extends number | undefined>(
  brief: string,
  options: NumberOptions<D>,
): Flag<number | D> {
  return numeric(brief, "whole", {
    placeholder: "COUNT",
    ...options,
  });
}

/** A number. */
export function real<D extends number | undefined>(
  brief: string,
  options: NumberOptions<D>,
): Flag<number | D> {
  return numeric(brief, "real", {
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
    takes: { kind: "real", ...boundsOf(bounds), names },
    parse: (text) =>
      names.find((name) => fold(name) === fold(text)) ??
        numberWithin(text, bounds, Number.isFinite),
    accepts: (value) =>
      names.includes(value as N[number]) ||
      isWithin(value, bounds, Number.isFinite),
  };
}

function numeric<D extends number | undefined>(
  brief: string,
  kind: "whole" | "real",
  options: NumberOptions<D>,
): Flag<number | D> {
  const isKind = kind === "whole" ? Number.isSafeInteger : Number.isFinite;
  return {
    brief,
    placeholder: options.placeholder!,
    fallback: options.fallback,
    shown: options.shown ?? shownOf(options.fallback),
    allowed: describe(kind === "whole" ? "whole numbers" : "numbers", options),
    takes: { kind, ...boundsOf(options) },
    hint: options.hint ?? (kind === "whole" ? wholeHint : undefined),
    parse: (text) => numberWithin(text, options, isKind),
    accepts: (value) => isWithin(value, options, isKind),
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
    takes: {
      kind: options.whole ? "whole" : "real",
      ...boundsOf(options),
      list: { least, ...(most < Infinity && { most }) },
    },
    hint: options.hint,
    parse(text) {
      const values = text.split(/[\s,]+/).filter((part) => part !== "")
        .map((part) => numberWithin(part, options, isKind));
      return values.length < least || values.length > most ||
          values.includes(undefined)
        ? undefined
        : values as number[];
    },
    accepts: (value) =>
      Array.isArray(value) && value.length >= least && value.length <= most &&
      value.every((each) => isWithin(each, options, isKind)),
    more: (text, count) => count < most && /^[-+.\d][-+.,\de]*$/i.test(text),
  };
}

/** What a larger whole number exceeds: double precision does not hold it. */
function wholeHint(text: string): string {
  return numberPattern.test(text) && Number(text) > Number.MAX_SAFE_INTEGER
    ? `, at most ${Number.MAX_SAFE_INTEGER}`
    : "";
}

function numberWithin(
  text: string,
  bounds: Bounds,
  isKind: (value: number) => boolean,
): number | undefined {
  if (!numberPattern.test(text)) return undefined;
  const value = Number(text);
  return isWithin(value, bounds, isKind) ? value : undefined;
}

function isWithin(
  value: unknown,
  { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity }:
    Bounds,
  isKind: (value: number) => boolean,
): boolean {
  return typeof value === "number" && isKind(value) &&
    value >= min && value <= max &&
    (value > above || above === -Infinity) &&
    (value < below || below === Infinity);
}

/** The bounds that there are. */
function boundsOf(
  { min, max, above, below }: Bounds,
): Pick<Takes, "min" | "max" | "above" | "below"> {
  return Object.fromEntries(
    Object.entries({ min, max, above, below })
      .filter(([, bound]) => bound !== undefined),
  );
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
