/** Files of the MATLAB level 5 format by other programs, and what is in them. */
import assert from "node:assert/strict";
import {
  decodeMat,
  type MatValue,
  type NumericArray,
} from "../../lib/mat5/mod.ts";

const data = new URL("../data/mat/", import.meta.url);

/** The variables of a file under tests/data/mat. */
export function read(name: string): Map<string, MatValue> {
  return decodeMat(Deno.readFileSync(new URL(name, data)));
}

/** A variable that must be there. */
export function get(variables: Map<string, MatValue>, name: string): MatValue {
  const value = variables.get(name);
  assert.ok(value, `no variable ${name}`);
  return value;
}

/** A part of a value that only values of its kind have. */
export function part(value: MatValue, name: string): unknown {
  return (value as unknown as Record<string, unknown>)[name];
}

/** The numbers of a numeric value. */
export function numbersOf(value: MatValue): NumericArray {
  assert.equal(value.kind, "numeric");
  return (value as { data: NumericArray }).data;
}
