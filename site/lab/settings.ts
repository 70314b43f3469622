/**
 * The settings of a network in the lab: some of those of `spikernn train`, by
 * their names and with their bounds and defaults, for a page alone narrower in the
 * number of units.
 */
import type { Activation } from "../../lib/network/activations.ts";
import { allowedText, type Flags } from "../../lib/settings/kinds.ts";
import type { PresetName } from "../../lib/settings/presets.ts";
import { tasks } from "../../lib/tasks/registry.ts";
import { trainFlags } from "../../lib/runs/train_flags.ts";

/** What a network is made by. */
export interface LabSettings {
  readonly task: string;
  readonly N: number;
  readonly P_inh: number;
  readonly act: Activation;
  readonly decay_taus: readonly number[];
  readonly preset: PresetName;
  readonly n_trials: number;
  readonly seed: number;
}

/** Names of the settings, in their order. */
export type SettingName = keyof LabSettings;

/** Units that a page takes: its weights are drawn several times a second. */
export const mostUnits = 500;

/** What the page begins with: the defaults of the command line, with fewer units. */
export const usualSettings: LabSettings = {
  task: "dms",
  N: 100,
  P_inh: trainFlags.P_inh.fallback,
  act: trainFlags.act.fallback,
  decay_taus: trainFlags.decay_taus.fallback,
  preset: trainFlags.preset.fallback,
  n_trials: trainFlags.n_trials.fallback,
  seed: 1,
};

/** Names of the settings, in the order in which they are shown. */
export const settingNames = Object.keys(usualSettings) as SettingName[];

const flags: Flags = trainFlags;

/** The values that a choice has; none for a number. */
export function choicesOf(name: SettingName): readonly string[] {
  return name === "task"
    ? Object.keys(tasks)
    : flags[name].takes.kind === "choice"
    ? flags[name].takes.names!
    : [];
}

/** A setting as text, as `settingFrom` reads it. */
export function settingText(settings: LabSettings, name: SettingName): string {
  const value = settings[name];
  return Array.isArray(value) ? value.join(" ") : String(value);
}

/**
 * A setting from text.
 *
 * @throws {RangeError} saying what was received and what is allowed
 */
export function settingFrom(name: SettingName, text: string): unknown {
  if (name === "task") {
    if (Object.hasOwn(tasks, text)) return text;
    throw refused(name, text, Object.keys(tasks).join(", "));
  }
  // Keyboards of phones put spaces around.
  const value = flags[name].parse(text.trim());
  if (name === "N" && !(value as number >= 2 && value as number <= mostUnits)) {
    throw refused(
      name,
      text,
      `whole numbers from 2 to ${mostUnits} in a page` +
        (value as number > mostUnits
          ? `; the command line takes more (spikernn train --N ${value})`
          : ""),
    );
  }
  if (value === undefined) {
    throw refused(name, text, allowedText(flags[name], text));
  }
  return value;
}

function refused(name: string, text: string, allowed: string): RangeError {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return new RangeError(
    `Cannot take ${JSON.stringify(shown)} for ${name}: allowed are ${allowed}`,
  );
}

/**
 * Settings from texts by their names; what is not there has its usual value.
 *
 * @throws {RangeError} for the first text that is not allowed
 */
export function settingsFrom(
  texts: Readonly<Partial<Record<SettingName, string>>>,
): LabSettings {
  return Object.fromEntries(
    settingNames.map((name) => [
      name,
      texts[name] === undefined
        ? usualSettings[name]
        : settingFrom(name, texts[name]),
    ]),
  ) as unknown as LabSettings;
}

/** Whether a value is settings that are allowed, as one that came by a message. */
export function isSettings(value: unknown): value is LabSettings {
  if (typeof value !== "object" || value === null) return false;
  const given = value as Record<string, unknown>;
  try {
    for (const name of settingNames) {
      const one = given[name];
      settingFrom(name, Array.isArray(one) ? one.join(" ") : String(one));
    }
    return true;
  } catch {
    return false;
  }
}
