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
import { refuseFlagNames } from "../settings/flag_names.ts";
import { numbers, real, realOr, whole } from "../settings/numbers.ts";
import {
  type Activation,
  activations,
  transferFunctions,
} from "./activations.ts";

/** Distribution of the initial recurrent weights. */
export type WeightDistribution = "gaus" | "gamma";

/** Properties of a new network. Only the number of channels is required. */
export interface NetworkSettings {
  /** Input channels of the task. */
  readonly channels: number;
  /**
   * Number of units N; several numbers make as many layers. Defaults to 200.
   */
  readonly units?: number | readonly number[];
  /**
   * Probability that a unit is inhibitory, `P_inh`; unused without Dale's
   * principle. Defaults to 0.2.
   */
  readonly inhibitory?: number;
  /** Probability of a recurrent synapse, `P_rec`. Defaults to 0.2. */
  readonly connection?: number;
  /** Gain of the initial Gaussian weights. Defaults to 1.5. */
  readonly gain?: number;
  /**
   * Number of somatostatin (SST) units of each layer, `som_N`. Defaults to 0.
   */
  readonly sst?: number;
  /**
   * Whether Dale's principle holds: a unit is excitatory or inhibitory.
   * Defaults to true.
   */
  readonly dale?: boolean;
  /** Transfer function. Defaults to `sigmoid`. */
  readonly activation?: Activation;
  /**
   * Decay time constants in steps: the bounds of trained ones, or a fixed one.
   * Defaults to [4, 20].
   */
  readonly taus?: readonly [number] | readonly [number, number];
  /**
   * Distribution of the initial weights; `gamma` has shape 2 and scale 0.003.
   * Defaults to `gaus`.
   */
  readonly weights?: WeightDistribution;
  /**
   * Multiplies the initial weights of inhibitory units; "balanced" makes the
   * expected inhibition as large as the excitation. Defaults to 1, the paper's,
   * for one layer and to "balanced" for several, see {@linkcode
   * usualInhibition}.
   */
  readonly inhibitoryScale?: number | "balanced";
  /**
   * Several layers: probability of a synapse from one layer to the next,
   * `P_inter`. Defaults to 0.8.
   */
  readonly betweenConnection?: number;
  /**
   * Which units project to the next layer: the excitatory ones, or all.
   * Defaults to `exc`.
   */
  readonly betweenFrom?: "exc" | "all";
  /**
   * Expected summed weight, onto one unit, of the synapses from the layer
   * below: the drive of a unit when all units of that layer have a rate of 1.
   * Defaults to 2 for sigmoid and lif, and 1 for the others.
   */
  readonly betweenGain?: number;
  /** Probability of a synapse from a layer to the one below. Defaults to 0. */
  readonly feedback?: number;
  /** Layers that are read: the last, or all. Defaults to `last`. */
  readonly readout?: "last" | "all";
  /** Layers that get the stimulus: the first, or all. Defaults to `first`. */
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
      shown: "2 for sigmoid and lif, 1 for the others",
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
  refuseFlagNames("make a network", { N: { option: "units" } }, settings);
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
 * with four times more excitation than inhibition, so their units are at the
 * sigmoid's upper end (mean rate 0.97). One layer can be trained from there. A
 * second one on top of it gets a constant input, and has no slope left that
 * passes an error down. So the layers of a deeper network start balanced
 * (docs/how-it-works/layers.md).
 */
export function usualInhibition(
  { units }: Pick<NetworkSettings, "units">,
): 1 | "balanced" {
  return [units ?? 200].flat().length > 1 ? "balanced" : 1;
}

/**
 * Drive from the layer below if none is given: the largest that keeps the
 * spread of rates the same from layer to layer (docs/how-it-works/layers.md).
 * Rates of the sigmoid end at 1, those of the others at 20.
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
  if (!sound) refuse("taus", taus.join(" "), allowed);
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
