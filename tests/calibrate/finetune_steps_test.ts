/** In which integration steps fine-tuning runs: coarse ones until they mislead. */
import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import {
  isTuning,
  type TuningBackend,
} from "../../lib/backend/spiking_gradient.ts";
import { calibrate } from "../../lib/calibrate/calibrate.ts";
import { tuneWeights } from "../../lib/calibrate/finetune.ts";
import { tuneInRounds } from "../../lib/calibrate/finetune_rounds.ts";
import { tuneDefaults } from "../../lib/calibrate/finetune_settings.ts";
import type { SpikingTrial } from "../../lib/network/spiking.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";
import { task } from "../simulate/spiking_fakes.ts";

type Steps = "coarse" | "own";

/** Trials in a hundred that are wrong, in each kind of steps. */
type Wrong = Readonly<Record<Steps, number>>;

const spiking = convert(networkOf([layerOf(6, 2)]), { scalingFactor: 20 });

/** Whether integration steps are the network's own, or the 0.25 ms in its place. */
function stepsOf({ dt }: { readonly dt: number }): Steps {
  assert.ok(Math.abs(dt - 0.25) < 1e-9 || dt === spiking.dt, `dt ${dt}`);
  return dt === spiking.dt ? "own" : "coarse";
}

/** Whether a trial is one of those that are wrong, which are evenly spread. */
function isWrong({ noise: { trial } }: SpikingTrial, inHundred: number) {
  const before = (end: number) => Math.floor(end * inHundred / 100);
  return before(trial + 1) > before(trial);
}

/** Outputs of a trial that is right or wrong, for both of its conditions. */
function outputsOf({ inputs }: SpikingTrial, right: boolean, length: number) {
  const isGo = inputs.some((value) => value > 0);
  return new Float32Array(length).fill(isGo === right ? 1 : 0);
}

/**
 * The SIMD backend with outputs of its own, and the steps in which updates and
 * checks run on it.
 */
async function scripted(wrong: () => Wrong) {
  const backend = await openBackend();
  assert.ok(isTuning(backend));
  const updates: Steps[] = [];
  const checks: Steps[] = [];
  const wrapper: TuningBackend = {
    ...backend,
    async simulate(network, trials, record) {
      const traces = await backend.simulate(network, trials, record);
      if (!record.outputs) return traces;
      const steps = stepsOf(network);
      if (checks.at(-1) !== steps) checks.push(steps);
      return traces.map((trace, k) => ({
        ...trace,
        outputs: outputsOf(
          trials[k],
          !isWrong(trials[k], wrong()[steps]),
          trace.steps,
        ),
      }));
    },
    tuningGradient(network, trials) {
      updates.push(stepsOf(network.spiking));
      return backend.tuningGradient(network, trials);
    },
  };
  return { backend: wrapper, updates, checks };
}

const settings = {
  ...tuneDefaults,
  seed: 1,
  trials: 100,
  updates: 12,
  batch: 2,
};

/** A round on a network that is as good as `after` says from its fifth update on. */
async function round(after: Wrong) {
  let done = 0;
  const { backend, updates, checks } = await scripted(() =>
    done < 5 ? { coarse: 50, own: 50 } : after
  );
  const found = await tuneWeights(spiking, task, {
    ...settings,
    onUpdate: (update) => done = update.done,
    backend,
  });
  backend.close();
  return { ...found, updates, checks };
}

const times = (count: number, steps: Steps) => Array<Steps>(count).fill(steps);

Deno.test("tuneWeights() goes on in the network's own steps where coarse ones mislead", async () => {
  for (const own of [100, 10]) {
    const found = await round({ coarse: 4, own });
    assert.deepEqual(
      found.updates,
      [...times(5, "coarse"), ...times(7, "own")],
      `${own} % wrong`,
    );
    // Before, after 5 in both, then after 10 and 12 in its own alone.
    assert.deepEqual(found.checks, ["coarse", "own"]);
    assert.equal(found.ownSteps, true);
    // None later was better: the best is the one that had misled, not the first.
    const [gains] = found.calibration.synapses!.recurrent;
    assert.ok(gains.some((gain) => gain !== 1), "it is the one from the start");
  }
});

Deno.test("tuneWeights() stays in coarse steps as long as they tell how it does in its own", async () => {
  const near = await round({ coarse: 4, own: 8 });
  assert.deepEqual(near.updates, times(12, "coarse"));
  assert.ok(near.checks.includes("own"), "it was confirmed");
  assert.equal(near.ownSteps, false);
  // One of fifty is tolerated where all are right in coarse steps, two are not.
  const perfect = await round({ coarse: 0, own: 2 });
  assert.deepEqual(perfect.updates, times(12, "coarse"));
  const misled = await round({ coarse: 0, own: 4 });
  assert.deepEqual(misled.updates.slice(5), times(7, "own"));
  const poor = await round({ coarse: 6, own: 100 });
  assert.deepEqual(poor.updates, times(12, "coarse"));
  assert.deepEqual(poor.checks, ["coarse"], "too poor to be confirmed");
  assert.equal(poor.ownSteps, false);
});

