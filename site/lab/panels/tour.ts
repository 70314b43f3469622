/** Learn: a tour of six steps, each a question, something to do, what to see. */
import { element, say } from "../../../lib/dashboard/page/dom.ts";
import type { Page, PanelName } from "../page.ts";
import { type LabSettings, usualSettings } from "../settings.ts";
import type { MapPanel } from "./map.ts";
import type { Play } from "./play.ts";

/** What the tour does for the user. */
export interface TourParts {
  readonly train: (settings: LabSettings) => void;
  readonly map: MapPanel;
  readonly play: Play;
  readonly open: (panel: PanelName) => void;
}

interface Step {
  readonly title: string;
  readonly panel: PanelName;
  readonly question: string;
  readonly see: string;
  readonly button: string;
  /** What has to be there before. */
  readonly needs?: "network" | "factor";
  act(parts: TourParts, page: Page): void;
}

/** The network of the tour: small, with a delay, quick to train and to tune. */
export const tourSettings: LabSettings = {
  ...usualSettings,
  task: "xor",
  N: 80,
  seed: 2,
};

const steps: readonly Step[] = [
  {
    title: "Train",
    panel: "train",
    question:
      "Two pulses come one after the other, and the answer depends on both. Can 80 units that only excite or only inhibit learn to remember the first one?",
    see:
      "The loss falls in steps, not evenly: the network learns a short delay first, then the task. In the picture of the weights columns keep their colour, because a unit never changes its sign (Dale's principle). Once 95 % of trials are right it goes on with stronger noise, for the sake of the spiking network.",
    button: "Train a network",
    act: ({ train }) => train(tourSettings),
  },
  {
    title: "Map to spikes",
    panel: "map",
    needs: "network",
    question:
      "The units so far have rates, which neurons do not. What happens when every unit becomes a neuron that spikes, with the same synapses?",
    see:
      "The weights are divided by one number, the scaling factor. Each dot is one factor, tried on the same trials; the band is its 95 % interval.",
    button: "Search the scaling factor",
    act: ({ map }) => map.search(50),
  },
  {
    title: "Why the factor matters",
    panel: "map",
    needs: "factor",
    question:
      "Move the slider below from the smallest factor to the largest, and watch one and the same trial. Why does the spiking network fail on both sides of the best factor?",
    see:
      "With a small factor synapses are too strong: some neurons fire all the time, others never, and the output (purple) runs away. With a large one they are too weak: neurons fire much the same whatever came before, and the answer does not come. In between the output follows that of the rate network (green), and only the noise of single spikes is left.",
    button: "Show the smallest factor",
    act: ({ map }) => map.showFirst(),
  },
  {
    title: "Lesion the inhibitory units",
    panel: "play",
    needs: "factor",
    question:
      "One unit in five is inhibitory. What is left of the answer if they all fall silent? Guess before you press.",
    see:
      "Without inhibition the rates rise until most units are at their largest, whatever the stimulus was. Compare the accuracy with the intact network's: do the intervals overlap? p is how often so large a difference comes by chance.",
    button: "Lesion all inhibitory units",
    act: ({ play }) => play.change([{ kind: "lesion", units: "I" }]),
  },
  {
    title: "A longer delay",
    panel: "play",
    needs: "factor",
    question:
      "The network was trained with one delay between the pulses. Does it remember for twice as long, or has it only learned when to answer?",
    see:
      "If activity stays where it is during the delay, the answer survives; if it drifts, errors come. Move the slider to find the delay at which half of the answers are wrong. Is it the same for both networks?",
    button: "Double the delay",
    act: ({ play }, page) => {
      play.change([]);
      play.delay(2 * (page.present?.task.timing.delay ?? 10));
    },
  },
  {
    title: "What tuning changes",
    panel: "map",
    needs: "factor",
    question:
      "The factor is one number for all synapses. Does the spiking network get better if every synapse may change a little, and is it then still the network that was trained?",
    see:
      "Tuning moves each synapse by gradients of spiking trials, and no synapse changes its sign. It is kept only if fresh trials are better beyond chance: a network that is right already leaves nothing to gain. Read how much the weights changed.",
    button: "Tune (half a minute or more)",
    act: ({ map }) => map.tune(),
  },
];

/** Makes the tour work. */
export function tour(page: Page, parts: TourParts): void {
  const place = element("#tour");
  const act = element<HTMLButtonElement>("#tour-act");
  const back = element<HTMLButtonElement>("#tour-back");
  const next = element<HTMLButtonElement>("#tour-next");
  const begin = element<HTMLButtonElement>("#tour-begin");
  let at = 0;

  function lack(): string {
    const { needs } = steps[at];
    if (page.busy !== "" && page.busy !== "play") {
      return "Something is computed: wait until it is done, or stop it.";
    }
    if (needs && !page.present) return "This needs a network: train one first.";
    if (needs === "factor" && page.present?.about.factor === "") {
      return "This needs a spiking network: search the scaling factor first.";
    }
    const delay = page.present?.task.timing.delay;
    return at === 4 && delay === undefined
      ? "The task of this network has no delay: train one on xor or dms."
      : "";
  }

  function show(): void {
    const { title, question, see, button } = steps[at];
    say(element("#tour-title"), `${at + 1} of ${steps.length}: ${title}`);
    say(element("#tour-question"), question);
    say(element("#tour-see"), see);
    say(act, button);
    showState();
  }

  function showState(): void {
    const missing = lack();
    say(element("#tour-lack"), missing);
    element("#tour-lack").hidden = missing === "";
    act.disabled = missing !== "";
    back.disabled = at === 0;
    const last = at === steps.length - 1;
    say(next, last ? "End the tour" : "Next");
    element("#tour-end").hidden = last;
  }

  function go(to: number): void {
    if (to >= steps.length) return end();
    at = Math.max(0, to);
    show();
    parts.open(steps[at].panel);
    element("#tour-title").focus();
  }

  function end(): void {
    place.hidden = true;
    begin.hidden = false;
    begin.focus();
  }

  begin.addEventListener("click", () => {
    place.hidden = false;
    begin.hidden = true;
    go(0);
  });
  element("#tour-end").addEventListener("click", end);
  back.addEventListener("click", () => go(at - 1));
  next.addEventListener("click", () => go(at + 1));
  act.addEventListener("click", () => {
    parts.open(steps[at].panel);
    steps[at].act(parts, page);
  });
  page.onChange(showState);
  show();
}
