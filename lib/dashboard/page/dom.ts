/** The page's elements. */

/** The page's element, which is there. */
export function element<T extends HTMLElement>(selector: string): T {
  return document.querySelector<T>(selector)!;
}

/** Changes a text only where it is another: screen readers read changes. */
export function say(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}

/** Makes a choice's options those, without touching them where they are. */
export function offer(
  place: HTMLSelectElement,
  names: readonly string[],
): void {
  const there = Array.from(place.options, ({ value }) => value);
  if (there.join() === names.join()) return;
  place.replaceChildren(...names.map((name) => new Option(name, name)));
}

/** A patch of a colour, for a key. */
export function swatchOf(colour: string): HTMLElement {
  const swatch = document.createElement("span");
  swatch.className = "swatch";
  swatch.style.background = colour;
  return swatch;
}
