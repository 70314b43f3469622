/** The fields of a model file, taken one by one and checked for their shape. */
import { ModelFileError } from "../../errors.ts";
import type { FloatArray } from "../../network/types.ts";
import { elementCount } from "../../mat5/layout.ts";
import { describe, matrix, text, vector } from "../../mat5/values.ts";
import type { MatValue, MatVariables } from "../../mat5/types.ts";

/** A field that is missing or wrong. */
class FieldError extends ModelFileError {
  constructor(
    readonly field: string,
    readonly received: string,
    readonly expected: string,
    cause?: unknown,
  ) {
    super(
      `Cannot read the model: field ${
        JSON.stringify(field)
      }: received ${received}, expected ${expected}`,
      { cause },
    );
  }
}

/** Error for a field that is missing or wrong. */
export function fieldError(
  field: string,
  received: string,
  expected: string,
  cause?: unknown,
): FieldError {
  return new FieldError(field, received, expected, cause);
}

/** The fields of a file. Those that are never taken are kept as they are. */
export class Fields {
  readonly #stored: MatVariables;
  readonly #variables: MatVariables;
  #taken = new Set<string>();
  /** Fields that could not be used, and why. */
  readonly #unused = new Map<string, string>();
  readonly #remarks: string[] = [];

  /**
   * @param stored fields as the file has them
   * @param derived fields that the file says in another way, in place of those
   */
  constructor(stored: MatVariables, derived: MatVariables = new Map()) {
    this.#stored = stored;
    this.#variables = new Map([...stored, ...derived]);
  }

  has(field: string): boolean {
    return this.#variables.has(field);
  }

  /** Names of all fields. */
  names(): string[] {
    return [...this.#variables.keys()];
  }

  /** Fields of the file that were not taken. */
  rest(): Map<string, MatValue> {
    return new Map(
      [...this.#stored].filter(([field]) => !this.#taken.has(field)),
    );
  }

  /**
   * Reads something that no network needs. If a field of it is wrong, that is
   * remarked, and there is no result; without a result nothing counts as taken.
   */
  attempt<T>(read: () => T | undefined): T | undefined {
    const taken = new Set(this.#taken);
    let result: T | undefined;
    try {
      result = read();
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      const { field, received, expected } = error;
      this.#unused.set(field, `${received}, expected ${expected}`);
    }
    if (result === undefined) this.#taken = taken;
    return result;
  }

  /** The same for a field that may be missing. */
  attempted<T>(field: string, read: () => T | undefined): T | undefined {
    return this.attempt(() => this.has(field) ? read() : undefined);
  }

  /** Adds a remark on the file. */
  remark(text: string): void {
    this.#remarks.push(text);
  }

  /** What was remarked on the file, one sentence for all fields that are not used. */
  remarks(): string[] {
    const unused = [...this.#unused]
      .map(([field, why]) => `${JSON.stringify(field)} (${why})`);
    return unused.length === 0 ? this.#remarks : [
      ...this.#remarks,
      `not used, and kept as it is: ${unused.join("; ")}`,
    ];
  }

  /** Takes a field whose content is known from elsewhere. */
  skip(field: string): void {
    this.#taken.add(field);
  }

  #take(field: string, expected: string): MatValue {
    const value = this.#variables.get(field);
    if (value === undefined) throw fieldError(field, "no such field", expected);
    this.#taken.add(field);
    return value;
  }

  /** Numbers in the file's order with the value's sizes; single stays single. */
  #floats(
    field: string,
    expected: string,
  ): { data: FloatArray; value: MatValue } {
    const value = this.#take(field, expected);
    const kept = value.kind === "numeric" && !value.imaginary &&
      value.data instanceof Float32Array;
    try {
      return { data: kept ? value.data as Float32Array : vector(value), value };
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) {
        throw error;
      }
      throw fieldError(field, describe(value), expected, error);
    }
  }

