/** The runner of trials: chunks in order, the next one drawn or run beside the present. */
import assert from "node:assert/strict";
import type { Backend } from "../../lib/backend/types.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { evaluateTogether } from "../../lib/simulate/evaluate_spiking.ts";
import { runsAhead, runTrials } from "../../lib/simulate/trials.ts";
import { convert } from "../../lib/spiking/convert.ts";
import type { Task } from "../../lib/tasks/types.ts";
import { layerOf, networkOf } from "./networks.ts";
import { fakeBackend, task } from "./spiking_fakes.ts";

/** After all that needs no further event. */
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

interface Changes {
  total?: number;
  first?: number;
  lastAlone?: boolean;
  ahead?: (from: number) => boolean;
  signal?: AbortSignal;
  /** Replaces the run of the chunk that begins at a trial. */
  run?: (from: number) => Promise<void> | undefined;
  /** Replaces the drawing of a trial. */
  draw?: (drawn: number) => unknown;
}

/** Seven trials in chunks of three, and what happens to them in order. */
function series(changes: Changes = {}) {
  const { total = 7, run, draw, ...others } = changes;
  const log: string[] = [];
  let drawn = 0;
  const counted: Task = {
    ...task,
    trial(random, condition) {
      draw?.(drawn);
      log.push(`draw ${drawn++}`);
      return task.trial(random, condition);
    },
  };
  const chunks = runTrials({
    series: {
      source: { task: counted, conditions: task.conditions },
      random: randomStream(1),
      kind: "spiking",
      noiseScale: [0.5, 1],
    },
    total,
    size: () => 3,
    place: ({ condition, inputs }, noise) => ({ condition, inputs, noise }),
    async run(trials, from) {
      log.push(`run ${from}`);
      await run?.(from);
      log.push(`ran ${from}`);
      return trials;
    },
    ...others,
  });
  return { chunks, log };
}

const always = () => true;

Deno.test("runTrials() gives chunks in order, the same whether they run ahead or not", async () => {
  const firsts = { 0: [3, 3, 1], 2: [3, 2] };
  for (const [first, sizes] of Object.entries(firsts)) {
    // The first chunk takes longest: those that run ahead are done before it.
    const run = (from: number) => from === 0 ? settled() : undefined;
    const of = (ahead?: () => boolean) =>
      Array.fromAsync(series({ first: Number(first), ahead, run }).chunks);
    const found = await of();
    assert.deepEqual(found.map(({ length }) => length), sizes);
    assert.deepEqual(
      found.flat().map(({ trace }) => trace.noise.trial),
      [0, 1, 2, 3, 4, 5, 6].slice(Number(first)),
    );
    for (const { condition, inputs, trace } of found.flat()) {
      assert.equal(trace.condition, condition);
      assert.equal(trace.inputs, inputs);
    }
    assert.deepEqual(await of(always), found);
  }
  const alone = await Array.fromAsync(
    series({ lastAlone: true, ahead: always }).chunks,
  );
  assert.deepEqual(alone.map(({ length }) => length), [3, 3, 1]);
  const six = series({ total: 6, lastAlone: true, ahead: always });
  const lengths = (await Array.fromAsync(six.chunks)).map((of) => of.length);
  assert.deepEqual(lengths, [3, 2, 1]);
});

Deno.test("runTrials() draws the next chunk while one runs, and runs it only where it may", async () => {
  const begun = async (ahead?: (from: number) => boolean) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { chunks, log } = series({
      ahead,
      run: (from) => from === 0 ? promise : undefined,
    });
    const next = chunks.next();
    await settled();
    const before = [...log];
    resolve();
    await next;
    await chunks.return();
    return before;
  };
  const drawn = ["draw 0", "draw 1", "draw 2", "run 0"];
  const both = [...drawn, "draw 3", "draw 4", "draw 5"];
  assert.deepEqual(await begun(), both);
  assert.deepEqual(await begun((from) => from !== 3), both);
  assert.deepEqual(await begun((from) => from === 3), [
    ...both,
    "run 3",
    "ran 3",
  ]);
});

