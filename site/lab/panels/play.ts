/** Play: show a stimulus, change the network, and see both networks answer. */
import { element, say, swatchOf } from "../../../lib/dashboard/page/dom.ts";
import { shown } from "../../../lib/dashboard/page/plot.ts";
import { conditionLabel } from "../../../lib/tasks/labels.ts";
import { type ChangeFields, changeOf } from "../change_form.ts";
import {
  type Change,
  changesText,
  changeText,
  mostChanges,
  type Units,
  unitsText,
} from "../changes.ts";
import { type Page, type Present, shareText } from "../page.ts";
import { colourOf, orderOf, populationText } from "../pictures.ts";
import type { Stimulus } from "../protocol.ts";
import { TrialView } from "../trial_view.ts";
import { UnitMap } from "../unit_map.ts";

/** Trials of an accuracy. */
const accuracyTrials = 100;
/** Milliseconds without a movement of a slider before something is computed. */
const settle = 150;

/** What others do through the panel. */
export interface Play {
  /** Puts changes in place of those there are, and plays. */
  change(changes: readonly Change[]): void;
  /** Sets the delay, in steps, and plays. */
  delay(steps: number): void;
}

/** Makes the panel work. */
export function playPanel(page: Page): Play {
  const { client } = page;
  const stimuli = element("#stimuli");
  const sliders = {
    delay: element<HTMLInputElement>("#delay"),
    noise: element<HTMLInputElement>("#noise"),
    amplitude: element<HTMLInputElement>("#amplitude"),
  };
  const view = new TrialView(
    "#played",
    (event, column) =>
      map.light((unit) => event.rates[unit * event.columns + column] / 255),
  );
  const map = new UnitMap(
    element<HTMLCanvasElement>("#units"),
    (chosen) => {
      say(
        element("#chosen"),
        chosen.length === 0
          ? "No unit is chosen."
          : `Chosen: ${unitsText(chosen)}.`,
      );
      showWhom();
    },
  );
  const action = element<HTMLSelectElement>("#action");
  const whom = element<HTMLSelectElement>("#whom");
  const to = element<HTMLSelectElement>("#to");
  const amount = element<HTMLInputElement>("#amount");
  const span = [
    element<HTMLInputElement>("#from-ms"),
    element<HTMLInputElement>("#to-ms"),
  ] as const;

  let condition = "";
  let trial = 0;
  let number = 0;
  let present: Present | undefined;
  /** What the accuracies that are shown are of. */
  let measured = "";
  let asked = "";
  let waiting: ReturnType<typeof setTimeout> | undefined;

  function stimulus(): Stimulus {
    const own = present?.task.timing.delay;
    const delay = Number(sliders.delay.value);
    return {
      condition,
      delay: own === undefined || delay === own ? undefined : delay,
      noise: Number(sliders.noise.value),
      amplitude: Number(sliders.amplitude.value),
      trial,
    };
  }

  /** What accuracies depend on. */
  function key(): string {
    const { delay, noise, amplitude } = stimulus();
    const { about } = present!;
    return [
      ...[about.hash, about.factor, about.tuned, delay, noise, amplitude],
      changesText(page.changes),
    ].join(" ");
  }

  function play(): void {
    if (!present || (page.busy !== "" && page.busy !== "play")) return;
    number++;
    page.busy = "play";
    client.send({
      kind: "play",
      number,
      stimulus: stimulus(),
      changes: page.changes,
    });
  }

  /** Plays once nothing is changed any more for some milliseconds. */
  function playSoon(wait: number): void {
    clearTimeout(waiting);
    waiting = setTimeout(play, wait);
  }

  function measure(): void {
    if (!present || key() === measured) return;
    asked = key();
    // Whatever stops this one: what is shown is then of neither.
    measured = "";
    element("#accuracy").setAttribute("aria-busy", "true");
    client.send({
      kind: "accuracy",
      number,
      stimulus: stimulus(),
      changes: page.changes,
      trials: accuracyTrials,
    });
  }

  client.on("played", (event) => {
    if (event.number !== number) return;
    page.busy = "";
    say(
      element("#played .said"),
      `${conditionLabel(present!.task, event.condition)}: ` +
        `${event.right.join(", ")}. ${event.durationMs} ms computed in ` +
        `${Math.round(event.milliseconds)} ms.`,
    );
    element("#answers").hidden = false;
    view.show(event, present!);
    measure();
  });
  client.on(
    "failed",
    () => element("#accuracy").removeAttribute("aria-busy"),
  );
  client.on("accuracy", (event) => {
    if (event.number !== number || asked !== key()) return;
    const row = element(`#accuracy-${event.network}`);
    row.hidden = false;
    const [, intact, changed, p] = row.children;
    say(intact as HTMLElement, shareText(event.intact));
    say(changed as HTMLElement, shareText(event.changed));
    say(
      p as HTMLElement,
      event.p >= 0.001 ? shown(Number(event.p.toFixed(3))) : "below 0.001",
    );
    if (!event.last) return;
    measured = asked;
    element("#accuracy").removeAttribute("aria-busy");
    page.say(
      `${event.network} network: right in ${
        shareText(event.changed)
      }, intact ` +
        shareText(event.intact),
    );
  });

  function showChanges(): void {
    const list = element("#changes");
    list.replaceChildren(...page.changes.map((change, k) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Undo";
      button.setAttribute("aria-label", `Undo: ${changeText(change)}`);
      button.addEventListener(
        "click",
        () => change_(page.changes.filter((_, other) => other !== k)),
      );
      item.append(`${changeText(change)} `, button);
      return item;
    }));
    element("#no-changes").hidden = page.changes.length > 0;
  }

  function change_(changes: readonly Change[]): void {
    page.changes = changes;
    showChanges();
    page.tellChanged();
    // Several changes may be made in one go.
    playSoon(0);
  }

  function showWhom(): void {
    const some = map.chosen.length > 0;
    for (const select of [whom, to]) {
      const option = select.querySelector<HTMLOptionElement>("[value=chosen]")!;
      option.disabled = !some;
      if (!some && select.value === "chosen") {
        select.value = select === whom ? "I" : "all";
      }
    }
    if (some && action.value !== "scale") whom.value = "chosen";
  }

  function showAction(): void {
    const scale = action.value === "scale";
    element("#to-part").hidden = element("#amount-part").hidden = !scale;
  }

  function unitsOf(select: HTMLSelectElement): Units {
    return select.value === "chosen" ? map.chosen : select.value as Units;
  }

  element("#change").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!present) return;
    const place = element("#wrong-change");
    try {
      if (page.changes.length >= mostChanges) {
        throw new RangeError(
          `Cannot do more: ${mostChanges} changes are the most, undo one`,
        );
      }
      const made = changeOf({
        action: action.value as ChangeFields["action"],
        whom: unitsOf(whom),
        to: unitsOf(to),
        // A field of numbers has no value if what it shows is none.
        amount: amount.value,
        span: [span[0].value, span[1].value],
      }, present.task);
      place.hidden = true;
      change_([...page.changes, made]);
    } catch (error) {
      say(place, (error as Error).message);
      place.hidden = false;
    }
  });
  element("#undo-all").addEventListener("click", () => {
    showSliders();
    change_([]);
  });
  action.addEventListener("change", showAction);
  element("#again").addEventListener("click", () => {
    trial++;
    play();
  });
  for (const slider of Object.values(sliders)) {
    slider.addEventListener("input", () => {
      showValues();
      playSoon(settle);
    });
  }

  function showValues(): void {
    const { delay, noise, amplitude } = sliders;
    const stepMs = present?.task.stepMs ?? 0;
    say(element("#delay-value"), `${Number(delay.value) * stepMs} ms`);
    say(element("#noise-value"), `× ${noise.value}`);
    say(element("#amplitude-value"), `× ${amplitude.value}`);
  }

  function showSliders(): void {
    const delay = present?.task.timing.delay;
    element("#delay-part").hidden = delay === undefined;
    if (delay !== undefined) {
      sliders.delay.max = String(3 * delay);
      sliders.delay.value = String(delay);
    }
    sliders.noise.value = sliders.amplitude.value = "1";
    showValues();
  }

  page.onChange(() => {
    const there = page.present;
    element("#play-none").hidden = there !== undefined;
    element("#play-all").hidden = there === undefined;
    for (const button of stimuli.querySelectorAll("button")) {
      button.disabled = page.busy !== "" && page.busy !== "play";
    }
    if (!there || there === present) return;
    const same = present?.about.hash === there.about.hash &&
      present.about.units === there.about.units;
    present = there;
    if (same) return;
    const { task } = there;
    condition = task.conditions[0];
    map.show(orderOf(there.about.populations));
    measured = "";
    // What is shown is of the network before.
    view.stop();
    element("#answers").hidden = true;
    say(element("#played .said"), "Press a stimulus.");
    for (const network of ["rate", "spiking"]) {
      element(`#accuracy-${network}`).hidden = true;
    }
    stimuli.replaceChildren(...task.conditions.map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = conditionLabel(task, name);
      button.setAttribute("aria-pressed", String(name === condition));
      button.addEventListener("click", () => {
        condition = name;
        for (const other of stimuli.querySelectorAll("button")) {
          other.setAttribute("aria-pressed", String(other === button));
        }
        play();
      });
      return button;
    }));
    element("#key").replaceChildren(
      ...there.about.populations.map(({ type, units }) => {
        const entry = document.createElement("span");
        entry.append(
          swatchOf(colourOf(type)),
          `${units.length} ${populationText(type)}`,
        );
        return entry;
      }),
      "from top to bottom",
    );
    showSliders();
    showChanges();
  });
  showAction();
  return {
    change: change_,
    delay(steps) {
      sliders.delay.value = String(steps);
      showValues();
      playSoon(settle);
    },
  };
}