Deno.test("tuneWeights() counts what is right in its own steps from then on", async () => {
  // Right in all trials of its own once it is tuned there: nothing is left to tune.
  let done = 0;
  const { backend, updates } = await scripted(() => ({
    coarse: done < 5 ? 50 : 0,
    own: done < 10 ? 70 : 0,
  }));
  const { ownSteps } = await tuneWeights(spiking, task, {
    ...settings,
    onUpdate: (update) => done = update.done,
    backend,
  });
  backend.close();
  assert.deepEqual(updates, [...times(5, "coarse"), ...times(5, "own")]);
  assert.equal(ownSteps, true);
});

Deno.test("tuneInRounds() goes on in the steps in which the best round ended, and starts afresh in coarse ones", async () => {
  for (const misled of [true, false]) {
    let done = 0;
    const { backend, updates } = await scripted(() =>
      done < 5 ? { coarse: 50, own: 50 } : { coarse: 4, own: misled ? 50 : 4 }
    );
    const rounds: Steps[][] = [];
    await tuneInRounds(spiking, task, {
      ...settings,
      updates: 6,
      rounds: 3,
      start: {},
      startAt: () => Promise.resolve({}),
      onUpdate(update) {
        done = update.done % 6;
        (rounds[update.round - 1] ??= []).push(updates.at(-1)!);
      },
      backend,
    });
    backend.close();
    const first = [...times(5, "coarse"), misled ? "own" : "coarse"];
    assert.deepEqual(
      rounds,
      [first, times(6, misled ? "own" : "coarse"), first],
      misled ? "misled" : "not misled",
    );
  }
});

/** What tuning a network gives that is wrong in so many own trials of a hundred. */
async function tuned(own: number) {
  const { backend, updates } = await scripted(() => ({ coarse: 0, own }));
  const ran = new Map<string, number>();
  const counting: TuningBackend = {
    ...backend,
    simulate(network, trials, record) {
      if (stepsOf(network) === "own" && record.outputs) {
        for (const { noise: { key, trial } } of trials) {
          const name = `${key} ${trial}`;
          ran.set(name, (ran.get(name) ?? 0) + 1);
        }
      }
      return backend.simulate(network, trials, record);
    },
  };
  const steps = calibrate(spiking, task, {
    ...{ seed: 1, steps: ["tune"], trials: 4, validation: 100, force: true },
    backend: counting,
  });
  const [event] = await Array.fromAsync(steps);
  backend.close();
  assert.ok(event.kind === "calibrated");
  assert.deepEqual(updates, []);
  assert.deepEqual(event.after, event.before);
  assert.equal(event.kept, false);
  assert.ok([...ran.values()].every((times) => times === 1));
  return { event, trials: ran.size };
}

Deno.test("calibrate() does not try a network again that tuning left as it was", async () => {
  const { event, trials } = await tuned(1);
  assert.deepEqual(event.rounds!.map(({ updates }) => updates), [0]);
  assert.equal(event.before.strict.value, 0.99);
  // Validation, confirmation of the check, judgement of the round: each once.
  assert.equal(trials, 100 + 50 + 200);
});

Deno.test("calibrate() fits nothing to a network that is right in all of its trials", async () => {
  const { backend } = await scripted(() => ({ coarse: 0, own: 0 }));
  let ran = 0;
  const steps = calibrate(spiking, task, {
    ...{ seed: 1, steps: ["readout", "units", "weights"], force: true },
    ...{ trials: 4, validation: 100 },
    backend: {
      ...backend,
      simulate(network, trials, record) {
        ran += trials.length;
        return backend.simulate(network, trials, record);
      },
    },
  });
  const events = await Array.fromAsync(steps);
  backend.close();
  // The fresh trials alone: none that a step would be fitted on.
  assert.equal(ran, 100);
  assert.equal(events.length, 4);
  for (const event of events) {
    if (event.kind !== "calibrated") continue;
    assert.deepEqual(event.after, event.before);
    assert.equal(event.kept, false);
  }
  const last = events.at(-1)!;
  assert.ok(last.kind === "calibration");
  assert.deepEqual(last.record.calibration, {});
});

Deno.test("calibrate() tunes no network that is right in all of its trials", async () => {
  const { event, trials } = await tuned(0);
  assert.equal(event.rounds, undefined);
  assert.equal(event.before.strict.value, 1);
  assert.equal(trials, 100);
});
