/** The lab: a page that trains a network, maps it to spikes and plays with it. */
import { element, say } from "../../lib/dashboard/page/dom.ts";
import { Client } from "./client.ts";
import { type Linked, linkedFrom } from "./link.ts";
import { Page, type PanelName, panelNames } from "./page.ts";
import { keepPanel } from "./panels/keep.ts";
import { lookPanel } from "./panels/look.ts";
import { mapPanel } from "./panels/map.ts";
import { playPanel } from "./panels/play.ts";
import { tour } from "./panels/tour.ts";
import { trainPanel } from "./panels/train.ts";

const worker = new Worker(new URL("./worker/worker.js", import.meta.url), {
  type: "module",
  name: "spikernn lab",
});
const client = new Client(worker, (reason) => {
  page.fail(
    `The worker of the page has stopped: ${reason}. What is shown stays; ` +
      "reload the page to go on.",
  );
});
const page = new Page(client);
const train = trainPanel(page);
const map = mapPanel(page);
const play = playPanel(page);
lookPanel(page);
keepPanel(page);

/** Shows a panel in place of the others. */
function open(name: PanelName): void {
  for (const other of panelNames) {
    const tab = element(`#tab-${other}`);
    tab.setAttribute("aria-selected", String(other === name));
    tab.tabIndex = other === name ? 0 : -1;
    element(`#panel-${other}`).hidden = other !== name;
  }
  // What was drawn without a size is drawn anew.
  page.tellChanged();
}

panelNames.forEach((name, k) => {
  const tab = element(`#tab-${name}`);
  tab.addEventListener("click", () => open(name));
  tab.addEventListener("keydown", (event) => {
    const count = panelNames.length;
    const to = {
      ArrowRight: (k + 1) % count,
      ArrowLeft: (k + count - 1) % count,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    open(panelNames[to]);
    element(`#tab-${panelNames[to]}`).focus();
  });
});
tour(page, { train, map, play, open });

element("#failure button").addEventListener("click", () => {
  element("#failure").hidden = true;
});

/** What is left to do of a link: map, tune, change, compare. */
let linked: Linked | undefined;

function follow(): void {
  try {
    linked = linkedFrom(location.hash);
  } catch (error) {
    page.fail((error as Error).message);
    return;
  }
  if (!linked) return;
  say(
    element("#from-link"),
    "This page was opened by a link: the network that it holds is trained now.",
  );
  element("#from-link").hidden = false;
  train(linked.settings);
}

client.on("network", ({ from, hash, factor }) => {
  if (!linked) return;
  if (from !== "trained") linked = undefined;
  else if (factor === "" && linked.mapped !== undefined) {
    map.search(linked.mapped);
  } else if (linked.tuned) {
    linked = { ...linked, tuned: false };
    map.tune();
  } else {
    const { changes, hash: known } = linked;
    linked = undefined;
    const same = known === undefined || hash === ""
      ? "The network of the link is there."
      : hash.startsWith(known)
      ? `The network of the link is there: its weights have the hash ${known}, as the link says.`
      : `This is another network than the link's: its weights have the hash ` +
        `${
          hash.slice(0, known.length)
        }, the link says ${known}. The link may ` +
        "come from another version of this page.";
    say(element("#from-link"), same);
    if (changes.length > 0) {
      open("play");
      play.change(changes);
    }
  }
});

client.on("failed", () => {
  // What comes next is not the link's network.
  if (linked) element("#from-link").hidden = true;
  linked = undefined;
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden || page.busy === "") return;
  page.say(`${page.busy} goes on while the page is hidden; nothing is drawn`);
});
addEventListener("hashchange", () => {
  if (page.busy === "") follow();
  else page.say("a link was opened: wait until the work in hand is done");
});
client.on("ready", ({ version, backend }) => {
  say(element("#about"), `spikernn ${version}, computed on ${backend}`);
});
page.say("ready");
open("train");
follow();
