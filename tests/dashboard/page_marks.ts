/** Tests of what the live page says of a run: stages, layers, channels, ends. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { inkBecomes, inked, opened, overflow, picture } from "./browser.ts";
import type { Feed } from "../../lib/dashboard/feed.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { line, run } from "./lines.ts";

const evaluated = [...run(450)]
  .findLast((event) => event.kind === "evaluated")!;

async function mapsLayers(page: Page, feed: Feed): Promise<void> {
  equal(await page.locator("#maps canvas").count(), 1);
  const layers = [140, 20, 40];
  const example = { ...evaluated.example, layers };
  feed.add(0, line({ ...evaluated, example }, 1000));
  await page.getByText("200 units in 3 layers").waitFor();
  equal(await page.locator("#maps figcaption").allInnerTexts(), [
    "Layer 1: every third of its units from top to bottom",
    "Layer 2: 20 units from top to bottom",
    "Layer 3: 40 units from top to bottom",
  ]);
  equal(
    await page.locator("#maps canvas").evaluateAll((all) =>
      all.map((canvas) => (canvas as HTMLCanvasElement).height)
    ),
    [47, 20, 40],
  );
  for (const figure of [1, 2, 3]) {
    ok(await inked(page, `#maps figure:nth-child(${figure})`) > 500);
  }
  await picture(page, "layers");
}

/** Each in a look of its own. */
async function namesChannels(page: Page, feed: Feed): Promise<void> {
  const task = getTask("mante");
  const { inputs, target } = task.trial(randomStream(1));
  const { steps, channels } = task;
  const rates = new Float32Array(20 * steps).fill(0.5);
  const outputs = new Float32Array(steps);
  const example = {
    condition: "+",
    inputs,
    target,
    outputs,
    rates,
    channels,
  };
  feed.add(0, line({ ...evaluated, update: 438, example }, 1000));
  await page.getByText("condition + at update 438").waitFor();
  const names = page.locator("#output .u-series th .u-label");
  equal((await names.allInnerTexts()).slice(1), [
    ...channels,
    "target",
    "output",
  ]);
  const colours = await page.locator("#output .u-series .u-marker")
    .evaluateAll((all) =>
      all.slice(1).map((one) => getComputedStyle(one).borderColor)
    );
  equal(new Set(colours).size, channels.length + 2, colours.join(", "));
  equal(await overflow(page), 0);
  await picture(page, "channels");
}

async function saysNoise(page: Page, feed: Feed): Promise<void> {
  const said = page.locator("#performance .said");
  equal((await said.innerText()).includes("noise"), false);
  feed.add(0, line({ ...evaluated, update: 440, noiseLevel: 4 }, 1000));
  await page.getByText("at update 440, noise 4x").waitFor();
  feed.add(0, line({ ...evaluated, update: 442, lesson: 1 }, 1000));
  await page.getByText("at update 442, curriculum stage 1").waitFor();
  feed.add(0, {
    kind: "stopped",
    reason: "limit",
    update: 450,
    seconds: 9,
    firstMet: 200,
    time: 1001,
  });
  await page.getByText("criteria first met at update 200").waitFor();
}

/** Tests in a browser, by their names. */
export const marks: Readonly<
  Record<string, (browser: Browser) => Promise<void>>
> = {
  "the page has a map of each layer, names channels and noise, and says when the criteria were met first":
    (browser) =>
      opened(browser, { viewport: { width: 1280, height: 900 } }, async (
        { page, feed },
      ) => {
        await mapsLayers(page, feed);
        await namesChannels(page, feed);
        await saysNoise(page, feed);
      }),
  "the page marks where the stages of training begin": (browser) =>
    opened(browser, { viewport: { width: 1280, height: 900 } }, async (
      { page, feed },
    ) => {
      const said = page.locator("#performance .stages");
      equal(await said.isVisible(), false);
      const tell = (update: number, noiseLevel: number, lesson?: number) =>
        feed.add(0, line({ ...evaluated, update, noiseLevel, lesson }, 1000));
      tell(2, 1, 1);
      tell(102, 1, 1);
      const before = await inked(page, "#loss");
      tell(202, 1);
      tell(302, 2);
      tell(402, 2);
      await page.getByText(
        "Training went on to the task itself at update 102, " +
          "to 2 times the noise at update 202.",
      ).waitFor();
      await inkBecomes(page, "#loss", (ink) => ink > before + 200);
      await picture(page, "stages");
    }),
  "the page of logs says when their runs have ended or have no news": (
    browser,
  ) =>
    opened(browser, { runs: ["one", "two"] }, async (
      { page, feed, control, board },
    ) => {
      const state = page.locator("#connection");
      // Logs are shown: there is nothing to steer.
      control.detach();
      equal(await state.innerText(), "live");
      feed.add(0, { kind: "saved", path: "one.mat", time: 1000 });
      await page.getByText("saved one.mat").waitFor();
      equal(await state.innerText(), "live", "the other one goes on");
      feed.quiet(1, 1_700_000_000);
      await page.getByText("no news", { exact: true }).waitFor();
      match(
        await page.locator("#runs li").nth(1).innerText(),
        /no news since .*2023/,
      );
      feed.add(1, {
        kind: "trained",
        update: 351,
        loss: 1,
        gradientNorm: 1,
        time: 2000,
      });
      await page.getByText("live", { exact: true }).waitFor();
      feed.add(1, { kind: "failed", error: "no", time: 2001 });
      await page.getByText("finished", { exact: true }).waitFor();
      equal(
        (await page.locator("#runs").innerText()).includes("news"),
        false,
      );
      // The address is often copied without its final slash.
      await page.goto(board.url.slice(0, -1));
      await page.getByText("finished", { exact: true }).waitFor();
      equal(page.url(), board.url);
    }),
};
