/** A stimulus from a file: `u`, channels×columns, in a .mat or .npz file. */
import { ModelFileError } from "../errors.ts";
import { fileTrouble } from "../formats/atomic.ts";
import { decodeMat, matrix } from "../formats/mat5.ts";
import { decodeNpz } from "../formats/npz.ts";
import type { StimulusTrial } from "../spiking/trials.ts";

/** Largest file that is read, in bytes. */
const largest = 2 ** 28;

/**
 * Reads a stimulus.
 *
 * @throws {ModelFileError} where the file cannot be read or holds no such `u`
 */
export async function readStimulus(path: string): Promise<StimulusTrial> {
  const fail = (reason: string, cause?: unknown) =>
    new ModelFileError(
      `Cannot read the stimulus ${path}: ${reason}`,
      { cause },
    );
  let bytes: Uint8Array;
  try {
    const { size } = await Deno.stat(path);
    if (size > largest) {
      throw fail(`${size} bytes, at most ${largest}`);
    }
    bytes = await Deno.readFile(path);
  } catch (error) {
    if (error instanceof ModelFileError) throw error;
    throw fail(fileTrouble(error), error);
  }
  if (/\.npz$/i.test(path)) {
    const u = decodeNpz(bytes).get("u");
    if (!u) throw fail("it holds no array u (channels by steps)");
    if (u.shape.length !== 2) {
      throw fail(`its u has ${u.shape.length} dimensions, 2 are needed`);
    }
    return { inputs: Float32Array.from(u.data), columns: u.shape[1] };
  }
  const u = decodeMat(bytes).get("u");
  if (!u) throw fail("it holds no variable u (channels by steps)");
  try {
    const { data, columns } = matrix(u);
    return { inputs: Float32Array.from(data), columns };
  } catch (error) {
    throw fail(error instanceof Error ? error.message : String(error), error);
  }
}
