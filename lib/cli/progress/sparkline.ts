/** A course of numbers in one line of text. */

const blocks = "▁▂▃▄▅▆▇█";

/**
 * Draws numbers as bars, from the smallest to the largest of them; more numbers
 * than columns are averaged in groups. Empty for no (finite) numbers.
 *
 * @param numbers oldest first
 * @param width columns at most
 */
export function sparkline(numbers: readonly number[], width: number): string {
  const finite = numbers.filter(Number.isFinite);
  const columns = Math.min(width, finite.length);
  if (columns < 1) return "";
  const means = Array.from({ length: columns }, (_, c) => {
    const from = Math.floor(c * finite.length / columns);
    const to = Math.floor((c + 1) * finite.length / columns);
    const group = finite.slice(from, to);
    // Halved, so that the range of the largest numbers is still a number.
    return group.reduce((sum, x) => sum + x / group.length / 2, 0);
  });
  const low = Math.min(...means);
  const range = Math.max(...means) - low;
  return means.map((mean) => {
    const height = range > 0 ? (mean - low) / range : 0;
    return blocks[Math.min(blocks.length - 1, Math.floor(height * 8))];
  }).join("");
}
