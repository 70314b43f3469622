/** Eigenvalues of the recurrent weights, before and after training. */
import { ink, roleColours } from "../theme.ts";
import type { Figure, Panel } from "../types.ts";
import { bounds, quantity, show, upright } from "./layers.ts";

/** Eigenvalues of one matrix. */
export interface Eigenvalues {
  /** Real parts. */
  readonly real: ArrayLike<number>;
  /** Imaginary parts. */
  readonly imaginary: ArrayLike<number>;
}

/** What the figure needs. */
export interface SpectrumData {
  /** Those of the weights before training. */
  readonly before?: Eigenvalues;
  /** Those of the trained weights. */
  readonly after: Eigenvalues;
  /**
   * The largest slope of the transfer function. Linearised around a state where
   * all units have this slope, dx/dt = (-x + slope·W x)/tau: eigenvalues with a
   * real part beyond 1/slope grow.
   */
  readonly slope: number;
}

/**
 * Draws the eigenvalues in the complex plane.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spectrumFigure } from "@spikernn/spikernn/report";
 * const figure = spectrumFigure({
 *   after: { real: [1, -1], imaginary: [0.5, -0.5] },
 *   slope: 0.25,
 * });
 * assert(figure.name === "spectrum");
 * ```
 */
export function spectrumFigure(data: SpectrumData): Figure {
  const sets = [
    ...(data.before ? [["Before training", data.before] as const] : []),
    ["After training", data.after] as const,
  ];
  const bound = 1 / data.slope;
  // One scale for both axes, so that a circle is a circle, and for both panels,
  // so that they compare.
  const half = 1.08 * Math.max(
    1e-3,
    ...sets.map(([, { real, imaginary }]) => largestRadius(real, imaginary)),
  );
  const panels = sets.map(([title, values]): Panel => {
    const points = Array.from(values.real, (re, k) => ({
      re,
      im: values.imaginary[k],
    }));
    const radius = largestRadius(values.real, values.imaginary);
    const largest = Math.max(...points.map((p) => p.re));
    const circle = Array.from({ length: 121 }, (_, k) => ({
      order: k,
      re: Math.cos(k * Math.PI / 60),
      im: Math.sin(k * Math.PI / 60),
    }));
    const scale = bounds(-half, half);
    const x = quantity("re", "Real part", { scale });
    const y = quantity("im", "Imaginary part", { scale });
    return {
      title,
      note: `largest real part ${show(largest)}, radius ${show(radius)}`,
      height: 150,
      square: true,
      legend: [
        { label: "unit circle", colour: "#888888", mark: "line" },
        ...(bound < half
          ? [{
            label: `growth at the steepest slope`,
            colour: ink,
            mark: "dashed" as const,
          }]
          : []),
      ],
      spec: {
        layer: [
          {
            data: { values: circle },
            mark: {
              type: "line",
              color: "#888888",
              strokeWidth: 0.7,
              clip: true,
            },
            encoding: { x, y, order: { field: "order" } },
          },
          ...(bound < half ? [upright(bound)] : []),
          {
            data: { values: points },
            mark: {
              type: "point",
              filled: true,
              // Many points get smaller, so that they do not run together.
              size: Math.max(0.8, 6 * Math.min(1, 200 / points.length)),
              opacity: 0.8,
              color: title === "Before training" ? "#888888" : roleColours.rate,
            },
            encoding: { x, y },
          },
        ],
      },
    };
  });
  return {
    name: "spectrum",
    title: "Spectrum",
    description:
      "Eigenvalues of the effective recurrent weights in the complex plane. " +
      "Grey: the unit circle. Dashed, where it is within the picture: real " +
      `part ${show(1 / data.slope)}, beyond which a mode grows at the ` +
      "steepest slope of the transfer function.",
    width: panels.length > 1 ? "double" : "single",
    columns: panels.length,
    narrowest: 150,
    panels,
  };
}

function largestRadius(
  real: ArrayLike<number>,
  imaginary: ArrayLike<number>,
): number {
  return Math.max(...Array.from(real, (re, k) => Math.hypot(re, imaginary[k])));
}
