/** Checks of a network's arrays before it is computed with or mapped. */
import { countOf } from "../count.ts";
import { firstNotFinite } from "../arithmetic/finite.ts";
import { activations } from "./activations.ts";
import { channelCount } from "./geometry.ts";
import type { FloatArray, RateNetwork } from "./types.ts";

/** What is to be done with a network, for messages. */
export type Purpose = "run" | "convert";

/** @throws {TypeError} for another number of numbers */
export function checkLength(
  purpose: Purpose,
  array: ArrayLike<unknown> | undefined,
  length: number,
  what: string,
): void {
  if (array?.length !== length) {
    throw new TypeError(
      `Cannot ${purpose} the network: the ${what} are ` +
        `${array ? array.length + " numbers" : "missing"}, ` +
        `${length} are needed`,
    );
  }
}

/**
 * @throws {TypeError} for another number of numbers
 * @throws {RangeError} for numbers that are not finite
 */
export function checkNumbers(
  purpose: Purpose,
  numbers: FloatArray | undefined,
  length: number,
  what: string,
): void {
  checkLength(purpose, numbers, length, what);
  const bad = firstNotFinite(numbers!);
  if (bad >= 0) {
    throw new RangeError(
      `Cannot ${purpose} the network: the ${what} hold ${numbers![bad]} at ` +
        `index ${bad}; a network whose training ended with finite weights ` +
        "is needed",
    );
  }
}

/**
 * Checks that a network's arrays fit one another and, to convert it, that its
 * numbers are finite. A network that is run may hold others: training says by
 * its loss that it diverged.
 *
 * @throws {TypeError} if an array is missing or has the wrong length
 * @throws {RangeError} if a projection names a layer that does not exist, a
 *   decay time constant is out of range, the activation is unknown, or a number
 *   to convert is not finite
 */
export function checkNetwork(network: RateNetwork, purpose: Purpose): void {
  const { layers, inputs, between, readout, taus } = network;
  const cannot = `Cannot ${purpose} the network:`;
  const check = purpose === "convert" ? checkNumbers : checkLength;
  const sizeOf = (l: number | "input", what: string): number => {
    const layer = layers[l as number];
    if (layer !== undefined) return layer.size;
    throw new RangeError(
      `${cannot} ${what} names ${
        l === "input" ? "the input" : `layer ${l}`
      }, ` +
        `allowed are layers 0 to ${layers.length - 1}`,
    );
  };
  if (layers.length === 0) throw new TypeError(`${cannot} it has no layers`);
  if (!activations.includes(network.activation)) {
    throw new RangeError(
      `${cannot} its activation is ${JSON.stringify(network.activation)}, ` +
        `allowed are ${activations.join(", ")}`,
    );
  }
  layers.forEach(({ size, weights, mask, tausGaus, inhibitory }, l) => {
    check(purpose, weights, size * size, `recurrent weights of layer ${l}`);
    checkLength(purpose, mask, size * size, `mask of layer ${l}`);
    checkLength(purpose, inhibitory, size, `unit types of layer ${l}`);
    // A model file may not know those of a network whose tau is fixed.
    if (purpose === "run" || taus.length === 2) {
      check(purpose, tausGaus, size, `decay time constants of layer ${l}`);
    }
  });
  checkTaus(taus, purpose);
  inputs.forEach(({ from, to }, k) => {
    sizeOf(to, `input projection ${k}`);
    if (from !== "input") {
      throw new RangeError(
        `${cannot} input projection ${k} comes from layer ${from}, ` +
          'allowed is "input"',
      );
    }
  });
  const channels = channelCount(network);
  if (!Number.isInteger(channels)) {
    throw new TypeError(
      `${cannot} the input weights are ${
        countOf(inputs[0].weights.length, "number")
      }, ` +
        `allowed are whole multiples of ${
          countOf(layers[inputs[0].to].size, "unit")
        }`,
    );
  }
  for (const { to, weights } of inputs) {
    check(purpose, weights, layers[to].size * channels, "input weights");
  }
  between.forEach(({ from, to, weights, mask }, k) => {
    const named = `projection ${k} between layers`;
    const size = sizeOf(to, named) * sizeOf(from, named);
    const what = `weights from layer ${from} to layer ${to}`;
    check(purpose, weights, size, what);
    if (mask) checkLength(purpose, mask, size, `mask of the ${what}`);
  });
  readout.from.forEach((l, k) =>
    check(
      purpose,
      readout.weights[k],
      sizeOf(l, "the readout"),
      `readout weights of layer ${l}`,
    )
  );
  const { from, weights } = readout;
  checkLength(purpose, weights, from.length, "rows of readout weights");
}

/** Training needs steps that are no longer than a time constant. */
function checkTaus(taus: RateNetwork["taus"], purpose: Purpose): void {
  const allowed = purpose === "run"
    ? taus[0] >= 1 && (taus.length === 1 || taus[1] >= taus[0])
    : taus.every((tau) => Number.isFinite(tau) && tau > 0);
  if (allowed) return;
  throw new RangeError(
    `Cannot ${purpose} the network: decay time constants are ${
      taus.join(", ")
    } steps, allowed are ${
      purpose === "run" ? "1 or more, ascending" : "finite ones above 0"
    }`,
  );
}
