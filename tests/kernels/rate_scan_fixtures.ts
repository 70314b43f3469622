/** Cases with explicit noise whose numbers come from other implementations. */
import { readFile } from "node:fs/promises";
import { decodeMat, matrix, scalar, text, vector } from "../../lib/mat5/mod.ts";
import type { LossName, RateTrial } from "../../lib/backend/types.ts";
import type { Activation, RateNetwork } from "../../lib/network/types.ts";

/** A case: network, trial, and everything that was computed for it. */
export interface FixtureCase {
  readonly network: RateNetwork;
  readonly trial: RateTrial;
  readonly loss: LossName;
  /** Numbers of a field, row-major; undefined where the file lacks it. */
  readonly field: (name: string) => Float64Array | undefined;
  /** Whether the file holds a field in single precision. */
  readonly isSingle: (name: string) => boolean;
}

/** Names of the cases. */
export const fixtureNames = [
  "N20_sigmoid_l2",
  "N20_clipped_relu_l2",
  "N20_softplus_l1",
  "N200_sigmoid_l2",
];

/** Reads a case from tests/data. */
export async function fixtureCase(name: string): Promise<FixtureCase> {
  const path = new URL(
    `../data/rate_gradients_${name}.mat`,
    import.meta.url,
  );
  const file = decodeMat(new Uint8Array(await readFile(path)));
  const get = (field: string) => {
    const value = file.get(field);
    if (value === undefined) throw new Error(`${name} lacks ${field}`);
    return value;
  };
  const rows = (field: string) => Float64Array.from(matrix(get(field)).data);
  const size = scalar(get("N"));
  const [min, max] = vector(get("taus"));
  return {
    network: {
      activation: text(get("act")) as Activation,
      dale: true,
      taus: [min, max],
      layers: [{
        size,
        inhibitory: Uint8Array.from(vector(get("inh"))),
        sstCount: 0,
        weights: rows("W"),
        mask: Uint8Array.from(rows("som_m")),
        tausGaus: rows("taus_gaus"),
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
      steps: scalar(get("T")),
      noise: { initial: rows("x0_randn"), steps: rows("noise_randn") },
      target: rows("z"),
    },
    loss: text(get("loss_fn")) as LossName,
    field: (field) => file.has(field) ? rows(field) : undefined,
    isSingle: (field) => {
      const value = file.get(field);
      return value?.kind === "numeric" && value.class === "single";
    },
  };
}
