/** Flags' names where options of the library are meant. */

/**
 * Refuses names of the command line among options, which would be ignored.
 *
 * @param doing what is begun, for errors: "make a network"
 * @param flags what has other names in the library, by the names of flags
 * @param options as given
 * @throws {RangeError} naming the flag and the option
 */
export function refuseFlagNames(
  doing: string,
  flags: Readonly<Record<string, { readonly option?: string }>>,
  options: object,
): void {
  for (const [name, value] of Object.entries(options)) {
    const option = Object.hasOwn(flags, name) ? flags[name].option : undefined;
    if (option === undefined || option === name || value === undefined) {
      continue;
    }
    throw new RangeError(
      `Cannot ${doing}: ${name} is the name of a flag, in the library it is ` +
        option,
    );
  }
}
