/** What a mistyped name may have meant. */

/** Letters that say enough to be the beginning of a name. */
const enough = 3;

/**
 * The name that was probably meant by a mistyped one: one that differs in a few
 * letters, begins with it or is its beginning, has it as a word, has its letters
 * as initials, or else is most like it.
 *
 * @returns `undefined` if none comes close: more than half of the letters of
 *   each would have to change
 */
export function nearest(
  typed: string,
  names: readonly string[],
): string | undefined {
  return mostLike(typed, names, 1 / 5) ?? partOf(typed, names) ??
    mostLike(typed, names, 1 / 2);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** A name of which the typed one is a part, or the other way round. */
function partOf(typed: string, names: readonly string[]): string | undefined {
  const text = plain(typed);
  const wordsOf = (name: string) => name.toLowerCase().split(/[^a-z0-9]+/);
  const rules: ((name: string) => boolean)[] = [
    (name) => text.length >= enough && plain(name).startsWith(text),
    (name) => plain(name).length >= enough && text.startsWith(plain(name)),
    (name) => text.length >= enough && wordsOf(name).includes(text),
    (name) =>
      text.length > 1 &&
      text === wordsOf(name).map(([letter = ""]) => letter).join(""),
  ];
  return rules.map((fits) => names.find(fits)).find(Boolean);
}

/** The name that needs the fewest changes, of at most a share of its letters. */
function mostLike(
  typed: string,
  names: readonly string[],
  share: number,
): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const name of names) {
    const distance = edits(plain(typed), plain(name));
    if (distance <= plain(name).length * share && distance < least) {
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
