/** A link that holds a network: its settings, its seed, what was done to it. */
import { type Change, changesFrom, changesText } from "./changes.ts";
import {
  type LabSettings,
  type SettingName,
  settingNames,
  settingsFrom,
  settingText,
  usualSettings,
} from "./settings.ts";

/** Characters of a link at most, its address included. */
export const longest = 300;

/** Digits of the hash that a link holds. */
const hashDigits = 12;

/** What a link holds. */
export interface Linked {
  readonly settings: LabSettings;
  /** Trials of each factor; not mapped if it is left out. */
  readonly mapped?: number;
  readonly tuned: boolean;
  readonly changes: readonly Change[];
  /** The first digits of the hash of the weights, where the link has them. */
  readonly hash?: string;
}

/**
 * The fragment of a link.
 *
 * @param linked what it is to hold
 */
export function fragmentOf(linked: Linked): string {
  const { settings, mapped, tuned, changes, hash } = linked;
  const parts = settingNames
    .filter((name) =>
      name === "task" || name === "N" || name === "seed" ||
      settingText(settings, name) !== settingText(usualSettings, name)
    )
    .map((name) =>
      `${name}=${settingText(settings, name).replaceAll(" ", ",")}`
    );
  if (mapped !== undefined) parts.push(`map=${mapped}`);
  if (tuned) parts.push("tune=1");
  if (changes.length > 0) parts.push(`do=${changesText(changes)}`);
  if (hash !== undefined) parts.push(`hash=${hash.slice(0, hashDigits)}`);
  return `#${parts.join("&")}`;
}

/**
 * What a fragment holds; nothing if there is none.
 *
 * @throws {RangeError} saying what is wrong with it
 */
export function linkedFrom(fragment: string): Linked | undefined {
  const text = fragment.replace(/^#/, "");
  if (!text.includes("=")) return undefined;
  if (text.length > 2 * longest) {
    throw new RangeError(
      `Cannot open the link: it has ${text.length} characters, a link of this ` +
        `page has ${longest} at most`,
    );
  }
  const values = new Map<string, string>();
  for (const part of text.split("&")) {
    const at = part.indexOf("=");
    const name = at < 0 ? part : part.slice(0, at);
    if (!isKnown(name)) {
      throw new RangeError(
        `Cannot open the link: it holds ${
          JSON.stringify(name.slice(0, 40))
        }, which no link of this page does`,
      );
    }
    values.set(name, decoded(part.slice(at + 1)));
  }
  const settings = settingsFrom(
    Object.fromEntries(
      settingNames.filter((name) => values.has(name))
        .map((name) => [name, values.get(name)!]),
    ) as Partial<Record<SettingName, string>>,
  );
  const mapped = values.get("map");
  const hash = values.get("hash");
  if (mapped !== undefined && !/^[1-9]\d{0,3}$/.test(mapped)) {
    throw new RangeError(
      `Cannot open the link: map is ${JSON.stringify(mapped.slice(0, 40))}, ` +
        "allowed are whole numbers from 1 to 9999",
    );
  }
  if (hash !== undefined && !/^[0-9a-f]{1,64}$/.test(hash)) {
    throw new RangeError(
      "Cannot open the link: its hash is not one of hexadecimal digits",
    );
  }
  return {
    settings,
    ...(mapped !== undefined && { mapped: Number(mapped) }),
    tuned: mapped !== undefined && values.get("tune") === "1",
    changes: changesFrom(values.get("do") ?? "", settings.N),
    ...(hash !== undefined && { hash }),
  };
}

const others: readonly string[] = ["map", "tune", "do", "hash"];

function isKnown(name: string): boolean {
  return others.includes(name) || settingNames.includes(name as SettingName);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RangeError(
      "Cannot open the link: it was damaged on its way, its percent signs " +
        "stand for nothing",
    );
  }
}
