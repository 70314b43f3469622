/**
 * Settings of a new network: what the library takes, and the same by the names
 * of the command line. A further one is a line in each and what it does in
 * create.ts.
 */
import {
  complete,
  grouped,
  oneOf,
  option,
  trueFalse,
} from "../settings/kinds.ts";
import { numbers, real, realOr, whole } from "../settings/numbers.ts";
import {
  type Activation,
  activations,
  transferFunctions,
} from "./activations.ts";

/** Distribution of the initial recurrent weights. */
export type WeightDistribution = "gaus" | "gamma";

/** What a new network is like. Only the number of channels is required. */
export interface NetworkSettings {
  /** Input channels of the task. */
  readonly channels: number;
  /** Number of units N (200); several numbers make as many layers. */
  readonly units?: number | readonly number[];
  /** Probability that a unit is inhibitory, `P_inh` (0.2); unused without Dale. */
  readonly inhibitory?: number;
  /** Probability of a recurrent synapse, `P_rec` (0.2). */
  readonly connection?: number;
  /** Gain of the initial gaussian weights (1.5). */
  readonly gain?: number;
  /** Somatostatin (SST) units of each layer, `som_N` (0). */
  readonly sst?: number;
  /** Dale's principle: a unit is excitatory or inhibitory (true). */
  readonly dale?: boolean;
  /** Transfer function (sigmoid). */
  readonly activation?: Activation;
  /** Decay time constants in steps: bounds of trained ones ([4, 20]), or one, fixed. */
  readonly taus?: readonly [number] | readonly [number, number];
  /** Distribution of the initial weights (gaus); gamma is gamma(2, 0.003). */
  readonly weights?: WeightDistribution;
  /**
   * Multiplies the initial weights of inhibitory units; "balanced" makes the
   * expected inhibition as large as the excitation. 1, the paper's, for one
   * layer; balanced for several, see {@linkcode usualInhibition}.
   */
  readonly inhibitoryScale?: number | "balanced";
  /** Several layers: probability of a synapse from one layer to the next, `P_inter` (0.8). */
  readonly betweenConnection?: number;
  /** Which units project to the next layer: excitatory ones, or all (exc). */
  readonly betweenFrom?: "exc" | "all";
  /**
   * Expected summed weight, onto one unit, of the synapses from the layer
   * below: the drive that a unit gets when all of that layer is at rate 1. 2 for
   * the sigmoid, 1 for the others.
   */
  readonly betweenGain?: number;
  /** Probability of a synapse from a layer to the one below. Defaults to 0: none. */
  readonly feedback?: number;
  /** Layers that are read (last). */
  readonly readout?: "last" | "all";
  /** Layers that get the stimulus (first). */
  readonly inputTo?: "first" | "all";
}

/** Settings of one layer, by their names on the command line. */
export const networkSettings = grouped("Network", {
  P_inh: option(
    "inhibitory",
    real("probability that a unit is inhibitory", {
      min: 0,
      max: 1,
      fallback: 0.2,
      placeholder: "PROBABILITY",
    }),
  ),
  P_rec: option(
    "connection",
    real("probability of a recurrent synapse before training", {
      above: 0,
      max: 1,
      fallback: 0.2,
      placeholder: "PROBABILITY",
    }),
  ),
  som_N: option(
    "sst",
    whole("number of somatostatin (SST) units among the inhibitory", {
      min: 0,
      fallback: 0,
      placeholder: "UNITS",
    }),
  ),
  apply_dale: option(
    "dale",
    trueFalse("Dale's principle: a unit is either excitatory or inhibitory", {
      fallback: true,
    }),
  ),
  gain: option(
    "gain",
    real("gain of the initial weights", { min: 0, fallback: 1.5 }),
  ),
  inhibitory_scale: option(
    "inhibitoryScale",
    realOr(
      "multiplies the initial weights of inhibitory units; balanced: as much inhibition as excitation",
      { names: ["balanced"] as const, min: 0, fallback: undefined },
    ),
    { robust: "balanced", fast: "balanced" },
  ),
  w_dist: option(
    "weights",
    oneOf("distribution of the initial weights", {
      names: ["gaus", "gamma"] as const,
      fallback: "gaus",
    }),
  ),
  act: option(
    "activation",
    oneOf("activation of the units", {
      names: activations,
      fallback: "sigmoid",
      placeholder: activations.join("|"),
    }),
  ),
  decay_taus: option(
    "taus",
    numbers(
      "bounds of the trained synaptic decay time constants, in steps; one number fixes them",
      {
        least: 1,
        most: 2,
        min: 1,
        fallback: [4, 20],
        placeholder: "MIN MAX|TAU",
      },
    ),
  ),
});

