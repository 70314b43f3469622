/** What tests do in the lab, and what they see. */
import axe from "axe-core";
import type { Page } from "playwright-core";
import type { Lab } from "./served.ts";

/** Fills in settings of a small network, which is trained in a moment. */
export async function small(page: Page, seed = 1): Promise<void> {
  await page.selectOption("#setting-task", "go-nogo");
  await page.fill("#setting-N", "12");
  await page.fill("#setting-n_trials", "42");
  await page.fill("#setting-seed", String(seed));
}

/** Trains a small network. */
export async function trained({ page, says }: Lab): Promise<void> {
  await small(page);
  await page.click("#start");
  await says(/^trained in/);
}

/** Trains a small network and maps it. */
export async function mapped(lab: Lab): Promise<void> {
  await trained(lab);
  await lab.page.click("#tab-map");
  await lab.page.selectOption("#map-trials", "20");
  await lab.page.click("#map-start");
  await lab.says(/^mapped/);
}

/** Does something that accuracies follow from, and waits for them. */
export async function measured(
  page: Page,
  act: () => Promise<void>,
): Promise<void> {
  // They may be there before anybody looks whether they are on their way.
  const done = page.evaluate(() =>
    new Promise<void>((resolve) => {
      const place = document.querySelector("#accuracy")!;
      new MutationObserver((_, observer) => {
        if (place.hasAttribute("aria-busy")) return;
        observer.disconnect();
        resolve();
      }).observe(place, { attributes: true, attributeFilter: ["aria-busy"] });
    })
  );
  await act();
  await done;
}

/** What axe finds that keeps people from using the page. */
export async function barriers(page: Page): Promise<string[]> {
  // Half a megabyte, which a page keeps.
  if (!await page.evaluate(() => "axe" in globalThis)) {
    await page.evaluate(axe.source);
  }
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run();
    return violations.filter(({ impact }) =>
      impact === "serious" || impact === "critical"
    ).map(({ id, nodes }) =>
      `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`
    );
  });
}

/** Number of different colours of a canvas. */
export function colours(page: Page, selector: string): Promise<number> {
  return page.evaluate((selector) => {
    const canvas = document.querySelector<HTMLCanvasElement>(selector)!;
    const { data } = canvas.getContext("2d")!
      .getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  }, selector);
}
