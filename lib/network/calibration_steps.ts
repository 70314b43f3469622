/** The steps of a calibration, by name. */

/**
 * The steps of a calibration. `readout`: gains of the readout of excitatory and
 * of inhibitory units, and an offset. `units`: a bias current and a gain of the
 * synaptic input for every unit. `weights`: a gain of the readout for every
 * unit, and an offset. `tune`: a gain of every synapse and of every unit's
 * readout, and an offset, by surrogate gradients.
 */
export type CalibrationStep = "readout" | "units" | "weights" | "tune";

/** The steps, in the order in which they are taken. */
export const calibrationSteps: readonly CalibrationStep[] = [
  "readout",
  "units",
  "weights",
  "tune",
];
