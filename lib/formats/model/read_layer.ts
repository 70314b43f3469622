/** One layer of a model file: weights, unit types, mask, decay parameters. */
import type { FloatArray, Layer } from "../../network/types.ts";
import { fieldError, type Fields, finite } from "./fields.ts";
import { layerField } from "./names.ts";
import { decodeWeights } from "./weights.ts";

/** Which units are inhibitory, from those of `inh`, `exc` and `m` that there are, which must agree. */
function decodeInhibitory(
  fields: Fields,
  name: (base: string) => string,
  size: number,
): Uint8Array {
  const fromMask = fields.has(name("m"))
    ? signsOfMask(fields, name("m"), size)
    : undefined;
  if (!fields.has(name("inh"))) {
    if (fromMask) return fromMask;
    if (fields.has(name("exc"))) {
      return fields.flags(name("exc"), size, "unit types")
        .map((flag) => 1 - flag);
    }
  }
  const inhibitory = fields.flags(name("inh"), size, "unit types");
  if (fields.has(name("exc"))) {
    const excitatory = fields.flags(name("exc"), size, "unit types");
    const unit = excitatory.findIndex((flag, i) => flag === inhibitory[i]);
    if (unit >= 0) {
      throw fieldError(
        name("exc"),
        `${excitatory[unit]} for unit ${unit}`,
        `the opposite of ${name("inh")}`,
      );
    }
  }
  const unit = fromMask?.findIndex((flag, i) => flag !== inhibitory[i]) ?? -1;
  if (unit >= 0) {
    throw fieldError(
      name("m"),
      `${inhibitory[unit] ? 1 : -1} for unit ${unit}`,
      `-1 where ${name("inh")} is 1, else 1`,
    );
  }
  return inhibitory;
}

function signsOfMask(fields: Fields, field: string, size: number): Uint8Array {
  const { data } = fields.matrix(field, size, size, "signs of the units");
  const inhibitory = new Uint8Array(size);
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / size);
    const onDiagonal = i === row * size + row;
    if (onDiagonal ? Math.abs(data[i]) !== 1 : data[i] !== 0) {
      throw fieldError(
        field,
        `${data[i]} at row ${row}, column ${i % size}`,
        "1 and -1 on the diagonal, else 0",
      );
    }
    if (onDiagonal && data[i] === -1) inhibitory[row] = 1;
  }
  return inhibitory;
}

/** Whether weights have the signs of the presynaptic units, some of them negative. */
function hasSigns(weights: FloatArray, inhibitory: Uint8Array): boolean {
  const size = inhibitory.length;
  return weights.some((weight) => weight < 0) &&
    weights.every((weight, i) =>
      inhibitory[i % size] ? weight <= 0 : weight >= 0
    );
}

export function decodeLayer(
  fields: Fields,
  layer: number,
  layers: number,
  sstCount: number,
  dale: boolean,
  fixedTau: boolean,
): Layer {
  const name = (base: string) => layerField(base, layer, layers);
  const { rows: size, data: weights } = decodeWeights(fields, name("w"), dale);
  const inhibitory = decodeInhibitory(fields, name, size);
  if (dale && hasSigns(weights, inhibitory)) {
    fields.remark(
      `${JSON.stringify(name("w"))}: its signs are those of the units, so ` +
        "that inhibitory units are left without synapses; it has to hold " +
        "magnitudes: save abs(w) in its place",
    );
  }
  const inhibitoryCount = inhibitory.reduce((sum, flag) => sum + flag, 0);
  if (sstCount > inhibitoryCount) {
    throw fieldError(
      "som_N",
      `${sstCount}`,
      `at most ${inhibitoryCount}, the number of inhibitory units`,
    );
  }
  const mask = fields.has(name("som_m")) || sstCount > 0
    ? fields.flagMatrix(name("som_m"), size, size, "connectivity mask")
    : new Uint8Array(size * size).fill(1);
  const tausGaus = fields.has(name("taus_gaus")) || !fixedTau
    ? finite(
      name("taus_gaus"),
      fields.vector(name("taus_gaus"), size, "decay parameters"),
    )
    : new Float32Array(size);
  return { size, inhibitory, sstCount, weights, mask, tausGaus };
}