/** Settings of several layers, likewise. */
export const layerSettings = grouped("Layers", {
  P_inter: option(
    "betweenConnection",
    real("probability of a synapse from a layer to the next", {
      min: 0,
      max: 1,
      fallback: 0.8,
      placeholder: "PROBABILITY",
    }),
  ),
  inter: option(
    "betweenFrom",
    oneOf("which units project to the next layer", {
      names: ["exc", "all"] as const,
      fallback: "exc",
    }),
  ),
  inter_gain: option(
    "betweenGain",
    real("expected summed weight from the layer below onto a unit", {
      min: 0,
      fallback: undefined,
      shown: "2 for the sigmoid, 1 for the others",
    }),
  ),
  feedback: option(
    "feedback",
    real("probability of a synapse from a layer to the one below", {
      min: 0,
      max: 1,
      fallback: 0,
      placeholder: "PROBABILITY",
    }),
  ),
  readout: option(
    "readout",
    oneOf("layers that are read", {
      names: ["last", "all"] as const,
      fallback: "last",
    }),
  ),
  input_to: option(
    "inputTo",
    oneOf("layers that get the stimulus", {
      names: ["first", "all"] as const,
      fallback: "first",
    }),
  ),
});

const allSettings = { ...networkSettings, ...layerSettings };

/** Settings with every value in place. */
export type CompleteSettings =
  & Required<Omit<NetworkSettings, "units">>
  & { readonly units: readonly number[] };

/**
 * Fills in defaults and checks.
 *
 * @throws {RangeError} naming the setting, what was received and what is allowed
 */
export function completeSettings(settings: NetworkSettings): CompleteSettings {
  const given = complete("make a network", allSettings, settings);
  const completed = {
    ...given,
    units: [settings.units ?? 200].flat(),
    inhibitoryScale: given.inhibitoryScale ?? usualInhibition(settings),
    betweenGain: given.betweenGain ?? usualBetweenGain(settings),
  } as CompleteSettings;
  check(completed);
  return completed;
}

/**
 * Scale of the initial inhibition if none is given. The paper's networks start
 * with four times more excitation than inhibition, and their units at the
 * sigmoid's upper end (mean rate 0.97). One layer trains from there; a second one
 * on top of it gets a constant, and has no slope left to pass an error down by.
 * So the layers of a deeper network start balanced (docs/how-it-works/layers.md).
 */
export function usualInhibition(
  { units }: Pick<NetworkSettings, "units">,
): 1 | "balanced" {
  return [units ?? 200].flat().length > 1 ? "balanced" : 1;
}

/**
 * Drive from the layer below if none is given: as large as leaves the spread
 * of rates the same from layer to layer (docs/how-it-works/layers.md). Rates of the sigmoid
 * end at 1, those of the others at 20.
 */
export function usualBetweenGain(
  { activation }: Pick<NetworkSettings, "activation">,
): number {
  return transferFunctions[activation ?? "sigmoid"].interGain;
}

function check({ channels, units, taus, sst, dale }: CompleteSettings): void {
  whole1("channels", channels);
  if (units.length === 0) refuse("units", "none", "at least one layer");
  for (const size of units) whole1("units", size);
  checkTaus(taus);
  if (sst > 0 && !dale) {
    refuse(
      "sst",
      sst,
      "0 without Dale's principle, where no unit is inhibitory",
    );
  }
}

/**
 * Checks decay time constants.
 *
 * @throws {RangeError} unless they are one or two ascending numbers of at least
 *   one step
 */
export function checkTaus(taus: readonly number[]): void {
  const allowed = "one number or two ascending ones, each of at least 1 step";
  const sound = (taus.length === 1 || taus.length === 2) &&
    taus.every((tau) => Number.isFinite(tau) && tau >= 1) &&
    (taus.length === 1 || taus[0] < taus[1]);
  if (!sound) refuse("decay time constants", taus.join(" "), allowed);
}

function refuse(name: string, received: unknown, allowed: string): never {
  throw new RangeError(
    `Cannot make a network: ${name} is ${received}, allowed: ${allowed}`,
  );
}

function whole1(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    refuse(name, value, "a whole number from 1");
  }
}
