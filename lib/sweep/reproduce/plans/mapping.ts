/** What a mapping depends on: figures 5, 6 and 7. */
import type { FigurePlan } from "../types.ts";
import { goNogo, lif, mante } from "./common.ts";
import { figure2DE } from "./go_nogo.ts";
import { doubleExponential, neverLearns } from "./mante.ts";

/** Decay time constants: fixed against trained. */
export const figure5: FigurePlan = {
  figure: "5",
  title: "Figure 5: decay time constants, fixed against trained",
  description: [
    "Networks of 250 units whose decay time constants are all the same or trained. Fixed values are the lower end and the middle of the trained range: this project’s choice.",
  ],
  axis: "Time constants (ms)",
  conditions: [
    {
      label: "Go-NoGo 20, fixed",
      train: { ...goNogo, decay_taus: [4] },
      map: lif,
    },
    {
      label: "Go-NoGo 35, fixed",
      train: { ...goNogo, decay_taus: [7] },
      map: lif,
    },
    { label: "Go-NoGo 20–50", train: goNogo, map: lif },
    {
      label: "context 20, fixed",
      train: { ...mante, decay_taus: [4] },
      map: lif,
    },
    {
      label: "context 60, fixed",
      train: { ...mante, decay_taus: [12] },
      map: lif,
    },
    { label: "context 20–100", train: mante, map: lif },
  ],
  paper: [
    ...figure2DE.paper.map((value) => ({
      ...value,
      condition: "Go-NoGo 20, fixed",
    })),
    { condition: "context 20, fixed", ...neverLearns },
    { condition: "context 20–100", ...doubleExponential },
  ],
};

/** Refractory period, synaptic filter, gain of the initial weights. */
export const figure6: FigurePlan = {
  figure: "6",
  title: "Figure 6: refractory period, synaptic filter, initial gain",
  description: [
    "Context-dependent integration, 250 units, decay time constants trained between 20 and 100 ms. The usual mapping, with one thing changed at a time; the first three conditions map the same rate networks. The gains beside 1.5 are this project’s choice.",
  ],
  axis: "Condition",
  conditions: [
    { label: "usual", train: mante, map: lif },
    {
      label: "single exponential",
      train: mante,
      map: { ...lif, synapse: "single" },
    },
    { label: "refractory 0 ms", train: mante, map: { ...lif, tref: 0 } },
    { label: "gain 1", train: { ...mante, gain: 1 }, map: lif },
    { label: "gain 2", train: { ...mante, gain: 2 }, map: lif },
  ],
  paper: [
    { condition: "usual", ...doubleExponential },
    {
      condition: "single exponential",
      measure: "performance",
      value: 0.957,
      sd: 0.073,
      text: "95.7 ± 7.3 %",
    },
    {
      condition: "refractory 0 ms",
      measure: "performance",
      value: 0.928,
      sd: 0.143,
      text: "92.8 ± 14.3 %",
    },
  ],
};

/** Activation of the rate units. */
export const figure7: FigurePlan = {
  figure: "7",
  title: "Figure 7: activation of the rate units",
  description: [
    "Go-NoGo, 250 units, decay time constants trained between 20 and 50 ms, mapped to LIF networks; factors 20 to 75 for the sigmoid, 4 to 26 for the others.",
  ],
  axis: "Activation",
  conditions: [
    { label: "sigmoid", train: goNogo, map: lif },
    { label: "softplus", train: { ...goNogo, act: "softplus" }, map: lif },
    {
      label: "clipped ReLU",
      train: { ...goNogo, act: "clipped_relu" },
      map: lif,
    },
  ],
  paper: [
    {
      condition: "softplus",
      measure: "performance",
      value: 0.78,
      text: "78 %",
      drawn: false,
      note: "a single network, at factor 10",
    },
    {
      condition: "clipped ReLU",
      measure: "good",
      value: 0,
      text: "0 of 100",
    },
  ],
};
