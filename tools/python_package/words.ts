/** Texts of the command line in the words of Python: parameters in place of flags. */
import { parameter } from "./functions.ts";

/** What only a command line does, in the words of its descriptions. */
const terminalOnly: readonly RegExp[] = [
  / ?Flags may be written [^]*?--flag=value\./,
  / ?For several models, [^]*?their mean\./,
  / ?Without a file: [^]*?--mode eval\./,
  / ?\(needs --allow-net=127\.0\.0\.1\)/,
  / ?Needs --allow-net=127\.0\.0\.1\./,
  /^a model file, or a folder, [^]*?; then \w+: /,
];

/**
 * A text as Python's documentation has it.
 *
 * @param text of a command or a setting
 */
export function inPython(text: string): string {
  return terminalOnly.reduce((rest, part) => rest.replace(part, ""), text)
    .replace(
      /(?<![\w-])--([a-z]\w*(?:-[a-z]\w*)*)/gi,
      (_, name) => parameter(name),
    );
}
