/** Results and events as one line of JSON. */

/**
 * One line of JSON. Typed arrays become arrays; numbers that JSON does not know
 * (NaN, infinities) become `null`.
 */
export function toJson(data: unknown): string {
  return JSON.stringify(
    data,
    (_, value) =>
      ArrayBuffer.isView(value) && !(value instanceof DataView)
        ? Array.from(value as unknown as ArrayLike<number>)
        : value,
  );
}
