/** The lab in Firefox: the same network, what it looks like, keys, a hidden tab. */
import {
  deepStrictEqual as equal,
  match,
  notDeepStrictEqual,
  ok,
} from "node:assert/strict";
import { join } from "node:path";
import axe from "axe-core";
import {
  type FirefoxPage,
  patience,
  withFirefox,
  withFirefoxAt,
} from "../platform/firefox.ts";
import { openBackend, weightsHash } from "../../lib/entry/web.ts";
import { linkedFrom } from "../../site/lab/link.ts";
import { startTraining } from "../../site/lab/worker/training.ts";
import { testWith } from "../require.ts";
import { type Served, withLab } from "./served.ts";

const pictures = Deno.env.get("SPIKERNN_PICTURES");

/** An element, as an expression. */
const at = (selector: string) =>
  `document.querySelector(${JSON.stringify(selector)})`;
const text = (selector: string) => `${at(selector)}.textContent`;

function click(page: FirefoxPage, selector: string): Promise<void> {
  return page.evaluate(`void ${at(selector)}.click()`);
}

function says(page: FirefoxPage, start: string): Promise<void> {
  return page.waitFor(`${text("#status")}.startsWith("${start}")`);
}

/** Nothing went wrong, and nothing was asked for from elsewhere. */
function isClean({ errors, requests }: FirefoxPage, { url }: Served): void {
  equal(errors, []);
  equal(
    requests.filter((one) =>
      !one.startsWith(url) && !/^(data|blob|about):/.test(one)
    ),
    [],
  );
  notDeepStrictEqual(requests.length, 0);
}

const link = "#task=go-nogo&N=12&seed=1&n_trials=42";

/** What axe finds that keeps people from using the page. */
async function barriers(page: FirefoxPage): Promise<unknown> {
  return await page.evaluate(
    `axe.run().then(({ violations }) => violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => id + ": " + nodes[0].html))`,
  );
}

/** A page of a link: dark, still, on a phone. */
async function withoutBarriers(
  page: FirefoxPage,
  served: Served,
): Promise<void> {
  await page.resize(360, 740);
  await page.goto(`${served.url}${link}&map=20&do=l(I)`);
  await page.waitFor(`!${at("#accuracy-spiking")}.hidden`);
  await page.waitFor(
    `${at("#accuracy")}.getAttribute("aria-busy") === null`,
  );
  await says(page, "spiking network");
  await page.run(axe.source);
  const dark = await page.evaluate<string>(
    `getComputedStyle(document.body).backgroundColor`,
  );
  equal(dark, "rgb(20, 22, 24)");
  for (const part of ["train", "map", "play", "look", "keep"]) {
    await click(page, `#tab-${part}`);
    equal(await barriers(page), [], part);
    const wide = await page.evaluate<number>(
      `document.documentElement.scrollWidth - innerWidth`,
    );
    ok(wide <= 0, `${part} is wider than the page by ${wide}`);
    if (pictures) {
      await page.evaluate(`new Promise((r) => setTimeout(r, 300))`);
      await Deno.writeFile(
        join(pictures, `lab_firefox_${part}.png`),
        await page.screenshot(),
      );
    }
  }
  // Nothing moves: a trial that is played is there at once.
  equal(
    await page.evaluate(`(async () => {
      let frames = 0;
      const own = requestAnimationFrame;
      window.requestAnimationFrame = (draw) => (frames++, own(draw));
      ${at("#tab-play")}.click();
      const said = ${text("#played .said")};
      ${at("#stimuli button:last-child")}.click();
      while (${text("#played .said")} === said) {
        await new Promise((r) => setTimeout(r, 30));
      }
      return frames < 10;
    })()`),
    true,
  );
  isClean(page, served);
}

/** What the link of the open page holds is there again, to the bit. */
async function sameNetwork(page: FirefoxPage, served: Served): Promise<void> {
  match(await page.evaluate(text("#changes")), /lesion all inhibitory/);
  // One trial a factor.
  equal(await page.evaluate(`${at("#twins-factor")}.max`), "11");
  await click(page, "#tab-look");
  await page.evaluate(
    `document.querySelectorAll("#looks input")
          .forEach((box) => box.checked = box.value === "weights")`,
  );
  await click(page, "#look-start");
  await says(page, "the figures are made");
  equal(
    await page.evaluate(
      `document.querySelectorAll("#figures img").length`,
    ),
    2,
  );
  const hash = await page.evaluate<string>(text("#hash"));
  match(hash, /^[0-9a-f]{64}$/);
  await page.goto("about:blank");
  await page.goto(`${served.url}${link}&hash=${hash}`);
  await page.waitFor(
    `${text("#from-link")}.includes("hash") || !${at("#failure")}.hidden`,
  );
  equal(await page.evaluate(`${at("#failure")}.hidden`), true);
  match(await page.evaluate(text("#from-link")), /as the link says/);
  isClean(page, served);
}

