/** Go-NoGo: figures 1C, 2C and 2D–E. */
import type { FigurePlan } from "../types.ts";
import { byLargestTau, bySize, goNogo } from "./common.ts";

const sizes = bySize([10, 30, 50, 100, 150, 200, 250], goNogo);

/** Training against the number of units. */
export const figure1C: FigurePlan = {
  figure: "1C",
  title: "Figure 1C: Go-NoGo, training by the number of units",
  description: [
    "Rate networks on Go-NoGo, decay time constants trained between 20 and 50 ms: how many meet the task’s criteria, and after how many trials (one trial an update).",
  ],
  axis: "Units",
  conditions: sizes,
  paper: [
    {
      condition: "10",
      measure: "trained",
      value: 0.69,
      text: "69 of 100",
    },
    {
      condition: "200",
      measure: "updates",
      value: 2000,
      text: "about 2000 trials",
      note: "the criteria cannot be met before 1500 trials",
    },
  ],
};

/** The same networks, mapped. */
export const figure2C: FigurePlan = {
  figure: "2C",
  title: "Figure 2C: Go-NoGo, LIF networks by the number of units",
  description: [
    "LIF networks mapped from the rate networks of figure 1C.",
  ],
  axis: "Units",
  conditions: sizes,
  paper: [],
};

/** Mapping against the largest decay time constant. */
export const figure2DE: FigurePlan = {
  figure: "2D-E",
  title: "Figure 2D–E: Go-NoGo, LIF networks by the largest time constant",
  description: [
    "LIF networks of 250 units, mapped from rate networks whose decay time constants were fixed at 20 ms or trained between 20 ms and the value on the axis.",
  ],
  axis: "Largest time constant (ms)",
  conditions: byLargestTau([20, 25, 30, 40, 50, 75, 100], goNogo),
  paper: [
    {
      condition: "20, fixed",
      measure: "performance",
      value: 0.9391,
      sd: 0.0778,
      text: "93.91 ± 7.78 %",
    },
    {
      condition: "20, fixed",
      measure: "good",
      value: 0.65,
      text: "65 % of networks",
    },
  ],
};
