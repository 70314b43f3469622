/** Keep and share: a link, files, lines for elsewhere; and files that come in. */
import { element, say } from "../../../lib/dashboard/page/dom.ts";
import { download } from "../files.ts";
import { linesOf } from "../lines.ts";
import { fragmentOf, type Linked, longest } from "../link.ts";
import type { Page } from "../page.ts";

/** Largest file that is opened, in bytes. */
const largest = 200e6;

/** What there is as a link holds it; nothing if it came from a file. */
export function linkedOf(page: Page): Linked | undefined {
  const { settings, stoppedAt, mapped, tuned, changes, present } = page;
  if (!settings || !present) return undefined;
  return {
    settings: stoppedAt === undefined
      ? settings
      : { ...settings, n_trials: Math.max(1, stoppedAt) },
    ...(mapped !== undefined && { mapped }),
    tuned,
    changes,
    ...(present.about.hash !== "" && { hash: present.about.hash }),
  };
}

/** Makes the panel work. */
export function keepPanel(page: Page): void {
  const { client } = page;
  const link = element<HTMLInputElement>("#link");
  const drop = element("#drop");
  const input = element<HTMLInputElement>("#file");

  async function open(file: File | undefined): Promise<void> {
    if (!file) return;
    if (file.size > largest) {
      return page.fail(
        `Cannot open ${file.name}: it has ${Math.round(file.size / 1e6)} MB, ` +
          `allowed are ${largest / 1e6}`,
      );
    }
    page.busy = "open";
    page.say(`opening ${file.name}`);
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      // A folder that was dropped is a file that cannot be read.
      page.busy = "";
      page.say("nothing was opened");
      return page.fail(
        `Cannot read ${file.name}: the browser gives no bytes of it; choose a ` +
          "file, not a folder",
      );
    }
    element("#note").hidden = true;
    client.send({ kind: "open", name: file.name, bytes }, [bytes.buffer]);
  }

  input.addEventListener("change", async () => {
    await open(input.files?.[0]);
    // The same file may be chosen once more.
    input.value = "";
  });
  // Wherever it is dropped, a browser would open it in place of the page.
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", () => drop.classList.remove("over"));
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (page.busy !== "") {
      return page.say("something is computed: wait, or cancel it first");
    }
    await open(event.dataTransfer?.files[0]);
  });
  element("#save").addEventListener("click", () => {
    page.busy = "save";
    client.send({ kind: "save" });
  });
  client.on("saved", ({ name, bytes }) => {
    page.busy = "";
    download(name, new Blob([bytes], { type: "application/octet-stream" }));
    page.say(`saved ${name}`);
  });
  for (const button of document.querySelectorAll<HTMLElement>("[data-copy]")) {
    button.addEventListener("click", async () => {
      const from = element(button.dataset.copy!);
      const text = from instanceof HTMLInputElement
        ? from.value
        : from.textContent ?? "";
      try {
        await navigator.clipboard.writeText(text);
        page.say("copied");
      } catch {
        getSelection()?.selectAllChildren(from);
        if (from instanceof HTMLInputElement) from.select();
        page.say("the browser does not let a page copy here: it is selected");
      }
    });
  }

  page.onChange(() => {
    const { present } = page;
    const linked = linkedOf(page);
    element("#keep-none").hidden = present !== undefined;
    element("#keep-all").hidden = present === undefined;
    input.disabled = page.busy !== "";
    element<HTMLButtonElement>("#save").disabled = page.busy !== "";
    if (!present) return;
    const { hash, from, about } = present.about;
    say(
      element("#hash"),
      hash || "none: the page is not secure, it needs https",
    );
    say(
      element("#origin"),
      from === "trained"
        ? "It was trained in this page."
        : `It comes from ${from}.${
          about.length > 0 ? ` ${about.join(". ")}.` : ""
        }`,
    );
    element("#lines").hidden = element("#link-part").hidden = !linked;
    element("#no-link").hidden = linked !== undefined;
    if (!linked) return;
    const address = location.href.replace(/#.*/, "") + fragmentOf(linked);
    const fits = address.length <= longest;
    link.value = fits ? address : "";
    say(
      element("#link-said"),
      fits
        ? `${address.length} characters`
        : `The link would have ${address.length} characters, more than ` +
          `${longest}: choose fewer single units, or send the file.`,
    );
    const lines = linesOf(linked);
    for (const [name, text] of Object.entries(lines)) {
      say(element(`#lines-${name}`), text);
    }
  });
}