Deno.test("runTrials() begins no chunk once it is aborted, and gives the one that runs", async () => {
  const aborting: ((stop: () => void) => Changes)[] = [
    // While the next chunk is drawn, and before it is.
    (stop) => ({ draw: (drawn) => drawn === 4 && stop() }),
    (stop) => ({ run: () => Promise.resolve(stop()) }),
  ];
  for (const change of aborting) {
    for (const ahead of [undefined, always]) {
      const controller = new AbortController();
      const { chunks, log } = series({
        ...change(() => controller.abort()),
        ahead,
        signal: controller.signal,
      });
      const { value } = await chunks.next();
      assert.equal(value?.length, 3);
      await assert.rejects(chunks.next(), { name: "AbortError" });
      await settled();
      const runs = log.filter((event) => event.startsWith("run "));
      assert.deepEqual(runs, ["run 0"]);
    }
  }
  const { chunks, log } = series({ signal: AbortSignal.abort() });
  await assert.rejects(chunks.next(), { name: "AbortError" });
  assert.deepEqual(log, []);
});

Deno.test("runTrials() fails with a chunk at its turn, and not at all if that does not come", async () => {
  const failing: Changes[] = [
    {
      run: (from) => from === 3 ? Promise.reject(new Error("bad")) : undefined,
    },
    {
      draw(drawn) {
        if (drawn === 4) throw new Error("bad");
      },
    },
  ];
  for (const change of failing) {
    for (const ahead of [undefined, always]) {
      const { chunks } = series({ ...change, ahead });
      const { value } = await chunks.next();
      assert.equal(value?.length, 3);
      await settled();
      await assert.rejects(chunks.next(), /bad/);
      const left = series({ ...change, ahead }).chunks;
      await left.next();
      await left.return();
      // An uncaught error would come here.
      await settled();
    }
  }
});

Deno.test("runsAhead() on workers that share the trials of a call", () => {
  assert.equal(runsAhead({}), false);
  assert.equal(runsAhead({ workers: 1 }), false);
  assert.equal(runsAhead({ workers: 2 }), true);
  assert.equal(runsAhead({ workers: 2, gathers: true }), false);
});

Deno.test("evaluateTogether() runs nothing ahead across a look at which it may end", async () => {
  const spiking = convert(networkOf([layerOf(3, 1)]), { scalingFactor: 20 });
  /** First trial of every chunk, and the trials that were done when it began. */
  const begun = async (
    backendHas: Pick<Backend, "workers" | "gathers">,
    options: Partial<Parameters<typeof evaluateTogether>[2]> = {},
  ) => {
    const starts: [from: number, done: number][] = [];
    let done = 0;
    const fake = fakeBackend(() => ({ output: 0 }));
    const backend: Backend = {
      ...fake,
      ...backendHas,
      async simulate(network, trials, record) {
        starts.push([trials[0].noise.trial, done]);
        await settled();
        return await fake.simulate(network, trials, record);
      },
    };
    await evaluateTogether([spiking], task, {
      seed: 1,
      trials: 100,
      backend,
      onProgress: (event) => done = event.done,
      ...options,
    });
    return starts;
  };
  const two = { workers: 2 };
  const enough = () => false;
  assert.deepEqual(await begun(two), [[0, 0], [32, 0], [64, 32], [96, 64]]);
  const inTurn = [[0, 0], [32, 32], [64, 64], [96, 96]];
  assert.deepEqual(await begun({ workers: 1 }), inTurn);
  // It may be enough after any chunk.
  assert.deepEqual(await begun(two, { enough }), inTurn);
  const looks = [40, 80];
  assert.deepEqual(
    await begun(two, { enough, looks }),
    [[0, 0], [32, 0], [40, 40], [72, 40], [80, 80]],
  );
  assert.deepEqual(
    await begun(two, {
      enough: ([{ strict }]) => strict.trials === 40,
      looks,
    }),
    [[0, 0], [32, 0]],
  );
});
