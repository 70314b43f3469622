/**
 * A promise whose failure is no uncaught error if nobody awaits it: of what was
 * begun ahead of its turn, which may not come.
 */
export function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
