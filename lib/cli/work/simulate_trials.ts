/** The trials of `simulate`, as flags ask for them. */
import type { Model } from "../../network/records.ts";
import type { TrialRequest } from "../../simulate/requests.ts";
import type { SimulateOptions } from "../../simulate/simulate.ts";
import type { TrialsFile } from "../../formats/trials/types.ts";
import type { Task } from "../../tasks/types.ts";
import type { Invocation } from "../command.ts";
import { asUsage } from "../../runs/errors.ts";
import type { Perturbations } from "../../runs/perturbation_flags.ts";
import { Counted } from "../../runs/progress/counted.ts";
import { factorOf, mappingOf, toSpiking } from "../../runs/spiking_flags.ts";
import {
  type RecordedCourse,
  type Recorder,
  recordRate,
  recordSpiking,
} from "../../runs/record_trials.ts";
import type { simulateFlags } from "../flags/simulate.ts";

/** What `simulate` was asked. */
export type Given = Invocation<typeof simulateFlags>;

/** How a simulation is run. */
type Run =
  & Pick<SimulateOptions, "seed" | "signal">
  & Required<Pick<SimulateOptions, "backend">>
  & Perturbations;

/** Runs the trials that were asked for. */
export async function runTrials(
  { flags, output }: Given,
  model: Model,
  task: Task,
  request: TrialRequest,
  run: Run,
  recorder: Omit<Recorder, "taken">,
): Promise<TrialsFile> {
  const counted = new Counted("simulate", "trials", output);
  const taken = (done: number, total: number) => counted.show(done, total);
  const { initialWeights, ...mapping } = mappingOf(flags, model);
  const simulated = async () => {
    if (flags.rate) {
      const ran = { ...run, initialWeights };
      return await recordRate(model.network, request, task.stepMs, ran, {
        ...recorder,
        taken,
      });
    }
    const spiking = await toSpiking(model, {
      ...mapping,
      initialWeights,
      scalingFactor: factorOf(flags, model),
      stepMs: task.stepMs,
    }, output);
    const courses = (flags.record ?? []) as readonly RecordedCourse[];
    return await recordSpiking(
      spiking,
      request,
      { courses, every: flags.every },
      run,
      { ...recorder, taken },
      initialWeights,
    );
  };
  const file = await asUsage(simulated);
  output.endProgress();
  return file;
}
