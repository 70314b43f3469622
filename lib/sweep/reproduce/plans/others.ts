/** Supplement, and the task of the fork: S3, S7, dms. */
import type { FigurePlan } from "../types.ts";
import { dms, goNogo, lif } from "./common.ts";

/** Somatostatin units. */
export const figureS3: FigurePlan = {
  figure: "S3",
  title: "Figure S3: networks with SST units",
  description: [
    "Go-NoGo, 200 units, 20 of them SST units, which no inhibitory unit projects to, mapped to LIF networks. A third of the units is inhibitory, as in the paper’s example of 134 pyramidal, 46 PV and 20 SST units; decay time constants trained between 20 and 50 ms.",
  ],
  axis: "Condition",
  conditions: [{
    label: "20 SST units",
    train: { ...goNogo, N: 200, som_N: 20, P_inh: 0.33 },
    map: lif,
  }],
  paper: [],
  populations: true,
};

/** Quadratic integrate-and-fire units. */
export const figureS7: FigurePlan = {
  figure: "S7",
  title: "Figure S7: QIF in place of LIF units",
  description: [
    "Go-NoGo, 250 units, decay time constants trained between 20 and 50 ms; the same rate networks mapped to LIF and to QIF networks.",
  ],
  axis: "Neuron model",
  conditions: [
    { label: "LIF", train: goNogo, map: lif },
    { label: "QIF", train: goNogo, map: { ...lif, model: "qif" } },
  ],
  paper: [],
};

/** The fork's delayed match-to-sample. */
export const figureDms: FigurePlan = {
  figure: "dms",
  title: "Delayed match-to-sample, the task of the fork",
  description: [
    "Networks of 200 units on delayed match-to-sample over 4 s, trained by the published recipe (at most 6000 updates of one trial) and by the preset “robust” (at most 2000 updates of 16 trials). The paper has no such task.",
  ],
  axis: "Recipe",
  conditions: [
    { label: "paper’s recipe", train: dms, map: lif },
    {
      label: "robust",
      train: { ...dms, preset: "robust", n_trials: 2000 },
      map: lif,
    },
  ],
  paper: [],
};
