/** A stimulus from a file: `u`, channels×columns, in a file of MATLAB or NumPy, or safetensors. */
import { ModelFileError } from "../errors.ts";
import { fileTrouble } from "../formats/atomic.ts";
import {
  decodeNamedArrays,
  type NamedArray,
  type NamedArrays,
} from "../formats/named_arrays.ts";
import type { StimulusTrial } from "../simulate/requests.ts";

/** Largest file that is read, in bytes. */
const largest = 2 ** 28;

/**
 * Reads a stimulus: a matrix of channels by columns, or a vector for one
 * channel. Floats are rounded to float32; integers must be exact in it.
 *
 * @param path of a .mat, .npz, .npy or .safetensors file
 * @param channels of the network, for advice on a matrix that is turned
 * @throws {ModelFileError} if the file cannot be read or holds no such `u`
 */
export async function readStimulus(
  path: string,
  channels?: number,
): Promise<StimulusTrial> {
  try {
    const { data, shape, type } = stimulusOf(
      decodeNamedArrays(await readBytes(path), path),
    );
    if (/int/.test(type)) checkExact(Array.from(data), type);
    const columns = columnsOf(shape);
    if (shape[0] !== channels && shape.length === 2 && columns === channels) {
      throw new ModelFileError(
        `its u is ${shape.join("×")}, the network has ${channels} channels; ` +
          "transpose it (channels by steps)",
      );
    }
    return { inputs: Float32Array.from(Array.from(data, Number)), columns };
  } catch (error) {
    throw new ModelFileError(
      `Cannot read the stimulus ${path}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  const { size } = await Deno.stat(path);
  if (size > largest) {
    throw new ModelFileError(`${size} bytes, at most ${largest}`);
  }
  return await Deno.readFile(path);
}

/** The array u, or the one of a .npy; of MATLAB's a column is a vector. */
function stimulusOf(arrays: NamedArrays): NamedArray {
  const u = arrays.get(arrays.names[0] === "" ? "" : "u");
  if (!u) {
    throw new ModelFileError(
      `it holds no array u (channels by steps), it holds ${
        arrays.names.slice(0, 12).join(", ") || "nothing"
      }`,
    );
  }
  if (arrays.format !== "mat") return u;
  const { shape } = u;
  const last = shape.findLastIndex((size, d) => size !== 1 || d < 1);
  return { ...u, shape: shape.slice(0, last + 1) };
}

/** @throws {ModelFileError} for an integer that float32 would round */
function checkExact(
  integers: Iterable<number | bigint>,
  type: string,
): void {
  for (const integer of integers) {
    const single = Math.fround(Number(integer));
    const exact = typeof integer === "bigint"
      ? BigInt(single) === integer
      : single === integer;
    if (exact) continue;
    throw new ModelFileError(
      `its u is ${type} and holds ${integer}, which float32 does not hold ` +
        "exactly; save u as float64 (MATLAB: double) to have it rounded",
    );
  }
}

function columnsOf(shape: readonly number[]): number {
  if (shape.length !== 1 && shape.length !== 2) {
    throw new ModelFileError(
      `its u has ${shape.length} dimensions, 2 are needed (channels by ` +
        "steps), or 1 for one channel",
    );
  }
  return shape.at(-1)!;
}
