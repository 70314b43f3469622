/** Transfer functions in WGSL: `phi(x)` and `slope(r)`, its derivative by r. */
import {
  type Activation,
  lifCurve,
  transferFunctions,
} from "../../../network/activations.ts";
import { literal } from "../../webgpu/source.ts";

const ceiling = literal(transferFunctions.clipped_relu.ceiling);

const inside = `select(0.0f, 1.0f, r > 0.0f && r < ${ceiling})`;

const { height, bend, steep, shift } = lifCurve;
const lif = {
  height: literal(height),
  bend: literal(bend),
  steep: literal(steep),
  shift: literal(shift),
  slope: literal(steep * height * bend / 2),
  ceiling: literal(lifCurve.ceiling),
};

/** WGSL may leave out NaN from min and max; a state that is one must stay one. */
const keepNaN = (value: string) => `select(${value}, x, x != x)`;

const functions: Record<Activation, { phi: string; slope: string }> = {
  sigmoid: {
    phi: "1.0f / (1.0f + exp(-x))",
    slope: "r * (1.0f - r)",
  },
  clipped_relu: {
    phi: keepNaN(`clamp(x, 0.0f, ${ceiling})`),
    slope: inside,
  },
  softplus: {
    phi: keepNaN(
      `min(max(x, 0.0f) + log_of_one_plus(exp(-abs(x))), ${ceiling})`,
    ),
    // 1 - exp(-r) loses its digits near 0.
    slope: `${inside} * select(1.0f - exp(-r), r * (1.0f - r * (0.5f - ` +
      `r * 0.16666667f)), r < 0.03f)`,
  },
  retanh: {
    phi: keepNaN("rectified_tanh(clamp(x, 0.0f, 20.0f))"),
    slope: "select(0.0f, 1.0f - r * r, r > 0.0f)",
  },
  lif: {
    phi: keepNaN("lif_rate(x)"),
    slope: "lif_slope(r)",
  },
};

/** WGSL functions of an activation. */
export function activationFunctions(name: Activation): string {
  const { phi, slope } = functions[name];
  return `
fn log_of_one_plus(e: f32) -> f32 {
  // 2 atanh(s) with s = e / (2 + e) at most 1/3.
  let s = e / (2.0f + e);
  let q = s * s;
  let series = 0.1408916711807251f * q + 0.13980300724506378f;
  return 2.0f * s * (((series * q + 0.20012454688549042f) * q +
    0.3333315849304199f) * q + 1.0f);
}
fn rectified_tanh(x: f32) -> f32 {
  let e = exp(-2.0f * x);
  // 1 - e loses its digits near 0.
  return select((1.0f - e) / (1.0f + e), x * (1.0f - x * x * 0.33333333f), x < 0.03f);
}
fn lif_rate(x: f32) -> f32 {
  let y = ${lif.steep} * x + ${lif.shift};
  let t = ${lif.bend} * (max(y, 0.0f) + log_of_one_plus(exp(-abs(y))));
  return min(${lif.height} * t / (1.0f + sqrt(1.0f + t)), ${lif.ceiling});
}
fn lif_slope(r: f32) -> f32 {
  let q = r / ${lif.height};
  let s = q * (2.0f + q) / ${lif.bend};
  // 1 - exp(-s) loses its digits near 0.
  let below = select(1.0f - exp(-s), s * (1.0f - s * (0.5f - s * 0.16666667f)), s < 0.03f);
  return select(0.0f, ${lif.slope} / (1.0f + q) * below, r > 0.0f && r < ${lif.ceiling});
}
fn phi(x: f32) -> f32 { return ${phi}; }
fn slope(r: f32) -> f32 { return ${slope}; }
`;
}
