/** Analyses against scikit-learn, SciPy and statsmodels on the same arrays. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { crossTemporal, stratifiedFolds } from "../../lib/analysis/decoding.ts";
import { fisherTail, normalTails } from "../../lib/analysis/distributions.ts";
import { autocorrelations, timescale } from "../../lib/analysis/timescales.ts";
import { principalComponents } from "../../lib/analysis/trajectories.ts";
import {
  falseDiscovery,
  selectivity,
  twoWayDesign,
  twoWayVariance,
} from "../../lib/analysis/tuning.ts";
import { conditionVariables } from "../../lib/analysis/variables.ts";
import { windowMeans } from "../../lib/analysis/activity.ts";
import { encodeNpz } from "../../lib/formats/npz.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
import { conditionNames, decayingCounts, sampleActivity } from "./samples.ts";

/** What peers.py prints. */
interface Peers {
  readonly variances: number[];
  readonly loadings: number[][];
  readonly correct: Record<string, number[][]>;
  readonly area: number[];
  readonly p: (number | null)[];
  readonly adjusted: (number | null)[];
  readonly variance: {
    readonly squares: number[];
    readonly f: number[];
    readonly p: number[];
  }[];
  readonly autocorrelations: number[][];
  readonly tau: (number | null)[];
  readonly normal: number[];
  readonly fisher: number[];
}

// An uneven design, in which types of sums of squares differ.
const activity = sampleActivity({ units: 24, bins: 4, each: 10, uneven: 7 });
const decay = decayingCounts({ noise: 3 });
const folds = stratifiedFolds(activity.conditions, 5);

function near(actual: number, expected: number | null, tolerance: number) {
  if (expected === null) return assert(Number.isNaN(actual), `${actual}`);
  assert(
    Math.abs(actual - expected) <=
      tolerance * Math.max(1e-300, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
}

async function peers(): Promise<Peers> {
  return await inFolder(async (folder) => {
    const path = join(folder, "activity.npz");
    const shape = [activity.trials, activity.units, activity.bins];
    await Deno.writeFile(
      path,
      encodeNpz({
        values: { data: activity.values, shape },
        conditions: { texts: activity.conditions },
        folds: { data: Float64Array.from(folds) },
        decay: {
          data: decay.values,
          shape: [decay.trials, decay.units, decay.bins],
        },
      }),
    );
    const program = new URL("peers.py", import.meta.url).pathname;
    const printed = execFileSync("python3", [program, path], {
      encoding: "utf8",
    });
    return JSON.parse(printed);
  });
}

testWith(
  "statistics",
  "analyses give what scikit-learn, SciPy and statsmodels give",
  async (context) => {
    const expected = await peers();

    await context.step("principalComponents() is PCA, to 1e-8", () => {
      const { variances, loadings, units } = principalComponents(activity);
      expected.variances.forEach((variance, k) => {
        if (variance > 1e-9) near(variances[k], variance, 1e-8);
      });
      // Components without variance may point anywhere.
      const rank = expected.variances.filter((value) => value > 1e-9).length;
      assert(rank >= 10);
      for (let unit = 0; unit < units; unit++) {
        for (let k = 0; k < rank; k++) {
          const loading = loadings[unit * units + k];
          assert(Math.abs(loading - expected.loadings[unit][k]) < 1e-8);
        }
      }
    });

    await context.step(
      "crossTemporal() predicts what lsqr with auto shrinkage does",
      async () => {
        const [match, first] = conditionVariables({
          conditions: conditionNames,
          channels: ["stimulus 1", "stimulus 2"],
        });
        const four = {
          name: "condition",
          values: conditionNames,
          of: Object.fromEntries(conditionNames.map((name) => [name, name])),
        };
        const decoded = await crossTemporal(activity, [match, first, four], {
          folds,
        });
        for (const { variable, correct } of decoded) {
          assert.deepEqual([...correct], expected.correct[variable].flat());
        }
      },
    );

    await context.step(
      "selectivity() is Mann and Whitney's, adjusted by Benjamini and Hochberg",
      () => {
        const means = windowMeans(activity, { from: 0, to: 200 });
        const { units, conditions } = activity;
        const of = (unit: number, sign: string) =>
          conditions.flatMap((name, trial) =>
            name.split(":")[1][0] === sign ? [means[trial * units + unit]] : []
          );
        const found = Array.from(
          { length: units },
          (_, unit) => selectivity(of(unit, "+"), of(unit, "-")),
        );
        const adjusted = falseDiscovery(found.map(({ p }) => p));
        found.forEach(({ area, p }, unit) => {
          near(area, expected.area[unit], 1e-12);
          near(p, expected.p[unit], 1e-9);
          near(adjusted[unit], expected.adjusted[unit], 1e-9);
        });
      },
    );

    await context.step(
      "twoWayVariance() is a table of type III, to 1e-6",
      () => {
        const means = windowMeans(activity, { from: 0, to: 200 });
        const { units, conditions } = activity;
        const signs = (which: number) =>
          conditions.map((name) => name.split(":")[1][which]);
        const design = twoWayDesign(signs(0), signs(1));
        expected.variance.forEach(({ squares, f, p }, k) => {
          const { first, second, interaction, residual } = twoWayVariance(
            conditions.map((_, trial) => means[trial * units + k + 1]),
            design,
          );
          [first, second, interaction].forEach((effect, place) => {
            near(effect.squares, squares[place], 1e-6);
            near(effect.f, f[place], 1e-6);
            near(effect.p, p[place], 1e-6);
          });
          near(residual, squares[3], 1e-6);
        });
      },
    );

    await context.step("timescale() is curve_fit's, to 1e-6", () => {
      const found = autocorrelations(decay);
      let compared = 0;
      expected.autocorrelations.forEach((lags, unit) => {
        const own = found.subarray(unit * 15, (unit + 1) * 15);
        lags.forEach((value, k) => near(own[k], value, 1e-9));
        const { fit } = timescale(own, decay.binMs);
        const tau = expected.tau[unit];
        if (tau === null || !fit || !(tau < 5000)) return;
        near(fit.tau, tau, 1e-6);
        compared++;
      });
      assert(compared >= 5, `${compared} units had a fit`);
    });

    await context.step("tails are SciPy's", () => {
      [0.01, 0.5, 1.5, 3, 8, 20].forEach((z, k) =>
        near(normalTails(z), expected.normal[k], 1e-11)
      );
      const cases = [[0.1, 1, 5], [1, 3, 40], [12, 2, 76], [80, 1, 196], [
        500,
        4,
        300,
      ]];
      cases.forEach(([f, between, within], k) =>
        near(fisherTail(f, between, within), expected.fisher[k], 1e-10)
      );
    });
  },
);
