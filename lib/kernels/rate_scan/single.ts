/** Runs single trials on the SIMD kernel, forward and backward. */
import { piecesOf, type StructureFrom, structurePieces } from "./pieces.ts";
import { addBackward, addSynapses, placeBackward } from "./single_backward.ts";
import {
  addForward,
  type PlacedTrial,
  placeForward,
} from "./single_forward.ts";
import type { SingleStructure } from "./single_structure.ts";
import { runTasksHere, TaskList, type TaskTeam } from "./tasks.ts";
import {
  type LaunchLoss,
  type LaunchTrace,
  type LaunchTrial,
  lossNumber,
} from "./trial.ts";
import type { ParameterVectors } from "./vectors.ts";

/**
 * Runs one trial and keeps what was asked for.
 *
 * @param later structures of other weights, and the steps from which they hold
 */
export function runSingle(
  vectors: ParameterVectors,
  structure: SingleStructure,
  trial: LaunchTrial,
  record: { readonly states?: boolean; readonly rates?: boolean },
  later: readonly StructureFrom<SingleStructure>[] = [],
): LaunchTrace {
  const { memory } = vectors;
  const mark = memory.mark;
  const placed = placeForward(
    vectors,
    structure,
    trial,
    record.states === true,
  );
  const list = new TaskList();
  addForward(list, placed, structurePieces(trial.steps, structure, later));
  runTasksHere(memory, list.tasks);
  const collect = (addresses: readonly number[]) => {
    const all = new Float32Array(trial.steps * vectors.wiring.units);
    structure.stages.forEach(({ from, units, size }, k) => {
      const rows = memory.floats(addresses[k], trial.steps * size);
      for (let t = 0; t < trial.steps; t++) {
        const row = rows.subarray(t * size, t * size + units);
        all.set(row, t * vectors.wiring.units + from);
      }
    });
    return all;
  };
  const trace = {
    outputs: readOutputs(placed),
    ...(record.rates && { rates: collect(placed.rates) }),
    ...(placed.states && { states: collect(placed.states) }),
  };
  memory.release(mark);
  return trace;
}

/**
 * Runs one trial and adds the gradients by effective weights, readout, alphas
 * and bias to the gradient vector.
 *
 * @param team threads that share the work, in the memory of `vectors`: stages
 *   follow each other through the trial, and share out the synapses' gradients
 */
export function singleGradient(
  vectors: ParameterVectors,
  structure: SingleStructure,
  trial: LaunchTrial,
  loss: LaunchLoss,
  wantsOutputs: boolean,
  team?: TaskTeam,
): { loss: number; outputs?: Float32Array } {
  const { memory } = vectors;
  const { steps } = trial;
  const threads = team?.threads ?? 1;
  const mark = memory.mark;
  const placed = placeForward(vectors, structure, trial, false);
  const { targets, weights, losses } = placeLoss(vectors, trial);
  const back = placeBackward(placed);

  const list = new TaskList();
  const pieces = piecesOf(steps, threads);
  const forward = addForward(list, placed, pieces);
  const lossTask = list.add([
    {
      name: "losses",
      values: [
        lossNumber[loss.name],
        steps,
        1,
        1,
        placed.outputs,
        targets,
        weights,
        loss.scale,
        back.outputGradient,
        losses,
        0,
        1,
      ],
    },
    {
      name: "biasGradient",
      values: [
        steps,
        1,
        4,
        back.outputGradient,
        vectors.gradients + 4 * vectors.layout.bias,
      ],
    },
  ], [forward]);
  const series = addBackward(list, placed, back, pieces, lossTask);
  addSynapses(list, placed, back, threads, series);
  if (team === undefined) runTasksHere(memory, list.tasks);
  else team.run(list.tasks);

  const result = {
    loss: memory.doubles(losses, 1)[0],
    ...(wantsOutputs && { outputs: readOutputs(placed) }),
  };
  memory.release(mark);
  return result;
}

/** Writes targets and weights of a trial, and makes room for its loss. */
function placeLoss({ memory }: ParameterVectors, trial: LaunchTrial) {
  const { steps } = trial;
  const targets = memory.allocate(4 * steps);
  memory.floats(targets, steps).set(trial.target!.subarray(0, steps - 1), 1);
  let weights = 0;
  if (trial.lossWeights !== undefined) {
    weights = memory.allocate(4 * steps);
    memory.floats(weights, steps).set(trial.lossWeights, 1);
  }
  return { targets, weights, losses: memory.allocate(8) };
}

function readOutputs({ vectors, trial, outputs }: PlacedTrial): Float32Array {
  return vectors.memory.floats(outputs, trial.steps).slice(1);
}
