/**
 * What differs between a rate network and its spiking twin, over many networks:
 * trains and maps those of docs/plans/twins.toml, compares each with its twin by
 * the factor alone and with the tuned one, and writes a table, figures and the
 * numbers of a page.
 *
 *     deno task twins [FOLDER] [--networks COUNT] [--trials COUNT] [--page DOCS]
 *
 * FOLDER (defaults to twins) is a sweep's: `sweep docs/plans/twins.toml
 * --output_dir .` makes its networks on all cores, or on a cluster, and this
 * goes on with what is there. A network that is done is not made again, so it can
 * be stopped at any time. Several of these in one folder share the work: each
 * leaves out networks that another one is at.
 *
 * --networks: of each task, defaults to all of the plan. --trials: of each
 * condition, defaults to 50. --page: folder of the page, docs/results/analysis;
 * without it table and figures are written into FOLDER. --page alone makes no
 * network.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeAtomic } from "../lib/formats/atomic.ts";
import { toCsv } from "../lib/formats/csv.ts";
import { lockFolder } from "../lib/formats/lock.ts";
import { drawFigure } from "../lib/report/draw.ts";
import { formatDuration } from "../lib/runs/format.ts";
import { InterruptedError } from "../lib/runs/errors.ts";
import { messageOf } from "../lib/runs/messages.ts";
import { checkSetting } from "../lib/runs/sweep/settings.ts";
import { pointFolder, writeSweep } from "../lib/sweep/folder.ts";
import { planFromToml } from "../lib/sweep/plan.ts";
import { sweepPoints } from "../lib/sweep/points.ts";
import type { Point } from "../lib/sweep/types.ts";
import { studyFigures } from "./twins/figure.ts";
import { numbersText, withNumbers } from "./twins/page.ts";
import { readRecord, studyPoint, type TwinRecord } from "./twins/study.ts";
import { summarise, tidyRows } from "./twins/summary.ts";

/** Writes a file in one piece, and says so. */
async function write(path: string, bytes: Uint8Array | string): Promise<void> {
  await writeAtomic(
    path,
    typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes,
  );
  console.log(`saved ${path}`);
}

/** Table, figures, and the page if there is one. */
async function writeAll(
  records: readonly TwinRecord[],
  folder: string,
  page: string | undefined,
): Promise<void> {
  const summaries = summarise(records);
  const place = page ?? folder;
  await write(join(place, "twins.csv"), toCsv(tidyRows(records)));
  for (const figure of studyFigures(summaries)) {
    await write(
      join(place, `${figure.name}.svg`),
      await drawFigure(figure, { format: "svg" }),
    );
  }
  const numbers = numbersText(records, summaries);
  if (page === undefined) return await write(join(place, "twins.md"), numbers);
  const path = join(page, "twins.md");
  const before = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  });
  await write(path, withNumbers(before, numbers));
}

/** Seeds one after the other, so that tasks are alike in number at any time. */
function inTurn(points: readonly Point[], networks: number): Point[] {
  const seeds = [...new Set(points.map(({ train }) => Number(train.seed)))];
  return seeds.slice(0, networks).flatMap((seed) =>
    points.filter(({ train }) => train.seed === seed)
  );
}

/** A whole number from 1 of an option, or what stands in for it. */
function count(name: string, given: string | undefined, usual: number): number {
  const value = Number(given ?? usual);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new RangeError(
    `Cannot take --${name} ${given}: a whole number from 1 is needed`,
  );
}

async function main(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      networks: { type: "string" },
      trials: { type: "string" },
      page: { type: "string" },
    },
  });
  const [folder = "twins"] = positionals;
  const plan = planFromToml(
    await Deno.readTextFile(
      new URL("../docs/plans/twins.toml", import.meta.url),
    ),
    "twins",
    checkSetting,
  );
  const all = sweepPoints(plan);
  const trials = count("trials", values.trials, 50);
  const points = inTurn(
    all,
    count("networks", values.networks, plan.seeds.length),
  );
  const done: TwinRecord[] = [];
  const begun = performance.now();
  let made = 0;
  if (values.page === undefined) {
    await Deno.mkdir(join(folder, "points"), { recursive: true });
    const { name, trials: evaluation } = plan;
    await writeSweep(folder, { name, trials: evaluation, points: all });
  }
  for (const [k, point] of points.entries()) {
    const { id } = point;
    const label = `${k + 1} of ${points.length}, ${id}`;
    const known = await readRecord(folder, id, trials);
    if (known) {
      done.push(known);
      continue;
    }
    if (values.page !== undefined) continue;
    const start = performance.now();
    const place = pointFolder(folder, id);
    await Deno.mkdir(place, { recursive: true });
    try {
      await using _lock = await lockFolder(place, {
        only: { file: "twins.lock", verb: "compare" },
      });
      const record = await studyPoint(folder, point, {
        evaluation: plan.trials,
        trials,
        onStep: (step) => console.log(`${label}: ${step}`),
      });
      done.push(record);
      made++;
      const now = performance.now();
      const left = (points.length - k - 1) * (now - begun) / made / 1000;
      console.log(
        `${label}: done in ${formatDuration((now - start) / 1000)}, ` +
          `${formatDuration(left)} left`,
      );
    } catch (error) {
      console.error(`${label}: ${messageOf(error)}`);
      if (error instanceof InterruptedError) {
        console.error(
          `${done.length} of ${points.length} networks are done; run again to go on`,
        );
        Deno.exit(130);
      }
    }
  }
  console.log(`${done.length} of ${points.length} networks`);
  if (done.length > 0) await writeAll(done, folder, values.page);
  if (done.length < points.length && values.page === undefined) {
    Deno.exitCode = 1;
  }
}

if (import.meta.main) await main(Deno.args);
