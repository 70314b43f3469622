/**
 * The original's own Go-NoGo network, against what its own code gave for it
 * (10 trials a factor, in tests/data/lif_grid_original.json).
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openBackend } from "../../lib/backend/open.ts";
import type { Backend } from "../../lib/backend/types.ts";
import { evaluateSpiking } from "../../lib/simulate/evaluate_spiking.ts";
import { decodeModel } from "../../lib/formats/model_file.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { diagnose } from "../../lib/map/diagnose.ts";
import { searchScalingFactor } from "../../lib/map/search.ts";
import { simulate } from "../../lib/simulate/simulate.ts";
import { simulateRate } from "../../lib/simulate/simulate_rate.ts";
import { selectUnits } from "../../lib/network/units.ts";
import { goNogo } from "../../lib/tasks/go_nogo.ts";

function dataFile(name: string): Uint8Array {
  return readFileSync(new URL(`../data/${name}`, import.meta.url));
}

const { network } = decodeModel(dataFile("gonogo_original.mat"));
const task = goNogo();

interface OriginalScore {
  performance: number;
  fr_exc_hz: number;
  fr_inh_hz: number;
  mean_out_resp_go_per_trial: number[];
  mean_out_resp_nogo_per_trial: number[];
}

const original: Record<string, OriginalScore> = JSON.parse(
  new TextDecoder().decode(dataFile("lif_grid_original.json")),
).by_scaling_factor;

function testOn(
  name: string,
  run: (backend: Backend) => Promise<void>,
): void {
  Deno.test(name, async () => {
    const backend = await openBackend();
    try {
      await run(backend);
    } finally {
      backend.close();
    }
  });
}

function mean(numbers: ArrayLike<number>): number {
  return Array.from(numbers).reduce((a, b) => a + b, 0) / numbers.length;
}

function variance(numbers: number[]): number {
  const centre = mean(numbers);
  return numbers.reduce((sum, x) => sum + (x - centre) ** 2, 0) /
    (numbers.length - 1);
}

testOn("spiking outputs and rates are the original's", async (backend) => {
  for (const factor of [20, 45, 75]) {
    const spiking = convert(network, { scalingFactor: factor });
    const reference = original[factor];
    const runs = await simulate(spiking, { task, trials: 20 }, {
      seed: 1,
      backend,
    });
    for (
      const [condition, expected] of [
        ["go", reference.mean_out_resp_go_per_trial],
        ["nogo", reference.mean_out_resp_nogo_per_trial],
      ] as const
    ) {
      const outputs = runs
        .filter((run) => run.condition === condition)
        .map(({ trace }) => mean(trace.outputs!.subarray(9999)));
      // Two means of a few trials; 4.5 standard errors leave a chance below
      // 1 in 1000 with the 13 degrees of freedom that there are.
      const error = Math.sqrt(
        variance(outputs) / outputs.length +
          variance(expected) / expected.length,
      );
      const difference = Math.abs(mean(outputs) - mean(expected));
      assert.ok(
        difference < 4.5 * error,
        `factor ${factor} ${condition}: mean output ${mean(outputs)}, ` +
          `the original's ${mean(expected)}`,
      );
    }
    const { rates } = await evaluateSpiking(spiking, task, {
      seed: 1,
      backend,
      trials: 10,
      balanced: true,
    });
    for (
      const [found, expected] of [
        [rates!.excitatory, reference.fr_exc_hz],
        [rates!.inhibitory, reference.fr_inh_hz],
      ]
    ) {
      assert.ok(
        Math.abs(found / expected - 1) < 0.03,
        `factor ${factor}: ${found} Hz, the original's ${expected}`,
      );
    }
  }
});

testOn(
  "the strict rule finds 45 where the paper's finds 20",
  async (backend) => {
    const options = {
      seed: 1,
      trials: 10,
      factors: [20, 35, 45, 60],
      backend,
    } as const;
    const found = [];
    for (const select of ["strict", "paper"] as const) {
      const events = searchScalingFactor(network, task, { ...options, select });
      const last = (await Array.fromAsync(events)).at(-1);
      assert.ok(last?.kind === "mapped");
      found.push(last.search);
    }
    const [strict, paper] = found;
    assert.equal(strict.chosen, 45);
    assert.equal(paper.chosen, 20);
    // The same trials and noise: the rule changes the choice alone.
    assert.deepEqual(paper.scores, strict.scores);
    const [first] = paper.scores;
    assert.equal(first.paper.value, 1);
    assert.equal(first.strict.value, 0.5, "every Go output is far too large");
    assert.ok(first.outputError > 1.4 && first.outputError < 1.8);
  },
);

testOn(
  "diagnose() leaves factor 45 open, at 92 %, and says what ails 20",
  async (backend) => {
    const options = { seed: 6, trials: 40, recorded: 3, backend };
    const diagnosed = (factor: number) =>
      diagnose(
        network,
        convert(network, { scalingFactor: factor }),
        task,
        options,
      );
    const near = await diagnosed(45);
    assert.equal(near.verdict, "undecided");
    assert.deepEqual(
      near.judgements.filter(({ verdict }) => verdict !== "good")
        .map(({ aspect }) => aspect),
      ["performance"],
      "its output and its units are right",
    );
    assert.ok(near.trialsNeeded! > 200, `${near.trialsNeeded}`);
    assert.deepEqual(near.findings.map(({ code }) => code), ["undecided"]);
    assert.ok(Math.abs(near.output.gain - 1) < 0.25, `${near.output.gain}`);
    const large = await diagnosed(20);
    assert.equal(large.verdict, "poor");
    assert.deepEqual(
      large.findings.map(({ code }) => code).sort(),
      ["condition", "gain-high", "performance", "silent"],
    );
  },
);

testOn(
  "lesions and stimulation do what they should, in both networks",
  async (backend) => {
    const spiking = convert(network, { scalingFactor: 45 });
    const request = { task, conditions: ["go"], trials: 4 };
    const excitatory = selectUnits(network, "E");
    const firing = async (options: Partial<Parameters<typeof simulate>[2]>) => {
      const runs = await simulate(spiking, request, {
        seed: 1,
        backend,
        ...options,
      });
      return mean(
        runs.map(({ trace }) =>
          mean(excitatory.map((unit) => trace.spikeCounts[unit]))
        ),
      );
    };
    const window = { from: 400, to: 600 };
    const usual = await firing({});
    assert.ok(await firing({ lesion: "I" }) > 1.5 * usual);
    const up = { kind: "exc", units: "E", window } as const;
    assert.ok(await firing({ stimulation: up }) > 1.5 * usual);
    assert.ok(await firing({ stimulation: { ...up, kind: "inh" } }) < usual);

    const rate = async (
      options: Partial<Parameters<typeof simulateRate>[2]>,
    ) => {
      const runs = await simulateRate(network, request, {
        seed: 1,
        backend,
        record: { rates: true },
        ...options,
      });
      const { rates } = runs[0].trace;
      // Step 100 is 500 ms, within the window.
      return mean(excitatory.map((unit) => rates![unit * task.steps + 100]));
    };
    const usualRate = await rate({});
    assert.ok(await rate({ lesion: "I" }) > 1.5 * usualRate);
    assert.ok(await rate({ stimulation: up }) > 1.5 * usualRate);
    assert.ok(
      await rate({ stimulation: { ...up, kind: "inh" } }) < 0.5 * usualRate,
    );
  },
);

testOn("untrained weights do not do the task", async (backend) => {
  const { initial } = decodeModel(dataFile("gonogo_original.mat"));
  const spiking = convert(network, {
    scalingFactor: 45,
    initialWeights: initial,
  });
  const { strict } = await evaluateSpiking(spiking, task, {
    seed: 1,
    backend,
    trials: 6,
    condition: "go",
  });
  assert.equal(strict.value, 0);
});

Deno.test("a search does not depend on the number of workers", async () => {
  const records = [];
  for (const workers of [1, 2]) {
    const backend = await openBackend({ workers });
    try {
      const events = searchScalingFactor(network, task, {
        seed: 5,
        trials: 6,
        factors: [40, 60],
        backend,
      });
      const last = (await Array.fromAsync(events)).at(-1);
      assert.ok(last?.kind === "mapped");
      records.push(last.search);
    } finally {
      backend.close();
    }
  }
  assert.deepEqual(records[1].scores, records[0].scores);
});