/** The hash of a link's network, trained here. */
async function hashOf(link: string): Promise<string> {
  const backend = await openBackend();
  try {
    const { model } = startTraining(linkedFrom(link)!.settings, {
      backend,
      breathe: () => Promise.resolve(),
      tell() {},
    });
    return await weightsHash((await model).network);
  } finally {
    backend.close();
  }
}

/** Tells what a link has led to, once it is there or has failed. */
const follower = `
  for (;;) {
    const link = document.querySelector("#from-link").textContent;
    const failure = document.querySelector("#failure");
    if (link.includes("hash") || !failure.hidden) {
      const about = document.querySelector("#about").textContent;
      const said = failure.hidden ? link : failure.textContent;
      await fetch("told", { method: "POST", body: JSON.stringify({ about, said }) });
      break;
    }
    await new Promise((r) => setTimeout(r, 100));
  }
`;

testWith(
  "firefox",
  "the lab has workers of its own in Firefox, and the network of one worker",
  async () => {
    const hash = await hashOf(link);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const clock = setTimeout(
      () => reject(new Error("The page told nothing")),
      patience,
    );
    await withLab(
      ({ url }) =>
        withFirefoxAt(`${url}${link}&hash=${hash}`, async () => {
          const { about, said } = JSON.parse(await promise);
          match(said, /as the link says/);
          const { hardwareConcurrency: cores } = navigator;
          if (cores > 1) match(about, /computed on simd \(\d+ workers\)/);
        }),
      { script: follower, told: resolve },
    );
    clearTimeout(clock);
  },
);

/** The tour by keys, and a training in a tab that is hidden. */
async function byKeyboard(page: FirefoxPage, served: Served): Promise<void> {
  await page.goto(served.url);
  await page.waitFor(`${text("#about")}.includes("computed on")`);
  const focused = () => page.evaluate<string>(`document.activeElement.id`);
  await page.evaluate(`void ${at("#tour-begin")}.focus()`);
  await page.press("Enter");
  for (let step = 1; step <= 6; step++) {
    await page.waitFor(`${text("#tour-title")}.startsWith("${step} of")`);
    equal(await focused(), "tour-title");
    // By Tab to the button that goes on.
    for (let k = 0; await focused() !== "tour-next"; k++) {
      ok(k < 5, `step ${step}: the keyboard does not get on`);
      await page.press("Tab");
    }
    await page.press("Enter");
  }
  equal(await focused(), "tour-begin");
  await page.press("Tab");
  equal(await focused(), "tab-map");
  await page.press("Home");
  equal(await focused(), "tab-train");
  // Four of seven fields, and the training begins with Enter.
  await page.evaluate(`void (${at("#setting-task")}.value = "mante",
          ${at("#setting-preset")}.value = "paper",
          ${at("#setting-N")}.value = "20",
          ${at("#setting-n_trials")}.value = "1000000",
          ${at("#setting-n_trials")}.focus())`);
  await page.press("Enter");
  await says(page, "update");
  const update = async () =>
    Number(
      /\d+/.exec(await page.evaluate<string>(text("#status")))?.[0] ?? 0,
    );
  const uncover = await page.cover();
  equal(await page.evaluate(`document.visibilityState`), "hidden");
  const before = await update();
  await page.waitFor(
    `Number(/\\d+/.exec(${text("#status")})?.[0] ?? 0) > ${before + 20}`,
  );
  const later = await update();
  await uncover();
  equal(await page.evaluate(`document.visibilityState`), "visible");
  ok(await update() >= later);
  await click(page, "#stop");
  await says(page, "trained in");
  await page.waitFor(`${at("#weights canvas")}.width === 20`);
  await click(page, "#tab-keep");
  match(await page.evaluate(text("#hash")), /^[0-9a-f]{64}$/);
  isClean(page, served);
}

testWith(
  "firefox",
  "the lab works in Firefox, whose start takes longer than most of this",
  (context) =>
    withLab((served) =>
      withFirefox(async (page) => {
        await context.step(
          "it has no barriers: dark, still, on a phone",
          () => withoutBarriers(page, served),
        );
        await page.resize(1280, 900);
        await context.step(
          "it gives the same network",
          () => sameNetwork(page, served),
        );
        await page.goto("about:blank");
        await context.step(
          "it is used by keyboard, and trains on in a tab that is hidden",
          () => byKeyboard(page, served),
        );
      }, { dark: true, still: true })
    ),
);
