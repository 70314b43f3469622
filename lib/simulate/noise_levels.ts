/** Strength of the noise, trial by trial. */

/**
 * Factor of the noise: one for all trials, or several that take turns, each for
 * as many trials as the task has conditions.
 */
export type NoiseScale = number | readonly number[];

/** The factor of the noise of a trial. */
export function noiseOf(scale: NoiseScale, trial: number, round = 1): number {
  return typeof scale === "number"
    ? scale
    : scale[Math.floor(trial / round) % scale.length];
}

/** Whether it is a factor of the noise, or several. */
export function isNoiseScale(scale: NoiseScale): boolean {
  const all = typeof scale === "number" ? [scale] : scale;
  return all.length > 0 &&
    all.every((factor) => Number.isFinite(factor) && factor >= 0);
}
