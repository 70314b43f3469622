/** Forms in which a file holds what a model says: what has not changed keeps them. */
import type { FileForm } from "../../network/records.ts";
import type { MatValue, MatVariables, NumericArray } from "../../mat5/types.ts";

type Forms = FileForm["fields"];

/** Whether two values are the same, class and sizes included. */
function sameValue(a: MatValue, b: MatValue): boolean {
  switch (a.kind) {
    case "numeric":
      return b.kind === "numeric" && a.class === b.class &&
        sameList(a.dims, b.dims) && sameList(a.data, b.data) &&
        sameList(a.imaginary ?? [], b.imaginary ?? []);
    case "logical":
      return b.kind === "logical" && sameList(a.dims, b.dims) &&
        sameList(a.data, b.data);
    case "char":
      return b.kind === "char" && sameList(a.dims, b.dims) &&
        sameList(a.rows, b.rows);
    default:
      // No field of a model is written as anything else.
      return a === b;
  }
}

function sameList(
  a: ArrayLike<unknown>,
  b: ArrayLike<unknown>,
): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) return false;
  }
  return true;
}

/** A value that later changes to a model's arrays do not reach. */
function copyOf(value: MatValue): MatValue {
  if (value.kind === "numeric") {
    return { ...value, data: value.data.slice() as NumericArray };
  }
  return value.kind === "logical"
    ? { ...value, data: value.data.slice() }
    : value;
}

/** Fields whose form in the file is another than the one they are written in. */
export function formsOf(
  stored: MatVariables,
  written: MatVariables,
): Forms {
  const forms = new Map<string, { read: MatValue; written: MatValue }>();
  for (const [field, read] of stored) {
    const other = written.get(field);
    if (other && !sameValue(read, other)) {
      forms.set(field, { read, written: copyOf(other) });
    }
  }
  return forms;
}

/** Gives fields the form that they had in the file, as far as they say the same. */
export function restoreForms(
  fields: Map<string, MatValue>,
  forms: Forms,
): void {
  for (const [field, { read, written }] of forms) {
    const now = fields.get(field);
    if (now && sameValue(now, written)) fields.set(field, read);
  }
}
