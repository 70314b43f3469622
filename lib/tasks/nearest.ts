/** What a mistyped name may have meant. */

/**
 * The name that is most like a mistyped one; `undefined` if none comes close
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

/** Letters to insert, delete, replace, or swap with the next one. */
function edits(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, rows[i - 1][j] + 1, row[j - 1] + 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
      }
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
