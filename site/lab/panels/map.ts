/** Map: the search for the scaling factor, and tuning. */
import { okabeIto } from "../../../lib/dashboard/page/colours.ts";
import { element, say } from "../../../lib/dashboard/page/dom.ts";
import { Plot } from "../../../lib/dashboard/page/plot.ts";
import { eachFrame, type Page, shareText } from "../page.ts";
import type { Told } from "../protocol.ts";
import { TrialView } from "../trial_view.ts";

/** Makes the panel work; gives what begins a search. */
export function mapPanel(page: Page): (trials: number) => void {
  const { client } = page;
  const start = element<HTMLButtonElement>("#map-start");
  const tune = element<HTMLButtonElement>("#tune");
  const cancel = element<HTMLButtonElement>("#map-cancel");
  const progress = element<HTMLProgressElement>("#map-progress");
  const trials = element<HTMLSelectElement>("#map-trials");
  const plot = new Plot(element("#search .plot"), {
    x: "scaling factor 1/λ",
    y: "performance",
    range: [-0.03, 1.03],
  });
  const view = new TrialView("#twins");
  let factors: Told<"factor">[] = [];
  /** Whether a search has ended whose network is not there yet. */
  let isNew = false;

  const draw = eachFrame(() => {
    const tried = factors.filter(({ strict }) => strict)
      .sort((a, b) => a.factor - b.factor);
    element("#search .plot").hidden = tried.length === 0;
    if (tried.length === 0) return;
    const x = tried.map(({ factor }) => factor);
    const band = okabeIto.sky;
    plot.show([
      {
        label: "upper bound",
        colour: `${band}60`,
        x,
        y: tried.map(({ strict }) => strict!.high),
        filled: `${band}30`,
      },
      {
        label: "lower bound",
        colour: `${band}60`,
        x,
        y: tried.map(({ strict }) => strict!.low),
      },
      {
        label: "paper rule",
        colour: okabeIto.orange,
        x,
        y: tried.map(({ paper }) => paper!.value),
        dashed: true,
        dots: true,
      },
      {
        label: "strict rule",
        colour: band,
        x,
        y: tried.map(({ strict }) => strict!.value),
        dots: true,
      },
    ]);
  });

  function begin(count: number): void {
    factors = [];
    say(element("#search .said"), "");
    page.tuned = false;
    page.busy = "map";
    client.send({ kind: "map", trials: count });
    page.say("searching the scaling factor");
    draw();
  }

  client.on("factor", (event) => {
    factors.push(event);
    const { factor, done, total, strict, error } = event;
    progress.value = done / total;
    page.say(
      `factor ${done} of ${total}: ${factor}, ` +
        (strict ? `right in ${shareText(strict)}` : `failed: ${error}`),
    );
    draw();
  });
  client.on("mapped", ({ words, seconds, trials: of }) => {
    page.mapped = of;
    say(
      element("#search .said"),
      `${words.join(". ")}. ${of} trials of each factor, ` +
        `${seconds.toFixed(1)} s.`,
    );
    page.busy = "";
    page.say("mapped: the spiking network is ready");
    // The network itself comes with the next message.
    isNew = true;
  });
  client.on("network", ({ factor }) => {
    if (!isNew || factor === "") return;
    isNew = false;
    client.send({
      kind: "play",
      number: 0,
      stimulus: {
        condition: page.present!.task.conditions[0],
        ...{ delay: undefined, noise: 1, amplitude: 1, trial: 0 },
      },
      changes: [],
    });
  });
  client.on("played", (event) => {
    if (event.number !== 0 || !page.present) return;
    element("#twins").hidden = false;
    view.show(event, page.present, true);
    say(
      element("#twins .said"),
      `One trial with the factor ${page.present.about.factor}: ` +
        `${event.right.join(", ")}.`,
    );
  });
  client.on("tuning", ({ step, done, total, loss }) => {
    progress.value = done / total;
    page.say(
      `tuning: ${done} of ${total} ${step}` +
        (loss === undefined ? "" : `, squared error ${loss.toPrecision(3)}`),
    );
  });
  client.on("tuned", ({ words, kept }) => {
    page.tuned = kept;
    say(element("#tuned"), words.join(". "));
    page.busy = "";
    page.say(kept ? "tuned" : "tuned, and left out: it was not better");
  });

  start.addEventListener("click", () => begin(Number(trials.value)));
  tune.addEventListener("click", () => {
    page.busy = "tune";
    say(element("#tuned"), "");
    client.send({ kind: "tune" });
    page.say("tuning begins: it takes up to some minutes");
  });
  cancel.addEventListener("click", () => {
    client.send({ kind: "cancel" });
    page.say("cancelled; the network is as it was");
  });
  page.onChange(() => {
    const at = page.busy === "map" || page.busy === "tune";
    const { present } = page;
    start.disabled = !present || page.busy !== "";
    tune.disabled = !present?.about.factor || page.busy !== "";
    cancel.hidden = progress.hidden = !at;
    if (!at) progress.value = 0;
    if (!present?.about.factor) element("#twins").hidden = true;
    if (!present && factors.length > 0) {
      factors = [];
      say(element("#search .said"), "");
      say(element("#tuned"), "");
      draw();
    }
    say(
      element("#map-state"),
      !present
        ? "There is no network yet: train one first, or open a file."
        : present.about.factor === ""
        ? "The network has no scaling factor yet."
        : `The scaling factor is ${present.about.factor}` +
          (present.about.tuned ? ", and the network is tuned." : "."),
    );
  });
  return begin;
}
