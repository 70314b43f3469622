/** What `perturb` is asked for as the points of a grid. */
import { endText, modify, type SynapseEnd } from "../network/modify.ts";
import type { RateNetwork } from "../network/types.ts";
import { type PopulationName, selectUnits } from "../network/units.ts";
import { randomStream } from "../random/stream.ts";
import type { Modification } from "../simulate/modifications.ts";
import type { Values } from "../settings/kinds.ts";
import type { modificationSettings } from "../simulate/settings.ts";
import type { StimulationRequest } from "../simulate/perturb.ts";
import type { Perturbations } from "../simulate/run.ts";
import type { EpochName } from "../tasks/epochs.ts";
import { UsageError } from "./errors.ts";
import type { PerturbedSettings } from "./perturb_flags.ts";

/** One quantity of a point: what is done, to what, how much, when. */
export interface PointPart {
  readonly kind: "scale" | "cut" | "shuffle" | "lesion" | "noise" | "stim";
  /** Classes of units; empty for noise. */
  readonly from: string;
  readonly to: string;
  readonly amount?: number;
  readonly window: string;
}

/** Flags of changes of synapses in a single run. */
type ModificationFlags = Values<typeof modificationSettings>;

/** A point of the grid. */
export interface Point {
  readonly parts: readonly PointPart[];
  readonly perturbation: Perturbations;
}

/** A part with what it does. */
interface Step {
  readonly part: PointPart;
  readonly does: Perturbations;
}

/** Points, and what of the grid does not exist in this network. */
export interface Points {
  readonly points: readonly Point[];
  /** A sentence each. */
  readonly leftOut: readonly string[];
}

/**
 * The points that the flags ask for.
 *
 * @param network in whose classes of units they are
 * @param seed of what is drawn
 * @throws {UsageError} for flags that do not go together, nothing to do, or
 *   nothing that the network has
 */
export function pointsOf(
  flags: PerturbedSettings,
  network: RateNetwork,
  seed: number,
): Points {
  checkPerturbation(flags);
  const grid = gridOf(flags, network, seed);
  if (grid.points.length === 0) throw new UsageError(grid.leftOut.join("; "));
  return grid;
}

/** The same of flags that were checked; there may be no point. */
export function gridOf(
  flags: PerturbedSettings,
  network: RateNetwork,
  seed: number,
): Points {
  const leftOut: string[] = [];
  const kinds = [
    synapseSteps("scale", flags.scale, flags, network, seed, leftOut),
    synapseSteps("cut", flags.cut, flags, network, seed, leftOut),
    synapseSteps(
      "shuffle",
      flags.shuffle ? [undefined] : undefined,
      flags,
      network,
      seed,
      leftOut,
    ),
    lesionSteps(flags, network, seed, leftOut),
    (flags.noise ?? []).map((amount): Step => ({
      part: { kind: "noise", from: "", to: "", amount, window: "whole" },
      does: { noiseScale: amount },
    })),
    stimulationSteps(flags, network, leftOut),
  ].filter((steps) => steps.length > 0);
  const points = flags.together
    ? combined(kinds).map(pointOf)
    : kinds.flat().map((step) => pointOf([step]));
  return { points, leftOut };
}

/**
 * The changes of synapses that the flags of a single run ask for, in the order
 * scale, cut, shuffle.
 *
 * @param network in whose classes of units they are
 * @param seed of what is drawn
 * @throws {UsageError} for flags that do not go together, or classes without
 *   synapses
 */
export function modificationsOf(
  { from, to, scale, cut, shuffle, window }: ModificationFlags,
  network: RateNetwork,
  seed: number,
): Modification[] {
  checkSynapses({ from, to, scale, cut, shuffle, window });
  const ends = {
    from: from === undefined ? undefined : [from],
    to: to === undefined ? undefined : [to],
    window: window === undefined ? undefined : [window],
  };
  const leftOut: string[] = [];
  const steps = ([
    ["scale", scale === undefined ? undefined : [scale]],
    ["cut", cut === undefined ? undefined : [cut]],
    ["shuffle", shuffle ? [undefined] : undefined],
  ] as const).flatMap(([kind, amounts]) =>
    synapseSteps(kind, amounts, ends, network, seed, leftOut)
  );
  if (leftOut.length > 0) throw new UsageError(leftOut.join("; "));
  return steps.flatMap(({ does }) => [...does.modifications ?? []]);
}

