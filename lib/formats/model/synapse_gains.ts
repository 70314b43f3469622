/** Gains of single synapses: matrices of their own beside the search's JSON. */
import type { Calibration } from "../../network/spiking.ts";
import type { RateNetwork } from "../../network/types.ts";
import type { MatValue } from "../../mat5/types.ts";
import { fromRowMajor } from "../../mat5/values.ts";
import { fieldError, type Fields } from "./fields.ts";
import { interField, layerField } from "./names.ts";

type SynapseGains = NonNullable<Calibration["synapses"]>;

/** What the names of these fields begin with. */
export const synapseGainField = "spikernn_synapse_gain";

interface Matrix {
  readonly field: string;
  readonly kind: keyof SynapseGains;
  readonly index: number;
  readonly rows: number;
  readonly columns: number;
}

/** The matrices of a network: one a layer, one a projection between layers. */
function matricesOf({ layers, between }: RateNetwork): Matrix[] {
  return [
    ...layers.map(({ size }, l) => ({
      field: layerField(synapseGainField, l, layers.length),
      kind: "recurrent" as const,
      index: l,
      rows: size,
      columns: size,
    })),
    ...between.map(({ from, to }, k) => ({
      field: interField(`${synapseGainField}_inter`, from as number, to),
      kind: "between" as const,
      index: k,
      rows: layers[to].size,
      columns: layers[from as number].size,
    })),
  ];
}

/**
 * Sets the fields of the gains.
 *
 * @throws {TypeError} if a matrix is missing or has another size
 */
export function encodeSynapseGains(
  fields: Map<string, MatValue>,
  gains: SynapseGains,
  network: RateNetwork,
): void {
  for (const { field, kind, index, rows, columns } of matricesOf(network)) {
    const matrix = gains[kind][index];
    if (matrix?.length !== rows * columns) {
      throw new TypeError(
        `Cannot write the model: received ${matrix?.length ?? "no"} gains ` +
          `of synapses for ${field}, needed are ${rows}x${columns}`,
      );
    }
    fields.set(field, fromRowMajor(matrix, rows, columns));
  }
}

/**
 * Takes the gains.
 *
 * @throws {ModelFileError} if a field is missing, has another shape, or holds
 *   a gain that is not above 0: it would turn a synapse's sign
 */
export function decodeSynapseGains(
  fields: Fields,
  network: RateNetwork,
): SynapseGains {
  const recurrent: SynapseGains["recurrent"][number][] = [];
  const between: SynapseGains["between"][number][] = [];
  for (const { field, kind, rows, columns } of matricesOf(network)) {
    const { data } = fields.matrix(field, rows, columns, "gains of synapses");
    const wrong = data.find((gain) => !(gain > 0 && Number.isFinite(gain)));
    if (wrong !== undefined) {
      throw fieldError(field, `${wrong}`, "gains above 0");
    }
    (kind === "recurrent" ? recurrent : between).push(data);
  }
  return { recurrent, between };
}

/** Leaves out gains that belong to a search which is not the last one. */
export function skipSynapseGains(fields: Fields, network: RateNetwork): void {
  for (const { field } of matricesOf(network)) fields.skip(field);
}
