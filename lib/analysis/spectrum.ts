/** Power spectra. */

/** A one-sided power spectral density. */
export interface PowerSpectrum {
  /** Frequencies, Hz: 0 to half the sampling rate. */
  readonly frequencies: Float64Array;
  /** Density, squared unit of the signal per Hz. */
  readonly density: Float64Array;
}

/**
 * Power spectral density by the averaged periodograms of overlapping segments:
 * Hann window, half overlap, each segment less its mean.
 *
 * Source: P. D. Welch, IEEE Trans. Audio Electroacoust. 15:70 (1967); the numbers
 * are those of SciPy's `welch`.
 *
 * @param signals one or several of any lengths; segments lie within one signal
 * @param sampleMs time between samples, ms
 * @param segmentMs duration of a segment, ms. Defaults to 500
 * @returns the density; NaN if no signal is as long as a segment
 * @throws {RangeError} for a segment of fewer than two samples
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { welch } from "@spikernn/spikernn/analysis";
 * const wave = Float64Array.from(
 *   { length: 2000 },
 *   (_, t) => Math.sin(2 * Math.PI * 40 * t / 1000),
 * );
 * const { frequencies, density } = welch([wave], 1);
 * assert(frequencies[density.indexOf(Math.max(...density))] === 40);
 * ```
 */
export function welch(
  signals: readonly ArrayLike<number>[],
  sampleMs: number,
  segmentMs = 500,
): PowerSpectrum {
  const size = Math.round(segmentMs / sampleMs);
  if (!(size >= 2)) {
    throw new RangeError(
      `Cannot compute a spectrum of segments of ${segmentMs} ms: ` +
        `two samples of ${sampleMs} ms are the least`,
    );
  }
  const half = Math.floor(size / 2) + 1;
  const window = Float64Array.from(
    { length: size },
    (_, k) => 0.5 - 0.5 * Math.cos(2 * Math.PI * k / size),
  );
  const cosines = Float64Array.from(
    { length: size },
    (_, k) => Math.cos(2 * Math.PI * k / size),
  );
  const sines = cosines.map((_, k) => Math.sin(2 * Math.PI * k / size));
  const energy = window.reduce((sum, w) => sum + w * w, 0);
  const density = new Float64Array(half);
  const part = new Float64Array(size);
  let segments = 0;
  for (const signal of signals) {
    const hop = size - Math.floor(size / 2);
    for (let from = 0; from + size <= signal.length; from += hop) {
      let mean = 0;
      for (let k = 0; k < size; k++) mean += signal[from + k] / size;
      for (let k = 0; k < size; k++) {
        part[k] = (signal[from + k] - mean) * window[k];
      }
      for (let f = 0; f < half; f++) {
        let [real, imaginary] = [0, 0];
        for (let k = 0, at = 0; k < size; k++) {
          real += part[k] * cosines[at];
          imaginary += part[k] * sines[at];
          at += f;
          if (at >= size) at -= size;
        }
        density[f] += real * real + imaginary * imaginary;
      }
      segments++;
    }
  }
  const scale = sampleMs / 1000 / energy / segments;
  return {
    frequencies: Float64Array.from(
      { length: half },
      (_, f) => f * 1000 / (size * sampleMs),
    ),
    density: density.map((power, f) =>
      segments === 0 ? NaN : power * scale * (f === 0 || 2 * f === size ? 1 : 2)
    ),
  };
}
