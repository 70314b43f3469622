/** The page in a real browser. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import {
  inkBecomes,
  inked,
  type Opened,
  opened,
  overflow,
  picture,
  testsInBrowser,
} from "./browser.ts";
import { factor, layerFactors, line, score, spikes } from "./lines.ts";
import { marks } from "./page_marks.ts";
import { relayTo } from "./relay.ts";

/** A page whose connection is lost comes back with what it missed. */
async function comesBack(
  page: Page,
  board: Opened["board"],
  feed: Opened["feed"],
): Promise<void> {
  const { port, pathname } = new URL(board.url);
  const relay = relayTo(Number(port));
  try {
    await page.goto(`http://127.0.0.1:${relay.port}${pathname}`);
    await page.getByText("live", { exact: true }).waitFor();
    await page.getByText("2 factors so far").waitFor();
    const seen = feed.newest;
    equal(relay.asked, [undefined]);
    relay.cut();
    feed.add(0, line(factor(55, 3, 3), 1005));
    await page.getByText("3 factors so far").waitFor();
    await page.getByText("live", { exact: true }).waitFor();
    equal(relay.asked, [undefined, String(seen)]);
  } finally {
    await page.close();
    await relay.close();
  }
}

testsInBrowser("the page", {
  "the page draws a run as it goes, and its search": (browser) =>
    opened(browser, { viewport: { width: 1280, height: 900 } }, async (
      { page, feed },
    ) => {
      const text = (selector: string) => page.locator(selector).innerText();
      match(
        await text("#runs"),
        /go-nogo · 200 units on go-nogo, seed 1, simd · update 450 of 450/,
      );
      match(await text("#loss .said"), /^[\d.]+ at update 450$/);
      match(
        await text("#performance .said"),
        /^paper rule 73\.8\d? %, strict rule 59\.0\d? % at update 402$/,
      );
      match(await text("#output .said"), /condition go at update 402/);
      match(await text("#activity .said"), /every 4th of 200 units/);
      for (const panel of ["#loss", "#performance", "#output", "#activity"]) {
        ok(await inked(page, panel) > 500, panel);
      }
      equal(await page.locator("#search").isVisible(), false);
      equal(await page.locator("#raster").isVisible(), false);
      for (let k = 1; k <= 12; k++) {
        const example = spikes(k);
        feed.add(0, line(factor(15 + 5 * k, k, 12, example), 1000 + k));
      }
      await page.getByText("12 factors so far").waitFor();
      const shown = page.locator("#factor");
      equal(await shown.inputValue(), "75");
      match(
        await text("#raster .said"),
        /^a trial of condition go, every third unit .* 0 to 1000 ms$/,
      );
      match(await text("#raster .key"), /^Excitatory\s+Inhibitory$/);
      const many = await inked(page, "#raster");
      feed.add(0, { kind: "mapped", chosen: 45, plateau: [45], time: 1020 });
      await page.waitForFunction(() =>
        document.querySelector<HTMLSelectElement>("#factor")!.value === "45"
      );
      await inkBecomes(page, "#raster", (some) => some < many);
      await shown.selectOption("20");
      const few = (ink: number) => ink > 100 && ink < many / 4;
      await inkBecomes(page, "#raster", few);
      // What comes later does not take away what was chosen.
      feed.add(0, line(factor(80, 13, 13, spikes(20)), 1021));
      await page.locator("#factor option[value='80']").waitFor({
        state: "attached",
      });
      equal(await shown.inputValue(), "20");
      equal(await page.locator("#calibration").isVisible(), false);
      for (const [step, kept] of [["readout", true], ["units", false]]) {
        feed.add(
          0,
          line({
            kind: "calibrated",
            step: step as "readout",
            before: score(0.8, 0.5, NaN),
            after: score(0.9, 0.75, NaN),
            kept: kept as boolean,
          }, 1022),
        );
      }
      await page.getByText("units", { exact: true }).waitFor();
      match(
        await text("#calibration tbody"),
        /^readout\s+50 % → 75 %\s+80 % → 90 %\s+0.1 → 0.1\s+yes\s+units.*no$/s,
      );
      feed.add(0, { kind: "saved", path: "models/a.mat", time: 1021 });
      await page.getByText("chosen 45").waitFor();
      ok(await inked(page, "#search") > 500);
      await page.getByText("saved models/a.mat").waitFor();
      match(await text("#runs"), /saved models\/a\.mat/);
      await picture(page, "light");
      feed.end();
      await page.getByText("ended", { exact: true }).waitFor();
      equal(await page.locator("#controls").isVisible(), false);
    }),
  "the page shows several runs side by side, in the dark, on a phone": (
    browser,
  ) =>
    opened(browser, {
      viewport: { width: 360, height: 740 },
      colorScheme: "dark",
      runs: ["go-nogo_seed1", "go-nogo_seed2"],
    }, async ({ page, feed }) => {
      equal(await overflow(page), 0);
      feed.add(0, line(factor(20, 1, 2, spikes(5)), 1000));
      feed.add(0, line(factor(40, 2, 2, spikes(9)), 1001));
      await page.getByText("2 factors so far").waitFor();
      equal(await overflow(page), 0);
      const legend = await page.locator("#performance .u-legend").innerText();
      for (
        const name of ["go-nogo_seed1, paper", "go-nogo_seed2, strict"]
      ) ok(legend.includes(name), legend);
      const background = () =>
        page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      equal(await background(), "rgb(20, 22, 24)");
      await picture(page, "phone_dark");
      await page.selectOption("#shown", "1");
      await page.getByText("condition go at update 302").waitFor();
      equal(await page.locator("#search").isVisible(), false);
      await page.emulateMedia({ colorScheme: "light" });
      equal(await background(), "rgb(246, 246, 244)");
      await picture(page, "phone_light");
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.emulateMedia({ colorScheme: "dark" });
      await picture(page, "dark");
      equal(await overflow(page), 0);
    }),
  "the page is used with the keyboard alone": (browser) =>
    opened(
      browser,
      { viewport: { width: 800, height: 600 } },
      async ({ page, control, stopped }) => {
        const focused = () =>
          page.evaluate(() => {
            const { outlineStyle } = getComputedStyle(document.activeElement!);
            return [document.activeElement!.textContent, outlineStyle];
          });
        await page.keyboard.press("Tab");
        equal(await focused(), ["Pause", "solid"]);
        await page.keyboard.press("Enter");
        await page.getByText("paused", { exact: true }).waitFor();
        equal(control.state.paused, true);
        equal(await focused(), ["Resume", "solid"]);
        await page.keyboard.press("Space");
        await page.getByText("live", { exact: true }).waitFor();
        equal(control.state.paused, false);
        await page.keyboard.press("Tab");
        equal(await focused(), ["Stop and save", "solid"]);
        // The names in the legends come next: a curve can be taken away.
        await page.keyboard.press("Tab");
        const before = await inked(page, "#loss");
        equal((await focused())[0], "loss");
        await page.keyboard.press("Enter");
        await page.locator("#loss .u-series.u-off").first().waitFor();
        await inkBecomes(page, "#loss", (ink) => ink !== before);
        await page.keyboard.press("Shift+Tab");
        equal((await focused())[0], "Stop and save");
        await page.keyboard.press("Enter");
        await page.getByText("stopping", { exact: true }).waitFor();
        equal(stopped.aborted, true);
        equal(await page.locator("#stop").isDisabled(), true);
      },
    ),
  "the page shows factors of layers, with or without the search before, and comes back after its connection is lost":
    (
      browser,
    ) =>
      opened(
        browser,
        { viewport: { width: 1280, height: 900 } },
        async ({ page, feed, board }) => {
          const rows = page.locator("#layers tbody tr");
          const row = async (k: number) =>
            (await rows.nth(k).locator("td").allInnerTexts()).slice(0, 4);
          equal(await page.locator("#search").isVisible(), false);
          feed.add(0, line(layerFactors([50, 50], 1, 0.5, [50, 50]), 1000));
          feed.add(0, line(layerFactors([50, 55], 2, 0.75, [50, 55]), 1001));
          feed.add(0, line(layerFactors([50, 60], 3, 0.25, [50, 55]), 1002));
          await page.getByText("choice 3").waitFor();
          equal(await row(0), ["best", "50, 55", "75 %", "100 %"]);
          equal(await row(1), ["choice 3", "50, 60", "25 %", "100 %"]);
          const plot = page.locator("#search .plot");
          equal(await plot.isVisible(), false, "there is no curve to show");
          equal(await overflow(page), 0);
          await picture(page, "layer_factors_alone");
          feed.add(0, line(factor(45, 1, 2), 1003));
          feed.add(0, line(factor(50, 2, 2), 1004));
          await page.getByText("2 factors so far").waitFor();
          ok(await plot.isVisible());
          ok(await inked(page, "#search") > 500);
          await picture(page, "layer_factors");
          await comesBack(await page.context().newPage(), board, feed);
        },
      ),
  ...marks,
});