  /** A rows×columns matrix of numbers, row-major; either size is free when left out. */
  matrix(
    field: string,
    rows: number | undefined,
    columns: number | undefined,
    what: string,
  ): { rows: number; columns: number; data: FloatArray } {
    const expected = `${rows ?? "n"}x${columns ?? "n"} ${what}`;
    const { data, value } = this.#floats(field, expected);
    if (value.kind === "opaque" || value.dims.length !== 2) {
      throw fieldError(field, describe(value), expected);
    }
    const [r, c] = value.dims;
    if (r !== (rows ?? r) || c !== (columns ?? c)) {
      throw fieldError(field, describe(value), expected);
    }
    if (value.kind === "sparse") return matrix(value);
    if (r === 1 || c === 1) return { rows: r, columns: c, data };
    const turned = data.slice();
    for (let column = 0, from = 0; column < c; column++) {
      for (let row = 0; row < r; row++, from++) {
        turned[row * c + column] = data[from];
      }
    }
    return { rows: r, columns: c, data: turned };
  }

  /** A row or column of `length` numbers, or of any length. */
  vector(field: string, length: number | undefined, what: string): FloatArray {
    const expected = `${length ?? "n"} ${what}`;
    const { data, value } = this.#floats(field, expected);
    if (
      !isLine(value) && data.length > 0 ||
      data.length !== (length ?? data.length)
    ) {
      throw fieldError(field, describe(value), expected);
    }
    return data;
  }

  /** A row of `length` numbers as a column; `undefined` if the field is no such row. */
  line(
    field: string,
    length: number,
  ): { columns: 1; data: FloatArray } | undefined {
    const value = this.#variables.get(field);
    const isRow = value !== undefined && value.kind !== "opaque" &&
      isLine(value) && value.dims[0] === 1 &&
      elementCount(value.dims) === length;
    if (!isRow || length === 1) return undefined;
    return { columns: 1, data: this.vector(field, length, "numbers") };
  }

  /** Numbers of an array of any sizes in the file's order, `dims` without trailing 1s. */
  array(
    field: string,
    dims: readonly number[],
    what: string,
  ): FloatArray {
    const expected = `${dims.join("x")} ${what}`;
    const { data, value } = this.#floats(field, expected);
    const received = value.kind === "opaque" ? [] : value.dims;
    const same = received.length >= dims.length &&
      received.every((size, i) => size === (dims[i] ?? 1));
    // Python and MATLAB squeeze what has one row or column.
    const squeezed = dims.filter((size) => size !== 1).length <= 1 &&
      isLine(value) && data.length === elementCount(dims);
    if (!same && !squeezed) throw fieldError(field, describe(value), expected);
    return data;
  }

  /** Words, one a row of text or a cell; `undefined` if the field holds none. */
  words(field: string): string[] | undefined {
    const value = this.#variables.get(field);
    const words = value?.kind === "char"
      ? value.rows
      : value?.kind === "cell"
      ? value.cells.map((cell) => cell.kind === "char" ? cell.rows[0] : "")
      : [];
    if (words.length === 0) return undefined;
    this.#taken.add(field);
    return words.map((word) => (word ?? "").trim());
  }

  /** One number. */
  number(field: string, what: string): number {
    return this.vector(field, 1, what)[0];
  }

  /** `length` flags, 0 or 1. */
  flags(field: string, length: number, what: string): Uint8Array {
    const numbers = this.vector(field, length, what);
    return checkedFlags(field, numbers);
  }

  /** A rows×columns matrix of 0 and 1, row-major. */
  flagMatrix(
    field: string,
    rows: number,
    columns: number,
    what: string,
  ): Uint8Array {
    return checkedFlags(field, this.matrix(field, rows, columns, what).data);
  }

  /** One row of text. */
  text(field: string, what: string): string {
    const value = this.#take(field, what);
    try {
      return text(value);
    } catch (error) {
      throw fieldError(field, describe(value), what, error);
    }
  }
}

/** Whether a value has at most one size other than 1. */
export function isLine(value: MatValue): boolean {
  return value.kind === "opaque" ||
    value.dims.filter((size) => size !== 1).length <= 1;
}

function checkedFlags(field: string, numbers: FloatArray): Uint8Array {
  const wrong = numbers.findIndex((number) => number !== 0 && number !== 1);
  if (wrong >= 0) throw fieldError(field, `${numbers[wrong]}`, "only 0 and 1");
  return Uint8Array.from(numbers);
}

/** Numbers that must all be finite. @throws {ModelFileError} if one is not */
export function finite<A extends FloatArray>(field: string, numbers: A): A {
  const wrong = numbers.findIndex((number) => !Number.isFinite(number));
  if (wrong >= 0) {
    throw fieldError(
      field,
      `${numbers[wrong]} at position ${wrong}`,
      "finite numbers",
    );
  }
  return numbers;
}
