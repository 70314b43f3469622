/** Settings of a new network, checked. */
import {
  type Activation,
  activations,
  transferFunctions,
} from "./activations.ts";

/** Distribution of the initial recurrent weights. */
export type WeightDistribution = "gaus" | "gamma";

/** What a new network is like. Only the number of channels must be said. */
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
  /** Probability of a synapse from a layer to the one below; 0, none, unless told. */
  readonly feedback?: number;
  /** Layers that are read (last). */
  readonly readout?: "last" | "all";
  /** Layers that get the stimulus (first). */
  readonly inputTo?: "first" | "all";
}

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
  // Other defaults follow from it.
  oneOf("activation", settings.activation ?? "sigmoid", activations);
  const complete: CompleteSettings = {
    channels: settings.channels,
    units: [settings.units ?? 200].flat(),
    inhibitory: settings.inhibitory ?? 0.2,
    connection: settings.connection ?? 0.2,
    gain: settings.gain ?? 1.5,
    sst: settings.sst ?? 0,
    dale: settings.dale ?? true,
    activation: settings.activation ?? "sigmoid",
    taus: settings.taus ?? [4, 20],
    weights: settings.weights ?? "gaus",
    inhibitoryScale: settings.inhibitoryScale ?? usualInhibition(settings),
    betweenConnection: settings.betweenConnection ?? 0.8,
    betweenFrom: settings.betweenFrom ?? "exc",
    betweenGain: settings.betweenGain ?? usualBetweenGain(settings),
    feedback: settings.feedback ?? 0,
    readout: settings.readout ?? "last",
    inputTo: settings.inputTo ?? "first",
  };
  check(complete);
  return complete;
}

/**
 * Scale of the initial inhibition where none is said. The paper's networks start
 * with four times more excitation than inhibition, and their units at the
 * sigmoid's upper end (mean rate 0.97). One layer trains from there; a second one
 * on top of it gets a constant, and has no slope left to pass an error down by.
 * So the layers of a deeper network start balanced (docs/layers.md).
 */
export function usualInhibition(
  { units }: Pick<NetworkSettings, "units">,
): 1 | "balanced" {
  return [units ?? 200].flat().length > 1 ? "balanced" : 1;
}

/**
 * Drive from the layer below where none is said: as large as leaves the spread
 * of rates the same from layer to layer (docs/layers.md). Rates of the sigmoid
 * end at 1, those of the others at 20.
 */
export function usualBetweenGain(
  { activation }: Pick<NetworkSettings, "activation">,
): number {
  return transferFunctions[activation ?? "sigmoid"].interGain;
}

function check(s: CompleteSettings): void {
  whole("channels", s.channels, 1);
  if (s.units.length === 0) refuse("units", "none", "at least one layer");
  for (const size of s.units) whole("units", size, 1);
  probability("inhibitory", s.inhibitory);
  probability("connection", s.connection);
  if (s.connection === 0) refuse("connection", 0, "above 0 and at most 1");
  probability("betweenConnection", s.betweenConnection);
  probability("feedback", s.feedback);
  atLeast("gain", s.gain, 0);
  atLeast("betweenGain", s.betweenGain, 0);
  if (s.inhibitoryScale !== "balanced") {
    atLeast("inhibitoryScale", s.inhibitoryScale, 0);
  }
  whole("sst", s.sst, 0);
  oneOf("weights", s.weights, ["gaus", "gamma"]);
  oneOf("betweenFrom", s.betweenFrom, ["exc", "all"]);
  oneOf("readout", s.readout, ["last", "all"]);
  oneOf("inputTo", s.inputTo, ["first", "all"]);
  checkTaus(s.taus);
  if (s.sst > 0 && !s.dale) {
    refuse(
      "sst",
      s.sst,
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

function whole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) {
    refuse(name, value, `a whole number from ${least}`);
  }
}

function probability(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) refuse(name, value, "from 0 to 1");
}

function atLeast(name: string, value: number, least: number): void {
  if (!(Number.isFinite(value) && value >= least)) {
    refuse(name, value, `a finite number from ${least}`);
  }
}

function oneOf(name: string, value: string, names: readonly string[]): void {
  if (!names.includes(value)) refuse(name, value, names.join(", "));
}
