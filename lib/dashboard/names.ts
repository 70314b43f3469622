/** Names that tell runs apart. */

/** A run, by its own name and where it comes from. */
export interface NamedRun {
  readonly name: string;
  /** Path of its log or of its model; unknown if absent. */
  readonly place?: string;
}

/**
 * Names of runs; those that share one have what differs in their places in
 * brackets, or their number if nothing does.
 */
export function distinctNames(runs: readonly NamedRun[]): string[] {
  const all = Map.groupBy(runs.keys(), (k) => runs[k].name);
  return runs.map(({ name }, k) => {
    const alike = all.get(name)!;
    if (alike.length === 1) return name;
    const differing = whatDiffers(alike.map((one) => runs[one].place ?? ""));
    const mine = alike.indexOf(k);
    const other = differing.filter((part) => part === differing[mine]);
    return other.length === 1
      ? `${name} (${differing[mine]})`
      : `${name} (${mine + 1})`;
  });
}

/** Paths without the folders with which all of them begin and end. */
function whatDiffers(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(/[\\/]/));
  const least = Math.min(...parts.map(({ length }) => length));
  const same = (at: (part: readonly string[]) => string | undefined) =>
    parts.every((part) => at(part) === at(parts[0]));
  let first = 0;
  while (first < least && same((part) => part[first])) first++;
  let last = 0;
  while (first + last < least && same((part) => part.at(-1 - last))) last++;
  // One that has no more than all have is named by the last folder of all.
  if (parts.some(({ length }) => length <= first + last)) first--;
  return parts.map((part) =>
    part.slice(Math.max(0, first), part.length - last).join("/") || "."
  );
}
