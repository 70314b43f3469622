/**
 * What a user does to a network: lesions, scaled synapses, stimulation. As data,
 * as text for links, in words, and as the library takes it.
 */
import type { Modification } from "../../lib/simulate/modifications.ts";
import type { StimulationRequest } from "../../lib/simulate/perturb.ts";
import type { Perturbations } from "../../lib/simulate/run.ts";

/** A class of units, all of them, or units by number. */
export type Units = "E" | "I" | "all" | readonly number[];

/** When, in ms from the start of the trial. */
export type Span = readonly [from: number, to: number];

/** One thing that is done. */
export type Change =
  | { readonly kind: "lesion"; readonly units: Units; readonly span?: Span }
  | {
    readonly kind: "scale";
    readonly from: Units;
    readonly to: Units;
    readonly amount: number;
    readonly span?: Span;
  }
  | {
    readonly kind: "stimulate";
    readonly units: Units;
    readonly way: "exc" | "inh";
    readonly span: Span;
  };

/** Changes at most: a link holds them. */
export const mostChanges = 8;

/** The changes as the library takes them. */
export function perturbationsOf(changes: readonly Change[]): Perturbations {
  const lesioned = new Set<"E" | "I" | number>();
  const modifications: Modification[] = [];
  const stimulation: StimulationRequest[] = [];
  for (const change of changes) {
    const window = change.span && { from: change.span[0], to: change.span[1] };
    if (change.kind === "stimulate") {
      const { units, way, span } = change;
      stimulation.push({
        kind: way,
        units: listed(units),
        window: { from: span[0], to: span[1] },
      });
    } else if (change.kind === "scale") {
      const { from, to, amount } = change;
      modifications.push({ from, to, kind: "scale", amount, window });
    } else if (window) {
      // Within a window units are silenced at their synapses.
      modifications.push({
        from: change.units,
        to: "all",
        kind: "scale",
        amount: 0,
        window,
      });
    } else listed(change.units).forEach((unit) => lesioned.add(unit));
  }
  return {
    ...(lesioned.size > 0 && { lesion: [...lesioned] }),
    ...(modifications.length > 0 && { modifications }),
    ...(stimulation.length > 0 && { stimulation }),
  };
}

function listed(units: Units): readonly ("E" | "I" | number)[] {
  if (units === "all") return ["E", "I"];
  return typeof units === "string" ? [units] : units;
}

/** Units in words. */
export function unitsText(units: Units): string {
  if (units === "E") return "all excitatory units";
  if (units === "I") return "all inhibitory units";
  if (units === "all") return "all units";
  return units.length > 6
    ? `${units.length} units`
    : `unit${units.length === 1 ? "" : "s"} ${units.join(", ")}`;
}

/** A change in words. */
export function changeText(change: Change): string {
  const when = change.span ? `, ${change.span[0]} to ${change.span[1]} ms` : "";
  switch (change.kind) {
    case "lesion":
      return `lesion ${unitsText(change.units)}${
        change.span ? " (their synapses)" : ""
      }${when}`;
    case "scale":
      return `synapses from ${unitsText(change.from)} to ${
        unitsText(change.to)
      } × ${change.amount}${when}`;
    case "stimulate":
      return `${change.way === "exc" ? "excite" : "inhibit"} ${
        unitsText(change.units)
      }${when}`;
  }
}

/** Changes as text for a link: `l(I);s(E,I,0.5);x(exc,3.5-9,0,500)`. */
export function changesText(changes: readonly Change[]): string {
  return changes.map((change) => {
    const span = change.span ? [...change.span] : [];
    switch (change.kind) {
      case "lesion":
        return `l(${[shortUnits(change.units), ...span]})`;
      case "scale": {
        const { from, to, amount } = change;
        return `s(${[shortUnits(from), shortUnits(to), amount, ...span]})`;
      }
      case "stimulate":
        return `x(${[change.way, shortUnits(change.units), ...span]})`;
    }
  }).join(";");
}

/**
 * Changes from text.
 *
 * @param units number of units of the network
 * @throws {RangeError} for what is none
 */
