/**
 * The value at a place among evenly spaced ones, counted from 0: on the straight
 * line between its neighbours; before the first and after the last (or where the
 * place is no number) that of the end.
 */
export function straightBetween(
  values: ArrayLike<number>,
  place: number,
): number {
  const last = values.length - 1;
  if (!(place > 0)) return values[0];
  if (place >= last) return values[last];
  const k = Math.floor(place);
  return values[k] + (place - k) * (values[k + 1] - values[k]);
}
