/** The lab where something goes wrong, or takes long: what is lost, and what is said. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import type { Browser, Worker } from "playwright-core";
import { softwareGpu, testsInBrowser } from "../dashboard/browser.ts";
import { type Lab, openLab, withLab } from "./served.ts";
import { colours } from "./steps.ts";

/** Updates that the page says it has made. */
function update({ page }: Lab): Promise<number> {
  return page.evaluate(() =>
    Number(
      /update (\d+)/.exec(document.querySelector("#status")!.textContent!)
        ?.[1] ?? 0,
    )
  );
}

/**
 * Gives the worker a card that looks fast, and keeps its devices to take them away:
 * on the first one it is timed, and until there is another the processor is.
 */
async function dressCard(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    const devices: GPUDevice[] = [];
    Object.assign(globalThis, { devices });
    const ask = navigator.gpu.requestAdapter.bind(navigator.gpu);
    navigator.gpu.requestAdapter = async (options) => {
      const adapter = (await ask(options))!;
      const info = { vendor: "", architecture: "", device: "" };
      Object.defineProperty(adapter, "info", {
        value: { ...info, description: "A Fast Card" },
      });
      const open = adapter.requestDevice.bind(adapter);
      adapter.requestDevice = async (descriptor) => {
        const device = await open(descriptor);
        devices.push(device);
        const destroy = device.destroy.bind(device);
        device.destroy = () => {
          destroyed++;
          destroy();
        };
        return device;
      };
      return adapter;
    };
    let destroyed = 0;
    let calls = 0;
    const now = performance.now.bind(performance);
    performance.now = () => {
      if (devices.length !== 1) return now();
      // Two milliseconds for whatever a card does, seconds for a processor.
      return destroyed === 0 ? 2 * ++calls : 1e5 * now();
    };
  });
}

/** A test in a lab of its own. */
const inLab = (work: (lab: Lab) => Promise<void>) => (browser: Browser) =>
  withLab((served) => openLab(browser, served, {}, work));

testsInBrowser("the lab and its graphics card", {
  "a software card is never taken, a training whose card is lost goes on with the processor, and the page says so":
    inLab(async (lab) => {
      const { page, says } = lab;
      await page.selectOption("#setting-task", "go-nogo");
      await page.fill("#setting-N", "12");
      await page.fill("#setting-n_trials", "2");
      await page.check("#gpu");
      await page.click("#start");
      await says(/^trained in/);
      const note = page.locator("#note");
      match(
        await note.textContent() ?? "",
        /^computed on simd.*: .*swiftshader is a software renderer/,
      );
      const [worker] = page.workers();
      await dressCard(worker);
      await page.selectOption("#setting-task", "mante");
      await page.selectOption("#setting-preset", "paper");
      await page.fill("#setting-N", "12");
      await page.fill("#setting-n_trials", "1000000");
      await page.click("#start");
      await note.getByText(/^computed on .*A Fast Card/).waitFor();
      match(
        await note.textContent() ?? "",
        /^computed on webgpu .*A Fast Card/,
      );
      await says(/^update [2-9]/);
      const before = await update(lab);
      await worker.evaluate(() => {
        const { devices } = globalThis as unknown as {
          devices: GPUDevice[];
        };
        devices.at(-1)!.destroy();
      });
      await note.getByText(
        /^Cannot go on with the GPU: A Fast Card was lost .*; going on with simd/,
      ).waitFor();
      await page.waitForFunction(
        (before) =>
          Number(
            /update (\d+)/.exec(
              document.querySelector("#status")!.textContent!,
            )?.[1],
          ) > before + 5,
        before,
      );
      await page.click("#stop");
      match(await says(/^trained in/), /it was stopped/);
      ok(await colours(page, "#weights canvas") > 3);
      await page.click("#tab-keep");
      match(
        await page.locator("#hash").textContent() ?? "",
        /^[0-9a-f]{64}$/,
      );
    }),
}, softwareGpu);

testsInBrowser("the lab without a graphics card", {
  "a network is tuned, with its progress, offline, and outlives the page's worker":
    inLab(async ({ page, says }) => {
      // What is loaded is all that is needed.
      await page.context().setOffline(true);
      await page.selectOption("#setting-task", "go-nogo");
      await page.selectOption("#setting-preset", "fast");
      await page.fill("#setting-N", "20");
      await page.fill("#setting-n_trials", "600");
      await page.fill("#setting-seed", "3");
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
    }),
});
