/** The neuron models by name. */
import type { LifNeuron } from "../types.ts";
import { eif } from "./eif.ts";
import { lif } from "./lif.ts";
import type { MembraneEquation } from "./model.ts";
import { qif } from "./qif.ts";

export const models: Readonly<Record<LifNeuron["name"], MembraneEquation>> = {
  lif,
  qif,
  eif,
};
