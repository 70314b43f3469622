/** The neuron models by name. */
import type { NeuronName } from "../../../network/spiking.ts";
import { alif } from "./alif.ts";
import { eif } from "./eif.ts";
import { lif } from "./lif.ts";
import type { NeuronEquation } from "./model.ts";
import { qif } from "./qif.ts";

export const models: Readonly<Record<NeuronName, NeuronEquation>> = {
  lif,
  qif,
  eif,
  alif,
};
