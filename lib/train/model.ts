/** A trained network with its record. */
import type { Backend, RateSession, RateTrace } from "../backend/types.ts";
import type { Model, SavedTrial, TrainingOutcome } from "../network/records.ts";
import type { RateNetwork } from "../network/types.ts";
import type { TaskIdentity } from "../tasks/identity.ts";
import type { Task } from "../tasks/types.ts";
import { version } from "../version.ts";
import type { History } from "./history.ts";
import type { CompleteOptions } from "./options.ts";
import type { TrainingTrials } from "./trials.ts";

/** What a model is made of. */
export interface ModelParts {
  readonly network: RateNetwork;
  readonly task: Task;
  readonly identity: TaskIdentity;
  readonly history: History;
  readonly trials: TrainingTrials;
  readonly backend: Backend;
  /** A session of the network, if one is open. */
  readonly session?: RateSession;
  readonly options: CompleteOptions;
  readonly outcome: TrainingOutcome;
}

/** Puts a model together; runs the last trial to save its activity. */
export async function assembleModel(parts: ModelParts): Promise<Model> {
  const { network, task, history, backend, options, outcome } = parts;
  return {
    network,
    initial: history.initial,
    task: { name: task.name, timing: task.timing, ...parts.identity },
    training: {
      lastUpdate: history.updates - 1,
      losses: history.losses,
      evaluations: history.evaluations,
      evalOutputs: history.evaluation?.outputs ?? new Float32Array(0),
      evalLabels: history.evaluation?.labels ?? new Float64Array(0),
      outcome,
    },
    trial: await savedTrial(parts),
    provenance: {
      version,
      seed: options.seed,
      backend: backend.description,
      created: new Date().toISOString(),
      settings: options.settings ?? {},
    },
  };
}

/**
 * The last training trial, before and after training. The original saves the
 * activity from before the last update; here it is that of the saved network.
 */
async function savedTrial(
  { network, history, trials, backend, session }: ModelParts,
): Promise<SavedTrial> {
  const [trial] = await trials.ofUpdate(Math.max(0, history.updates - 1));
  const run = async (session: RateSession): Promise<RateTrace> => {
    const [trace] = await session.run([trial], { states: true, rates: true });
    return trace;
  };
  async function runNew(network: RateNetwork): Promise<RateTrace> {
    const session = await backend.open(network);
    try {
      return await run(session);
    } finally {
      session.close();
    }
  }
  const after = await (session ? run(session) : runNew(network));
  const before = await runNew(history.initial);
  return {
    inputs: trial.inputs,
    target: trial.target!,
    outputs: after.outputs,
    states: after.states!,
    rates: after.rates!,
    initialStates: before.states!,
    initialRates: before.rates!,
  };
}
