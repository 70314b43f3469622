/** Numbers side by side, and whether they agree. */

/** One row of the ledger. */
export interface Comparison {
  readonly tensor: string;
  /** Largest |a - b|. */
  readonly absolute: number;
  /** The same over the largest |b|. */
  readonly relative: number;
  /** What is allowed, and of which of the two. */
  readonly allowed: number;
  readonly measure: "absolute" | "relative";
  readonly passes: boolean;
  /** Where the difference is largest, for a failure. */
  readonly worst?: string;
}

/**
 * Compares what was computed with what is known.
 *
 * @throws {TypeError} for different numbers of values
 */
export function compare(
  tensor: string,
  computed: ArrayLike<number>,
  known: ArrayLike<number>,
  allowed: number,
  measure: Comparison["measure"],
): Comparison {
  if (computed.length !== known.length) {
    throw new TypeError(
      `Cannot compare ${tensor}: ${computed.length} values were computed, ` +
        `the file holds ${known.length}`,
    );
  }
  let [absolute, largest, at] = [0, 0, 0];
  for (let k = 0; k < known.length; k++) {
    const difference = Math.abs(computed[k] - known[k]);
    largest = Math.max(largest, Math.abs(known[k]));
    // A NaN anywhere is a difference of NaN, which passes nothing.
    if (!(difference <= absolute)) [absolute, at] = [difference, k];
    if (Number.isNaN(difference)) break;
  }
  const relative = largest > 0 ? absolute / largest : absolute;
  const passes = (measure === "absolute" ? absolute : relative) <= allowed;
  return {
    tensor,
    absolute,
    relative,
    allowed,
    measure,
    passes,
    ...(!passes && {
      worst: `value ${at}: ${computed[at]}, known ${known[at]}`,
    }),
  };
}

/** A statement that holds or does not, as a row. */
export function statement(
  tensor: string,
  differences: number,
  worst?: string,
): Comparison {
  return {
    tensor,
    absolute: differences,
    relative: NaN,
    allowed: 0,
    measure: "absolute",
    passes: differences === 0,
    ...(differences !== 0 && worst && { worst }),
  };
}

/** Rows as a table, one line each. */
export function tableOf(rows: readonly Comparison[]): string[] {
  const number = (value: number) =>
    Number.isNaN(value) ? "–" : value === 0 ? "0" : value.toExponential(1);
  const cells = [
    ["tensor", "absolute", "relative", "allowed", ""],
    ...rows.map((row) => [
      row.tensor,
      number(row.absolute),
      number(row.relative),
      `${number(row.allowed)} ${row.measure}`,
      row.passes ? "pass" : `FAIL${row.worst ? ` (${row.worst})` : ""}`,
    ]),
  ];
  const widths = [0, 1, 2, 3].map((c) =>
    Math.max(...cells.map((row) => row[c].length))
  );
  return cells.map((row) =>
    row.map((cell, c) => c < 4 ? cell.padEnd(widths[c]) : cell).join("  ")
      .trimEnd()
  );
}
