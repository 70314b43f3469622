/** A real browser that looks at the live page. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { RunControl } from "../../lib/dashboard/control.ts";
import { Feed } from "../../lib/dashboard/feed.ts";
import { type Dashboard, serveDashboard } from "../../lib/dashboard/server.ts";
import { testWith } from "../require.ts";
import { line, run } from "./lines.ts";

/** Where pictures are left to be looked at. Nowhere by default. */
const pictures = Deno.env.get("SPIKERNN_PICTURES");

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Milliseconds that a browser may take on a busy machine. */
export const patience = 300_000;

/** Flags of a browser without a graphics card. */
export const noGpu: readonly string[] = ["--disable-gpu"];

/** Flags that give it a graphics card, computed on the processor. */
export const softwareGpu: readonly string[] = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-unsafe-swiftshader",
];

/**
 * A browser without a window, for as long as the work lasts.
 *
 * @param more flags beside the usual ones
 */
export async function withBrowser(
  work: (browser: Browser) => Promise<void>,
  more: readonly string[] = noGpu,
): Promise<void> {
  // Loaded only where there is a browser.
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    timeout: patience,
    executablePath: "/usr/bin/chromium",
    args: [...flags, ...more],
  });
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

/**
 * Defines tests that share a browser, whose start takes longer than most of them.
 *
 * @param name of all of them together
 * @param tests what each does in the browser, by its name
 * @param more flags beside the usual ones
 */
export function testsInBrowser(
  name: string,
  tests: Readonly<Record<string, (browser: Browser) => Promise<void>>>,
  more?: readonly string[],
): void {
  testWith("chromium", name, (context) =>
    withBrowser(async (browser) => {
      for (const [name, test] of Object.entries(tests)) {
        await context.step(name, () => test(browser));
      }
    }, more));
}

/** A page of some runs, and what is behind it. */
export interface Opened {
  readonly page: Page;
  readonly feed: Feed;
  readonly board: Dashboard;
  readonly control: RunControl;
  readonly stopped: AbortSignal;
}

/** A page of some runs; it must stay on this machine and without errors. */
export async function opened(
  browser: Browser,
  options: BrowserContextOptions & { runs?: string[] },
  work: (opened: Opened) => Promise<void>,
): Promise<void> {
  const { runs = ["go-nogo"], ...context } = options;
  const feed = new Feed();
  const control = new RunControl((state) =>
    feed.tell({ kind: "control", ...state })
  );
  const controller = new AbortController();
  control.attach(() => controller.abort(), controller.signal);
  for (const name of runs) {
    const number = feed.addRun(name);
    let time = 0;
    for (const event of run(450 - 100 * number)) {
      feed.add(number, line(event, time += 1));
    }
  }
  const board = serveDashboard(feed, { control, limits: { graceMs: 200 } });
  const opened = await browser.newContext(context);
  opened.setDefaultTimeout(patience);
  const page = await opened.newPage();
  const errors: string[] = [];
  const elsewhere: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      errors.push(message.text());
    }
  });
  page.on("request", (request) => {
    const url = request.url();
    if (!`${url}/`.startsWith(board.url) && !url.startsWith("data:")) {
      elsewhere.push(url);
    }
  });
  try {
    await page.goto(board.url);
    await page.getByText("live", { exact: true }).waitFor();
    await page.locator("#activity canvas").first().waitFor();
    await work({ page, feed, board, control, stopped: controller.signal });
    equal(errors, []);
    equal(elsewhere, []);
  } finally {
    await opened.close();
    await board.close();
  }
}

/** Leaves a picture of the page, where pictures are wanted. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  await page.waitForTimeout(200);
  await page.screenshot({
    path: join(pictures, `${name}.png`),
    fullPage: true,
  });
}

/** Whether something is wider than the page. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth
  );
}

/** Number of pixels of a panel's canvas that are not transparent. */
export function inked(page: Page, panel: string): Promise<number> {
  return page.evaluate((selector) => {
    const canvas = document.querySelector<HTMLCanvasElement>(selector)!;
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height)
      .getContext("2d", { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    let count = 0;
    for (let k = 3; k < data.length; k += 4) if (data[k] > 0) count++;
    return count;
  }, `${panel} canvas`);
}

/**
 * Waits until a panel is drawn as it should be, which comes after what is said.
 *
 * @param fits says so of its number of pixels that are not transparent
 */
export async function inkBecomes(
  page: Page,
  panel: string,
  fits: (count: number) => boolean,
): Promise<void> {
  const end = Date.now() + patience;
  for (let count; !fits(count = await inked(page, panel));) {
    ok(Date.now() < end, `${panel} has ${count} pixels`);
    await page.waitForTimeout(50);
  }
}
