/** Both networks on one trial, with the factor that is chosen by a slider. */
import { element, say } from "../../../lib/dashboard/page/dom.ts";
import { eachFrame, type Page } from "../page.ts";
import type { Told } from "../protocol.ts";
import { TrialView } from "../trial_view.ts";

/** What others do with the view. */
export interface Twins {
  /** Forgets all trials, as before a search. */
  clear(): void;
  /** Shows the trial of the smallest factor. */
  first(): void;
  /** The factor whose trial is shown. */
  readonly factor: string;
}

/**
 * Makes the view work: every factor of a search has a trial, always the same one.
 *
 * @param changed called when another factor is shown
 */
export function twinsView(page: Page, changed: () => void): Twins {
  const { client } = page;
  const slider = element<HTMLInputElement>("#twins-factor");
  const view = new TrialView("#twins");
  let trials: Told<"twin">[] = [];
  let at = 0;
  /** Whether the user has a factor in view that others must not push away. */
  let held = false;
  /** Which network they are of. */
  let of = "";

  const draw = eachFrame(() => {
    const trial = trials[at];
    element("#twins").hidden = trial === undefined || !page.present;
    if (!trial || !page.present) return;
    slider.max = String(trials.length - 1);
    slider.value = String(at);
    slider.disabled = trials.length < 2;
    slider.setAttribute("aria-valuetext", nameOf(trial));
    say(element("#twins-value"), nameOf(trial));
    say(element("#twins .said"), `${sentence(trial.right.join(", "))}.`);
    view.show(trial, page.present, true);
  });

  function nameOf({ factor, tuned }: Told<"twin">): string {
    const chosen = factor === page.present?.about.factor;
    return tuned ? `${factor}, tuned` : chosen ? `${factor}, chosen` : factor;
  }

  function show(next: number): void {
    at = next;
    changed();
    draw();
  }

  client.on("twin", (event) => {
    const shown = trials[at];
    trials = [
      ...trials.filter(({ factor, tuned }) =>
        factor !== event.factor || tuned !== event.tuned
      ),
      event,
    ].sort((a, b) =>
      Number(a.factor) - Number(b.factor) || Number(a.tuned) - Number(b.tuned)
    );
    show(Math.max(0, trials.indexOf(held ? shown : event)));
  });
  client.on("network", ({ from, hash, factor, tuned }) => {
    const network = `${from} ${hash}`;
    if (network !== of) trials = [];
    of = network;
    const chosen = trials.findIndex((one) =>
      one.factor === factor && one.tuned === tuned
    );
    held = false;
    show(Math.max(0, chosen));
  });
  slider.addEventListener("input", () => {
    held = true;
    show(Number(slider.value));
  });
  page.onChange(draw);
  return {
    clear() {
      trials = [];
      held = false;
      show(0);
    },
    first() {
      held = true;
      show(0);
    },
    get factor() {
      return trials[at]?.factor ?? "";
    },
  };
}

/** A sentence's first letter as a sentence has it. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
