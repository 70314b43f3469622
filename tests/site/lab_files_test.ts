/** Files and links that take the place of a network, or do not. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createNetwork, randomStream } from "../../mod.ts";
import { encodeModel } from "../../lib/entry/files.ts";
import { testsInBrowser } from "../dashboard/browser.ts";
import { type Lab, openLab, withLab } from "./served.ts";
import { mapped, measured, trained } from "./steps.ts";

/** Opens a file in Keep. */
async function open({ page }: Lab, name: string, bytes: Uint8Array) {
  await page.click("#tab-keep");
  await page.setInputFiles("#file", {
    ...{ name, mimeType: "application/octet-stream" },
    buffer: Buffer.from(bytes),
  });
}

/** A folder that is dropped is a file that cannot be read. */
async function dropUnreadable({ page }: Lab): Promise<void> {
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    const file = new File([], "models");
    file.arrayBuffer = () =>
      Promise.reject(new DOMException("", "NotFoundError"));
    Object.defineProperty(dataTransfer, "files", { value: [file] });
    document.dispatchEvent(new DragEvent("drop", { dataTransfer }));
  });
}

testsInBrowser("the lab opens files and links", {
  "a network of a file takes the place of the one before, which leaves nothing, and works":
    (browser) =>
      withLab((served) =>
        openLab(browser, served, {}, async (lab) => {
          const { page, says } = lab;
          await mapped(lab);
          await page.click("#tab-play");
          await measured(page, () => page.click("#stimuli button"));
          ok(await page.locator("#answers").isVisible());
          await measured(page, () => page.click("#change [type=submit]"));
          await page.click("#tab-look");
          await page.evaluate(() =>
            document.querySelectorAll<HTMLInputElement>("#looks input")
              .forEach((box) => box.checked = box.value === "search")
          );
          await page.click("#look-start");
          await says(/^the figures are made/);
          const network = createNetwork(
            { channels: 1, units: 8 },
            randomStream(1),
          );
          await open(lab, "other.mat", encodeModel({ network }));
          await page.getByText("It comes from other.mat").waitFor();
          equal(await page.locator("#changes li").count(), 0);
          equal(await page.locator("#figures figure").count(), 0);
          equal(await page.locator("#search .said").textContent(), "");
          await page.click("#tab-train");
          equal(await page.locator("#learning").isVisible(), false);
          await page.click("#tab-play");
          equal(await page.locator("#answers").isVisible(), false);
          for (const button of ["#map-start", "#look-start", "#save"]) {
            equal(await page.locator(button).isDisabled(), false, button);
          }
          await measured(page, () => page.click("#stimuli button"));
          ok(await page.locator("#answers").isVisible());
        })
      ),
  "what cannot be opened leaves the network that is there, and says so": (
    browser,
  ) =>
    withLab((served) =>
      openLab(browser, served, {}, async (lab) => {
        const { page, says } = lab;
        await trained(lab);
        await dropUnreadable(lab);
        await page.getByText("Cannot read models: ").waitFor();
        await says(/^nothing was opened/);
        await page.click("#failure button");
        await open(lab, "broken.mat", new Uint8Array(200));
        await page.locator("#failure").getByText(/^Cannot read/).waitFor();
        await says(/^it did not work/);
        equal(await page.locator("#save").isDisabled(), false);
      })
    ),
  "a link whose network cannot be made is forgotten": (browser) =>
    withLab((served) =>
      openLab(browser, served, {
        fragment: "#task=go-nogo&N=12&seed=1&decay_taus=20,4&map=20",
      }, async (lab) => {
        const { page } = lab;
        await page.locator("#failure").getByText(/^Cannot make/).waitFor();
        equal(await page.locator("#from-link").isVisible(), false);
        await page.fill("#setting-decay_taus", "4 20");
        await trained(lab);
        equal(await page.locator("#from-link").isVisible(), false);
        await page.click("#tab-map");
        match(
          await page.locator("#map-state").textContent() ?? "",
          /no scaling factor yet/,
        );
      })
    ),
  "the legend changes its colours with the page": (browser) =>
    withLab((served) =>
      openLab(browser, served, { colorScheme: "light" }, async ({ page }) => {
        // The x axis cannot be hidden.
        equal(
          await page.locator("#trial [role=button]").allInnerTexts(),
          ["stimulus 1", "stimulus 2", "target"],
        );
        // The curve of the target has the page's own ink.
        const inked = () =>
          page.waitForFunction(() => {
            const marker = [...document.querySelectorAll("#trial .u-marker")]
              .at(-1)!;
            return getComputedStyle(marker).borderTopColor ===
              getComputedStyle(document.body).color;
          });
        await inked();
        await page.emulateMedia({ colorScheme: "dark" });
        await inked();
      })
    ),
});
