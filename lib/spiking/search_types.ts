/** Names shared by the searches, the model file and the command line. */
import type { Score } from "../evaluate/types.ts";

/** One scaling factor a layer, and how the network did with them. */
export interface ScoredFactors {
  /** Scaling factors, one a layer in order. */
  readonly factors: readonly number[];
  /** Performance and output error of the spiking network with them. */
  readonly score: Score;
}

/** A search over one scaling factor a layer, beside the one for all layers. */
export interface LayerFactorsRecord {
  /** The best factors found, one a layer in order. */
  readonly factors: readonly number[];
  /** The one factor for all layers that the search began with. */
  readonly single: number;
  /** Everything tried, in order; the first is the one factor for all. */
  readonly tried: readonly ScoredFactors[];
  /** The best factors on fresh trials, which nothing was chosen by. */
  readonly score: Score;
  /** The one factor for all layers on the same fresh trials. */
  readonly singleScore: Score;
  /** Whether the factors of the layers are better there, and so are used. */
  readonly kept: boolean;
  /** Seed, numbers of trials. */
  readonly settings: Readonly<Record<string, number>>;
}
