/**
 * Makes the figures of the README and of docs/gallery.md from the present code:
 *
 *     deno task build-figures
 *
 * A network of 60 units learns delayed match to sample and is mapped by the command
 * line; the picture of both networks side by side is made here.
 */
import { getTask } from "../lib/tasks/registry.ts";
import { conditionLabel } from "../lib/tasks/labels.ts";
import { readModel } from "../lib/formats/model_file.ts";
import { mappedNetwork } from "../lib/spiking/mapped.ts";
import { collectFigures, figureNames, whyNot } from "../lib/report/collect.ts";
import { collectActivity } from "../lib/report/collect/activity.ts";
import { unitGroups } from "../lib/report/collect/order.ts";
import { stimulusWindows } from "../lib/report/collect/network.ts";
import { simulateRate } from "../lib/simulate/simulate_rate.ts";
import { panelsFigure } from "../lib/report/figures/panels.ts";
import { rasterFigure } from "../lib/report/figures/raster.ts";
import { drawFigure } from "../lib/report/draw.ts";
import type { Figure } from "../lib/report/types.ts";

/** Condition of the trial that is shown. */
const condition = "different:+-";

/** The rate network's activity beside the spikes of its twin, one trial. */
export async function twinsFigure(path: string): Promise<Figure> {
  const task = getTask("dms");
  const model = await readModel(path);
  const { network } = model;
  const spiking = mappedNetwork(model)!;
  const { raster } = await collectActivity({
    ...{ network, spiking, task, seed: 1, trials: 1, rasterTrials: 1 },
    conditions: [condition],
  });
  const spikes = rasterFigure(raster!).panels[0];
  const [{ trace }] = await simulateRate(network, task, {
    seed: 1,
    condition,
    record: { rates: true },
  });
  const recorded = trace.rates!;
  const { size } = network.layers[0];
  const steps = recorded.length / size;
  const order = unitGroups(network).flatMap(({ units }) => [...units]);
  const rates = new Float32Array(size * steps);
  order.forEach((unit, row) => {
    for (let t = 0; t < steps; t++) {
      rates[row * steps + t] = recorded[unit * steps + t];
    }
  });
  const activity = panelsFigure({
    evaluations: [{ update: 1, performance: 1, loss: 0 }],
    condition: conditionLabel(task, condition),
    stepMs: task.stepMs,
    stimuli: stimulusWindows(task),
    target: new Float32Array(steps),
    outputs: new Float32Array(steps - 1),
    layers: [{ name: "layer 1", size, rates }],
  }).panels.find(({ title }) => title.startsWith("Activity"))!;
  return {
    name: "twins",
    title: "A rate network and its spiking twin",
    description:
      `Left: rates of ${size} units in a trial of delayed match to sample, excitatory units above inhibitory ones. Right: spikes of the same units in the mapped network.`,
    width: "double",
    columns: 2,
    narrowest: 150,
    panels: [
      { ...activity, title: "Rate network", height: 200 },
      { ...spikes, title: "Spiking twin", height: 200 },
    ],
  };
}

/** Runs a command line of the program in a folder. */
async function spikernn(cwd: string, line: string): Promise<void> {
  const program = new URL("../cli.ts", import.meta.url).pathname;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", program, ...line.split(" ")],
    cwd,
  }).output();
  if (!success) throw new Error(`Cannot make the figures: ${line} failed`);
}

/**
 * Draws all figures of a mapped network of delayed match to sample.
 *
 * @param path of the model
 * @returns the files' contents, by name
 */
export async function drawFigures(
  path: string,
): Promise<Map<string, Uint8Array>> {
  const model = await readModel(path);
  const source = { model, task: getTask("dms"), spiking: mappedNetwork(model) };
  const figures = await collectFigures(
    { ...source, seed: 1, trials: 10 },
    figureNames.filter((name) => whyNot(source, name) === undefined),
  );
  const drawn = new Map<string, Uint8Array>();
  for (const figure of [...figures, await twinsFigure(path)]) {
    const svg = await drawFigure(figure, { format: "svg" });
    drawn.set(`${figure.name}.svg`, svg);
  }
  return drawn;
}

/** Makes the network as the README does, and all figures in a folder. */
export async function makeFigures(folder: URL): Promise<string[]> {
  await Deno.mkdir(folder, { recursive: true });
  const work = await Deno.makeTempDir();
  try {
    await spikernn(work, "train --task dms --N 60 --seed 1 --output dms.mat");
    await spikernn(work, "map dms.mat --trials 40 --seed 1");
    const drawn = await drawFigures(`${work}/dms.mat`);
    for (const [name, content] of drawn) {
      await Deno.writeFile(new URL(name, folder), content);
    }
    return [...drawn.keys()].sort();
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

if (import.meta.main) {
  const made = await makeFigures(new URL("../docs/figures/", import.meta.url));
  console.log(made.join("\n"));
}