function checkSynapses(
  flags: Readonly<
    Record<"from" | "to" | "scale" | "cut" | "shuffle" | "window", unknown>
  >,
): void {
  const { scale, cut, shuffle } = flags;
  if (scale !== undefined || cut !== undefined || shuffle) return;
  for (const name of ["from", "to", "window"] as const) {
    if (flags[name] !== undefined) {
      throw new UsageError(
        `Cannot use --${name} alone: say what is done to the synapses, by ` +
          "--scale, --cut or --shuffle",
      );
    }
  }
}

/**
 * Checks flags by themselves, without a network.
 *
 * @throws {UsageError} for flags that do not go together, or nothing to do
 */
export function checkPerturbation(flags: PerturbedSettings): void {
  checkSynapses(flags);
  const { scale, cut, shuffle, lesion, noise, stim } = flags;
  if (flags.units && !flags.lesion && !flags.stim) {
    throw new UsageError("Cannot use --units without --lesion or --stim");
  }
  if (flags.stim && !flags.stim_window) {
    throw new UsageError(
      `Cannot use --stim ${flags.stim} without --stim_window: say when ` +
        "(ON:OFF, ms)",
    );
  }
  for (const name of ["stim_window", "stim_amount"] as const) {
    if (flags[name] !== undefined && !flags.stim) {
      throw new UsageError(
        `Cannot use --${name} without --stim: allowed are exc, inh`,
      );
    }
  }
  if (!scale && !cut && !shuffle && !lesion && !noise && !stim) {
    throw new UsageError(
      "Cannot perturb the network: nothing to do was given; give --scale, --cut, " +
        "--shuffle, --lesion, --noise or --stim",
    );
  }
}

/** Every combination of one step of each kind. */
function combined(kinds: readonly (readonly Step[])[]): Step[][] {
  return kinds.reduce<Step[][]>(
    (some, kind) => some.flatMap((one) => kind.map((step) => [...one, step])),
    kinds.length > 0 ? [[]] : [],
  );
}

function pointOf(steps: readonly Step[]): Point {
  const modifications = steps.flatMap(({ does }) => does.modifications ?? []);
  const all = Object.assign({}, ...steps.map(({ does }) => does));
  return {
    parts: steps.map(({ part }) => part),
    perturbation: modifications.length > 0 ? { ...all, modifications } : all,
  };
}

function synapseSteps(
  kind: Modification["kind"],
  amounts: readonly (number | undefined)[] | undefined,
  flags: Pick<PerturbedSettings, "from" | "to" | "window">,
  network: RateNetwork,
  seed: number,
  leftOut: string[],
): Step[] {
  if (!amounts) return [];
  return (flags.from ?? ["all"]).flatMap((from) =>
    (flags.to ?? ["all"]).flatMap((to) => {
      const ends = { from: endOf(from), to: endOf(to) };
      const missing = whyNot(() => {
        checkLayer(network, ends.from);
        checkLayer(network, ends.to);
        modify(network, [{ ...ends, kind: "scale", amount: 1 }]);
      });
      if (missing) {
        note(leftOut, missing);
        return [];
      }
      return amounts.flatMap((amount) =>
        (flags.window ?? ["whole"]).map((window): Step => ({
          part: {
            kind,
            from: className(from),
            to: className(to),
            ...(amount !== undefined && { amount }),
            window: window.toLowerCase(),
          },
          does: {
            modifications: [{
              ...ends,
              kind,
              amount,
              ...(kind !== "scale" && { seed }),
              window: windowOf(window),
            }],
          },
        }))
      );
    })
  );
}

function lesionSteps(
  { lesion, units }: PerturbedSettings,
  network: RateNetwork,
  seed: number,
  leftOut: string[],
): Step[] {
  return (lesion ? units ?? ["all"] : []).flatMap((name) => {
    const members = membersOf(network, name, leftOut);
    const random = randomStream(seed).fork("lesion");
    const order = members.toSorted((a, b) =>
      random.uniform(a) - random.uniform(b) || a - b
    );
    return members.length === 0 ? [] : lesion!.map((amount): Step => ({
      part: {
        kind: "lesion",
        from: className(name),
        to: "",
        amount,
        window: "whole",
      },
      does: {
        lesion: order.slice(0, Math.max(1, Math.round(amount * order.length))),
      },
    }));
  });
}

