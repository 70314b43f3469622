/**
 * Groups of four synapses whose gradients are computed side by side, for
 * simd/synapses.ts: groups of one postsynaptic unit, or of two neighbours where
 * they share most of their presynaptic units.
 */
import type { KernelMemory } from "./memory.ts";

/** Groups in the kernel's memory, and how many there are. */
export interface SynapseGroups {
  readonly single: number;
  readonly singleCount: number;
  readonly pairs: number;
  readonly pairCount: number;
}

/** Bytes of a group: a number of a unit and four more, then four addresses a unit. */
export const groupBytes = { single: 4 * 9, pair: 4 * 13 };

/** A synapse by its units' numbers and the address of its gradient. */
export interface GroupedSynapses {
  readonly post: Uint32Array;
  readonly pre: Uint32Array;
  readonly target: Uint32Array;
}

/** Cost of a pair's group of eight products, relative to a group of four. */
const pairCost = 1.5;

/**
 * Groups synapses, which come by postsynaptic unit, presynaptic ascending.
 *
 * @param waste where gradients go that belong to no synapse
 */
export function placeSynapseGroups(
  memory: KernelMemory,
  synapses: GroupedSynapses,
  waste: number,
): SynapseGroups {
  const { post } = synapses;
  const single: number[] = [];
  const pairs: number[] = [];
  let from = 0;
  while (from < post.length) {
    const to = endOfUnit(post, from);
    const second = post[to] === post[from] + 1 ? endOfUnit(post, to) : to;
    const shared = union(synapses, from, to, second);
    const apart = Math.ceil((to - from) / 4) + Math.ceil((second - to) / 4);
    if (second > to && pairCost * Math.ceil(shared.length / 4) < apart) {
      group(pairs, post[from], shared, waste);
      from = second;
    } else {
      group(single, post[from], union(synapses, from, to, to), waste);
      from = to;
    }
  }
  return {
    single: memory.store(Uint32Array.from(single)),
    singleCount: 4 * single.length / groupBytes.single,
    pairs: memory.store(Uint32Array.from(pairs)),
    pairCount: 4 * pairs.length / groupBytes.pair,
  };
}

function endOfUnit(post: Uint32Array, from: number): number {
  let to = from;
  while (to < post.length && post[to] === post[from]) to++;
  return to;
}

/** A presynaptic unit and where its gradients go, one a postsynaptic unit. */
interface Column {
  readonly pre: number;
  readonly targets: (number | undefined)[];
}

/** Presynaptic units of the synapses from `from` and of those from `middle` to `end`. */
function union(
  { pre, target }: GroupedSynapses,
  from: number,
  middle: number,
  end: number,
): Column[] {
  const units = middle === end ? 1 : 2;
  const columns: Column[] = [];
  let a = from;
  let b = middle;
  while (a < middle || b < end) {
    const first = a < middle && (b >= end || pre[a] <= pre[b]);
    const both = first && b < end && pre[a] === pre[b];
    const column: Column = {
      pre: first ? pre[a] : pre[b],
      targets: new Array(units).fill(undefined),
    };
    if (first) column.targets[0] = target[a++];
    if (!first || both) column.targets[1] = target[b++];
    columns.push(column);
  }
  return columns;
}

function group(
  words: number[],
  post: number,
  columns: readonly Column[],
  waste: number,
): void {
  for (let k = 0; k < columns.length; k += 4) {
    const four = [0, 1, 2, 3].map((m) => columns[k + m]);
    words.push(post, ...four.map((column) => column?.pre ?? 0));
    for (let unit = 0; unit < columns[0].targets.length; unit++) {
      words.push(...four.map((column) => column?.targets[unit] ?? waste));
    }
  }
}
