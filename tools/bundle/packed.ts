/** Large parts of a bundle: packed texts, which cost nothing until they are used. */
import { inflateRawSync } from "node:zlib";

/** The text that was packed. */
export function unpacked(packed: string): string {
  const bytes = Uint8Array.fromBase64(packed);
  return new TextDecoder().decode(inflateRawSync(bytes));
}

/** Loads a module from its text. */
export async function moduleOf(text: string): Promise<Record<string, unknown>> {
  const url = URL.createObjectURL(
    new Blob([text], { type: "text/javascript" }),
  );
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
