/** What somebody may have meant. */

/**
 * The name that is most like a mistyped one; `undefined` where none comes close
 * (more than half of its letters would have to change).
 */
export function nearest(
  typed: string,
  names: readonly string[],
): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");
  let best: string | undefined;
  let least = Infinity;
  for (const name of names) {
    const distance = edits(plain(typed), plain(name));
    if (distance <= plain(name).length / 2 && distance < least) {
      best = name;
      least = distance;
    }
  }
  return best;
}

/** Levenshtein's distance: letters to insert, delete or replace. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
