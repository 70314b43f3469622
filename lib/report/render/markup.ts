/** Small pieces of SVG. */
import { ink } from "../theme.ts";

/** A coordinate, to 0.01 point. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** A text within XML or HTML. */
export function escape(content: string): string {
  return content.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A line of text. */
export function text(
  x: number,
  y: number,
  size: number,
  content: string,
  style: { bold?: boolean } = {},
): string {
  return `<text x="${number(x)}" y="${
    number(y)
  }" font-size="${size}" fill="${ink}"` +
    (style.bold ? ` font-weight="bold"` : "") + `>${escape(content)}</text>`;
}
