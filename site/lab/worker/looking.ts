/** Analyses and figures of the library, drawn as SVG. */
import { analyse, analysisNames, type Figure } from "../../../lib/entry/web.ts";
import { seedOf } from "./mapping.ts";
import type { PlayParts } from "./playing.ts";

/** Trials of each condition that they are made of. */
const trialsEach = 20;

/** Draws a figure; what draws is loaded with the first one. */
async function svgOf(figure: Figure): Promise<string> {
  const { drawSvg } = await import("../../../lib/report/render/svg.ts");
  return await drawSvg(figure, {});
}

/** What looking takes: the network, and a moment for messages. */
export interface LookParts extends PlayParts {
  readonly pause: () => Promise<void>;
}

/**
 * Makes figures of `spikernn plot` and analyses of `spikernn analyse` by their
 * names, and tells what came out.
 */
export async function look(
  names: readonly string[],
  parts: LookParts,
): Promise<void> {
  await drawFigures(names, parts);
  const analyses = names.filter((name) => analysisNames.includes(name));
  if (analyses.length > 0) await analyseAll(analyses, parts);
  parts.tell({ kind: "lookedAll" });
}

async function drawFigures(
  names: readonly string[],
  { model, task, twin, backend, signal, tell, pause }: LookParts,
): Promise<void> {
  const { collectFigures, figureNames, whyNot } = await import(
    "../../../lib/report/collect.ts"
  );
  const source = { model, task, spiking: twin, seed: seedOf(model), backend };
  for (const name of figureNames) {
    if (!names.includes(name)) continue;
    const reason = whyNot(source, name);
    if (reason !== undefined) {
      tell({ kind: "leftOut", name, reason });
      continue;
    }
    tell({ kind: "working", doing: name, done: 0, total: 1 });
    const [figure] = await collectFigures({
      ...source,
      signal,
      trials: trialsEach,
      onProgress: ({ done, total }) =>
        tell({ kind: "working", doing: name, done, total }),
    }, [name]);
    const { title, description } = figure;
    const svg = await svgOf(figure);
    tell({ kind: "looked", name, title, description, svg, words: [] });
    await pause();
    signal.throwIfAborted();
  }
}

async function analyseAll(
  names: readonly string[],
  { model, task, twin, backend, signal, tell, pause }: LookParts,
): Promise<void> {
  const events = analyse({ model, task, twin, backend, trials: trialsEach }, {
    ...{ analyses: names, leaveOut: true, seed: seedOf(model), signal, pause },
  });
  for await (const event of events) {
    switch (event.kind) {
      case "simulated":
        tell({ ...event, kind: "working", doing: "running trials" });
        break;
      case "analysing":
        tell({ ...event, kind: "working", doing: event.analysis });
        break;
      case "leftOut":
        tell({ ...event, name: event.analysis });
        break;
      case "analysis": {
        const { figures, summary } = event.result;
        for (const [k, figure] of figures.entries()) {
          const { name, title, description } = figure;
          const svg = await svgOf(figure);
          const words = k === 0 ? summary : [];
          tell({ kind: "looked", name, title, description, svg, words });
          await pause();
          signal.throwIfAborted();
        }
      }
    }
  }
}
