/**
 * A model file's variables as arrays for other languages, and back: what is
 * edited there is written into the file, everything else stays as it was.
 */
import { files } from "../platform/files.ts";
import { ModelFileError } from "../errors.ts";
import { writeAtomic } from "../formats/atomic.ts";
import { decodeModel, modelBytes, readModel } from "../formats/model_file.ts";
import { encodeSpiking, isSpikingField } from "../formats/model/spiking.ts";
import { decodeNpz, encodeNpz, type NpzEntry } from "../formats/npz.ts";
import {
  decodeMat,
  describe,
  encodeMat,
  logical,
  type MatNumeric,
  type MatValue,
  numeric,
} from "../mat5/mod.ts";
import { decayTimeConstants, effectiveWeights } from "../network/effective.ts";

/** What of a model is text, and what follows from its arrays. */
export interface ModelTexts {
  /** Variables that are one row of text, by name. */
  readonly texts: Readonly<Record<string, string>>;
  /** Number of layers. */
  readonly layers: number;
}

/**
 * Writes a model's numeric and logical variables as an `.npz` file.
 *
 * An array of R×C there has the sizes C×R and the order of the MATLAB file,
 * columns first: its transpose is the variable. What the network amounts to is
 * there too, for each layer l: `effective/w_l`, effective weights (N×N, row =
 * postsynaptic unit, not transposed), and `effective/taus_l`, decay time
 * constants (N, in steps).
 *
 * @param path of the model
 * @param to the file to write
 * @returns the variables that are text
 * @throws {ModelFileError} if the file cannot be read, or is no model
 */
export async function writeModelArrays(
  path: string,
  to: string,
): Promise<ModelTexts> {
  const { network } = await readModel(path);
  const variables = decodeMat(await modelBytes(path));
  const arrays: Record<string, NpzEntry> = {};
  const texts: Record<string, string> = {};
  for (const [name, value] of variables) {
    if (value.kind === "char" && value.rows.length <= 1) {
      texts[name] = value.rows[0] ?? "";
    } else if (value.kind === "logical") {
      arrays[name] = { data: value.data, shape: value.dims.toReversed() };
    } else if (value.kind === "numeric" && !value.imaginary) {
      arrays[name] = {
        data: npyData(value.data),
        shape: value.dims.toReversed(),
      };
    }
  }
  for (const [l, { size }] of network.layers.entries()) {
    arrays[`effective/w_${l}`] = {
      data: effectiveWeights(network, l),
      shape: [size, size],
    };
    arrays[`effective/taus_${l}`] = { data: decayTimeConstants(network, l) };
  }
  await writeAtomic(to, encodeNpz(arrays));
  return { texts, layers: network.layers.length };
}

/**
 * Writes a model again with other values of some variables. The result is
 * checked as any model is, and the spiking network as it runs follows from it.
 *
 * @param path of the model
 * @param edited an `.npz` file with the new values, in the order of
 *   {@linkcode writeModelArrays}; a variable keeps its class, a new one has its
 *   array's
 * @param to the file to write
 * @throws {ModelFileError} if a file cannot be read, or what comes out is no
 *   model: the message names the variable
 */
export async function editModelArrays(
  path: string,
  edited: string,
  to: string,
): Promise<void> {
  const variables = new Map(decodeMat(await modelBytes(path)));
  for (const [name, array] of decodeNpz(await files.readFile(edited))) {
    const dims = array.shape.toReversed();
    if (isSpikingField(name)) {
      throw new ModelFileError(
        `Cannot edit ${name}: it follows from the other fields, edit w, w_in, ` +
          "w_out, taus_gaus or opt_scaling_factor",
      );
    }
    const old = variables.get(name);
    if (old && (old.kind !== "numeric" && old.kind !== "logical")) {
      throw new ModelFileError(
        `Cannot edit ${name}: it is ${
          describe(old)
        } in the file, allowed are ` +
          "arrays of numbers",
      );
    }
    if (old && `${old.dims}` !== `${dims}`) {
      throw new ModelFileError(
        `Cannot edit ${name}: received ${dims.join("x")}, the file has ` +
          old.dims.join("x"),
      );
    }
    variables.set(name, likewise(old, array.data, dims, array.type === "bool"));
  }
  const model = decodeModel(encodeMat(variables));
  if ([...variables.keys()].some(isSpikingField)) {
    encodeSpiking(variables, model);
  }
  await writeAtomic(to, encodeMat(variables));
}

type Data = MatNumeric["data"];

/** Numbers in the class of the variable that they replace. */
function likewise(
  old: MatValue | undefined,
  data: Exclude<Data, BigInt64Array | BigUint64Array>,
  dims: readonly number[],
  flags: boolean,
): MatValue {
  if (old ? old.kind === "logical" : flags) return logical(data, dims);
  if (old?.kind !== "numeric") return numeric(data, dims);
  if (old.data instanceof BigInt64Array) {
    return numeric(BigInt64Array.from(data, BigInt), dims);
  }
  if (old.data instanceof BigUint64Array) {
    return numeric(BigUint64Array.from(data, BigInt), dims);
  }
  const { constructor } = old.data as Float64Array;
  return numeric((constructor as Float64ArrayConstructor).from(data), dims);
}

/** Numbers in a type that NumPy files have here. */
function npyData(data: Data): Extract<NpzEntry, { data: unknown }>["data"] {
  if (
    data instanceof Float32Array || data instanceof Float64Array ||
    data instanceof Int32Array || data instanceof Uint32Array
  ) return data;
  return Float64Array.from(data as ArrayLike<number>, Number);
}
