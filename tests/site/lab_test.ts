/** The lab in real browsers: everything that it does, once, with small networks. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  createNetwork,
  decodeModel,
  encodeModel,
  mappedNetwork,
  randomStream,
  weightsHash,
} from "../../lib/entry/web.ts";
import { overflow, picture, withBrowser } from "../dashboard/browser.ts";
import { testWith } from "../require.ts";
import { type Lab, openLab, type Served, withLab } from "./served.ts";
import { barriers, colours, mapped, measured, small } from "./steps.ts";
import { tunes } from "./tuned.ts";

/** Largest first load, in bytes as servers send them. */
const firstLoad = 250_000;

async function loads(lab: Lab, { packed }: Served): Promise<void> {
  const files = [...new Set(lab.requests)].map((path) => path || "index.html");
  const bytes = files.reduce((sum, path) => sum + packed(path), 0);
  ok(bytes <= firstLoad, `the first load has ${bytes} bytes`);
  // What stands on the page before anything is pressed.
  ok(await colours(lab.page, "#trial canvas") > 3);
  equal(await lab.page.locator("#learning").isVisible(), false);
}

async function trains(lab: Lab): Promise<void> {
  const { page, says } = lab;
  await page.fill("#setting-N", "100000");
  await page.click("#start");
  match(
    await page.locator("#wrong-N").textContent() ?? "",
    /allowed are whole numbers from 2 to 500 in a page; the command line takes more/,
  );
  // Nothing that is over before it can be paused.
  await page.selectOption("#setting-task", "mante");
  await page.selectOption("#setting-preset", "paper");
  await page.fill("#setting-n_trials", "1000000");
  await page.fill("#setting-N", "40");
  await page.click("#start");
  await says(/^update/);
  await page.click("#pause");
  const paused = await says(/^paused after update/);
  await page.click("#step");
  const update = Number(/\d+/.exec(paused)![0]);
  await says(new RegExp(`paused after update ${update + 1}$`));
  ok(await colours(page, "#weights canvas") > 3);
  ok(await colours(page, "#activity canvas") > 10);
  await page.click("#pause");
  await says(/^update/);
  await page.click("#stop");
  match(await says(/^trained in/), /it was stopped/);
  await page.click("#tab-keep");
  match(await page.inputValue("#link"), /&n_trials=\d+&seed=1&hash=/);
  await page.click("#tab-train");
  await page.click("#reset");
  equal(await page.inputValue("#setting-N"), "100");
  equal(await page.inputValue("#setting-task"), "dms");
}

async function maps(lab: Lab): Promise<void> {
  const { page } = lab;
  await mapped(lab);
  match(
    await page.locator("#search .said").textContent() ?? "",
    /^Scaling factor \d+: .*\. 20 trials of a factor at most/,
  );
  ok(await colours(page, "#search canvas") > 3);
  // A trial of every factor, one of them the chosen one.
  await page.locator("#twins-value").getByText("chosen").waitFor();
  ok(await colours(page, "#twins .raster") > 1);
  ok(await colours(page, "#twins .rates") > 10);
  const slider = page.locator("#twins-factor");
  equal(await slider.getAttribute("max"), "11");
  const raster = () =>
    page.evaluate(() =>
      document.querySelector<HTMLCanvasElement>("#twins .raster")!.toDataURL()
    );
  const seen = new Set<string>();
  for (const [key, factor] of [["Home", "20"], ["End", "75"]]) {
    await slider.press(key);
    await page.locator("#twins-value").getByText(new RegExp(`^${factor}`))
      .waitFor();
    equal(
      (await slider.getAttribute("aria-valuetext"))!.split(",")[0],
      factor,
    );
    seen.add(await raster());
  }
  equal(seen.size, 2);
}

async function plays({ page, says }: Lab): Promise<void> {
  await page.click("#tab-play");
  await page.getByRole("button", { name: "NoGo" }).click();
  await page.locator("#accuracy-spiking").waitFor();
  match(
    await page.locator("#played .said").first().textContent() ?? "",
    /^NoGo: rate network: (right|wrong), spiking network: (right|wrong)\. 1000 ms/,
  );
  ok(await colours(page, "#played .raster") > 1);
  const box = (await page.locator("#units").boundingBox())!;
  // A lasso around all of them, and one let go by the keyboard.
  await page.mouse.move(box.x + 1, box.y + 1);
  await page.mouse.down();
  for (const [x, y] of [[1, 0], [1, 1], [0, 1]]) {
    await page.mouse.move(
      box.x + x * (box.width - 2) + 1,
      box.y + y * (box.height - 2) + 1,
    );
  }
  await page.mouse.up();
  match(await page.locator("#chosen").textContent() ?? "", /12 units/);
  await page.locator("#units").press("ArrowRight");
  await page.locator("#units").press("Space");
  match(await page.locator("#chosen").textContent() ?? "", /11 units/);
  await page.locator("#units").press("Escape");
  await measured(page, () => page.click("#change button[type=submit]"));
  await says(/^spiking network: right in/);
  match(
    await page.locator("#changes").textContent() ?? "",
    /lesion all inhibitory/,
  );
  await page.selectOption("#action", "scale");
  await page.fill("#from-ms", "900");
  await page.fill("#to-ms", "5000");
  await page.click("#change button[type=submit]");
  match(
    await page.locator("#wrong-change").textContent() ?? "",
    /Cannot use the window 900:5000 ms: .*within the trial's 0:1000 ms/,
  );
}

