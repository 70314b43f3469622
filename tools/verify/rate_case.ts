/**
 * Files with one trial of a rate network and its explicit noise: outputs, loss,
 * gradients and Adam updates, all by other implementations.
 */
import type {
  LossName,
  RateParameters,
  RateSession,
  RateTrial,
} from "../../lib/backend/types.ts";
import {
  matrix,
  type MatVariables,
  scalar,
  text,
  vector,
} from "../../lib/mat5/mod.ts";
import type { Activation, RateNetwork } from "../../lib/network/types.ts";
import { compare, type Comparison } from "./comparison.ts";

/** Fields by which such a file is recognised. */
const marks = ["noise_randn", "x0_randn", "dW", "u", "z"];

/** Whether a file holds a rate-gradient case. */
export function isRateCase(file: MatVariables): boolean {
  return marks.every((name) => file.has(name));
}

/** A case: network, trial, and the numbers known of it. */
export interface RateCase {
  readonly network: RateNetwork;
  readonly trial: RateTrial;
  readonly loss: LossName;
  readonly file: MatVariables;
}

/**
 * Reads a case.
 *
 * @throws {TypeError} naming a field that is missing
 */
export function readRateCase(file: MatVariables): RateCase {
  const get = (name: string) => {
    const value = file.get(name);
    if (value === undefined) {
      throw new TypeError(`Cannot verify the file: it lacks ${name}`);
    }
    return value;
  };
  const rows = (name: string) => Float64Array.from(matrix(get(name)).data);
  const inhibitory = Uint8Array.from(vector(get("inh")));
  const taus = [...vector(get("taus"))] as [number] | [number, number];
  const size = inhibitory.length;
  return {
    file,
    loss: text(get("loss_fn")) as LossName,
    network: {
      activation: text(get("act")) as Activation,
      dale: obeysDale(file),
      taus,
      layers: [{
        size,
        inhibitory,
        sstCount: 0,
        weights: rows("W"),
        mask: Uint8Array.from(rows("som_m")),
        tausGaus: file.has("taus_gaus")
          ? rows("taus_gaus")
          : new Float64Array(size),
      }],
      inputs: [{ from: "input", to: 0, weights: rows("w_in") }],
      between: [],
      readout: {
        from: [0],
        weights: [rows("w_out")],
        bias: scalar(get("b_out")),
      },
    },
    trial: {
      inputs: rows("u"),
      steps: matrix(get("u")).columns,
      noise: { initial: rows("x0_randn"), steps: rows("noise_randn") },
      target: rows("z"),
    },
  };
}

/**
 * Whether the network was rectified. The files do not say, but under Dale's
 * principle a weight at or below zero has no gradient.
 */
function obeysDale(file: MatVariables): boolean {
  if (file.has("apply_dale")) return scalar(file.get("apply_dale")!) !== 0;
  const weights = matrix(file.get("W")!).data;
  const gradient = matrix(file.get("dW")!).data;
  return !weights.some((weight, k) => weight <= 0 && gradient[k] !== 0);
}

/** What is allowed of a backend. */
export interface Allowed {
  /** Relative difference of outputs, loss and gradients. */
  readonly relative: number;
  /** Absolute difference of parameters after updates. */
  readonly updates: number;
}

/** Single precision of a stored number, relative. */
const storedSingle = 2 ** -23;

/** Compares a session's numbers with the file's. */
export async function verifyRateCase(
  { file, trial, loss, network }: RateCase,
  session: RateSession,
  allowed: Allowed,
): Promise<Comparison[]> {
  const rows: Comparison[] = [];
  /** The double-precision field if there is one, else the single one. */
  const check = (name: string, computed: ArrayLike<number>) => {
    const field = file.has(`${name}_np64`) ? `${name}_np64` : name;
    const value = file.get(field);
    if (value === undefined) return;
    const isSingle = value.kind === "numeric" && value.class === "single";
    // Single-precision numbers by TensorFlow differ by their own rounding.
    const least = field === name ? 2e-5 : isSingle ? storedSingle : 0;
    rows.push(
      compare(
        field,
        computed,
        matrix(value).data,
        Math.max(allowed.relative, least),
        "relative",
      ),
    );
  };
  const trainsTaus = network.taus.length === 2;
  const { losses, traces, gradient } = await session.gradient([trial], loss);
  check("o", traces[0].outputs);
  check("loss", losses);
  check("dW", gradient.weights[0]);
  check("dw_out", gradient.readout[0]);
  check("db_out", [gradient.bias]);
  if (trainsTaus) check("dtaus_gaus", gradient.tausGaus[0]);

  for (let k = 1; file.has(`adam${k}_W`); k++) {
    await session.update([trial], loss, { learningRate: 0.01 });
    const after = parametersOf(session.network());
    const checkUpdate = (name: string, computed: ArrayLike<number>) => {
      const value = file.get(`adam${k}_${name}`);
      if (value === undefined) return;
      const known = matrix(value).data;
      rows.push(
        compare(
          `adam${k}_${name}`,
          computed,
          known,
          allowed.updates,
          "absolute",
        ),
      );
    };
    checkUpdate("W", after.weights[0]);
    checkUpdate("w_out", after.readout[0]);
    checkUpdate("b_out", [after.bias]);
    if (trainsTaus) checkUpdate("taus_gaus", after.tausGaus[0]);
  }
  return rows;
}

function parametersOf({ layers, readout }: RateNetwork): Omit<
  RateParameters,
  "between"
> {
  return {
    weights: layers.map(({ weights }) => weights),
    readout: readout.weights,
    bias: readout.bias,
    tausGaus: layers.map(({ tausGaus }) => tausGaus),
  };
}
