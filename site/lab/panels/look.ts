/** Look: figures and analyses of the library. */
import { element, say } from "../../../lib/dashboard/page/dom.ts";
import { download, pngOf } from "../files.ts";
import type { Page } from "../page.ts";
import { sentence } from "./twins.ts";

/** What can be looked at, in the order of the page, and what it asks. */
const looks: readonly (readonly [name: string, title: string])[] = [
  ["trajectories", "Trajectories in the first components"],
  ["fixed-points", "Fixed points"],
  ["timescales", "Timescales"],
  ["weights", "Weights by class"],
  ["rates", "Firing rates"],
  ["output", "Outputs of all conditions"],
  ["raster", "Rasters of all conditions"],
  ["search", "The search"],
  ["training", "The training"],
  ["spectrum", "Eigenvalues of the weights"],
  ["spike-trains", "Statistics of spikes"],
];

/** Times a figure's size on paper. */
const enlarged = 1.5;

/** Those that are chosen at the beginning. */
const chosen = new Set([
  ...["trajectories", "fixed-points", "timescales", "weights", "rates"],
]);

/** Makes the panel work. */
export function lookPanel(page: Page): void {
  const { client } = page;
  const list = element("#looks");
  const start = element<HTMLButtonElement>("#look-start");
  const cancel = element<HTMLButtonElement>("#look-cancel");
  const progress = element<HTMLProgressElement>("#look-progress");
  const figures = element("#figures");
  const boxes = looks.map(([name, title]) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = name;
    box.checked = chosen.has(name);
    label.append(box, ` ${title}`);
    list.append(label);
    return box;
  });

  start.addEventListener("click", () => {
    const analyses = boxes.filter(({ checked }) => checked)
      .map(({ value }) => value);
    if (analyses.length === 0) {
      return page.say("nothing is chosen: tick what you want to see");
    }
    figures.replaceChildren();
    say(element("#left-out"), "");
    page.busy = "look";
    client.send({ kind: "look", analyses });
    page.say("figures are made; what draws them is loaded first");
  });
  cancel.addEventListener("click", () => client.send({ kind: "cancel" }));
  /** Which network the figures are of. */
  let of = "";
  client.on("network", ({ from, hash }) => {
    const network = `${from} ${hash}`;
    if (network !== of) {
      figures.replaceChildren();
      say(element("#left-out"), "");
    }
    of = network;
  });
  client.on("working", ({ doing, done, total }) => {
    progress.value = total > 0 ? done / total : 0;
    page.say(doing);
  });
  client.on("looked", ({ name, title, description, svg, words }) => {
    figures.append(figureOf(page, { name, title, description, svg, words }));
  });
  client.on("leftOut", ({ name, reason }) => {
    const place = element("#left-out");
    say(place, `${place.textContent}${name} is left out: ${reason}. `);
  });
  client.on("lookedAll", () => {
    page.busy = "";
    page.say("the figures are made");
  });
  page.onChange(() => {
    start.disabled = !page.present || page.busy !== "";
    cancel.hidden = progress.hidden = page.busy !== "look";
    if (!page.present) figures.replaceChildren();
    say(
      element("#look-state"),
      page.present
        ? page.present.about.factor === ""
          ? "The network is not mapped: its spiking twin is left out."
          : ""
        : "There is no network yet: train one first, or open a file.",
    );
  });
}

function figureOf(
  page: Page,
  { name, title, description, svg, words }: {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly svg: string;
    readonly words: readonly string[];
  },
): HTMLElement {
  const figure = document.createElement("figure");
  const picture = document.createElement("img");
  // As an address: a drawing of its own cannot clash with another's names.
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  picture.alt = description;
  // Drawn for a column of paper: larger on a screen.
  picture.addEventListener("load", () => {
    picture.width = Math.round(enlarged * picture.naturalWidth);
  });
  const caption = document.createElement("figcaption");
  caption.append(
    Object.assign(document.createElement("b"), { textContent: `${title}.` }),
    words.map((text) => ` ${sentence(text)}.`).join(""),
  );
  const row = document.createElement("p");
  row.className = "row";
  for (const kind of ["SVG", "PNG"] as const) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `Save as ${kind}`;
    button.setAttribute("aria-label", `Save as ${kind}: ${title}`);
    button.addEventListener("click", async () => {
      const blob = kind === "SVG"
        ? new Blob([svg], { type: "image/svg+xml" })
        : await pngOf(svg);
      download(`${name}.${kind.toLowerCase()}`, blob);
      page.say(`saved ${name}.${kind.toLowerCase()}`);
    });
    row.append(button);
  }
  figure.append(picture, caption, row);
  return figure;
}
