/** Pieces of WGSL that the scans have in common. */

/** Over how many threads how many units go. */
interface Spread {
  readonly units: number;
  readonly workgroupSize: number;
}

/** Units of a thread, at most: the length of its variables. */
export function unitsPerThread({ units, workgroupSize }: Spread): number {
  return Math.ceil(units / workgroupSize);
}

/** Writes what a thread does for each of its units: number i, its c-th one. */
export function eachUnit(variant: Spread): (body: string) => string {
  const { units, workgroupSize } = variant;
  return (body) => `
    for (var c = 0u; c < ${unitsPerThread(variant)}u; c++) {
      let i = thread + c * ${workgroupSize}u;
      if (i < ${units}u) {${body}
      }
    }`;
}
