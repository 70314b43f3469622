/**
 * The Jacobian of a rate network, J = W·diag(slopes) - diag(leaks), applied at
 * the cost of its synapses.
 */

/** Synapses in lists, those of unit i from begins[i] to begins[i + 1]. */
export interface Synapses {
  /** First synapse of each unit, and the number of all. */
  readonly begins: Uint32Array;
  /** The unit at the other end of each synapse. */
  readonly units: Uint32Array;
  /** Weight of each synapse. */
  readonly weights: Float64Array;
}

/** What Jacobians of one network share. */
export interface SparseSystem {
  /** Number of units N. */
  readonly units: number;
  /** Synapses by postsynaptic unit. */
  readonly incoming: Synapses;
  /** The same synapses by presynaptic unit. */
  readonly outgoing: Synapses;
  /** What each unit loses of itself. */
  readonly leaks: Float64Array;
  /** Sum of the squared weights that leave each unit. */
  readonly squares: Float64Array;
}

/**
 * Lists the synapses of a matrix.
 *
 * @param weights N×N, row = postsynaptic unit
 * @param leaks N numbers
 */
export function sparseSystem(
  weights: ArrayLike<number>,
  leaks: Float64Array,
): SparseSystem {
  const units = leaks.length;
  const begins = new Uint32Array(units + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < units; j++) {
      const weight = weights[i * units + j];
      if (weight === 0) continue;
      columns.push(j);
      values.push(weight);
    }
    begins[i + 1] = columns.length;
  }
  const incoming = {
    begins,
    units: Uint32Array.from(columns),
    weights: Float64Array.from(values),
  };
  return { units, incoming, leaks, ...byPresynapticUnit(incoming, units) };
}

function byPresynapticUnit(
  { begins, units: columns, weights }: Synapses,
  units: number,
): Pick<SparseSystem, "outgoing" | "squares"> {
  const starts = new Uint32Array(units + 1);
  for (const j of columns) starts[j + 1]++;
  for (let j = 0; j < units; j++) starts[j + 1] += starts[j];
  const next = starts.slice(0, units);
  const rows = new Uint32Array(columns.length);
  const values = new Float64Array(columns.length);
  const squares = new Float64Array(units);
  for (let i = 0; i < units; i++) {
    for (let k = begins[i]; k < begins[i + 1]; k++) {
      const j = columns[k];
      rows[next[j]] = i;
      values[next[j]++] = weights[k];
      squares[j] += weights[k] ** 2;
    }
  }
  return {
    outgoing: { begins: starts, units: rows, weights: values },
    squares,
  };
}

/** Puts W·v - leaks·own into `to`, element by element. */
export function gather(
  { units, incoming, leaks }: SparseSystem,
  v: Float64Array,
  own: Float64Array,
  to: Float64Array,
): void {
  const { begins, units: columns, weights } = incoming;
  for (let i = 0; i < units; i++) {
    let sum = -own[i] * leaks[i];
    for (let k = begins[i]; k < begins[i + 1]; k++) {
      sum += weights[k] * v[columns[k]];
    }
    to[i] = sum;
  }
}

/** Puts J'·v into `to`. */
export function transposed(
  { units, outgoing, leaks }: SparseSystem,
  slopes: Float64Array,
  v: Float64Array,
  to: Float64Array,
): void {
  const { begins, units: rows, weights } = outgoing;
  for (let j = 0; j < units; j++) {
    let sum = 0;
    for (let k = begins[j]; k < begins[j + 1]; k++) {
      sum += weights[k] * v[rows[k]];
    }
    to[j] = sum * slopes[j] - v[j] * leaks[j];
  }
}
