/**
 * Where other programs put the fields of a model: inside one structure, or the
 * layers stacked in arrays of one more dimension.
 */
import type {
  MatNumeric,
  MatStruct,
  MatValue,
  MatVariables,
  NumericArray,
} from "../../mat5/types.ts";
import { elementCount } from "../../mat5/layout.ts";
import { logical, numeric } from "../../mat5/values.ts";
import type { FileForm } from "../../network/records.ts";
import { fieldError } from "./fields.ts";
import { interField, layerField } from "./names.ts";

/** Whether variables are those of a network, and not what surrounds it. */
function holdsNetwork(fields: { has(field: string): boolean }): boolean {
  return fields.has("w") || fields.has("w_0");
}

function isModelStruct(
  entry: [string, MatValue],
): entry is [string, MatStruct] {
  const [, value] = entry;
  return value.kind === "struct" && elementCount(value.dims) === 1 &&
    holdsNetwork(value.fields);
}

/**
 * The fields of a model: the variables of its file, or those of the one
 * structure in it that holds a network.
 *
 * @throws {ModelFileError} if several structures hold one
 */
export function unwrapped(variables: MatVariables): {
  readonly fields: MatVariables;
  readonly inside?: FileForm["inside"];
} {
  if (holdsNetwork(variables)) return { fields: variables };
  const structs = [...variables].filter(isModelStruct);
  if (structs.length === 0) {
    const place = deeper(variables, "");
    if (place === undefined) return { fields: variables };
    throw fieldError(
      "w",
      `no such field, but a network inside ${place}`,
      "its fields in the file itself, or in one structure of it " +
        `(save ${place} to a file of its own)`,
    );
  }
  if (structs.length > 1) {
    throw fieldError(
      "w",
      `no such field, but structures that hold networks: ${
        structs.slice(0, 8).map(([name]) => name).join(", ")
      }`,
      "one network a file",
    );
  }
  const [[name, { fields }]] = structs;
  return {
    fields: new Map([...fields].map(([field, [value]]) => [field, value])),
    inside: { name, variables },
  };
}

