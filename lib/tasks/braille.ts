/** A curve drawn with Unicode's Braille patterns: 2×4 dots a character. */

/** Bits of the dots of a pattern, by row and column (Unicode, block 2800). */
const dotBits = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/** Dots across and down a character. */
const across = 2;
const down = 4;

/**
 * Draws numbers as a curve. Each column of dots shows the range of the numbers
 * that fall into it, joined to the column before, so that a jump is a line.
 *
 * @param values the numbers, at least one
 * @param size characters across and down
 * @param range values at the lowest and the highest dot
 * @returns one text a line, from the top
 */
export function brailleCurve(
  values: Float32Array,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  [low, high]: readonly [number, number],
): string[] {
  const cells = Array.from({ length: rows }, () => new Uint8Array(columns));
  const [width, height] = [columns * across, rows * down];
  const level = (value: number) =>
    Math.round((high - value) / (high - low) * (height - 1));
  let before = values[0];
  for (let x = 0; x < width; x++) {
    const from = Math.floor(x * values.length / width);
    const to = Math.max(
      from + 1,
      Math.floor((x + 1) * values.length / width),
    );
    let [least, most] = [before, before];
    for (const value of values.subarray(from, to)) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    before = values[to - 1];
    for (let y = level(most); y <= level(least); y++) {
      cells[Math.floor(y / down)][Math.floor(x / across)] |=
        dotBits[y % down][x % across];
    }
  }
  // Some fonts draw the empty pattern as circles; a space is empty in all.
  return cells.map((row) =>
    Array.from(row, (bits) => bits ? String.fromCharCode(0x2800 + bits) : " ")
      .join("")
  );
}
