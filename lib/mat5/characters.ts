/** Text in a MATLAB file: names, and character arrays in their several encodings. */
import { type Element, unreadable } from "./elements.ts";
import { elementCount, elementType } from "./layout.ts";
import type { MatChar } from "./types.ts";

/** Bytes as UTF-8 where they are, else one character a byte. */
function decodeBytes(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes);
  } catch {
    return decodeLatin1(bytes);
  }
}

function decodeLatin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** A name, up to the first zero byte. */
export function decodeName(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decodeBytes(end < 0 ? bytes : bytes.subarray(0, end));
}

/** The characters of an element, by its type. */
function decodeCharacters(
  { type, data }: Element,
  littleEndian: boolean,
  name: string,
): string {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  switch (type) {
    case elementType.int8:
    case elementType.uint8:
      return decodeLatin1(data);
    case elementType.utf8:
      return decodeBytes(data);
    case elementType.uint16:
    case elementType.utf16: {
      if (data.length % 2 === 1) break;
      return new TextDecoder(littleEndian ? "utf-16le" : "utf-16be", {
        ignoreBOM: true,
      }).decode(data);
    }
    case elementType.utf32: {
      if (data.length % 4 !== 0) break;
      const points: string[] = [];
      for (let at = 0; at < data.length; at += 4) {
        const point = view.getUint32(at, littleEndian);
        if (point > 0x10ffff) {
          throw unreadable(
            `received character ${point} in ${name}, allowed are up to 0x10ffff`,
          );
        }
        points.push(String.fromCodePoint(point));
      }
      return points.join("");
    }
  }
  throw unreadable(
    `received ${data.length} bytes of type ${type} for the text ${name}`,
  );
}

/**
 * A character array. Writers disagree on what the sizes count: UTF-16 units
 * (MATLAB), code points (scipy) or bytes (Octave).
 */
export function decodeChar(
  element: Element,
  dims: readonly number[],
  littleEndian: boolean,
  name: string,
): MatChar {
  const count = elementCount(dims);
  if (count === 0) return { kind: "char", dims, rows: [] };
  const characters = decodeCharacters(element, littleEndian, name);
  const rowCount = dims[0];
  if (rowCount === 1 && dims.length === 2) {
    if (
      characters.length !== count && [...characters].length !== count &&
      element.data.length !== count
    ) {
      throw unreadable(
        `received ${characters.length} characters for the text ${name}, expected ${count}`,
      );
    }
    return {
      kind: "char",
      dims: [1, characters.length],
      rows: [characters],
    };
  }
  const units = characters.length === count ? characters : [...characters];
  if (units.length !== count) {
    throw unreadable(
      `received ${characters.length} characters for the text ${name}, expected ${
        dims.join("x")
      }`,
    );
  }
  const columns = count / rowCount;
  const rows = Array.from({ length: rowCount }, (_, row) => {
    let line = "";
    for (let column = 0; column < columns; column++) {
      line += units[column * rowCount + row];
    }
    return line;
  });
  return { kind: "char", dims: [rowCount, columns], rows };
}
