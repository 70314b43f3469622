/** Checkpoints: to disk and back, whole or refused. */
import {
  deepStrictEqual as equal,
  ok,
  rejects,
  throws,
} from "node:assert/strict";
import { join } from "node:path";
import { ModelFileError } from "../../lib/errors.ts";
import {
  decodeSafeTensors,
  encodeSafeTensors,
} from "../../lib/formats/safetensors.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../lib/train/checkpoint.ts";
import {
  latestCheckpoint,
  listCheckpoints,
  removeRemains,
  writeCheckpoint,
} from "../../lib/train/checkpoint_folder.ts";
import { taskFingerprint } from "../../lib/tasks/identity.ts";
import type { TrainOptions } from "../../lib/train/options.ts";
import type { TrainingState } from "../../lib/records/training_state.ts";
import { train } from "../../lib/train/train.ts";
import { inFolder } from "../folder.ts";

const task = getTask("go-nogo", { T: 60, stim_on: 10, stim_dur: 10 });

const layered = createNetwork({
  channels: 1,
  units: [12, 8],
  sst: 1,
  inhibitory: 0.4,
  feedback: 0.2,
}, randomStream(4));

const small = createNetwork({ channels: 1, units: 4 }, randomStream(1));

async function states(
  network: typeof layered,
  options: Partial<TrainOptions> = {},
) {
  const found: TrainingState[] = [];
  let model;
  for await (
    const event of train(network, task, {
      seed: 2,
      updates: 7,
      evalEvery: 3,
      evalTrials: 3,
      checkpoints: true,
      ...options,
    })
  ) {
    if (event.kind === "checkpoint") found.push(event.state);
    if (event.kind === "stopped") model = event.model;
  }
  return { found, model: model! };
}

async function checkpointOf(network = layered): Promise<Checkpoint> {
  const { found: [, state] } = await states(network);
  return {
    state,
    seed: 2,
    task: {
      name: task.name,
      timing: task.timing,
      fingerprint: await taskFingerprint(task),
    },
    settings: { N: 12, decay_taus: [4, 20] },
  };
}

Deno.test("decodeCheckpoint() gives back what encodeCheckpoint() took", async () => {
  const checkpoint = await checkpointOf();
  const { version, ...back } = decodeCheckpoint(encodeCheckpoint(checkpoint));
  equal(back, checkpoint);
  ok(/^\d+\.\d+\.\d+/.test(version));
});

Deno.test("train() resumed from a decoded checkpoint gives the whole model", async () => {
  const options = { clipNorm: 0.5, batch: 2 };
  const { found, model } = await states(layered, options);
  for (const state of found) {
    const { state: resume } = decodeCheckpoint(encodeCheckpoint({
      state,
      seed: 2,
      task: { name: task.name, timing: task.timing, fingerprint: "" },
      settings: {},
    }));
    const again = await states(layered, { ...options, resume });
    const dated = (of: typeof model) => ({
      ...of,
      provenance: { ...of.provenance, created: "" },
    });
    equal(dated(again.model), dated(model), `from update ${state.update}`);
  }
});

Deno.test("train() resumed where the criterion was met makes no further update", async () => {
  const easy = { stopping: { loss: 1e6, performance: -1, trials: 0 } };
  const { found: [state], model } = await states(small, easy);
  equal(state.update, 2);
  const resumed = await states(small, { ...easy, resume: state });
  equal(resumed.model.training, model.training);
});

Deno.test("decodeCheckpoint() refuses a file cut off anywhere", async () => {
  const bytes = encodeCheckpoint(await checkpointOf(small));
  for (let length = 0; length < bytes.length; length += 7) {
    throws(() => decodeCheckpoint(bytes.slice(0, length)), ModelFileError);
  }
});

Deno.test("decodeCheckpoint() reads or refuses a file with any bit turned", async () => {
  const bytes = encodeCheckpoint(await checkpointOf(small));
  const random = randomStream(9);
  for (let i = 0; i < 1000; i++) {
    const damaged = bytes.slice();
    const at = Math.floor(random.uniform(i, 0) * damaged.length);
    damaged[at] ^= 1 << Math.floor(random.uniform(i, 1) * 8);
    try {
      decodeCheckpoint(damaged);
    } catch (error) {
      ok(error instanceof ModelFileError, `byte ${at}: ${error}`);
    }
  }
});