export function changesFrom(text: string, units: number): Change[] {
  if (text === "") return [];
  const parts = text.split(";");
  if (parts.length > mostChanges) {
    throw new RangeError(
      `Cannot take ${parts.length} changes: allowed are ${mostChanges}`,
    );
  }
  return parts.map((part) => {
    const [, kind, inside] = /^([lsx])\(([^()]*)\)$/.exec(part) ?? [];
    const words = inside?.split(",") ?? [];
    const change = changeFrom(kind, words, units);
    if (!change || !isChange(change, units)) {
      throw new RangeError(
        `Cannot take ${JSON.stringify(part.slice(0, 40))} for a change of ` +
          `a network of ${units} units`,
      );
    }
    return change;
  });
}

function changeFrom(
  kind: string | undefined,
  words: readonly string[],
  count: number,
): Change | undefined {
  const units = (word: string | undefined) => longUnits(word ?? "", count);
  const span = (rest: readonly string[]) =>
    rest.length === 2 && { span: [Number(rest[0]), Number(rest[1])] as const };
  switch (kind) {
    case "l":
      return {
        kind: "lesion",
        units: units(words[0]),
        ...span(words.slice(1)),
      };
    case "s":
      return {
        kind: "scale",
        from: units(words[0]),
        to: units(words[1]),
        amount: Number(words[2] || NaN),
        ...span(words.slice(3)),
      };
    case "x": {
      const [way, which, ...rest] = words;
      const when = span(rest);
      if (!when || (way !== "exc" && way !== "inh")) return undefined;
      return { kind: "stimulate", way, units: units(which), ...when };
    }
  }
  return undefined;
}

/** Whether a value is a change, as one that came by a message. */
export function isChange(value: unknown, units = Infinity): value is Change {
  const { kind, ...rest } = value as Record<string, unknown>;
  const isUnits = (one: unknown) =>
    one === "E" || one === "I" || one === "all" ||
    Array.isArray(one) && one.length > 0 &&
      one.every((unit) => Number.isInteger(unit) && unit >= 0 && unit < units);
  const isSpan = (one: unknown) =>
    Array.isArray(one) && one.length === 2 && one.every(Number.isFinite) &&
    one[0] >= 0 && one[1] > one[0];
  const fits = rest.span === undefined || isSpan(rest.span);
  switch (kind) {
    case "lesion":
      return fits && isUnits(rest.units);
    case "scale":
      return fits && isUnits(rest.from) && isUnits(rest.to) &&
        typeof rest.amount === "number" && rest.amount >= 0 &&
        rest.amount <= 100;
    case "stimulate":
      return isSpan(rest.span) && isUnits(rest.units) &&
        (rest.way === "exc" || rest.way === "inh");
  }
  return false;
}

/** Units as short as they come: ranges, or a bit each in base64. */
function shortUnits(units: Units): string {
  if (typeof units === "string") return units;
  const ranges: string[] = [];
  for (let k = 0; k < units.length; k++) {
    const first = units[k];
    while (units[k + 1] === units[k] + 1) k++;
    ranges.push(first === units[k] ? `${first}` : `${first}-${units[k]}`);
  }
  const bytes = new Uint8Array(Math.ceil((units.at(-1)! + 1) / 8));
  for (const unit of units) bytes[unit >> 3] |= 1 << (unit & 7);
  const mask = "~" + btoa(String.fromCharCode(...bytes)).replaceAll("+", "-")
    .replaceAll("/", "_").replace(/=+$/, "");
  const listed = ranges.join(".");
  return listed.length <= mask.length ? listed : mask;
}

/** Units from their short form; [] or [NaN], which are not a selection, if it is not one. */
function longUnits(text: string, count: number): Units {
  if (text === "E" || text === "I" || text === "all") return text;
  if (text.startsWith("~")) {
    const base64 = text.slice(1).replaceAll("-", "+").replaceAll("_", "/");
    try {
      const bytes = atob(base64);
      return Array.from({ length: 8 * bytes.length }, (_, unit) => unit)
        .filter((unit) => bytes.charCodeAt(unit >> 3) >> (unit & 7) & 1);
    } catch {
      return [];
    }
  }
  return text.split(".").flatMap((range) => {
    const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(range) ??
      [];
    const length = Number(last) - Number(first) + 1;
    return first !== undefined && length > 0 && length <= count
      ? Array.from({ length }, (_, k) => Number(first) + k)
      : [NaN];
  });
}
