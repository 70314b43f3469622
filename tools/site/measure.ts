/**
 * Measures the lab in Chromium: how soon it is there, how long a network takes,
 * what a frame takes while it trains, and whether memory stays.
 *
 *     deno run -A tools/site/measure.ts [speed|memory]
 *
 * Times of a machine that does other things as well say little: CPU seconds of the
 * browser stand beside them.
 */
import type { Browser, Page } from "playwright-core";
import { withBrowser } from "../../tests/dashboard/browser.ts";
import { openLab, withLab } from "../../tests/site/served.ts";

/** Clock ticks of a CPU second, as Linux counts them. */
const ticks = 100;
/** Trainings one after the other. */
const trainings = 50;

/** What a process says of itself. */
interface Process {
  readonly seconds: number;
  readonly megabytes: number;
  readonly renderer: boolean;
}

/** The browser's processes: those that this program has started. */
async function* processes(): AsyncGenerator<Process> {
  const parents = new Map<number, number>();
  const found = new Map<number, Process>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const read = (file: string) => Deno.readTextFile(`/proc/${name}/${file}`);
    try {
      const fields = (await read("stat")).split(") ")[1].split(" ");
      const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(await read("status")) ??
        [];
      parents.set(Number(name), Number(fields[1]));
      found.set(Number(name), {
        seconds: (Number(fields[11]) + Number(fields[12])) / ticks,
        megabytes: Number(kilobytes) / 1024,
        renderer: (await read("cmdline")).includes("--type=renderer"),
      });
    } catch {
      // It has ended meanwhile.
    }
  }
  for (const [id, process] of found) {
    let at = parents.get(id);
    while (at && at !== Deno.pid) at = parents.get(at);
    if (at === Deno.pid) yield process;
  }
}

async function cpuSeconds(): Promise<number> {
  let sum = 0;
  for await (const { seconds } of processes()) sum += seconds;
  return sum;
}

async function rendererMegabytes(): Promise<number> {
  let most = 0;
  for await (const { megabytes, renderer } of processes()) {
    if (renderer) most = Math.max(most, megabytes);
  }
  return most;
}

/** Wall and CPU seconds of some work, as text. */
async function timed(work: () => Promise<unknown>): Promise<string> {
  const [begun, cpu] = [performance.now(), await cpuSeconds()];
  await work();
  const wall = (performance.now() - begun) / 1000;
  return `${wall.toFixed(2)} s, CPU ${
    ((await cpuSeconds()) - cpu).toFixed(2)
  } s`;
}

/** Keeps what every frame of the page takes, from before it is opened. */
function keepFrames(): void {
  const kept: number[] = (globalThis as unknown as { frames: number[] })
    .frames = [];
  const own = globalThis.requestAnimationFrame;
  globalThis.requestAnimationFrame = (draw) =>
    own((time) => {
      const begun = performance.now();
      draw(time);
      kept.push(performance.now() - begun);
    });
}

/**
 * What frames took since the last call. On a machine that does other things the
 * longest are those in which the page had to wait.
 */
async function framesText(page: Page): Promise<string> {
  const frames =
    (await page.evaluate(() =>
      (globalThis as unknown as { frames: number[] }).frames.splice(0)
    )).sort((a, b) => a - b);
  const at = (share: number) =>
    (frames[Math.floor(share * (frames.length - 1))] ?? 0).toFixed(1);
  return `${frames.length} frames: ${at(0.1)} ms (10 %), ${at(0.5)} ms ` +
    `(median), ${at(0.9)} ms (90 %), ${at(1)} ms (longest)`;
}

function says(page: Page, start: string): Promise<unknown> {
  return page.waitForFunction(
    (start) =>
      document.querySelector("#status")!.textContent!.startsWith(start),
    start,
  );
}

async function speed(browser: Browser): Promise<void> {
  await withLab((served) =>
    openLab(
      browser,
      served,
      { reducedMotion: "no-preference" },
      async ({ page, requests }) => {
        const files = [...new Set(requests)].map((path) =>
          path || "index.html"
        );
        const sizes = await Promise.all(files.map(served.packed));
        const bytes = sizes.reduce((sum, size) => sum + size, 0);
        console.log(
          `first load: ${files.length} files, ${bytes} bytes gzipped`,
        );
        console.log(
          "interactive after",
          await page.evaluate(() =>
            Math.round(
              (performance.getEntriesByType(
                "navigation",
              )[0] as PerformanceNavigationTiming).domContentLoadedEventEnd,
            )
          ),
          "ms",
        );
        await page.addInitScript(keepFrames);
        await page.reload();
        await page.locator("#about").getByText("computed on").waitFor();
        for (const seed of [1, 2]) {
          await page.click("#tab-train");
          await page.fill("#setting-seed", String(seed));
          console.log(
            `dms, 100 units, seed ${seed}: trained in`,
            await timed(async () => {
              await page.click("#start");
              await says(page, "trained in");
            }),
          );
          console.log(`  ${await framesText(page)}`);
          await page.click("#tab-map");
          console.log(
            "  mapped in",
            await timed(async () => {
              await page.click("#map-start");
              await says(page, "mapped");
            }),
          );
          await page.click("#tab-play");
          await page.click("#stimuli button >> nth=0");
          await page.locator("#accuracy:not([aria-busy])").waitFor();
          await says(page, "spiking network: right");
          console.log(
            "  lesion to new accuracy",
            await timed(async () => {
              await page.click("#change button[type=submit]");
              await page.locator("#accuracy[aria-busy]").waitFor();
              await page.locator("#accuracy:not([aria-busy])").waitFor();
            }),
            `(${await page.locator("#played .said").first().textContent()})`,
          );
        }
      },
    )
  );
}

async function memory(browser: Browser): Promise<void> {
  await withLab((served) =>
    openLab(browser, served, {}, async ({ page }) => {
      await page.selectOption("#setting-task", "go-nogo");
      await page.fill("#setting-n_trials", "52");
      for (let k = 1; k <= trainings; k++) {
        await page.fill("#setting-seed", String(k));
        await page.click("#start");
        await page.locator("#start").waitFor({ state: "visible" });
        if (k === 1 || k % 10 === 0) {
          const megabytes = Math.round(await rendererMegabytes());
          console.log(`training ${k}: the renderer has ${megabytes} MB`);
        }
      }
    })
  );
}

if (import.meta.main) {
  const [what] = Deno.args;
  await withBrowser(async (browser) => {
    if (what !== "memory") await speed(browser);
    if (what !== "speed") await memory(browser);
  });
}
