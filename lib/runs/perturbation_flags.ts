/** Flags of perturbations, the same for rate and spiking networks. */
import type { StimulationRequest } from "../simulate/perturb.ts";
import type { TimeWindow } from "../simulate/windows.ts";
import type { RunOptions } from "../simulate/run.ts";
import {
  type PopulationName,
  populationNames,
  type UnitSelection,
} from "../network/units.ts";
import { UsageError } from "./errors.ts";
import type { Values } from "../settings/kinds.ts";
import type { perturbationSettings } from "../simulate/settings.ts";

/** What a simulation takes. */
export type Perturbations = Pick<
  RunOptions,
  "stimulation" | "lesion" | "noiseScale" | "modifications"
>;

/**
 * The perturbations that the flags ask for.
 *
 * @throws {UsageError} if a stimulation is told in part only
 */
export function perturbationsOf(
  flags: Values<typeof perturbationSettings>,
): Perturbations {
  return {
    noiseScale: flags.noise,
    lesion: flags.lesion && unitsOf(flags.lesion),
    stimulation: stimulationOf(flags),
  };
}

/** What was done to units and to the noise, for people; nothing if nothing was. */
export function perturbationTexts(
  { lesion, stimulation, noiseScale = 1 }: Perturbations,
): string[] {
  const unitsText = (units: UnitSelection) => [units].flat().join(", ");
  const stimuli = stimulation === undefined ? [] : [stimulation].flat();
  return [
    ...(lesion === undefined ? [] : [`lesion ${unitsText(lesion)}`]),
    ...stimuli.map(({ kind, units, window, amount }) =>
      `stimulate ${unitsText(units)} (${kind}` +
      (amount === undefined ? "" : `, ${amount}`) +
      `), ${window.from} to ${window.to} ms`
    ),
    ...(noiseScale === 1 ? [] : [`noise times ${noiseScale}`]),
  ];
}

function stimulationOf(
  flags: Values<typeof perturbationSettings>,
): StimulationRequest | undefined {
  const { stim, stim_units, stim_window, stim_amount, stim_probability } =
    flags;
  if (stim === undefined) {
    const alone = Object.entries(flags).find(([name, value]) =>
      name.startsWith("stim_") && value !== undefined
    );
    if (alone) {
      throw new UsageError(
        `Cannot use --${alone[0]} without --stim: allowed are exc, inh`,
      );
    }
    return undefined;
  }
  if (stim_units === undefined || stim_window === undefined) {
    throw new UsageError(
      `Cannot use --stim ${stim} without --${
        stim_units === undefined ? "stim_units" : "stim_window"
      }: say which units, and when (--stim_window ON:OFF, ms)`,
    );
  }
  return {
    kind: stim,
    units: unitsOf(stim_units),
    window: windowOf(stim_window),
    amount: stim_amount,
    probability: stim_probability,
  };
}

function windowOf(text: string): TimeWindow {
  const [, from, to] = /^(\d+(?:\.\d+)?)[:-](\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (from === undefined) {
    throw new UsageError(
      `Cannot use --stim_window ${JSON.stringify(text)}: allowed is ON:OFF ` +
        "in ms, as in 250:375",
    );
  }
  return { from: Number(from), to: Number(to) };
}

function unitsOf(names: readonly string[]): (PopulationName | number)[] {
  return names.map((name) =>
    populationNames.find((known) => known === name.toUpperCase()) ??
      Number(name)
  );
}
