/** The panels' figure, from an evaluation and those before it. */
import type { Layer, RateNetwork } from "../../network/types.ts";
import type { Evaluated } from "../../records/events.ts";
import { conditionLabel } from "../../tasks/labels.ts";
import type { Task } from "../../tasks/types.ts";
import { panelsFigure } from "../figures/panels.ts";
import type { StagedEvaluation } from "../figures/stages.ts";
import type { Figure } from "../types.ts";
import { stimulusWindows } from "./network.ts";
import { layerGroups } from "./order.ts";

/** Performance and loss at an earlier evaluation. */
export interface PastEvaluation extends StagedEvaluation {
  /** Share of correct trials. */
  readonly performance: number;
  /** Mean loss of its trials. */
  readonly loss: number;
}

/** The figure of an evaluation; later ones among the others are left out. */
export function evaluationFigure(
  { update, example }: Pick<Evaluated, "update" | "example">,
  evaluations: readonly PastEvaluation[],
  { task, network }: { readonly task: Task; readonly network: RateNetwork },
): Figure {
  // An easier task of a curriculum has trials of its own length.
  const steps = example.target.length;
  let first = 0;
  return panelsFigure({
    evaluations: evaluations.filter((past) => past.update <= update),
    stopping: task.stopping,
    condition: conditionLabel(task, example.condition),
    stepMs: task.stepMs,
    stimuli: stimulusWindows({
      ...task,
      stimuli: example.stimuli ?? task.stimuli,
    }),
    target: example.target,
    outputs: example.outputs,
    layers: network.layers.map((layer, l) => {
      const rates = example.rates.subarray(
        first * steps,
        (first + layer.size) * steps,
      );
      first += layer.size;
      return {
        name: `layer ${l + 1}`,
        size: layer.size,
        rates: sorted(layer, rates, steps, network.dale),
      };
    }),
  });
}

/** Rows in the order in which figures show units. */
function sorted(
  layer: Layer,
  rates: Float32Array,
  steps: number,
  dale: boolean,
): Float32Array {
  const order = layerGroups(layer, dale).flatMap(({ units }) => units);
  const rows = new Float32Array(rates.length);
  order.forEach((unit, row) =>
    rows.set(rates.subarray(unit * steps, (unit + 1) * steps), row * steps)
  );
  return rows;
}
