/** Temporary folders of tests. */

/**
 * Gives a new temporary folder to `use`, and removes it afterwards with all
 * that it holds, whether `use` succeeds or throws.
 *
 * @param use what is done in the folder, whose absolute path it receives
 * @param options.prefix what the folder's name begins with
 * @returns what `use` returns
 */
export async function inFolder<T>(
  use: (folder: string) => T | Promise<T>,
  options: { readonly prefix?: string } = {},
): Promise<T> {
  const folder = await Deno.makeTempDir(options);
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
