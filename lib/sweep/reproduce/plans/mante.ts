/** Context-dependent integration: figures 3B–C and 4D–E. */
import type { FigurePlan, PaperValue } from "../types.ts";
import { byLargestTau, bySize, mante } from "./common.ts";

/** With the time constants fixed at 20 ms. */
export const neverLearns: Omit<PaperValue, "condition"> = {
  measure: "trained",
  value: 0,
  text: "none",
  note: "in 6000 trials",
};

/** LIF networks with 2 ms refractory period and double exponential synapses. */
export const doubleExponential: Omit<PaperValue, "condition"> = {
  measure: "performance",
  value: 0.97,
  sd: 0.066,
  text: "97.0 ± 6.6 %",
};

/** Training and mapping against the number of units. */
export const figure3BC: FigurePlan = {
  figure: "3B-C",
  title: "Figure 3B–C: context-dependent integration by the number of units",
  description: [
    "Rate networks on context-dependent integration, decay time constants trained between 20 and 100 ms, and the LIF networks mapped from them. The sizes are this project’s choice.",
  ],
  axis: "Units",
  conditions: bySize([50, 100, 150, 200, 250], mante),
  paper: [{ condition: "250", ...doubleExponential }],
};

/** Mapping against the largest decay time constant. */
export const figure4DE: FigurePlan = {
  figure: "4D-E",
  title:
    "Figure 4D–E: context-dependent integration by the largest time constant",
  description: [
    "Networks of 250 units whose decay time constants were fixed at 20 ms or trained between 20 ms and the value on the axis.",
  ],
  axis: "Largest time constant (ms)",
  conditions: byLargestTau([20, 40, 60, 80, 100], mante),
  paper: [
    { condition: "20, fixed", ...neverLearns },
    { condition: "100", ...doubleExponential },
  ],
};
