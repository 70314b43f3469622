/** Spikes and trials of a MATLAB file. */
import { ModelFileError } from "../../errors.ts";
import { decodeMat, type MatValue, text, vector } from "../../mat5/mod.ts";
import { arrayTables } from "./arrays.ts";
import type { SpikeTables, TableColumn } from "./types.ts";

/** Whether bytes begin as those of a MATLAB file do. */
export function isMat(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(0, 7)) === "MATLAB ";
}

/**
 * Reads spikes and trials. Texts are cells, rows of characters or strings that
 * Python's writers make; trials and units of `simulate` count from 1.
 *
 * @param bytes of a MATLAB file, level 5 (`save -v7`)
 * @throws {ModelFileError} if it is damaged, or an array is missing or of
 *   another length than it should be
 */
export function matTables(bytes: Uint8Array): SpikeTables {
  const values = valuesOf(bytes);
  return arrayTables({
    first: 1,
    names: [...values.keys()],
    numbers: (name) => numbersOf(name, values.get(name)!),
    shape(name) {
      const value = values.get(name)!;
      return value.kind === "opaque" ? [] : value.dims;
    },
    column: (name) => columnOf(name, values.get(name)!),
  });
}

function valuesOf(bytes: Uint8Array): ReadonlyMap<string, MatValue> {
  try {
    return decodeMat(bytes);
  } catch (error) {
    throw new ModelFileError(reasonOf(error), { cause: error });
  }
}

function numbersOf(name: string, value: MatValue): Float64Array {
  try {
    return vector(value);
  } catch (error) {
    throw unreadable(name, error);
  }
}

function columnOf(name: string, value: MatValue): TableColumn {
  try {
    if (value.kind === "cell") return value.cells.map(text);
    if (value.kind === "char") return value.rows.map((row) => row.trimEnd());
    return Array.from(vector(value));
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(name: string, error: unknown): ModelFileError {
  return new ModelFileError(`its ${name} cannot be read: ${reasonOf(error)}`, {
    cause: error,
  });
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : `${error}`;
  return said.replace(/^Cannot [^:]*: /, "");
}
