/** Gradients of blocks of trials on the SIMD kernel, trials in lanes. */
import { asDoubles, asFloats, type KernelJob } from "./job.ts";
import { outputsOf } from "./lanes.ts";
import {
  type LaunchBlock,
  perStep,
  placeBlock,
  placeInShares,
} from "./lanes_block.ts";
import { type LanesStructure, synapseBytes } from "./lanes_structure.ts";
import type { KernelCall, KernelTask } from "./tasks.ts";
import { type LaunchLoss, lossNumber } from "./trial.ts";
import type { ParameterVectors } from "./vectors.ts";

/** What the gradient of a block gives besides the gradient. */
export interface BlockLosses {
  readonly losses: readonly number[];
  /** By trial, where they were asked for. */
  readonly outputs: readonly Float32Array[];
}

/** Places a block or a share of it; says where things are, and what is read. */
function placeGradient(
  vectors: ParameterVectors,
  structure: LanesStructure,
  share: LaunchBlock,
) {
  const { memory } = vectors;
  const { trials } = share;
  const { steps } = trials[0];
  const placed = placeBlock(vectors, structure, share, {
    keepsHistory: true,
    keepsStates: false,
    goesBack: true,
  });
  const inputs = [...placed.inputs];
  const store = (values: Float32Array) => {
    const at = memory.store(values);
    inputs.push({ at, bytes: values.byteLength });
    return at;
  };
  const targets = store(perStep(share, ({ target }) => target!));
  const hasWeights = trials.some(({ lossWeights }) => lossWeights);
  const ones = new Float32Array(steps - 1).fill(1);
  const weights = hasWeights
    ? store(perStep(share, ({ lossWeights }) => lossWeights ?? ones))
    : 0;
  return {
    ...{ ...placed, inputs, targets, weights },
    losses: memory.allocate(8 * trials.length),
    bias: store(new Float32Array(1)),
  };
}

type PlacedGradient = ReturnType<typeof placeGradient>;

/** Losses, and their gradient by the outputs, in the lanes of one of the threads. */
function lossCall(
  { outputs, targets, weights, outputGradient, losses }: PlacedGradient,
  { trials, width }: LaunchBlock,
  loss: LaunchLoss,
  thread = 0,
  threads = 1,
): KernelCall {
  return {
    name: "losses",
    values: [
      lossNumber[loss.name],
      trials[0].steps,
      width,
      trials.length,
      outputs,
      targets,
      weights,
      loss.scale,
      outputGradient,
      losses,
      thread,
      threads,
    ],
  };
}

function biasCall(
  { outputGradient }: PlacedGradient,
  { trials, width, parts }: LaunchBlock,
  to: number,
): KernelCall {
  const { steps } = trials[0];
  return {
    name: "biasGradient",
    values: [steps, width, parts, outputGradient, to],
  };
}

/** Words of a thread's line where threads meet, see simd/meeting.ts. */
const meeting = { line: 16, turns: 2 };

/**
 * Turns of a loop that a thread waits at least before it sleeps, some 30 µs. With
 * a turn for each of its synapses it is half of a step in a large network.
 */
const leastTurns = 20_000;

/** Work on a unit besides that on its synapses, in pairs of synapses. */
const unitPairs = { forward: 30, backward: 10 };

/** The gradient of a block as work for threads that run at the same time. */
export interface BlockGradient {
  readonly tasks: readonly KernelTask[];
  /** Losses, once all tasks have added their gradients to the gradient vector. */
  readonly finish: () => BlockLosses;
}

/**
 * The gradient of a block by threads side by side: each moves units of its own,
 * and they meet after every step. What a thread reads of a synapse serves all
 * trials, where shares of the trials read it again.
 *
 * @param threads number of tasks, which must all run at the same time
 */
