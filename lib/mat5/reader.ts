/** Reads MATLAB level 5 files (`save -v6` and `-v7`), of either byte order. */
import { decodeChar, decodeName } from "./characters.ts";
import { inflate } from "./compressed.ts";
import {
  Budget,
  Elements,
  unreadable,
  unsupported,
  UnsupportedError,
} from "./elements.ts";
import { isLittleEndian } from "./header.ts";
import {
  arrayClass,
  defaultBudget,
  elementCount,
  elementType,
  headerLength,
} from "./layout.ts";
import { decodeNumeric, decodeSparse } from "./numbers.ts";
import type { MatCell, MatStruct, MatValue } from "./types.ts";

/** Cells and structures within each other. */
const maxDepth = 64;
/** What a value costs beside its numbers, in bytes; an estimate. */
const valueCost = 512;

/** How a file is read. */
export interface DecodeOptions {
  /**
   * Memory that the content may need, in bytes. Defaults to 64 MiB plus 16
   * times the length of the file.
   */
  readonly maxBytes?: number;
  /**
   * Called with a sentence about each variable that could only be kept as bytes
   * (`MatOpaque`), or not at all.
   */
  readonly onRemark?: (remark: string) => void;
}

/** A named variable. */
interface Variable {
  readonly name: string;
  readonly value: MatValue;
}

/**
 * Reads the variables of a MATLAB file, in its order. If a name occurs twice,
 * the last one counts, as in MATLAB, Octave and SciPy.
 *
 * A valid variable of an unknown kind (such as a structure with two fields of
 * one name) becomes a `MatOpaque`; from a big-endian file it is left out, since
 * its bytes cannot be converted. `onRemark` is called for each of these.
 *
 * Source: MATLAB "MAT-File Format", level 5.
 *
 * @throws {ModelFileError} if the bytes are not a valid level 5 file; the
 * message says what they are if that is known (MATLAB 7.3, version 4, Octave's
 * own formats)
 */
