/** The live page: listens, keeps what it is told, draws once a frame at most. */
import type { ThinRaster } from "../../records/log_lines.ts";
import type { Message } from "../messages.ts";
import { runColour } from "./colours.ts";
import {
  lossCurves,
  outputCurves,
  performanceCurves,
  searchCurves,
  stageMarks,
  stagesSaid,
} from "./curves.ts";
import { element, offer, say, swatchOf } from "./dom.ts";
import { drawMaps, drawScale } from "./heat_map.ts";
import { type Curve, type Mark, Plot, shown } from "./plot.ts";
import { drawRaster, populationsOf } from "./raster.ts";
import {
  conditionSaid,
  exampleSaid,
  lossSaid,
  ordinal,
  performanceSaid,
  searchSaid,
  someOf,
} from "./said.ts";
import { emptyView, lineOf, type RunView, stateOf, take } from "./state.ts";
import { drawCalibration, drawLayerFactors } from "./tables.ts";

const view = emptyView();
/** Number of the run whose trial is shown. */
let chosen = 0;
/** The factor whose raster is shown; the run's own choice while nobody chose. */
let chosenFactor: number | undefined;
let connected = false;
let drawing = false;

const connection = element("#connection");
const controls = element("#controls");
const pause = element<HTMLButtonElement>("#pause");
const stop = element<HTMLButtonElement>("#stop");
const select = element<HTMLSelectElement>("#shown");
const factors = element<HTMLSelectElement>("#factor");

const plots = {
  loss: new Plot(element("#loss .plot"), { x: "update", y: "mean loss" }),
  performance: new Plot(element("#performance .plot"), {
    x: "update",
    y: "performance",
    range: [-0.03, 1.03],
  }),
  output: new Plot(element("#output .plot"), { x: "step", y: "output" }),
  search: new Plot(element("#search .plot"), {
    x: "scaling factor 1/λ",
    y: "performance",
    range: [-0.03, 1.03],
  }),
};

/** Draws at the next frame; however much comes before, once. */
function changed(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
}

function draw(): void {
  const { runs } = view;
  drawState();
  drawRuns();
  const run = runs[chosen] ?? runs[0];
  const marks = stageMarks(runs);
  panel("loss", lossCurves(runs), lossSaid(runs), marks);
  panel("performance", performanceCurves(runs), performanceSaid(runs), marks);
  const stages = element("#performance .stages");
  say(stages, stagesSaid(runs));
  stages.hidden = stages.textContent === "";
  panel("output", run ? outputCurves(run) : [], exampleSaid(run));
  panel("search", run ? searchCurves(run) : [], searchSaid(run));
  drawLayerFactors(run);
  drawActivity(run);
  drawSpikes(run);
  drawCalibration(run);
}

function drawState(): void {
  const { steerable, paused, stopping } = view.control;
  say(connection, stateOf(view, connected));
  controls.hidden = !steerable || view.ended;
  say(pause, paused ? "Resume" : "Pause");
  pause.disabled = stopping || !connected;
  stop.disabled = stopping || !connected;
}

function drawRuns(): void {
  const list = element("#runs");
  view.runs.forEach((run, k) => {
    let item = list.children[k] as HTMLElement | undefined;
    if (!item) {
      item = document.createElement("li");
      item.append(swatchOf(runColour(k)), document.createElement("span"));
      list.append(item);
      select.append(new Option(run.name, String(k)));
    }
    say(item.lastElementChild as HTMLElement, lineOf(run));
    say(select.options[k], run.name);
  });
  element("#choice").hidden = view.runs.length < 2;
}

function panel(
  name: keyof typeof plots,
  curves: readonly Curve[],
  said: string,
  marks?: readonly Mark[],
): void {
  const section = element(`#${name}`);
  section.hidden = curves.length === 0;
  element(`#${name} .plot`).hidden = curves.length === 0;
  say(element(`#${name} .said`), said);
  if (curves.length > 0) plots[name].show(curves, marks);
}

function drawActivity(run: RunView | undefined): void {
  const section = element("#activity");
  const example = run?.example?.example;
  section.hidden = example === undefined;
  if (!example) return;
  const { rates, layers } = example;
  const steps = `steps 0 to ${(rates.columns - 1) * rates.stepStride}`;
  const all = run!.started?.units ?? rates.rows * rates.unitStride;
  say(
    element("#activity .said"),
    layers
      ? `${all} units in ${layers.length} layers, ${steps}`
      : `${someOf(rates, `${all} units`)} from top to bottom, ${steps}`,
  );
  drawMaps(
    element("#maps"),
    layers?.map((map, l) => ({
      map,
      title: `Layer ${l + 1}: ${someOf(map, "its units")} from top to bottom`,
    })) ?? [{ map: rates, title: "" }],
  );
  const { max } = layers?.[0] ?? rates;
  element("#activity .scale").hidden = false;
  drawScale(element<HTMLCanvasElement>("#scale"));
  say(element("#scale-max"), `rate ${shown(max)}`);
}

function drawSpikes(run: RunView | undefined): void {
  const rasters = run?.rasters ?? new Map();
  element("#raster").hidden = rasters.size === 0;
  if (!run || rasters.size === 0) return;
  const known = [...rasters.keys()].sort((a, b) => a - b);
  offer(factors, known.map(String));
  const factor = [chosenFactor, run.mapped?.chosen, [...rasters.keys()].at(-1)]
    .find((one) => one !== undefined && rasters.has(one))!;
  factors.value = String(factor);
  const raster: ThinRaster = rasters.get(factor);
  const every = raster.unitStride === 1
    ? "all units"
    : `every ${ordinal(raster.unitStride)} unit`;
  say(
    element("#raster .said"),
    `a trial of condition ${
      conditionSaid(raster)
    }, ${every} from top to bottom, ` +
      `0 to ${shown(raster.duration)} ms`,
  );
  drawRaster(element<HTMLCanvasElement>("#raster > canvas"), raster);
  const key = element("#raster .key");
  key.replaceChildren(
    ...populationsOf(raster).map(({ name, colour }) => {
      const entry = document.createElement("span");
      entry.append(swatchOf(colour), name);
      return entry;
    }),
  );
}

async function act(name: string): Promise<void> {
  const response = await fetch(`action/${name}`, { method: "POST" })
    .catch(() => undefined);
  if (!response?.ok) say(connection, `${name} did not reach the run`);
}

pause.addEventListener(
  "click",
  () => act(view.control.paused ? "resume" : "pause"),
);
stop.addEventListener("click", () => act("stop"));
select.addEventListener("change", () => {
  chosen = Number(select.value);
  chosenFactor = undefined;
  changed();
});
new ResizeObserver(changed).observe(element("#raster > canvas"));
factors.addEventListener("change", () => {
  chosenFactor = Number(factors.value);
  changed();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);

// The browser connects again by itself, and says what it has seen last.
const source = new EventSource("events");
source.onopen = () => {
  connected = true;
  changed();
};
source.onerror = () => {
  connected = false;
  changed();
};
source.onmessage = ({ data }) => {
  take(view, JSON.parse(data) as Message);
  if (view.ended) source.close();
  changed();
};
changed();
