/** Map: the search for the scaling factor, and tuning. */
import { element, say } from "../../../lib/dashboard/page/dom.ts";
import { type Mark, Plot } from "../../../lib/dashboard/page/plot.ts";
import { factorCurves } from "../../../lib/dashboard/page/trial_curves.ts";
import { eachFrame, type Page, shareText } from "../page.ts";
import type { Told } from "../protocol.ts";
import { sentence, twinsView } from "./twins.ts";

/** What others do through the panel. */
export interface MapPanel {
  /** Begins a search with some trials of each factor. */
  search(trials: number): void;
  /** Begins to tune the spiking network. */
  tune(): void;
  /** Shows the trial of the smallest factor. */
  showFirst(): void;
}

/** Makes the panel work. */
export function mapPanel(page: Page): MapPanel {
  const { client } = page;
  const start = element<HTMLButtonElement>("#map-start");
  const tuneButton = element<HTMLButtonElement>("#tune");
  const cancel = element<HTMLButtonElement>("#map-cancel");
  const progress = element<HTMLProgressElement>("#map-progress");
  const trials = element<HTMLSelectElement>("#map-trials");
  const plot = new Plot(element("#search .plot"), {
    x: "scaling factor 1/λ",
    y: "performance",
    range: [-0.03, 1.03],
  });
  /** The last that is known of each factor. */
  const factors = new Map<number, Told<"factor">>();
  const draw = eachFrame(() => {
    const scores = [...factors.values()].flatMap(({ factor, strict, paper }) =>
      strict && paper
        ? [{ factor, ...strict, strict: strict.value, paper: paper.value }]
        : []
    );
    element("#search .plot").hidden = scores.length === 0;
    if (scores.length > 0) plot.show(factorCurves(scores), marks());
  });
  const twins = twinsView(page, draw);

  /** The factor whose trial is shown, and the one that was chosen. */
  function marks(): Mark[] {
    const chosen = page.present?.about.factor ?? "";
    return [
      { x: Number(chosen), label: "chosen", colour: "--ink" },
      ...(twins.factor === chosen
        ? []
        : [{ x: Number(twins.factor), label: "shown", colour: "--soft" }]),
    ].filter(({ x }) => x > 0);
  }

  /** Which network the search that is shown is of. */
  let of = "";

  function forget(): void {
    factors.clear();
    say(element("#search .said"), "");
    say(element("#tuned"), "");
  }

  client.on("network", ({ from, hash }) => {
    const network = `${from} ${hash}`;
    if (network !== of) forget();
    of = network;
  });

  function search(count: number): void {
    forget();
    twins.clear();
    page.busy = "map";
    client.send({ kind: "map", trials: count });
    page.say("searching the scaling factor");
    draw();
  }

  function tune(): void {
    page.busy = "tune";
    say(element("#tuned"), "");
    client.send({ kind: "tune" });
    page.say("tuning begins: it takes up to some minutes");
  }

  client.on("factor", (event) => {
    const { factor, done, total, strict, error } = event;
    factors.set(factor, event);
    progress.value = done / total;
    page.say(
      `${done} of ${total} factors are settled; ${factor}: ` +
        (strict ? `right in ${shareText(strict)}` : `failed, ${error}`),
    );
    draw();
  });
  client.on("mapped", ({ words, seconds, trials: of }) => {
    page.mapped = of;
    say(
      element("#search .said"),
      `${
        words.map((text) => `${sentence(text)}.`).join(" ")
      } ${of} trials of ` +
        `a factor at most, ${seconds.toFixed(1)} s.`,
    );
    page.busy = "";
    page.say("mapped: the spiking network is ready");
  });
  client.on("tuning", ({ step, done, total, loss }) => {
    progress.value = done / total;
    page.say(
      `tuning: ${done} of ${total} ${step}` +
        (loss === undefined ? "" : `, squared error ${loss.toPrecision(3)}`),
    );
  });
  client.on("tuned", ({ words, kept }) => {
    say(
      element("#tuned"),
      words.map((text) => `${sentence(text)}.`).join(" "),
    );
    page.busy = "";
    page.say(kept ? "tuned" : "tuned, and left out: it was not better");
  });

  start.addEventListener("click", () => search(Number(trials.value)));
  tuneButton.addEventListener("click", tune);
  cancel.addEventListener("click", () => {
    client.send({ kind: "cancel" });
    page.say("cancelled; the network is as it was");
  });
  page.onChange(() => {
    const at = page.busy === "map" || page.busy === "tune";
    const { present } = page;
    start.disabled = !present || page.busy !== "";
    tuneButton.disabled = !present?.about.factor || page.busy !== "";
    cancel.hidden = progress.hidden = !at;
    if (!at) progress.value = 0;
    if (!present && factors.size > 0) {
      forget();
      twins.clear();
    }
    draw();
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
  return { search, tune, showFirst: twins.first };
}