export function decodeMat(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Map<string, MatValue> {
  const littleEndian = isLittleEndian(bytes);
  const budget = new Budget(options.maxBytes ?? defaultBudget(bytes.length));
  const file = new Elements(
    bytes.subarray(headerLength),
    littleEndian,
    budget,
  );
  const variables = new Map<string, MatValue>();
  while (!file.done) {
    const { name, value } = nextVariable(file, options.onRemark);
    // An unnamed matrix at this level is MATLAB's own bookkeeping for objects.
    if (name !== "" && value) variables.set(name, value);
  }
  return variables;
}

/** The next variable of a file, unpacked if it is compressed; no value if it has to be left out. */
function nextVariable(
  file: Elements,
  onRemark: DecodeOptions["onRemark"],
): { readonly name: string; readonly value?: MatValue } {
  const { littleEndian, budget } = file;
  let element = file.next("a variable");
  let unpacked = 0;
  if (element.type === elementType.compressed) {
    const content = inflate(element.data, littleEndian, budget);
    unpacked = content.length;
    budget.charge(unpacked);
    element = new Elements(content, littleEndian, budget)
      .next("a compressed variable");
  }
  if (element.type !== elementType.matrix) {
    throw unreadable(
      `received an element of type ${element.type} where a variable was expected`,
    );
  }
  try {
    return decodeMatrix(element.data, littleEndian, budget, 0);
  } catch (error) {
    if (!(error instanceof UnsupportedError)) throw error;
    const { name, value } = carriedAlong(element.data, littleEndian, budget);
    const reason = error.message.replace(/^.*?: received /, "");
    if (name !== "") {
      onRemark?.(
        `variable ${JSON.stringify(name)} is ` +
          `${value ? "kept as it is, and not read" : "left out"} (${reason})`,
      );
    }
    return { name, value };
  } finally {
    budget.refund(unpacked);
  }
}

/** An array by its name and its bytes, which mean the same in a little-endian file only. */
function carriedAlong(
  content: Uint8Array,
  littleEndian: boolean,
  budget: Budget,
): { readonly name: string; readonly value?: MatValue } {
  const parts = new Elements(content, littleEndian, budget);
  const classNumber = parts.integers("array flags", 2)[0] & 0xff;
  if (classNumber !== arrayClass.opaque) decodeDims(parts);
  const name = decodeName(parts.next("a name").data);
  if (!littleEndian) return { name };
  budget.charge(content.length);
  return {
    name,
    value: {
      kind: "opaque",
      class: classNumber,
      content: new Uint8Array(content),
    },
  };
}

/** Reads one array from the content of its element. */
function decodeMatrix(
  content: Uint8Array,
  littleEndian: boolean,
  budget: Budget,
  depth: number,
): Variable {
  budget.charge(valueCost);
  if (content.length === 0) {
    return {
      name: "",
      value: {
        kind: "numeric",
        class: "double",
        dims: [0, 0],
        data: new Float64Array(),
      },
    };
  }
  if (depth > maxDepth) {
    throw unreadable(
      `received cells or structures nested more than ${maxDepth} deep`,
    );
  }
  const parts = new Elements(content, littleEndian, budget);
  const flagWords = parts.integers("array flags", 2);
  const classNumber = flagWords[0] & 0xff;
  const flags = (flagWords[0] >>> 8) & 0xff;
  if (isCarriedAlong(classNumber)) {
    const { name, value } = carriedAlong(content, littleEndian, budget);
    if (value) return { name, value };
    throw unsupported("received an object in a big-endian file");
  }
  const dims = decodeDims(parts);
  const name = decodeName(parts.next("a name").data);
  const shown = name === "" ? "an unnamed value" : JSON.stringify(name);
  const nested = (what: string): MatValue => {
    const { type, data } = parts.next(what);
    if (type !== elementType.matrix) {
      throw unreadable(`received data of type ${type} for ${what}`);
    }
    return decodeMatrix(data, littleEndian, budget, depth + 1).value;
  };
  let value: MatValue;
  switch (classNumber) {
    case arrayClass.cell:
      value = decodeCell(dims, () => nested(`a cell of ${shown}`));
      break;
    case arrayClass.struct:
      value = decodeStruct(parts, dims, shown, nested);
      break;
    case arrayClass.char: {
      const element = elementCount(dims) === 0 && parts.done
        ? { type: elementType.utf16, data: new Uint8Array() }
        : parts.next(shown);
      budget.charge(8 * element.data.length);
      value = decodeChar(element, dims, littleEndian, shown);
      break;
    }
    case arrayClass.sparse:
      value = decodeSparse(parts, dims, flags, shown);
      break;
    default:
      value = decodeNumeric(parts, classNumber, dims, flags, shown);
  }
  return { name, value };
}

function isCarriedAlong(classNumber: number): boolean {
  return classNumber === arrayClass.object ||
    classNumber === arrayClass.functionHandle ||
    classNumber === arrayClass.opaque;
}

function decodeDims(parts: Elements): number[] {
  const dims = Array.from(parts.integers("array sizes"));
  if (
    dims.length < 2 || dims.length > 32 || dims.some((size) => size < 0) ||
    elementCount(dims) > 2 ** 48
  ) {
    throw unreadable(
      `received array sizes ${
        dims.slice(0, 8).join("x") || "(none)"
      }, allowed are 2 to 32 sizes that are not negative`,
    );
  }
  return dims;
}

function decodeCell(dims: number[], next: () => MatValue): MatCell {
  const count = elementCount(dims);
  const cells: MatValue[] = [];
  while (cells.length < count) cells.push(next());
  return { kind: "cell", dims, cells };
}

function decodeStruct(
  parts: Elements,
  dims: number[],
  shown: string,
  nested: (what: string) => MatValue,
): MatStruct {
  const [nameLength] = parts.integers(`the field names of ${shown}`, 1);
  const { data: names } = parts.next(`the field names of ${shown}`);
  if (nameLength < 1 || names.length % nameLength !== 0) {
    throw unreadable(
      `received ${names.length} bytes of field names of ${nameLength} each in ${shown}`,
    );
  }
  const fields = new Map<string, MatValue[]>();
  for (let at = 0; at < names.length; at += nameLength) {
    parts.budget.charge(valueCost);
    const field = decodeName(names.subarray(at, at + nameLength));
    if (fields.has(field)) {
      throw unsupported(
        `received field ${JSON.stringify(field)} twice in ${shown}`,
      );
    }
    fields.set(field, []);
  }
  const count = fields.size === 0 ? 0 : elementCount(dims);
  for (let element = 0; element < count; element++) {
    for (const [field, values] of fields) {
      values.push(nested(`field ${JSON.stringify(field)} of ${shown}`));
    }
  }
  return { kind: "struct", dims, fields };
}