/** Where a network is that is deeper inside structures: `outer.inner`. */
function deeper(fields: MatVariables, above: string): string | undefined {
  for (const [name, value] of fields) {
    if (value.kind !== "struct" || elementCount(value.dims) !== 1) continue;
    const place = above + name;
    if (above !== "" && holdsNetwork(value.fields)) return place;
    const inner = new Map(
      [...value.fields].map(([field, [first]]) => [field, first]),
    );
    const found = deeper(inner, `${place}.`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Puts the fields of a model back into the structure that held them. */
export function wrapped(
  fields: MatVariables,
  { name, variables }: NonNullable<FileForm["inside"]>,
): MatVariables {
  const struct: MatStruct = {
    kind: "struct",
    dims: [1, 1],
    fields: new Map([...fields].map(([field, value]) => [field, [value]])),
  };
  return new Map([...variables, [name, struct]]);
}

/** Most layers that stacked arrays may claim. */
const maxLayers = 99;

/** Fields that are stacked with one part a layer, besides the weights. */
const stackedFields = ["m", "som_m", "exc", "inh", "x", "r", "x0", "r0"];

/** Sizes without the 1s behind the third. */
function sizesOf({ dims }: { readonly dims: readonly number[] }): number[] {
  const last = dims.findLastIndex((size, i) => size !== 1 || i < 3);
  return dims.slice(0, last + 1);
}

/** Numbers of a real array; flags are numbers too. */
function numbersOf(value: MatValue | undefined): MatNumeric | undefined {
  if (value?.kind === "logical") return numeric(value.data, value.dims);
  return value?.kind === "numeric" && !value.imaginary ? value : undefined;
}

/** One part of an array along its first dimension. */
function part(value: MatNumeric, index: number): MatNumeric {
  const [count, ...rest] = value.dims;
  const data = (value.data as Float64Array)
    .filter((_, i) => i % count === index) as NumericArray;
  return numeric(data, rest.length > 1 ? rest : [...rest, 1]);
}

/** An array of `count` parts, the other sizes as given if they are. */
function stack(
  value: MatValue | undefined,
  count: number,
  ...sizes: number[]
): MatNumeric | undefined {
  const numbers = numbersOf(value);
  if (!numbers) return undefined;
  const received = sizesOf(numbers);
  const fits = received.length >= 2 && received[0] === count &&
    sizes.every((size, i) => received[i + 1] === size);
  return fits ? numbers : undefined;
}

/** What stacked layers are in fields of their own, and what there is to say of it. */
export interface Unstacked {
  readonly derived: MatVariables;
  readonly remarks: readonly string[];
}

/**
 * Takes apart the layers of the fork of the original for delayed match to
 * sample (`w`: L×N×N, `W_inter`: (L - 1)×N×N, one `taus_gaus` for all).
 *
 * Its `m` may be full where the original's is a diagonal of signs, and its
 * weights between layers have signs of their own. Dale's principle does not hold
 * there, so such a network is read as one without it, by the weights with which
 * the fork computes.
 *
 * @returns `undefined` if the file is none of that fork
 * @throws {ModelFileError} if its fields contradict each other
 */
export function unstacked(fields: MatVariables): Unstacked | undefined {
  const weights = numbersOf(fields.get("w"));
  if (!weights || fields.has("n_layers") || fields.has("w_0")) return undefined;
  const [layers, units, columns, ...more] = sizesOf(weights);
  const isStack = layers >= 1 && layers <= maxLayers && units >= 1 &&
    columns === units && more.length === 0 && weights.dims.length > 2;
  if (!isStack) return undefined;
  const derived = new Map<string, MatValue>();
  const set = (base: string, layer: number, value: MatValue) =>
    derived.set(layerField(base, layer, layers), value);
  for (let l = 0; l < layers; l++) {
    set("w", l, part(weights, l));
    for (const base of stackedFields) {
      const value = stack(fields.get(base), layers);
      if (value) set(base, l, part(value, l));
    }
    const taus = fields.get("taus_gaus");
    const own = stack(taus, layers, units);
    if (own) set("taus_gaus", l, part(own, l));
    else if (taus && layers > 1) set("taus_gaus", l, taus);
  }
  if (layers > 1) {
    derived.set("n_layers", numeric(layers));
    const inputs = fields.get("w_in");
    if (inputs) derived.set("w_in_0", inputs);
    const field = fields.has("W_inter") ? "W_inter" : "w_inter";
    const between = stack(fields.get(field), layers - 1, units, units);
    if (!between) {
      throw fieldError(
        field,
        fields.has(field) ? "another shape" : "no such field",
        `${layers - 1}x${units}x${units} weights between layers`,
      );
    }
    for (let l = 0; l < layers - 1; l++) {
      derived.set(interField("w_inter", l, l + 1), part(between, l));
    }
  }
  const remarks = [
    `layers taken from arrays of ${layers}x${units}x${units}; they are written ` +
    "back beside those",
  ];
  if (!keepsDale(derived, layers, units)) {
    withoutDale(derived, layers, units);
    remarks.push(
      "the signs of its weights are not those of units (m is not diagonal, or " +
        "weights between layers have signs of their own): read as a network " +
        "without Dale's principle, by the weights that it computes with",
    );
  }
  return { derived, remarks };
}

/** The numbers of a matrix of a layer, column by column. */
function matrixOf(
  derived: MatVariables,
  field: string,
  units: number,
): Float64Array | undefined {
  const value = numbersOf(derived.get(field));
  if (!value || value.data.length !== units * units) return undefined;
  return Float64Array.from(value.data as Float64Array, Number);
}

/** Whether every unit has one sign, in its layer and towards the next. */
function keepsDale(
  derived: MatVariables,
  layers: number,
  units: number,
): boolean {
  for (let l = 0; l < layers; l++) {
    const mask = matrixOf(derived, layerField("m", l, layers), units);
    const offDiagonal = mask?.some((sign, i) =>
      sign !== 0 && i % (units + 1) !== 0
    );
    if (offDiagonal) return false;
    const next = l + 1 < layers &&
      matrixOf(derived, interField("w_inter", l, l + 1), units);
    if (!next) continue;
    const flags = numbersOf(derived.get(layerField("inh", l, layers)));
    const inhibitory = (unit: number) =>
      mask ? mask[unit * (units + 1)] < 0 : Number(flags?.data[unit]) === 1;
    const signed = next.some((weight, i) =>
      weight < 0 || weight > 0 && inhibitory(Math.floor(i / units))
    );
    if (signed) return false;
  }
  return true;
}

/** Puts the weights that the fork computes with, relu(w) @ m .* som_m, in place of its own. */
function withoutDale(
  derived: Map<string, MatValue>,
  layers: number,
  units: number,
): void {
  const name = (base: string, l: number) => layerField(base, l, layers);
  for (let l = 0; l < layers; l++) {
    const weights = matrixOf(derived, name("w", l), units)!;
    const mask = matrixOf(derived, name("m", l), units);
    const open = matrixOf(derived, name("som_m", l), units);
    const flags = numbersOf(derived.get(name("inh", l)));
    const rectify = [...flags?.data ?? []].some((flag) => Number(flag) !== 0);
    const effective = new Float64Array(units * units);
    for (let column = 0; column < units; column++) {
      for (let row = 0; row < units; row++) {
        const at = column * units + row;
        let sum = mask ? 0 : weights[at];
        for (let k = 0; mask && k < units; k++) {
          const weight = weights[k * units + row];
          sum += (rectify ? Math.max(0, weight) : weight) *
            mask[column * units + k];
        }
        effective[at] = sum * (open?.[at] ?? 1);
      }
    }
    derived.set(name("w", l), numeric(effective, [units, units]));
    derived.set(name("inh", l), logical(new Uint8Array(units), [units, 1]));
    derived.set(
      name("exc", l),
      logical(new Uint8Array(units).fill(1), [units, 1]),
    );
    const signs = new Float64Array(units * units);
    for (let unit = 0; unit < units; unit++) signs[unit * (units + 1)] = 1;
    derived.set(name("m", l), numeric(signs, [units, units]));
    derived.set(
      name("som_m", l),
      numeric(new Float64Array(units * units).fill(1), [units, units]),
    );
  }
  derived.set("som_N", numeric(0));
  derived.set("spikernn_dale", logical(false));
}
