/** Power spectra. */

/** A one-sided power spectral density. */
export interface PowerSpectrum {
  /** Frequencies, Hz: 0 to half the sampling rate. */
  readonly frequencies: Float64Array;
  /** Density, squared unit of the signal per Hz. */
  readonly density: Float64Array;
}

/**
 * Power spectral density by averaged periodograms of overlapping segments (Hann
 * window, half overlap, the mean of each segment subtracted).
 *
 * Source: P. D. Welch, IEEE Trans. Audio Electroacoust. 15:70 (1967); the
 * numbers are those of SciPy's `welch`.
 *
 * @param signals one or several signals of any lengths; segments lie within one
 * signal
 * @param sampleMs time between samples, ms
 * @param segmentMs duration of a segment, ms. Defaults to 500
 * @returns the density; NaN if no signal is as long as a segment
 * @throws {RangeError} for a segment of fewer than two samples, or a time between
 * samples that is not above 0
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
  const size = segmentSize(sampleMs, segmentMs);
  return meanSpectrum(
    signals.flatMap((signal) => periodograms(signal, size)),
    { size, sampleMs },
  );
}

/** Samples of a segment. */
export function segmentSize(sampleMs: number, segmentMs: number): number {
  const size = Math.round(segmentMs / sampleMs);
  if (sampleMs > 0 && size >= 2 && size < 2 ** 32) return size;
  throw new RangeError(
    `Cannot compute a spectrum of segments of ${segmentMs} ms: ` +
      `two samples of ${sampleMs} ms are the least`,
  );
}

/** Squared amplitudes of the segments of a signal, half overlap, Hann window. */
export function periodograms(
  signal: ArrayLike<number>,
  size: number,
): Float64Array[] {
  const half = Math.floor(size / 2) + 1;
  const { window, cosines, sines } = waves(size);
  const part = new Float64Array(size);
  const hop = size - Math.floor(size / 2);
  const found: Float64Array[] = [];
  for (let from = 0; from + size <= signal.length; from += hop) {
    const power = new Float64Array(half);
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
      power[f] = real * real + imaginary * imaginary;
    }
    found.push(power);
  }
  return found;
}

/** The density of segments. */
export function meanSpectrum(
  segments: readonly Float64Array[],
  { size, sampleMs }: { readonly size: number; readonly sampleMs: number },
): PowerSpectrum {
  const half = Math.floor(size / 2) + 1;
  const density = new Float64Array(half);
  for (const power of segments) {
    for (let f = 0; f < half; f++) density[f] += power[f];
  }
  const energy = waves(size).window.reduce((sum, w) => sum + w * w, 0);
  const scale = sampleMs / 1000 / energy / segments.length;
  return {
    frequencies: Float64Array.from(
      { length: half },
      (_, f) => f * 1000 / (size * sampleMs),
    ),
    density: density.map((power, f) =>
      segments.length === 0
        ? NaN
        : power * scale * (f === 0 || 2 * f === size ? 1 : 2)
    ),
  };
}

/** Window, cosines and sines of segments of one size. */
function waves(size: number) {
  const cosines = Float64Array.from(
    { length: size },
    (_, k) => Math.cos(2 * Math.PI * k / size),
  );
  return {
    window: cosines.map((cosine) => 0.5 - 0.5 * cosine),
    cosines,
    sines: cosines.map((_, k) => Math.sin(2 * Math.PI * k / size)),
  };
}
