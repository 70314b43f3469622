/**
 * How often the intact and the changed networks are right, on the same trials with
 * the same noise. What the intact spiking network did is kept: most changes are
 * made to the same one.
 */
import {
  comparePaired,
  evaluatePerturbed,
  type SpikingNetwork,
  type Task,
} from "../../../lib/entry/web.ts";
import {
  evaluateRuns,
  type ScoredTrials,
} from "../../../lib/simulate/evaluate_spiking.ts";
import { perturbedSpiking } from "../../../lib/simulate/run.ts";
import { perturbationsOf } from "../changes.ts";
import type { Ask } from "../protocol.ts";
import { shareOf } from "./mapping.ts";
import { type PlayParts, playSeed, stimulusTask } from "./playing.ts";

type Accuracy = Extract<Ask, { kind: "accuracy" }>;

/** The intact network's trials, for one network and one stimulus. */
let kept:
  | {
    readonly twin: SpikingNetwork;
    readonly key: string;
    readonly found: ScoredTrials;
  }
  | undefined;

/** Measures both networks and tells what came out. */
export async function measure(ask: Accuracy, parts: PlayParts): Promise<void> {
  const { stimulus, changes } = ask;
  const task = stimulusTask(parts.task, stimulus);
  const perturbation = {
    ...perturbationsOf(changes),
    noiseScale: stimulus.noise,
  };
  await measureRate(ask, task, perturbation, parts);
  if (parts.twin) {
    await measureSpiking(ask, task, perturbation, {
      ...parts,
      twin: parts.twin,
    });
  }
}

type Perturbation = ReturnType<typeof perturbationsOf> & {
  readonly noiseScale: number;
};

async function measureRate(
  { number, trials }: Accuracy,
  task: Task,
  perturbation: Perturbation,
  { model, twin, backend, signal, tell }: PlayParts,
): Promise<void> {
  const begun = performance.now();
  const events = evaluatePerturbed(model.network, task, [perturbation], {
    ...{ seed: playSeed(0), trials, backend, signal },
  });
  for await (const event of events) {
    if (event.kind === "perturbationFailed") throw new Error(event.error);
    if (event.kind !== "perturbed") continue;
    const [effect] = event.effects;
    tell({
      kind: "accuracy",
      number,
      network: "rate",
      intact: shareOf(event.intact.strict),
      changed: shareOf(effect.score.strict),
      p: effect.strict.p,
      milliseconds: performance.now() - begun,
      last: !twin,
    });
  }
}

async function measureSpiking(
  { number, stimulus, trials }: Accuracy,
  task: Task,
  perturbation: Perturbation,
  { twin, backend, signal, tell }: PlayParts & {
    readonly twin: SpikingNetwork;
  },
): Promise<void> {
  const begun = performance.now();
  const { delay, amplitude } = stimulus;
  const key = JSON.stringify([task.name, delay, amplitude, trials]);
  const known = kept?.twin === twin && kept.key === key
    ? kept.found
    : undefined;
  const { place, ...changed } = perturbedSpiking(twin, perturbation, task);
  const { noiseScale } = perturbation;
  const runs = [
    ...(known ? [] : [perturbedSpiking(twin, {}, task)]),
    {
      ...changed,
      place: (...[trial, noise]: Parameters<typeof place>) =>
        place(trial, { ...noise, scale: noise.scale * noiseScale }),
    },
  ];
  const found = await evaluateRuns(runs, task, {
    ...{ seed: playSeed(0), trials, backend, signal },
  });
  const [intact, other] = [
    ...(known ? [known] : []),
    ...found.map((one) => {
      if (one.status === "rejected") throw one.reason;
      return one.value;
    }),
  ];
  kept = { twin, key, found: intact };
  const strict = ({ results }: ScoredTrials) =>
    results.map((result) => result.strict);
  tell({
    kind: "accuracy",
    number,
    network: "spiking",
    intact: shareOf(intact.score.strict),
    changed: shareOf(other.score.strict),
    p: comparePaired(strict(intact), strict(other)).p,
    milliseconds: performance.now() - begun,
    last: true,
  });
}
