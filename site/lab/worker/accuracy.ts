/**
 * How often the intact and the changed networks are right, on the same trials with
 * the same noise. What the intact networks did is kept: most changes are made to the
 * same ones.
 */
import {
  comparePaired,
  randomStream,
  type RateNetwork,
  type SpikingNetwork,
  type Task,
} from "../../../lib/entry/web.ts";
import {
  evaluateRuns,
  type ScoredTrials,
} from "../../../lib/simulate/evaluate_spiking.ts";
import { evaluateTrials } from "../../../lib/simulate/evaluate_trials.ts";
import { perturbedRate, perturbedSpiking } from "../../../lib/simulate/run.ts";
import {
  summarise,
  type TrialResult,
} from "../../../lib/simulate/summarise.ts";
import type { TrialNoise } from "../../../lib/simulate/trials.ts";
import { perturbationsOf } from "../changes.ts";
import type { Ask } from "../protocol.ts";
import { shareOf } from "./mapping.ts";
import { type PlayParts, playSeed, stimulusTask } from "./playing.ts";

type Accuracy = Extract<Ask, { kind: "accuracy" }>;

type Perturbation = ReturnType<typeof perturbationsOf> & {
  readonly noiseScale: number;
};

/** A network whose trials are counted. */
interface Measured {
  readonly name: "rate" | "spiking";
  readonly network: RateNetwork | SpikingNetwork;
  /** Runs the network with one perturbation after the other, or side by side. */
  run(perturbations: readonly Perturbation[]): Promise<ScoredTrials[]>;
}

/** The trials of an intact network with one stimulus. */
interface Kept {
  readonly network: RateNetwork | SpikingNetwork;
  readonly stimulus: string;
  readonly found: ScoredTrials;
}

const kept = new Map<Measured["name"], Kept>();

const intact: Perturbation = { noiseScale: 1 };

/** Measures both networks and tells what came out. */
export async function measure(ask: Accuracy, parts: PlayParts): Promise<void> {
  const { number, stimulus, changes, trials } = ask;
  const { model, twin, backend, signal, tell } = parts;
  const task = stimulusTask(parts.task, stimulus);
  const run = { seed: playSeed(0), trials, backend, signal };
  const networks: Measured[] = [{
    name: "rate",
    network: model.network,
    run: (perturbations) => rateTrials(model.network, task, perturbations, run),
  }];
  if (twin) {
    networks.push({
      name: "spiking",
      network: twin,
      run: (perturbations) => spikingTrials(twin, task, perturbations, run),
    });
  }
  const { delay, amplitude, noise } = stimulus;
  const changed = { ...perturbationsOf(changes), noiseScale: noise };
  const key = JSON.stringify([task.name, delay, amplitude, trials]);
  for (const one of networks) {
    const begun = performance.now();
    const same = changes.length === 0 && noise === 1;
    const [before, after] = await both(one, key, same ? undefined : changed);
    const strict = ({ results }: ScoredTrials) =>
      results.map((result) => result.strict);
    tell({
      kind: "accuracy",
      number,
      network: one.name,
      intact: shareOf(before.score.strict),
      changed: shareOf(after.score.strict),
      p: comparePaired(strict(before), strict(after)).p,
      milliseconds: performance.now() - begun,
      last: one === networks.at(-1),
    });
  }
}

/** Trials of the intact network, which may be known, and of the changed one. */
async function both(
  { name, network, run }: Measured,
  stimulus: string,
  changed: Perturbation | undefined,
): Promise<[ScoredTrials, ScoredTrials]> {
  const last = kept.get(name);
  const known = last?.network === network && last.stimulus === stimulus
    ? [last.found]
    : [];
  const found = await run([
    ...(known.length > 0 ? [] : [intact]),
    ...(changed ? [changed] : []),
  ]);
  const [before, after = before] = [...known, ...found];
  kept.set(name, { network, stimulus, found: before });
  return [before, after];
}

/** How trials are run. */
type Running = Pick<PlayParts, "backend" | "signal"> & {
  readonly seed: number;
  readonly trials: number;
};

async function rateTrials(
  network: RateNetwork,
  task: Task,
  perturbations: readonly Perturbation[],
  { seed, trials, backend, signal }: Running,
): Promise<ScoredTrials[]> {
  const random = randomStream(seed).fork("evaluation");
  const found: ScoredTrials[] = [];
  for (const { noiseScale, ...perturbation } of perturbations) {
    const run = perturbedRate(network, perturbation, task.stepMs, task);
    const session = await backend.open(run.network);
    const results: TrialResult[] = [];
    try {
      const options = { random, trials, noiseScale, place: run.place, signal };
      for await (const { result } of evaluateTrials(session, task, options)) {
        results.push(result);
      }
    } finally {
      session.close();
    }
    found.push({ results, score: summarise(results, task.conditions) });
  }
  return found;
}

async function spikingTrials(
  twin: SpikingNetwork,
  task: Task,
  perturbations: readonly Perturbation[],
  run: Running,
): Promise<ScoredTrials[]> {
  const runs = perturbations.map(({ noiseScale, ...perturbation }) => {
    const { network, place } = perturbedSpiking(twin, perturbation, task);
    return {
      network,
      place: (trial: Parameters<typeof place>[0], noise: TrialNoise) =>
        place(trial, { ...noise, scale: noise.scale * noiseScale }),
    };
  });
  const found = await evaluateRuns(runs, task, run);
  return found.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