export function blockGradient(
  vectors: ParameterVectors,
  structure: LanesStructure,
  block: LaunchBlock,
  loss: LaunchLoss,
  wantsOutputs: boolean,
  threads: number,
): BlockGradient {
  const { memory, layout, gradients, wiring: { units } } = vectors;
  const { incoming, outgoing, synapseOfEntry } = structure;
  const { trials, width } = block;
  const placed = placeGradient(vectors, structure, block);
  const { record, weightSums, readoutSums, alphaSums } = placed;
  const lines = new Uint32Array(meeting.line * threads);
  const turns = Math.max(leastTurns, outgoing.count / threads);
  for (let k = 0; k < threads; k++) {
    lines[meeting.line * k + meeting.turns] = turns;
  }
  const place = memory.store(lines);
  const forward = unitShares(
    memory.words(incoming.bounds, units + 1),
    unitPairs.forward,
    threads,
  );
  const bounds = memory.words(outgoing.bounds, units + 1);
  const backward = unitShares(bounds, unitPairs.backward, threads);

  /** Calls that add up partial sums, of which there are four in 16 bytes. */
  function totals(
    sums: number,
    from: number,
    to: number,
    add: (values: number, count: number) => KernelCall,
  ): KernelCall[] {
    // Packed in place, where no other thread's sums are.
    const at = sums + 16 * from;
    const count = to - from;
    return [
      { name: "totals", values: [at, count, 4, 16, at] },
      add(at, count),
    ];
  }

  function perUnit(sums: number, part: number, from: number, to: number) {
    const at = gradients + 4 * (part + from);
    return totals(sums, from, to, (values, count) => ({
      name: "addVector",
      values: [at, values, count],
    }));
  }

  const tasks = Array.from({ length: threads }, (_, k): KernelTask => {
    const among = [place, k, threads];
    const [from, to] = [backward[k], backward[k + 1]];
    const first = bounds[from] / synapseBytes;
    const last = bounds[to] / synapseBytes;
    return {
      calls: [
        {
          name: "lanesForwardUnits",
          values: [record, forward[k], forward[k + 1], ...among],
        },
        lossCall(placed, block, loss, k, threads),
        { name: "lanesBackwardUnits", values: [record, from, to, ...among] },
        ...totals(weightSums, first, last, (values, count) => ({
          name: "addPlaced",
          values: [
            gradients + 4 * layout.weights,
            synapseOfEntry + 4 * first,
            values,
            count,
          ],
        })),
        ...perUnit(readoutSums, layout.readout, from, to),
        ...perUnit(alphaSums, layout.tausGaus, from, to),
        ...(k === threads - 1
          ? [biasCall(placed, block, gradients + 4 * layout.bias)]
          : []),
      ],
      after: [],
    };
  });
  return {
    tasks,
    finish() {
      const rows = memory.floats(placed.outputs, width * trials[0].steps);
      return {
        losses: [...memory.doubles(placed.losses, trials.length)],
        outputs: wantsOutputs
          ? trials.map((_, b) => outputsOf(rows, block, b))
          : [],
      };
    },
  };
}

/**
 * First units of threads' shares of about the same work, and the number of units:
 * multiples of 4, so that two threads write to no line of the cache in turn.
 *
 * @param bounds of the units' synapses, in bytes
 * @param unitWork work on a unit besides, in pairs of synapses
 */
export function unitShares(
  bounds: Uint32Array,
  unitWork: number,
  threads: number,
): number[] {
  const units = bounds.length - 1;
  const before = (unit: number) =>
    bounds[unit] / (2 * synapseBytes) + unitWork * unit;
  const shares = [0];
  let unit = 0;
  for (let k = 1; k < threads; k++) {
    while (unit < units && before(unit) < before(units) * k / threads) {
      unit = Math.min(unit + 4, units);
    }
    shares.push(unit);
  }
  return [...shares, units];
}

/** What a share of a block gives: of each gradient the total of its partial sums. */
export interface ShareGradient {
  readonly share: LaunchBlock;
  readonly losses: Float64Array;
  /** T×lanes, where they were asked for. */
  readonly outputs?: Float32Array;
  readonly bias: Float32Array;
  /** By entry of the structure's outgoing synapses. */
  readonly byWeight: Float32Array;
  readonly byReadout: Float32Array;
  readonly byAlpha: Float32Array;
}

