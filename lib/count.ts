/** Numbers of things in words: one is not many. */

/**
 * A count with what is counted.
 *
 * @param count how many
 * @param noun what one of them is called
 * @param many what several are called. Defaults to the noun with an s.
 * @returns "1 trial", "2 trials", "0 axes"
 */
export function countOf(
  count: number,
  noun: string,
  many: string = `${noun}s`,
): string {
  return `${count} ${count === 1 ? noun : many}`;
}
