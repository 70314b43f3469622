/** The lab where its graphics card is lost, and what is said. */
import { match, ok } from "node:assert/strict";
import type { Worker } from "playwright-core";
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

testsInBrowser("the lab and its graphics card", {
  "a software card is never taken, a training whose card is lost goes on with the processor, and the page says so":
    (browser) =>
      withLab((served) =>
        openLab(browser, served, {}, async (lab) => {
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
          // One that keeps its synapses, however many updates there are in time.
          await page.fill("#setting-seed", "3");
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
        })
      ),
}, softwareGpu);