/**
 * The gradient of a share of a block, or of the block, by effective weights,
 * readout, alphas and bias, as work for any instance of the kernel; `addShares`
 * adds it to the gradient vector.
 */
export function shareGradient(
  vectors: ParameterVectors,
  structure: LanesStructure,
  share: LaunchBlock,
  loss: LaunchLoss,
  wantsOutputs: boolean,
): KernelJob<ShareGradient> {
  const { memory, wiring: { units } } = vectors;
  const { trials, width, parts } = share;
  const { steps } = trials[0];
  const placed = placeGradient(vectors, structure, share);
  const { count } = structure.outgoing;
  const range = (at: number, bytes: number) => ({ at, bytes });
  // Packed in place.
  const totals = (sums: number, count: number, stride: number): KernelCall => ({
    name: "totals",
    values: [sums, count, parts, stride, sums],
  });
  return {
    memoryBytes: memory.mark,
    inputs: placed.inputs,
    calls: [
      { name: "lanesForward", values: [placed.record] },
      lossCall(placed, share, loss),
      { name: "lanesBackward", values: [placed.record] },
      biasCall(placed, share, placed.bias),
      totals(placed.weightSums, count, 4 * parts),
      totals(placed.readoutSums, units, 16),
      totals(placed.alphaSums, units, 16),
    ],
    outputs: [
      range(placed.losses, 8 * trials.length),
      range(placed.bias, 4),
      range(placed.weightSums, 4 * count),
      range(placed.readoutSums, 4 * units),
      range(placed.alphaSums, 4 * units),
      ...(wantsOutputs ? [range(placed.outputs, 4 * width * steps)] : []),
    ],
    finish: ([lossBytes, ...found]) => {
      const [bias, byWeight, byReadout, byAlpha, outputs] = found.map(asFloats);
      return {
        ...{ share, losses: asDoubles(lossBytes), outputs },
        ...{ bias, byWeight, byReadout, byAlpha },
      };
    },
  };
}

/**
 * Adds a block's gradient to the gradient vector.
 *
 * @param shares what its shares gave, in the order of `sharesOf`; their numbers
 *   are added up in place
 */
export function addShares(
  vectors: ParameterVectors,
  { synapseOfEntry }: LanesStructure,
  shares: readonly ShareGradient[],
): BlockLosses {
  const { layout, memory, gradients } = vectors;
  const mark = memory.mark;
  /** Where the sum of what the shares have of one kind is: (0 + 1) + (2 + 3). */
  const sumOf = (kind: "bias" | "byReadout" | "byAlpha" | "byWeight") => {
    const { length } = shares[0][kind];
    const at = shares.map((share) => memory.addressOf(share[kind]));
    for (let step = 1; step < at.length; step *= 2) {
      for (let v = 0; v < at.length; v += 2 * step) {
        memory.run.addVector(at[v], at[v + step], length);
      }
    }
    return [at[0], length] as const;
  };
  const add = (part: number, sum: readonly [number, number]) =>
    memory.run.addVector(gradients + 4 * part, ...sum);
  add(layout.bias, sumOf("bias"));
  add(layout.readout, sumOf("byReadout"));
  add(layout.tausGaus, sumOf("byAlpha"));
  memory.run.addPlaced(
    gradients + 4 * layout.weights,
    synapseOfEntry,
    ...sumOf("byWeight"),
  );
  memory.release(mark);
  const count = shares.reduce((sum, { losses }) => sum + losses.length, 0);
  const { parts } = shares[0].share;
  const places = Array.from(
    { length: count },
    (_, b) => placeInShares(b, parts),
  );
  return {
    losses: places.map(({ share, lane }) => shares[share].losses[lane]),
    outputs: places.flatMap(({ share, lane }) => {
      const { share: block, outputs } = shares[share];
      return outputs ? [outputsOf(outputs, block, lane)] : [];
    }),
  };
}
