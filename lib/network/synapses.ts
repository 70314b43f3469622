/**
 * The synapse filters: what becomes of a spike on its way to a unit's current,
 * and to the filtered spikes that are read out. A filter is up to two exponentials,
 * one after the other, with an integral of 1. A row says which ones; kernels,
 * exports, analyses, checks and help take the rest from here. A further filter is
 * a row, and `deno task build` for the SIMD kernel.
 */

/** A synapse filter. */
export interface SynapseFilter {
  /** What it is, as help lists it. */
  readonly about: string;
  /** Synapses that have it, as a report says it; a rise time follows. */
  readonly inWords: string;
  /** Whether what arrives decays, with td; else it lasts one integration step. */
  readonly decays: boolean;
  /**
   * What it rises with before: `tr`, a constant of the filter that all units share,
   * or `td`, each unit's decay time constant once more. Absent if a spike arrives
   * at once.
   */
  readonly rises?: "tr" | "td";
  /** td as a share of the unit's decay time constant in the rate network. Defaults to 1. */
  readonly share?: number;
}

/** Name of a synapse filter. */
export type SynapseName = "double" | "single" | "alpha" | "none";

/** The synapse filters by name, in the order in which help and errors list them. */
export const synapseFilters: Readonly<Record<SynapseName, SynapseFilter>> = {
  /** Double exponential: x' = h - x/td, h' = -h/tr. */
  double: {
    about: "rise and decay",
    inWords: "double-exponential synapses",
    decays: true,
    rises: "tr",
  },
  /** Single exponential: x' = -x/td. */
  single: {
    about: "decay alone",
    inWords: "single-exponential synapses",
    decays: true,
  },
  /**
   * Alpha function, t/td²·exp(-t/td): x' = h - x/td, h' = -h/td. With half of the
   * unit's time constant a spike comes as late on average, and its noise is smoothed
   * as much, as by the single exponential of the whole. Source: Rall, J.
   * Neurophysiol. 30:1138, 1967.
   */
  alpha: {
    about: "rise as long as decay",
    inWords: "alpha-function synapses",
    decays: true,
    rises: "td",
    share: 0.5,
  },
  /** No filter: a spike's whole charge arrives within a step. */
  none: {
    about: "none",
    inWords: "synapses without a filter",
    decays: false,
  },
};

/** Names of the synapse filters. */
export const synapseNames: readonly SynapseName[] = Object.keys(
  synapseFilters,
) as SynapseName[];

/** Filter of the synapses, all of one kind; decay time constants are per unit, from the rate network. */
export interface SynapseModel {
  /** Which filter. */
  readonly kind: SynapseName;
  /** Rise time constant tr of the double exponential, ms; 0 for the others. */
  readonly rise: number;
}

/** The row of a model. */
export function filterOf({ kind }: Pick<SynapseModel, "kind">): SynapseFilter {
  return synapseFilters[kind];
}

/** Names of the filters that have a constant `tr`. */
export const risingNames: readonly SynapseName[] = synapseNames.filter((kind) =>
  filterOf({ kind }).rises === "tr"
);

/** The constant `tr` of a model on record, ms; undefined if its filter has none. */
export function recordedRise(synapse?: SynapseModel): number | undefined {
  return synapse && filterOf(synapse)?.rises === "tr"
    ? synapse.rise
    : undefined;
}

/**
 * Rise time constant of what arrives at a unit; undefined if it arrives at once.
 *
 * @param td the unit's decay time constant, in the units of `rise`
 */
export function riseTime(
  synapse: SynapseModel,
  td: number,
): number | undefined {
  const { rises } = filterOf(synapse);
  return rises === "tr" ? synapse.rise : rises === "td" ? td : undefined;
}

/**
 * What a spike is divided by, so that it has an integral of 1 after its filter:
 * the product of the filter's time constants, or a step.
 *
 * @param td the unit's decay time constant, in the units of `rise`
 * @param dt integration step
 */
export function spikeArea(
  synapse: SynapseModel,
  td: number,
  dt: number,
): number {
  if (!filterOf(synapse).decays) return dt;
  const rise = riseTime(synapse, td);
  return rise === undefined ? td : rise * td;
}

/**
 * Decay time constant td of what arrives at a unit, ms.
 *
 * @param tau the unit's decay time constant in the rate network, steps
 * @param stepMs duration of such a step
 */
export function synapticDecay(
  synapse: Pick<SynapseModel, "kind">,
  tau: number,
  stepMs: number,
): number {
  return tau * stepMs * (filterOf(synapse).share ?? 1);
}