async function looks({ page, says }: Lab): Promise<void> {
  await page.click("#tab-look");
  for (const box of await page.locator("#looks input").all()) {
    await box.uncheck();
  }
  await page.check("#looks input[value=weights]");
  await page.click("#look-start");
  await says(/^the figures are made/);
  equal(await page.locator("#figures figure").count(), 2);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as PNG: Weights" }).first()
    .click();
  const bytes = await Deno.readFile(await (await download).path());
  equal([...bytes.subarray(1, 4)], [..."PNG"].map((c) => c.charCodeAt(0)));
}

/** What is kept; gives the link. */
async function keeps({ page }: Lab): Promise<string> {
  await page.click("#tab-keep");
  const hash = await page.locator("#hash").textContent();
  const download = page.waitForEvent("download");
  await page.click("#save");
  const file = await download;
  equal(file.suggestedFilename(), "go-nogo.mat");
  const model = decodeModel(await Deno.readFile(await file.path()));
  equal(await weightsHash(model.network), hash);
  ok(mappedNetwork(model).factor);
  const link = await page.inputValue("#link");
  ok(link.length <= 300);
  match(link, /#task=go-nogo&N=12&n_trials=42&seed=1&map=20&do=l\(I\)&hash=/);
  return link;
}

/** A link gives the same network, with the same changes. */
async function follows({ page }: Lab, link: string): Promise<void> {
  await page.getByText("is there: its weights have the hash").waitFor();
  await page.locator("#accuracy-spiking").waitFor();
  match(await page.locator("#changes").textContent() ?? "", /lesion all inhib/);
  await page.click("#tab-keep");
  equal(await page.inputValue("#link"), link);
}

/** A link to what there is not. */
async function refuses({ page }: Lab, { url }: Served): Promise<void> {
  // Another fragment alone would not load the page anew.
  await page.goto("about:blank");
  await page.goto(`${url}#task=chess`);
  await page.locator("#about").getByText("computed on").waitFor();
  match(
    await page.locator("#failure").textContent() ?? "",
    /Cannot take "chess" for task/,
  );
}

async function opens({ page }: Lab): Promise<void> {
  await page.click("#tab-keep");
  const original = new URL("../data/gonogo_original.mat", import.meta.url);
  const file = (name: string, buffer: Uint8Array) =>
    page.setInputFiles("#file", {
      name,
      mimeType: "application/octet-stream",
      buffer: Buffer.from(buffer),
    });
  await file("broken.mat", new Uint8Array(200).fill(7));
  match(
    await page.locator("#failure span").filter({ hasText: /./ })
      .textContent() ?? "",
    /^Cannot read/,
  );
  // What was there is still there.
  match(
    await page.locator("#origin").textContent() ?? "",
    /trained in this page/,
  );
  await page.click("#failure button");
  const large = createNetwork({ channels: 1, units: 501 }, randomStream(1));
  await file("large.mat", encodeModel({ network: large }));
  await page.getByText("its network has 501 units, a page takes 500").waitFor();
  await page.click("#failure button");
  const bytes = await Deno.readFile(original);
  // Dropped, as from a folder.
  await page.evaluate((base64) => {
    const dataTransfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    dataTransfer.items.add(new File([bytes], "original.mat"));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer }));
  }, Buffer.from(bytes).toString("base64"));
  await page.getByText("It comes from original.mat").waitFor();
  equal(
    await page.locator("#hash").textContent(),
    await weightsHash(decodeModel(bytes).network),
  );
  ok(await page.locator("#no-link").isVisible());
}

