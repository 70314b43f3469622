/** Values and messages of others' code, made fit for one line of ours. */

const longest = 200;

/**
 * A value as it may stand in an error message: short, on one line, without
 * control characters, whatever the value is.
 */
export function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (value === null || typeof value !== "object") {
    return typeof value === "string"
      ? JSON.stringify(oneLine(value))
      : oneLine(String(value));
  }
  if (ArrayBuffer.isView(value)) {
    return `a ${Object.prototype.toString.call(value).slice(8, -1)}`;
  }
  try {
    return oneLine(JSON.stringify(value) ?? "an object");
  } catch {
    // Cycles and BigInts cannot be written as JSON.
    return Array.isArray(value) ? "a list" : "an object";
  }
}

/** Text without escape sequences and line breaks, shortened. */
export function oneLine(text: string): string {
  const plain = withoutColours(text.slice(0, 20 * longest))
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return plain.length > longest ? plain.slice(0, longest - 1) + "…" : plain;
}

/** Text without the escape sequences of colours. */
export function withoutColours(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