function stimulationSteps(
  { stim, stim_window, stim_amount, units }: PerturbedSettings,
  network: RateNetwork,
  leftOut: string[],
): Step[] {
  return (stim ? units ?? ["all"] : []).flatMap((name) => {
    const members = membersOf(network, name, leftOut);
    return members.length === 0 ? [] : stim_window!.map((window): Step => {
      const stimulation: StimulationRequest = {
        kind: stim!,
        units: members,
        window: windowOf(window) as StimulationRequest["window"],
        amount: stim_amount,
      };
      return {
        part: {
          kind: "stim",
          from: className(name),
          to: "",
          ...(stim_amount !== undefined && { amount: stim_amount }),
          window,
        },
        does: { stimulation },
      };
    });
  });
}

/** A class by its name, in whatever case it was given. */
function className(text: string): string {
  const name = text.toUpperCase();
  return name.replace(/ALL$/, "all");
}

/** Units of a class; none, with a note, where the network lacks it. */
function membersOf(
  network: RateNetwork,
  name: string,
  leftOut: string[],
): number[] {
  const end = endOf(name);
  let members: number[] = [];
  const missing = whyNot(() => {
    members = unitsOf(network, end);
  });
  if (missing) note(leftOut, missing);
  return members;
}

function unitsOf(network: RateNetwork, end: SynapseEnd): number[] {
  const total = network.layers.reduce((sum, { size }) => sum + size, 0);
  const all = Array.from({ length: total }, (_, unit) => unit);
  if (end === "all") return all;
  if (typeof end === "string" || !("layer" in end)) {
    return selectUnits(network, end);
  }
  checkLayer(network, end);
  const { layer, population = "all" } = end;
  const first = network.layers.slice(0, layer)
    .reduce((sum, { size }) => sum + size, 0);
  const here = all.slice(first, first + network.layers[layer].size);
  if (population === "all") return here;
  return selectUnits(network, population).filter((unit) => here.includes(unit));
}

/** Layers are counted from 1 on the command line, and so in its errors. */
function checkLayer({ layers }: RateNetwork, end: SynapseEnd): void {
  if (typeof end === "string" || !("layer" in end) || end.layer in layers) {
    return;
  }
  throw new RangeError(
    `Cannot select layer ${end.layer + 1}: the network has ` +
      (layers.length === 1 ? "one layer" : `layers 1 to ${layers.length}`),
  );
}

/** Why something cannot be done to the network, if it cannot. */
function whyNot(attempt: () => unknown): string | undefined {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return error.message;
  }
}

function note(notes: string[], text: string): void {
  if (!notes.includes(text)) notes.push(text);
}

/** A class as the library has it; layers are counted from 1 here. */
function endOf(name: string): SynapseEnd {
  const [, layer, end] = /^(?:(\d+):)?(\w+)$/.exec(name)!;
  const population = end.toLowerCase() === "all"
    ? "all"
    : end.toUpperCase() as PopulationName;
  return layer === undefined
    ? population
    : { layer: Number(layer) - 1, population };
}

function windowOf(text: string): Modification["window"] {
  const name = text.toLowerCase();
  if (name === "whole") return undefined;
  const [from, to] = text.split(":").map(Number);
  return to === undefined ? name as EpochName : { from, to };
}

/** A point in words: `scale I to E × 0.5 in delay + noise × 2`. */
export function pointText({ parts }: Pick<Point, "parts">): string {
  return parts.map(({ kind, from, to, amount, window }) =>
    [
      kind,
      from && (to ? `${from} to ${to}` : from),
      amount !== undefined &&
      (kind === "noise" || kind === "scale" ? `× ${amount}` : `${amount}`),
      window !== "whole" && `in ${window}`,
    ].filter(Boolean).join(" ")
  ).join(" + ");
}

/** A change of synapses in words, as a model file has them. */
export function modificationText(
  { from, to, kind, amount, seed, window }: Modification,
): string {
  return [
    `${kind} ${endText(from)} to ${endText(to)}`,
    amount !== undefined && `${amount}`,
    seed !== undefined && `seed ${seed}`,
    typeof window === "string" && `in the ${window}`,
    typeof window === "object" && `in ${window.from} to ${window.to} ms`,
  ].filter(Boolean).join(", ");
}
