/** Whether a calibration suits a network. */
import { checkLength, checkNumbers } from "../network/check.ts";
import { unitCount } from "../network/geometry.ts";
import type { Calibration } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";

/**
 * Checks that a calibration is for these units, and turns no sign.
 *
 * @throws {TypeError} if an array has the wrong length
 * @throws {RangeError} for a gain that is not above 0, or numbers that are not
 *   finite
 */
export function checkCalibration(
  { readout, units, synapses }: Calibration,
  network: RateNetwork,
): void {
  const count = unitCount(network);
  if (units) {
    checkNumbers(
      "convert",
      units.bias,
      count,
      "bias currents of the calibration",
    );
    checkNumbers("convert", units.gain, count, "gains of the calibration");
  }
  if (readout?.units) {
    checkLength(
      "convert",
      readout.units,
      count,
      "readout gains of the calibration",
    );
  }
  if (synapses) checkSynapses(synapses, network);
  const bad = [
    units?.gain ?? [],
    readout?.units ?? [],
    readout ? [readout.gainExcitatory, readout.gainInhibitory] : [],
    ...synapses ? [...synapses.recurrent, ...synapses.between] : [],
  ].map((gains) => Array.from(gains).find((gain) => !isGain(gain)))
    .find((gain) => gain !== undefined);
  if (bad !== undefined || readout && !Number.isFinite(readout.offset)) {
    throw new RangeError(
      "Cannot convert the network: the calibration has " +
        (bad !== undefined
          ? `a gain of ${bad}, it must be above 0`
          : `an offset of ${readout?.offset}, it must be finite`),
    );
  }
}

function isGain(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}

function checkSynapses(
  { recurrent, between }: NonNullable<Calibration["synapses"]>,
  { layers, between: projections }: RateNetwork,
): void {
  if (
    recurrent.length !== layers.length || between.length !== projections.length
  ) {
    throw new TypeError(
      `Cannot convert the network: gains of the synapses within ` +
        `${recurrent.length} layers and of ${between.length} projections ` +
        `between layers, needed are ${layers.length} and ${projections.length}`,
    );
  }
  recurrent.forEach((gains, l) =>
    checkLength(
      "convert",
      gains,
      layers[l].size ** 2,
      `gains of the synapses of layer ${l}`,
    )
  );
  between.forEach((gains, k) => {
    const { from, to, weights } = projections[k];
    const what = `gains of the synapses from layer ${from} to layer ${to}`;
    checkLength("convert", gains, weights.length, what);
  });
}
