/** A stimulus from a file: `u`, channels×columns, in a file of MATLAB or NumPy, or safetensors. */
import { ModelFileError } from "../errors.ts";
import { fileTrouble } from "../formats/atomic.ts";
import { decodeMat, matrix } from "../mat5/mod.ts";
import { decodeNpy, decodeNpz } from "../formats/npz.ts";
import { decodeSafeTensors } from "../formats/safetensors.ts";
import type { StimulusTrial } from "../simulate/requests.ts";

/** Largest file that is read, in bytes. */
const largest = 2 ** 28;

/** Numbers of a stimulus, row-major, and sizes. */
interface Numbers {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/**
 * Reads a stimulus: a matrix of channels by columns, or a vector for one
 * channel. Floats are rounded to float32; integers must be exact in it.
 *
 * @throws {ModelFileError} if the file cannot be read or holds no such `u`
 */
export async function readStimulus(path: string): Promise<StimulusTrial> {
  try {
    const { data, shape } = numbersOf(path, await readBytes(path));
    return { inputs: Float32Array.from(data), columns: columnsOf(shape) };
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

function numbersOf(path: string, bytes: Uint8Array): Numbers {
  const ending = /\.(npz|npy|safetensors)$/i.exec(path)?.[1].toLowerCase();
  if (ending === "safetensors") {
    const u = decodeSafeTensors(bytes).tensors.get("u");
    if (!u) {
      throw new ModelFileError("it holds no tensor u (channels by steps)");
    }
    const type = u.data[Symbol.toStringTag].replace("Array", "").toLowerCase();
    if (/int/.test(type)) checkExact(u.data, type);
    return { data: Array.from(u.data, Number), shape: u.shape };
  }
  if (ending !== undefined) {
    const u = ending === "npy"
      ? decodeNpy(bytes)
      : decodeNpz(bytes, { names: ["u"] }).get("u");
    if (!u) throw new ModelFileError("it holds no array u (channels by steps)");
    if (/int/.test(u.type)) checkExact(u.data, u.type);
    return u;
  }
  const u = decodeMat(bytes).get("u");
  if (!u) {
    throw new ModelFileError("it holds no variable u (channels by steps)");
  }
  if (u.kind === "numeric" && /int/.test(u.class)) checkExact(u.data, u.class);
  const { data, rows, columns } = matrix(u);
  // MATLAB has no vectors: a column of numbers is one channel, not one step.
  const shape = columns === 1 ? [rows] : [rows, columns];
  return { data, shape };
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
