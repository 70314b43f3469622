/** Train: choose a task and a network, and watch it learn. */
import { okabeIto } from "../../../lib/dashboard/page/colours.ts";
import { stageMarks } from "../../../lib/dashboard/page/curves.ts";
import { element, offer, say } from "../../../lib/dashboard/page/dom.ts";
import { Plot, shown } from "../../../lib/dashboard/page/plot.ts";
import { ruleCurves } from "../../../lib/dashboard/page/trial_curves.ts";
import { randomStream } from "../../../lib/random/stream.ts";
import { conditionLabel } from "../../../lib/tasks/labels.ts";
import { getTask } from "../../../lib/tasks/registry.ts";
import { outputCurve, trialCurves } from "../curves.ts";
import { eachFrame, type Page } from "../page.ts";
import { drawActivity, drawWeights, plainOrder } from "../pictures.ts";
import type { Told } from "../protocol.ts";
import {
  choicesOf,
  type LabSettings,
  settingFrom,
  type SettingName,
  settingNames,
  settingText,
  usualSettings,
} from "../settings.ts";

/** Points of the loss that are drawn, at most. */
const mostPoints = 1500;

const reasons: Readonly<Record<string, string>> = {
  criterion: "the criteria are met",
  limit: "the largest number of updates is reached",
  interrupted: "it was stopped",
};

/** The fields of the form. */
class Form {
  readonly #fields = new Map<
    SettingName,
    HTMLInputElement | HTMLSelectElement
  >();

  constructor(changed: (name: SettingName) => void) {
    for (const name of settingNames) {
      const field = element<HTMLInputElement | HTMLSelectElement>(
        `#setting-${name}`,
      );
      if (field instanceof HTMLSelectElement) offer(field, choicesOf(name));
      // With every key: what is said must not move the button that is pressed next.
      field.addEventListener("input", () => changed(name));
      this.#fields.set(name, field);
    }
    this.put(usualSettings);
  }

  put(settings: LabSettings): void {
    for (const [name, field] of this.#fields) {
      field.value = settingText(settings, name);
      this.#judge(name);
    }
  }

