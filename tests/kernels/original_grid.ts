/** A spiking network beside what the original code gives for it. */
import { readFileSync } from "node:fs";
import type { Backend } from "../../lib/backend/types.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { goNoGoInputs, goNoGoNetwork } from "./lif_networks.ts";

/** The original's means over its trials of one factor, Go or NoGo. */
interface Original {
  readonly fr_exc_go: number;
  readonly fr_exc_nogo: number;
  readonly fr_inh_go: number;
  readonly fr_inh_nogo: number;
  readonly fr_exc_hz: number;
  readonly fr_inh_hz: number;
  readonly mean_out_resp_go_per_trial: readonly number[];
  readonly mean_out_resp_nogo_per_trial: readonly number[];
  readonly perf_go: number;
  readonly perf_nogo: number;
}

const table: Readonly<Record<string, Original>> = JSON.parse(
  readFileSync(
    new URL("../data/lif_grid_original.json", import.meta.url),
    "utf8",
  ),
).by_scaling_factor;

/** First output of the response window, 0-based. */
const responseStart = 9999;

/** Student's t for 99 % and 4 degrees of freedom. */
const t99 = 4.604;

/** One number here and there. */
export interface Comparison {
  readonly what: string;
  readonly here: number;
  readonly original: number;
  /** Difference allowed. */
  readonly allowed: number;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Variance of the mean. */
function varianceOfMean(values: readonly number[]): number {
  const m = mean(values);
  const squares = values.reduce((sum, x) => sum + (x - m) ** 2, 0);
  return squares / (values.length - 1) / values.length;
}

/**
 * Runs trials of the original's network at a factor, half of them Go.
 *
 * @returns rates by population (3 % allowed) and mean outputs in the response
 *   window (a 99 % interval allowed, of which the original's five trials make up
 *   nearly all)
 */
export async function compareWithOriginal(
  backend: Backend,
  factor: number,
  trials: number,
): Promise<Comparison[]> {
  const rate = goNoGoNetwork();
  const network = convert(rate, { scalingFactor: factor });
  const { inhibitory } = rate.layers[0];
  const original = table[factor];
  const found: Comparison[] = [];
  const all = { exc: [] as number[], inh: [] as number[] };
  for (const condition of ["go", "nogo"] as const) {
    const outputs: number[] = [];
    const hits: number[] = [];
    for (let first = 0; first < trials / 2; first += 20) {
      const count = Math.min(20, trials / 2 - first);
      const traces = await backend.simulate(
        network,
        Array.from({ length: count }, (_, k) => ({
          inputs: goNoGoInputs(condition === "go"),
          columns: 201,
          noise: {
            key: 2026,
            trial: 2 * (first + k) + (condition === "go" ? 0 : 1),
          },
        })),
        { outputs: true },
      );
      for (const trace of traces) {
        const response = Array.from(trace.outputs!.subarray(responseStart));
        outputs.push(mean(response));
        const highest = Math.max(...response);
        hits.push(
          condition === "go" ? +(highest > 0.7) : +(highest < 0.3),
        );
        let [exc, inh, excUnits] = [0, 0, 0];
        trace.spikeCounts.forEach((n, i) => {
          if (inhibitory[i]) inh += n;
          else {
            exc += n;
            excUnits++;
          }
        });
        all.exc.push(exc / excUnits);
        all.inh.push(inh / (trace.spikeCounts.length - excUnits));
      }
    }
    const theirs = original[`mean_out_resp_${condition}_per_trial`];
    found.push({
      what: `factor ${factor}, ${condition}: mean output`,
      here: mean(outputs),
      original: mean(theirs),
      allowed: t99 *
        Math.sqrt(varianceOfMean(theirs) + varianceOfMean(outputs)),
    }, {
      what: `factor ${factor}, ${condition}: performance`,
      here: mean(hits),
      original: original[`perf_${condition}`],
      allowed: wilsonReach(original[`perf_${condition}`], 5),
    });
  }
  for (const population of ["exc", "inh"] as const) {
    const theirs = original[`fr_${population}_hz`];
    found.push({
      what: `factor ${factor}: ${population} rate, Hz`,
      here: mean(all[population]),
      original: theirs,
      allowed: 0.03 * theirs,
    });
  }
  return found;
}

/** How far a 99 % Wilson interval reaches from a proportion. */
function wilsonReach(proportion: number, n: number): number {
  const z = 2.576;
  const centre = (proportion + z * z / (2 * n)) / (1 + z * z / n);
  const half = z / (1 + z * z / n) *
    Math.sqrt(proportion * (1 - proportion) / n + z * z / (4 * n * n));
  return Math.max(
    Math.abs(centre - half - proportion),
    Math.abs(centre + half - proportion),
  );
}
