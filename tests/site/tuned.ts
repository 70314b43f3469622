/** Tuning in the lab: its progress, and what is left when the page's worker stops. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import type { Lab } from "./served.ts";
import { colours } from "./steps.ts";

/** A network is tuned, offline, and outlives the page's worker. */
export async function tunes({ page, says }: Lab): Promise<void> {
  // What is loaded is all that is needed.
  await page.context().setOffline(true);
  await page.selectOption("#setting-task", "go-nogo");
  await page.selectOption("#setting-preset", "fast");
  await page.fill("#setting-N", "20");
  await page.fill("#setting-n_trials", "600");
  await page.fill("#setting-seed", "4");
  await page.click("#start");
  match(await says(/^trained in/), /the criteria are met$/);
  await page.click("#tab-map");
  await page.selectOption("#map-trials", "20");
  await page.click("#map-start");
  await says(/^mapped/);
  const state = page.locator("#map-state");
  const chosen = await state.textContent();
  await page.click("#tune");
  await says(/^tuning: \d+ of 200 updates, squared error/);
  equal(await page.locator("#map-start").isDisabled(), true);
  await page.click("#map-cancel");
  await page.locator("#map-cancel").waitFor({ state: "hidden" });
  equal(await state.textContent(), chosen);
  equal(await page.locator("#tuned").textContent(), "");
  await page.click("#tune");
  const progress = () =>
    page.locator("#map-progress").evaluate((bar) =>
      (bar as HTMLProgressElement).value
    );
  await says(/^tuning: \d\d? of 200 updates/);
  const early = await progress();
  await says(/^tuning: 1\d\d of 200 updates/);
  ok(await progress() > early);
  await says(/^tuned$/);
  match(await state.textContent() ?? "", /and the network is tuned\.$/);
  match(
    await page.locator("#tuned").textContent() ?? "",
    /^Right in .* after: it is kept\. The weights changed by [\d.]+ % in all, .* Units and their twins correlate by/,
  );
  // The trial with the factor alone, and the one of the tuned network.
  const value = page.locator("#twins-value");
  await value.getByText(/^\d+, tuned$/).waitFor();
  await page.locator("#twins-factor").press("ArrowLeft");
  await value.getByText(/^\d+, chosen$/).waitFor();
  // A worker that stops is said to have stopped, and what is shown stays.
  await page.workers()[0].evaluate(() => {
    postMessage({ kind: "played", number: "none" });
  });
  match(
    await page.locator("#failure span").filter({ hasText: /./ })
      .textContent() ?? "",
    /^The worker of the page has stopped: .*What is shown stays/,
  );
  ok(await colours(page, "#twins .raster") > 1);
  await page.click("#tab-keep");
  match(await page.inputValue("#link"), /&map=20&tune=1&hash=/);
}
