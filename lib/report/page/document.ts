/** HTML pages that need nothing but themselves. */
import { escape } from "../render/markup.ts";
import type { Figure } from "../types.ts";
import { styleSheet } from "./style.ts";

/**
 * A whole page. Its policy lets nothing be loaded or run: what a page shows is
 * in the page.
 *
 * @param title plain text
 * @param body HTML
 */
export function htmlDocument(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';font-src data:;img-src data:">
<title>${escape(title)}</title>
<style>${styleSheet()}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

/** Enlargement of a figure on a screen, which is looked at from further away than paper. */
const enlarged = 1.3;
/** Share of that below which its text cannot be read: a narrow screen scrolls. */
const legible = 0.75;

/** A figure with its caption; `svg` is drawn on no background. */
export function figureElement(figure: Figure, svg: string): string {
  const larger = svg.trim().replace(
    /width="([\d.]+)mm" height="[\d.]+mm"/,
    (_, mm) => {
      const width = Number(mm) * enlarged;
      return `width="${width.toFixed(1)}mm" style="min-width:${
        (width * legible).toFixed(1)
      }mm"`;
    },
  );
  return `<figure id="figure-${figure.name}">
<div class="scroll" tabindex="0" role="group" aria-label="Figure: ${
    escape(figure.title)
  }">${larger}</div>
<figcaption><strong>${escape(figure.title)}.</strong> ${
    escape(figure.description)
  }</figcaption>
</figure>`;
}

/** A table of two columns: names and values, both plain text. */
export function pairsTable(
  caption: string,
  rows: readonly (readonly [name: string, value: string])[],
): string {
  const body = rows.map(([name, value]) =>
    `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`
  );
  return `<div class="scroll"><table><caption>${escape(caption)}</caption>` +
    `<tbody>${body.join("")}</tbody></table></div>`;
}
