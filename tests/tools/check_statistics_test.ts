/** Statistics of stored spikes beside those of tools/check_statistics.py. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SpikeTrains } from "../../lib/analysis/activity.ts";
import { binSpikes } from "../../lib/analysis/binning.ts";
import {
  discriminability,
  halfDifferences,
} from "../../lib/analysis/discriminability.ts";
import { fanoFactors, spikeCounts } from "../../lib/analysis/spike_trains.ts";
import {
  autocorrelations,
  lagCount,
  timescale,
} from "../../lib/analysis/timescales.ts";
import { decodeNpz } from "../../lib/formats/npz.ts";
import {
  compareGroups,
  compareWithin,
  type Comparison,
} from "../../lib/sweep/reproduce/ks2021/statistics.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";

const place = (path: string) =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));
const sample = place("tests/data/statistics/spikes.npz");

/** 20 units of a delayed match-to-sample network in 32 trials. */
async function spikes(): Promise<SpikeTrains> {
  const arrays = decodeNpz(await Deno.readFile(sample));
  const numbers = (name: string) =>
    Array.from(arrays.get(name)!.data as ArrayLike<number>, Number);
  const [stepMs] = numbers("step_ms");
  const conditions = numbers("condition").map(String);
  return {
    trials: conditions.length,
    units: 20,
    durationMs: numbers("duration_ms")[0],
    trial: Uint32Array.from(numbers("trial")),
    unit: Uint32Array.from(numbers("unit")),
    time: Float64Array.from(numbers("step"), (step) => step * stepMs),
    conditions,
  };
}

/** What a matrix holds, row by row. */
function rows(values: Float64Array, columns: number): (number | null)[][] {
  return Array.from(
    { length: values.length / columns },
    (_, k) =>
      Array.from(values.subarray(k * columns, (k + 1) * columns), number),
  );
}

/** JSON has no NaN. */
function number(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** What is found in the sample, as the program takes it. */
async function found() {
  const trains = await spikes();
  const correlations = autocorrelations(binSpikes(trains, 50));
  const fits = rows(correlations, lagCount)
    .map((row) => timescale(row.map((value) => value ?? NaN), 50));
  // The signs of the first pulse: the first and the third condition have a plus.
  const pair = [[0, 2], [1, 3]];
  const labels = trains.conditions.map((name) =>
    pair[0].includes(Number(name)) ? "+" : "-"
  );
  const halves = halfDifferences(trains, labels, ["+", "-"]);
  const [first, second] = [[120, 80, 95.5, 143, 101], [60, 72.5, 88, 41]];
  const five = (
    { difference, low, high, p, effect }: Comparison,
  ) => [difference, low, high, p, effect];
  return {
    autocorrelation: rows(correlations, lagCount),
    tau: fits.map(({ fit, excluded }) => excluded ? null : fit!.tau),
    excluded: fits.map(({ excluded }) => excluded ?? null),
    pair,
    discriminability: rows(discriminability(halves), halves.samples),
    fano: Array.from(
      fanoFactors(spikeCounts(trains, { from: 100, to: trains.durationMs })),
      number,
    ),
    first,
    second,
    groups: five(compareGroups(first, second)),
    pairs: five(compareWithin(first)),
  };
}

/** Checks one file after the other: what the calculation imports is loaded once. */
const program = `
import runpy, sys
tool, sample, *paths = sys.argv[1:]
for path in paths:
    sys.argv = [tool, sample, path]
    runpy.run_path(tool, run_name="__main__")
    print("agreed")
`;

testWith(
  "scipy",
  "statistics of stored spikes agree with an independent calculation to 1e-6",
  async () => {
    await inFolder(async (folder) => {
      const write = async (name: string, content: object) => {
        const path = join(folder, name);
        await Deno.writeTextFile(path, JSON.stringify(content));
        return path;
      };
      const right = await found();
      const fano = right.fano.map((value) => value! * (1 + 1e-5));
      const { code, stdout, stderr } = await new Deno.Command("python3", {
        args: [
          ...["-c", program, place("tools/check_statistics.py"), sample],
          await write("right.json", right),
          await write("wrong.json", { ...right, fano }),
        ],
      }).output();
      const [out, err] = [stdout, stderr].map((bytes) =>
        new TextDecoder().decode(bytes)
      );
      assert.equal(out.match(/^agreed$/gm)?.length, 1, out + err);
      // There is something to agree on.
      const [, kept] = /^(\d+) of 20 units/m.exec(out)!;
      assert(Number(kept) >= 5, out);
      // And the program does see a difference.
      assert.equal(code, 1);
      assert.match(err, /Cannot agree: fano differ/);
    });
  },
);
