/**
 * Text that moves nothing on a terminal: names, errors and plans come from files
 * that others made, and a terminal obeys what stands in them.
 */

/**
 * What a terminal takes for orders: C0 but for tab and line feed, delete, C1,
 * marks that turn the direction of text, separators of lines and paragraphs.
 */
const orders =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Text with every order to a terminal written out, as in `\u001b`. Line feeds
 * and tabs stay.
 */
export function printable(text: string): string {
  return text.replace(orders, writtenOut);
}

/** The same for text that is one line or cell: line feeds and tabs too. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, writtenOut);
}

/** As JSON writes a character that it escapes. */
function writtenOut(character: string): string {
  return "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0");
}
