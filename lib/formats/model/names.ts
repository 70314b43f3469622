/**
 * Names of the fields of a model file. One layer has the original's names;
 * of several layers each has its number (from 0) behind the name.
 */

/** Name of a layer's field: `w` alone, `w_0`, `w_1`, … for several layers. */
export function layerField(
  base: string,
  layer: number,
  layers: number,
): string {
  return layers === 1 ? base : `${base}_${layer}`;
}

/** Name of a field of the projection from one layer to another: `w_inter_0_1`. */
export function interField(base: string, from: number, to: number): string {
  return `${base}_${from}_${to}`;
}

/** The layers of a projection's field: [0, 1] of `w_inter_0_1`. */
export function layersOfInterField(
  base: string,
  field: string,
): [number, number] | undefined {
  if (!field.startsWith(`${base}_`)) return undefined;
  const match = /^(\d{1,3})_(\d{1,3})$/.exec(field.slice(base.length + 1));
  return match ? [Number(match[1]), Number(match[2])] : undefined;
}

/** Whether variables of these names may be a network's. */
export function holdsNetwork(names: readonly string[]): boolean {
  return names.some((name) => /^(w|w_in|w_out|w0)(_0)?$/.test(name));
}
