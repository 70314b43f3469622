/** Tables as comma-separated values. */

/** A field: a text, a number, a truth value, or nothing. */
export type CsvCell = string | number | boolean | null;

/**
 * Writes a table as comma-separated values (RFC 4180, with line feeds): a
 * header, then one line for each row. Fields with commas, quotes, line ends or
 * spaces at their ends are quoted; null is an empty field. A text that a
 * spreadsheet would take for a formula (it begins with `=`, `+`, `-` or `@`)
 * gets an apostrophe before it; numbers stay as they are.
 *
 * @param rows fields by the names of columns
 * @param head names of the columns; defaults to those of the first row
 * @returns the text of the file; empty for no columns
 */
export function toCsv(
  rows: readonly Readonly<Record<string, CsvCell>>[],
  head: readonly string[] = Object.keys(rows[0] ?? {}),
): string {
  if (head.length === 0) return "";
  const lines = [head, ...rows.map((row) => head.map((name) => row[name]))];
  return lines.map((line) => line.map(csvField).join(",") + "\n").join("");
}

/** Signs by which a spreadsheet takes a text for a formula, and runs it. */
const formula = /^[=+\-@\t\r]/;

/** Numbers as the command line takes them, one or several. */
const numbers = /^[-+]?[\d.]+(e[-+]?\d+)?( [-+]?[\d.]+(e[-+]?\d+)?)*$/i;

function csvField(cell: CsvCell): string {
  if (cell === null) return "";
  const plain = String(cell);
  // An apostrophe is how spreadsheets are told that a text is one.
  const text = typeof cell === "string" && formula.test(plain) &&
      !numbers.test(plain)
    ? `'${plain}`
    : plain;
  return /[",\r\n]|^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
