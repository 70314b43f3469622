/**
 * Named arrays of numbers of other programs: files of MATLAB, NumPy and
 * safetensors, told apart by what is in them rather than by their names.
 */
import { ModelFileError } from "../errors.ts";
import {
  describe,
  matrix,
  type MatValue,
  type NumericArray,
} from "../mat5/mod.ts";
import { decodeMat } from "../mat5/reader.ts";
import { elementCount } from "../mat5/layout.ts";
import { isHdf5 } from "./hdf5.ts";
import { decodeNpy } from "./npz/npy_read.ts";
import { decodeZip } from "./npz/zip.ts";
import { rowMajor } from "./row_major.ts";
import { decodeSafeTensors } from "./safetensors.ts";

/** Formats of the files that are read, by the endings of their names. */
export type ArrayFormat = "mat" | "npz" | "npy" | "safetensors";

/** An array of numbers, row-major. */
export interface NamedArray {
  /** Its numbers; truth values are 0 and 1. */
  readonly data: ArrayLike<number | bigint>;
  /** Its sizes; none for a single number. */
  readonly shape: readonly number[];
  /** Type of its numbers, such as float64, double or bool. */
  readonly type: string;
}

/** The arrays of a file, each read when it is asked for. */
export interface NamedArrays {
  /** Format of the file. */
  readonly format: ArrayFormat;
  /**
   * Their names, those of other content included; fields of a structure as
   * `net.w`. The one array of a .npy has an empty one.
   */
  readonly names: readonly string[];
  /**
   * @returns undefined if there is none of that name
   * @throws {ModelFileError} if it holds something else than real numbers
   */
  get(name: string): NamedArray | undefined;
}

/** Endings of the files that are read. */
const endings = /\.(mat|npz|npy|safetensors)$/i;

/**
 * Reads the arrays of a .mat (level 5), .npz, .npy or .safetensors file.
 *
 * @param bytes of the file
 * @param path of the file, whose ending counts if its content tells nothing
 * @throws {ModelFileError} if it is none of them, or damaged
 */
export function decodeNamedArrays(
  bytes: Uint8Array,
  path: string,
): NamedArrays {
  const format = kindOf(bytes) ?? endings.exec(path)?.[1].toLowerCase();
  switch (format) {
    case "mat":
      return ofMat(bytes);
    case "npz":
      return ofNpz(bytes);
    case "npy":
      return ofEntries("npy", new Map([["", bytes]]), decodeNpy);
    case "safetensors":
      return ofEntries(format, decodeSafeTensors(bytes).tensors, (tensor) => ({
        ...tensor,
        type: tensor.data[Symbol.toStringTag].replace("Array", "")
          .toLowerCase(),
      }));
  }
  throw new ModelFileError(
    "it is not a file of MATLAB (.mat), NumPy (.npz, .npy) or safetensors" +
      otherKind(bytes),
  );
}

function kindOf(bytes: Uint8Array): ArrayFormat | undefined {
  const begins = (text: string, at = 0) =>
    Array.from(text).every((letter, k) =>
      bytes[at + k] === letter.charCodeAt(0)
    );
  if (begins("\x93NUMPY")) return "npy";
  if (begins("PK\x03\x04")) return "npz";
  if (begins("IM", 126) || begins("MI", 126)) return "mat";
  return begins('{"', 8) ? "safetensors" : undefined;
}

/** What a file is that holds no arrays, if that is known. */
function otherKind(bytes: Uint8Array): string {
  if (isHdf5(bytes)) return ", but HDF5";
  // The first byte of a pickle, then its version.
  const pickle = bytes[0] === 0x80 && bytes[1] >= 2 && bytes[1] <= 5;
  return pickle ? `, but ${pickled}` : "";
}

/** What to do about files whose content could run. */
const pickled = "a file of pickle or torch.save, which can hold programs; " +
  "save a state_dict by safetensors.torch.save_file, arrays by numpy.savez";

function ofEntries<Entry>(
  format: ArrayFormat,
  entries: ReadonlyMap<string, Entry>,
  decode: (entry: Entry, name: string) => NamedArray,
): NamedArrays {
  return {
    format,
    names: [...entries.keys()],
    get(name) {
      const entry = entries.get(name);
      return entry === undefined ? undefined : decode(entry, name);
    },
  };
}

function ofNpz(bytes: Uint8Array): NamedArrays {
  const members = decodeZip(bytes, 2 ** 26 + 16 * bytes.length);
  if ([...members.keys()].some((name) => /(^|\/)data\.pkl$/.test(name))) {
    throw new ModelFileError(`it is ${pickled}`);
  }
  const arrays = new Map(
    [...members].map(([name, content]) =>
      [name.replace(/\.npy$/, ""), content] as const
    ),
  );
  return ofEntries("npz", arrays, (content, name) => {
    try {
      return decodeNpy(content);
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      throw new ModelFileError(`${error.message} (in ${name})`, {
        cause: error,
      });
    }
  });
}

function ofMat(bytes: Uint8Array): NamedArrays {
  return ofEntries("mat", new Map(variablesOf(decodeMat(bytes))), numbersOf);
}

/** Variables, and the fields of structures among them. */
function* variablesOf(
  variables: Iterable<readonly [string, MatValue]>,
  above = "",
): Generator<readonly [string, MatValue]> {
  for (const [name, value] of variables) {
    if (value.kind !== "struct" || elementCount(value.dims) !== 1) {
      yield [above + name, value];
      continue;
    }
    const fields = [...value.fields].map(([field, [first]]) =>
      [field, first] as const
    );
    yield* variablesOf(fields, `${above}${name}.`);
  }
}

function numbersOf(value: MatValue, name: string): NamedArray {
  if (value.kind === "sparse" && !value.imaginary) {
    const { rows, columns, data } = matrix(value);
    return { data, shape: [rows, columns], type: "double" };
  }
  if (value.kind === "logical") {
    return shaped(value, "logical");
  }
  if (value.kind === "numeric" && !value.imaginary) {
    return shaped(value, value.class);
  }
  throw new ModelFileError(
    `its ${name} is ${describe(value)}, real numbers are needed`,
  );
}

function shaped(
  { data, dims }: {
    readonly data: NumericArray;
    readonly dims: readonly number[];
  },
  type: string,
): NamedArray {
  return { data: rowMajor(data, dims), shape: dims, type };
}
