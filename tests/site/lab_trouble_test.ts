/** The lab where something goes wrong, or takes long: what is lost, and what is said. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import type { Browser, Worker } from "playwright-core";
import { softwareGpu, testsInBrowser } from "../dashboard/browser.ts";
import { type Lab, openLab, withLab } from "./served.ts";
import { colours, mapped } from "./steps.ts";

/** Updates that the page says it has made. */
function update({ page }: Lab): Promise<number> {
  return page.evaluate(() =>
    Number(
      /update (\d+)/.exec(document.querySelector("#status")!.textContent!)
        ?.[1] ?? 0,
    )
  );
}

/** Gives the worker a card that looks fast, and keeps its devices to take them away. */
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
          timing = false;
          destroy();
        };
        return device;
      };
      return adapter;
    };
    // On the first device it is timed: there hardly any time passes.
    let timing = true;
    const now = performance.now.bind(performance);
    performance.now = () => devices.length > 0 && timing ? now() / 1e6 : now();
  });
}

/** A test in a lab of its own. */
const inLab = (work: (lab: Lab) => Promise<void>) => (browser: Browser) =>
  withLab((served) => openLab(browser, served, {}, work));

testsInBrowser("the lab and its graphics card", {
  "a training whose card is lost goes on with the processor, and the page says so":
    inLab(async (lab) => {
      const { page, says } = lab;
      const [worker] = page.workers();
      await dressCard(worker);
      await page.selectOption("#setting-task", "mante");
      await page.selectOption("#setting-preset", "paper");
      await page.fill("#setting-N", "12");
      await page.fill("#setting-n_trials", "1000000");
      await page.check("#gpu");
      await page.click("#start");
      const note = page.locator("#note");
      await note.getByText(/^computed on webgpu .*A Fast Card/).waitFor();
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
  "a software card is never taken, and the page says why": inLab(async (
    { page, says },
  ) => {
    await page.selectOption("#setting-task", "go-nogo");
    await page.fill("#setting-N", "12");
    await page.fill("#setting-n_trials", "2");
    await page.check("#gpu");
    await page.click("#start");
    await says(/^trained in/);
    match(
      await page.locator("#note").textContent() ?? "",
      /^computed on simd.*: .*swiftshader is a software renderer/,
    );
  }),
}, softwareGpu);

testsInBrowser("the lab without a graphics card", {
  "a network is tuned, with its progress, and without a network to load it from":
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
      match(await value.textContent() ?? "", /^\d+, tuned$/);
      await page.locator("#twins-factor").press("ArrowLeft");
      await value.getByText(/^\d+, chosen$/).waitFor();
      await page.click("#tab-keep");
      match(await page.inputValue("#link"), /&map=20&tune=1&hash=/);
    }),
  "a worker that stops is said to have stopped, and what is shown stays": inLab(
    async (lab) => {
      await mapped(lab);
      const { page } = lab;
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
      match(await page.inputValue("#link"), /map=20&hash=/);
    },
  ),
});
