// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Trials side by side in lanes: 4, 8 or 16 trials, every unit a row of `width`
 * bytes. All layers are one sparse matrix, so stages and feedback need no case
 * of their own.
 *
 * Gradients of a block are summed in four partial sums, trial b in sum b modulo
 * 4. A block runs whole, with all four, or in shares, each with the trials of
 * some of the sums: 8 trials and two sums, or 4 trials and one. Shares have
 * nothing in common, so that threads can run them side by side.
 */

/** A block of trials; written by the host, all fields 4 bytes. */
@unmanaged
export class Lanes {
  units: i32;
  channels: i32;
  activation: i32;
  steps: i32;
  /** Bytes of a row of lanes: 16, 32 or 64. */
  width: usize;
  /** Partial sums of each gradient: lane b belongs to sum b modulo this, 4, 2 or 1. */
  parts: i32;
  /** Rows that `rates` and `drives` hold, a multiple of 4; used round and round when below `steps`. */
  rows: i32;
  /** Noise is drawn; otherwise `drives` holds the disturbances on entry. */
  drawn: i32;
  /** Noise counter of each unit. */
  ids: usize;
  /** Trial and key of each lane, and amplitudes of its noise, initial and per step. */
  trials: usize;
  keys: usize;
  initialAmplitudes: usize;
  stepAmplitudes: usize;
  /** units×channels. */
  inputWeights: usize;
  /** steps×channels×lanes. */
  inputs: usize;
  alphas: usize;
  readout: usize;
  bias: f32;
  /** Per stage the first unit, then one past the last unit. */
  stages: usize;
  stageCount: i32;
  /** Synapses by postsynaptic unit: bounds in bytes (units + 1), and entries. */
  incoming: usize;
  incomingBounds: usize;
  /** Synapses by presynaptic unit, likewise. */
  outgoing: usize;
  outgoingBounds: usize;
  /** Histories, rows×units×lanes. */
  rates: usize;
  drives: usize;
  /** x, units×lanes; all steps when `statesStride` is not 0. */
  states: usize;
  statesStride: usize;
  /** steps×lanes. */
  outputs: usize;
  outputGradient: usize;
  /** alpha·dL/dx of this step and the next: 2×units×lanes; dL/dx: units×lanes. */
  moved: usize;
  stateGradient: usize;
  /** Partial sums: per outgoing entry `parts` of them; per unit, per unit in 16 bytes. */
  weightSums: usize;
  alphaSums: usize;
  readoutSums: usize;
}

/**
 * Bytes of a pair of synapses: the two offsets of the other units among all
 * units, in rows of four lanes, then the two weights. Units with an odd number of synapses have a last one of weight 0. In
 * pairs, because what costs is the number of loads: V8 checks the bounds of each.
 */
@inline export const PAIR: usize = 16;

/** Offsets of the other units of the pair at `entry`, in one word. */
@inline export function pairOffsets(entry: usize): u64 {
  return load<u64>(entry);
}

@inline export function offset0(offsets: u64): usize {
  return <usize>offsets;
}

@inline export function offset1(offsets: u64): usize {
  return <usize>(offsets >> 32);
}

/** Address of a row of `vectors` of four lanes: V8 makes one instruction of it. */
@inline export function rowAt(vectors: i32, rows: usize, offset: usize): usize {
  if (vectors == 1) return rows + offset;
  return vectors == 2 ? rows + (offset << 1) : rows + (offset << 2);
}

/** Weights of the pair at `entry`. */
@inline export function pairWeights(entry: usize): v128 {
  return v128.load64_splat(entry, 8);
}

/** One of them in all lanes. */
@inline export function weight0(weights: v128): v128 {
  return i32x4.shuffle(weights, weights, 0, 0, 0, 0);
}

@inline export function weight1(weights: v128): v128 {
  return i32x4.shuffle(weights, weights, 1, 1, 1, 1);
}