/** The tour, by keyboard alone. */
async function toured(lab: Lab): Promise<void> {
  const { page, says } = lab;
  await page.focus("#tour-begin");
  await page.keyboard.press("Enter");
  for (let step = 1; step <= 6; step++) {
    await page.getByText(new RegExp(`^${step} of 6: `)).waitFor();
    equal(await page.evaluate(() => document.activeElement?.id), "tour-title");
    ok(
      (await page.locator("#tour-question").textContent())!.endsWith("?") ||
        step > 2,
    );
    // Without a network there is nothing to map: the tour says so.
    equal(await page.locator("#tour-act").isDisabled(), step > 1);
    await page.focus("#tour-next");
    await page.keyboard.press("Enter");
  }
  equal(await page.locator("#tour").isVisible(), false);
  await page.focus("#tab-train");
  await page.keyboard.press("ArrowRight");
  equal(await page.evaluate(() => document.activeElement?.id), "tab-map");
  await page.keyboard.press("Home");
  await page.focus("#setting-seed");
  await small(page);
  await page.keyboard.press("Enter");
  await says(/^trained in/);
}

/** What every button of the tour does, with a small network in place of its own. */
async function acted({ page, says }: Lab): Promise<void> {
  const act = () => page.click("#tour-act");
  const next = async (title: RegExp) => {
    await page.click("#tour-next");
    match(await page.locator("#tour-title").textContent() ?? "", title);
  };
  await page.click("#tour-begin");
  await act();
  await says(/^update/);
  await page.click("#stop");
  match(await says(/^trained in/), /it was stopped/);
  match(await page.locator("#tour-title").textContent() ?? "", /Train$/);
  await small(page);
  await page.selectOption("#setting-task", "xor");
  await page.click("#start");
  await says(/^trained in/);

  await next(/Map to spikes$/);
  await act();
  await says(/^mapped/);
  match(
    await page.locator("#search .said").textContent() ?? "",
    /^Scaling factor \d+: .*\. 50 trials of a factor at most/,
  );

  await next(/Why the factor matters$/);
  await page.locator("#twins-factor").press("End");
  await act();
  await page.locator("#twins-value").getByText(/^20/).waitFor();
  equal(await page.inputValue("#twins-factor"), "0");

  await next(/Lesion the inhibitory units$/);
  await measured(page, act);
  equal(
    await page.locator("#changes li").allTextContents(),
    ["lesion all inhibitory units Undo"],
  );
  for (const network of ["rate", "spiking"]) {
    const row = page.locator(`#accuracy-${network} td`);
    const shares = (await row.allTextContents()).filter((text) =>
      / % \(/.test(text)
    );
    equal(shares.length, 2, `${network}: intact and changed`);
  }

  await next(/A longer delay$/);
  const delay = Number(await page.inputValue("#delay"));
  const played = async () =>
    Number(
      / (\d+) ms computed/.exec(
        await page.locator("#played .said").first().textContent() ?? "",
      )![1],
    );
  const before = await played();
  await measured(page, act);
  equal(Number(await page.inputValue("#delay")), 2 * delay);
  ok(await page.locator("#no-changes").isVisible(), "no lesion any more");
  ok(await played() > before);

  await next(/What tuning changes$/);
  await act();
  // It does not do its task: there is nothing to tune, and the page says so.
  await page.locator("#failure").getByText(/^Cannot calibrate: /).waitFor();
  await says(/^it did not work/);
  await page.click("#tour-next");
  equal(await page.locator("#tour").isVisible(), false);
}

/** Every part of the page on a phone and in the dark. */
async function seen({ page }: Lab, name: string): Promise<void> {
  for (const part of ["train", "map", "play", "look", "keep"]) {
    await page.click(`#tab-${part}`);
    equal(await overflow(page), 0, `${part} is wider than the page`);
    equal(await barriers(page), [], part);
    await picture(page, `lab_${name}_${part}`);
  }
}

testWith(
  "chromium",
  "the lab trains, maps, plays, looks, keeps, opens and tunes",
  () =>
    withLab((served) =>
      withBrowser(async (browser) => {
        let link = "";
        await openLab(browser, served, {}, async (lab) => {
          await loads(lab, served);
          await trains(lab);
          await maps(lab);
          await plays(lab);
          await looks(lab);
          link = await keeps(lab);
          await seen(lab, "desktop");
          await opens(lab);
        });
        const fragment = link.slice(link.indexOf("#"));
        const phone = { width: 360, height: 740 };
        await openLab(browser, served, {
          ...{ fragment, viewport: phone, colorScheme: "dark", hasTouch: true },
        }, async (lab) => {
          await follows(lab, link);
          await seen(lab, "phone_dark");
          await refuses(lab, served);
        });
        await openLab(browser, served, {}, tunes);
        await openLab(browser, served, {}, async (lab) => {
          await toured(lab);
          await acted(lab);
        });
      })
    ),
);