  /** The settings; undefined if a field is wrong, and then it has the focus. */
  take(): LabSettings | undefined {
    const wrong = settingNames.filter((name) => !this.#judge(name));
    if (wrong.length > 0) {
      this.#fields.get(wrong[0])!.focus();
      return undefined;
    }
    return Object.fromEntries(
      settingNames.map((
        name,
      ) => [name, settingFrom(name, this.#fields.get(name)!.value)]),
    ) as unknown as LabSettings;
  }

  value(name: SettingName): string {
    return this.#fields.get(name)!.value;
  }

  /** Says beside a field what is wrong with it; whether nothing is. */
  #judge(name: SettingName): boolean {
    const field = this.#fields.get(name)!;
    const place = element(`#wrong-${name}`);
    try {
      settingFrom(name, field.value);
      say(place, "");
    } catch (error) {
      say(place, (error as Error).message);
    }
    place.hidden = place.textContent === "";
    field.setAttribute("aria-invalid", String(!place.hidden));
    return place.hidden;
  }

  judge(name: SettingName): boolean {
    return this.#judge(name);
  }
}

/** Makes the panel work; gives what starts a training of some settings. */
export function trainPanel(
  page: Page,
): (settings: LabSettings) => void {
  const { client } = page;
  const buttons = {
    start: element<HTMLButtonElement>("#start"),
    pause: element<HTMLButtonElement>("#pause"),
    step: element<HTMLButtonElement>("#step"),
    stop: element<HTMLButtonElement>("#stop"),
    reset: element<HTMLButtonElement>("#reset"),
  };
  const plots = {
    trial: new Plot(element("#trial .plot"), {
      x: "ms",
      y: "stimulus, target",
    }),
    loss: new Plot(element("#loss .plot"), { x: "update", y: "mean loss" }),
    performance: new Plot(element("#performance .plot"), {
      x: "update",
      y: "performance",
      range: [-0.03, 1.03],
    }),
    output: new Plot(element("#output .plot"), { x: "ms", y: "output" }),
  };
  const gpu = element<HTMLInputElement>("#gpu");
  element("#gpu-part").hidden = !("gpu" in navigator);
  let losses: number[] = [];
  let evaluated: Told<"evaluated">[] = [];
  let snapshot: Told<"snapshot"> | undefined;
  let updates = 0;
  let paused = false;

  const form = new Form((name) => {
    if (form.judge(name) && name === "task") showTrial();
  });

  function showTrial(): void {
    const task = getTask(form.value("task"));
    const condition = task.conditions[0];
    const { inputs, target } = task.trial(
      randomStream(1).fork("trial"),
      condition,
    );
    plots.trial.show(trialCurves(task, inputs, target));
    say(
      element("#trial .said"),
      `${task.description} Shown: a trial of ${
        conditionLabel(task, condition)
      }, ${task.steps * task.stepMs} ms; one step is ${task.stepMs} ms.`,
    );
  }

  /** What is another since it was drawn. */
  const stale = new Set<"loss" | "performance" | "snapshot">();

  const draw = eachFrame(() => {
    if (stale.has("loss") && losses.length > 0) {
      const { x, y } = thinned(losses);
      plots.loss.show(
        [{ label: "loss", colour: okabeIto.sky, x, y }],
        stageMarks([{ evaluated }]),
      );
    }
    if (stale.has("performance") && evaluated.length > 0) {
      const x = evaluated.map(({ update }) => update);
      const curves = ruleCurves(x, {
        paper: evaluated.map(({ paper }) => paper),
        strict: evaluated.map(({ strict }) => strict),
      });
      plots.performance.show(curves, stageMarks([{ evaluated }]));
    }
    if (stale.has("snapshot") && snapshot && page.settings) {
      drawSnapshot(snapshot);
    }
    stale.clear();
    // A network of a file was not trained here.
    element("#learning").hidden = !snapshot || !page.settings;
    element("#intro").hidden = snapshot !== undefined;
  });

  function drawSoon(part: "loss" | "performance" | "snapshot"): void {
    stale.add(part);
    draw();
  }

  function drawSnapshot(seen: Told<"snapshot">): void {
    const task = getTask(page.settings!.task);
    const { inputs, target, output, units, weights, rates, mostRate } = seen;
    plots.output.show([
      ...trialCurves(task, inputs, target),
      outputCurve("output", okabeIto.vermilion, output, task.stepMs),
    ]);
    const order =
      page.present?.about.units === units && page.busy !== "training"
        ? page.present.order
        : plainOrder(units);
    drawWeights(
      element<HTMLCanvasElement>("#weights canvas"),
      weights,
      units,
      order,
    );
    drawActivity(
      element<HTMLCanvasElement>("#activity canvas"),
      rates,
      target.length,
      order,
    );
    say(
      element("#weights .said"),
      `${units} × ${units} synapses, a row what a unit receives: vermilion ` +
        `excites, blue inhibits, the strongest ${shown(seen.most)}`,
    );
    say(
      element("#activity .said"),
      `${units} units from top to bottom over the trial above, dark 0, bright ` +
        `${shown(mostRate)}`,
    );
  }

  function showButtons(): void {
    const training = page.busy === "training";
    buttons.start.disabled = page.busy !== "" && !training;
    buttons.start.hidden = training;
    buttons.pause.hidden =
      buttons.stop.hidden =
      buttons.step.hidden =
        !training;
    say(buttons.pause, paused ? "Resume" : "Pause");
    buttons.step.disabled = !paused;
    buttons.reset.disabled = page.busy !== "";
  }

  function start(settings: LabSettings): void {
    form.put(settings);
    showTrial();
    losses = [];
    evaluated = [];
    snapshot = undefined;
    paused = false;
    page.settings = settings;
    page.stoppedAt = page.mapped = undefined;
    page.tuned = false;
    page.changes = [];
    page.present = undefined;
    page.busy = "training";
    element("#note").hidden = true;
    client.send({ kind: "train", settings, gpu: gpu.checked });
    page.say("training starts");
  }

  client.on("started", (event) => updates = event.updates);
  client.on("trained", (event) => {
    losses.push(...event.losses);
    page.say(
      `update ${event.update} of at most ${updates}, loss ` +
        `${shown(losses.at(-1)!)}`,
    );
    drawSoon("loss");
  });
  client.on("evaluated", (event) => {
    evaluated.push(event);
    drawSoon("loss");
    const { lesson, noiseLevel } = event;
    say(
      element("#performance .said"),
      (lesson !== undefined
        ? "with a short delay first"
        : "on the task itself") +
        (noiseLevel !== 1 ? `, noise × ${noiseLevel}` : "") +
        `: ${Math.round(100 * event.strict)} % of trials right`,
    );
    drawSoon("performance");
  });
  client.on("snapshot", (event) => {
    snapshot = event;
    drawSoon("snapshot");
  });
  client.on("paused", ({ update }) => {
    paused = true;
    page.say(`paused after update ${update}`);
    showButtons();
  });
  client.on("stopped", ({ reason, update, met, seconds }) => {
    page.stoppedAt = reason === "interrupted" ? update : undefined;
    page.busy = "";
    paused = false;
    page.say(
      `trained in ${shown(seconds)} s and ${update} updates: ` +
        `${reasons[reason] ?? reason}` +
        (met ? "" : "; it does not do its task yet"),
    );
    // The network is kept: its units are sorted by type now.
    drawSoon("snapshot");
  });

  element("#settings").addEventListener("submit", (event) => {
    event.preventDefault();
    const settings = form.take();
    if (settings) start(settings);
  });
  buttons.pause.addEventListener("click", () => {
    client.send({ kind: paused ? "resume" : "pause" });
    paused = !paused;
    if (!paused) page.say("training goes on");
    showButtons();
  });
  buttons.step.addEventListener("click", () => client.send({ kind: "step" }));
  buttons.stop.addEventListener("click", () => client.send({ kind: "stop" }));
  buttons.reset.addEventListener("click", () => {
    form.put(usualSettings);
    showTrial();
    page.say("settings are those at the beginning again");
  });
  page.onChange(() => {
    showButtons();
    drawSoon("snapshot");
  });
  showTrial();
  showButtons();
  return start;
}

/** Losses by update, means of several if there are many. */
function thinned(losses: readonly number[]): { x: number[]; y: number[] } {
  const each = Math.ceil(losses.length / mostPoints);
  const x: number[] = [];
  const y: number[] = [];
  for (let from = 0; from < losses.length; from += each) {
    const part = losses.slice(from, from + each);
    x.push(from + part.length);
    y.push(part.reduce((sum, loss) => sum + loss, 0) / part.length);
  }
  return { x, y };
}
