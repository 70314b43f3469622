/** The golden runs by the entry for pages alone. */
import * as web from "../../lib/entry/web.ts";
import { libraryRuns as runsBy } from "../golden/library_runs.ts";

/** The golden runs, or only one of them. */
export const libraryRuns = (only?: string): ReturnType<typeof runsBy> =>
  runsBy(web, only);

/** What the entry exports. */
export const names: readonly string[] = Object.keys(web);

/** Analyses of a network, by the parts that are loaded when they are needed. */
export async function analysed(): Promise<readonly string[]> {
  const task = web.getTask("go-nogo");
  const network = web.createNetwork(
    { channels: 1, units: 12 },
    web.randomStream(1),
  );
  const twin = web.convert(network, { scalingFactor: 50, stepMs: task.stepMs });
  const source = { model: { network }, task, twin, trials: 4 };
  const { results } = await web.finished(
    web.analyse(source, { analyses: ["trajectories", "weights"], seed: 1 }),
  );
  return Object.keys(results);
}
