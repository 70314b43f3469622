/** A variable of a MATLAB file whose numbers are written after what stands before them. */
import { align8, arrayClass, elementType } from "./layout.ts";
import { element, encodeName, tag } from "./writer.ts";

/** Bytes of a variable at most: MATLAB, Octave and SciPy read no more. */
export const largestVariable = 2 ** 31 - 2 ** 10;

/**
 * What stands before the numbers of a variable in single precision. They follow in
 * column-major order, and zeros up to a multiple of 8 bytes.
 *
 * @throws {RangeError} if the variable is larger than 2 GiB, or has no such name
 */
export function singleBeginning(
  name: string,
  dims: readonly number[],
): Uint8Array<ArrayBuffer> {
  const bytes = 4 * dims.reduce((product, size) => product * size, 1);
  if (bytes > largestVariable) {
    throw new RangeError(
      `Cannot write a MATLAB file: ${name} would have ${bytes} bytes, ` +
        `allowed are ${largestVariable} in one variable`,
    );
  }
  // Up to four bytes would go into the tag.
  if (bytes <= 4) {
    throw new RangeError(
      `Cannot write ${name} of a MATLAB file in pieces: it is too small`,
    );
  }
  const parts = [
    ...element(elementType.uint32, Uint32Array.of(arrayClass.single, 0)),
    ...element(elementType.int32, Int32Array.from(dims)),
    ...element(elementType.int8, encodeName(name)),
    tag(elementType.single, bytes),
  ];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all = [tag(elementType.matrix, length + align8(bytes)), ...parts];
  const beginning = new Uint8Array(8 + length);
  let at = 0;
  for (const part of all) {
    beginning.set(part, at);
    at += part.length;
  }
  return beginning;
}
