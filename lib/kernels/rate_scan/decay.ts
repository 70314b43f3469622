/**
 * Decay time constants: alpha = 1/tau, tau = sigmoid(taus_gaus)·(max - min) + min
 * in steps. Both are computed in float64 and rounded once, the same for every
 * implementation; there are only N of them. Here and not in lib/network, since
 * the kernels' gradients and bits rest on this very form.
 */
import { exp } from "../../arithmetic/elementary.ts";
import type { Floats, Wiring } from "./types.ts";

function sigmoid(x: number): number {
  return 1 / (1 + exp(-x));
}

/** Writes alpha = dt/tau of every unit. */
export function decayRates(
  taus: Wiring["taus"],
  tausGaus: Floats,
  alphas: Floats,
): void {
  if (taus.length === 1) {
    alphas.fill(1 / taus[0], 0, tausGaus.length);
    return;
  }
  const [min, max] = taus;
  for (let i = 0; i < tausGaus.length; i++) {
    alphas[i] = 1 / (sigmoid(tausGaus[i]) * (max - min) + min);
  }
}

/** Turns gradients by alpha into gradients by `taus_gaus`, in place; 0 where fixed. */
export function decayGradients(
  taus: Wiring["taus"],
  tausGaus: Floats,
  gradients: Floats,
): void {
  if (taus.length === 1) {
    gradients.fill(0);
    return;
  }
  const [min, max] = taus;
  for (let i = 0; i < tausGaus.length; i++) {
    const s = sigmoid(tausGaus[i]);
    const tau = s * (max - min) + min;
    gradients[i] *= -(max - min) * s * (1 - s) / (tau * tau);
  }
}