Deno.test("decodeCheckpoint() names a newer version, and what is missing or too much", async () => {
  const { tensors, metadata } = decodeSafeTensors(
    encodeCheckpoint(await checkpointOf(small)),
  );
  const refused = (
    change: (t: Map<string, never>, m: Map<string, string>) => void,
    message: RegExp,
  ) => {
    const [t, m] = [new Map(tensors), new Map(metadata)];
    change(t as unknown as Map<string, never>, m);
    throws(() => decodeCheckpoint(encodeSafeTensors(t, m)), (error) => {
      ok(error instanceof ModelFileError);
      ok(message.test(error.message), error.message);
      return true;
    });
  };
  refused((_, m) => m.set("version", "99.0.0"), /by version "99\.0\.0"/);
  refused((_, m) => m.set("format", "2"), /allowed are versions up to/);
  refused((_, m) => m.delete("kind"), /not a checkpoint/);
  refused((_, m) => m.set("checkpoint", "{}"), /description is damaged/);
  refused((_, m) => {
    const deep = "[".repeat(20_000) + "]".repeat(20_000);
    const head = m.get("checkpoint")!;
    m.set(
      "checkpoint",
      head.replace('"settings":{', `"settings":{"a":${deep},`),
    );
  }, /description is damaged/);
  refused((t) => t.delete("network.layers.0.weights"), /it is missing/);
  refused(
    (t) => t.set("more", { shape: [1], data: new Uint8Array(1) } as never),
    /"more": it is unknown/,
  );
  refused(
    (t) =>
      t.set(
        "initial.readout.0.weights",
        { shape: [3], data: new Float32Array(3) } as never,
      ),
    /its shape is \(3\), expected \(4\)/,
  );
  refused(
    (t) =>
      t.set(
        "first_moment.readout.bias",
        { shape: [1], data: Float64Array.of(NaN) } as never,
      ),
    /first moments are not finite/,
  );
});

Deno.test("encodeCheckpoint() gives arrays their shapes, decodeCheckpoint() reads vectors as well", async () => {
  const checkpoint = await checkpointOf(small);
  const { tensors, metadata } = decodeSafeTensors(encodeCheckpoint(checkpoint));
  const { layers: [{ size }], inputs } = checkpoint.state.network;
  const shape = (name: string) => tensors.get(name)!.shape;
  equal(shape("network.layers.0.weights"), [size, size]);
  equal(shape("second_moment.layers.0.weights"), [size, size]);
  equal(shape("layers.0.mask"), [size, size]);
  equal(shape("inputs.0.weights"), [size, inputs[0].weights.length / size]);
  equal(shape("network.readout.bias"), []);
  const older = new Map(
    [...tensors].map(([name, { data }]) =>
      [name, { data, shape: [data.length] }] as const
    ),
  );
  equal(
    decodeCheckpoint(encodeSafeTensors(older, metadata)).state,
    checkpoint.state,
  );
  const { data } = tensors.get("network.layers.0.weights")!;
  const turned = new Map(tensors).set("network.layers.0.weights", {
    data,
    shape: [1, data.length],
  });
  throws(
    () => decodeCheckpoint(encodeSafeTensors(turned, metadata)),
    /its shape is \(1, 16\), expected \(4, 4\)/,
  );
});

Deno.test("decodeCheckpoint() reads one from before evaluations told their stage", async () => {
  const checkpoint = await checkpointOf(small);
  const { tensors, metadata } = decodeSafeTensors(encodeCheckpoint(checkpoint));
  const older = new Map(tensors);
  ok(older.delete("evaluations.noise_level"));
  ok(older.delete("evaluations.lesson"));
  const { state } = decodeCheckpoint(encodeSafeTensors(older, metadata));
  equal(
    state.evaluations,
    checkpoint.state.evaluations.map(({ noiseLevel: _, ...rest }) => rest),
  );
});

Deno.test("writeCheckpoint() keeps the last two", async () => {
  await inFolder(async (folder) => {
    const checkpoint = await checkpointOf(small);
    const at = (update: number) => ({
      ...checkpoint,
      state: { ...checkpoint.state, update, losses: new Float64Array(update) },
    });
    const kept = async () =>
      (await listCheckpoints(folder)).map((path) =>
        /\d+(?=\.s)/.exec(path)![0]
      );
    for (const update of [5, 102, 20]) {
      await writeCheckpoint(folder, at(update));
    }
    equal(await kept(), ["20", "5"], "a later one is of another course");
    await writeCheckpoint(folder, at(1000));
    equal(await kept(), ["1000", "20"]);
  });
});

Deno.test("latestCheckpoint() falls back on the older one, and says so", async () => {
  await inFolder(async (folder) => {
    equal(await latestCheckpoint(folder), undefined);
    const checkpoint = await checkpointOf(small);
    const older = await writeCheckpoint(folder, checkpoint);
    const newer = join(folder, "checkpoint_900.safetensors");
    await Deno.writeFile(newer, (await Deno.readFile(older)).slice(0, 500));
    const found = await latestCheckpoint(folder);
    equal(found?.path, older);
    equal(found?.unreadable.map(({ path }) => path), [newer]);
    await Deno.writeFile(older, new Uint8Array(3));
    await rejects(latestCheckpoint(folder), /none of its 2 checkpoints/);
  });
});

Deno.test("removeRemains() removes half-written files and nothing else", async () => {
  await inFolder(async (folder) => {
    const remains = `.spikernn-${crypto.randomUUID()}.tmp`;
    for (const name of [remains, "mine.tmp"]) {
      await Deno.writeTextFile(join(folder, name), "");
    }
    await removeRemains(folder);
    equal([...Deno.readDirSync(folder)].map(({ name }) => name), ["mine.tmp"]);
  });
});

Deno.test("taskFingerprint() is the same for the same trials alone", async () => {
  const print = await taskFingerprint(task);
  equal(await taskFingerprint({ ...task, description: "other words" }), print);
  const later = getTask("go-nogo", { T: 60, stim_on: 11, stim_dur: 10 });
  ok(await taskFingerprint(later) !== print);
});
