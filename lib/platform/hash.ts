/** SHA-256, by the web's own function, which every runtime has. */

/**
 * The SHA-256 of bytes or of a text in UTF-8, in hexadecimal digits.
 *
 * @throws {Error} in browsers whose page came over plain `http:` from another
 *   machine
 */
export async function sha256(
  ...parts: readonly (string | ArrayBufferView<ArrayBuffer>)[]
): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new Error(
      "Cannot compute a hash: the page is not secure, serve it over https or " +
        "from localhost",
    );
  }
  const bytes = await new Blob([...parts]).arrayBuffer();
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(
    new Uint8Array(hash),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}
