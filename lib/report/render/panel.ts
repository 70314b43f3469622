/** One panel: its specification completed, drawn, and made fit to share a page. */
import { themeConfig } from "../theme.ts";
import type { Spec } from "../types.ts";
import type { Engine } from "./engine.ts";

/** A drawn panel: SVG elements, and the place of its plotting area within. */
export interface DrawnPanel {
  readonly svg: string;
  /** Left and top of the plotting area, and its size, in points. */
  readonly plot: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
}

/** How large a panel is to be, in points. */
export interface PanelSize {
  readonly width: number;
  readonly height: number;
  /** Make the plotting area a square, whatever the height. */
  readonly square: boolean;
}

/**
 * Draws a panel's plot with its axes.
 *
 * @param prefix put before every id, so that drawings can share a document
 */
export async function drawPanel(
  engine: Engine,
  spec: Spec,
  { width, height, square }: PanelSize,
  prefix: string,
): Promise<DrawnPanel> {
  const drawn = await draw(engine, spec, width, height, prefix);
  const missing = drawn.plot.width - drawn.plot.height;
  if (!square || Math.abs(missing) < 0.5) return drawn;
  return await draw(engine, spec, width, height + missing, prefix);
}

async function draw(
  engine: Engine,
  spec: Spec,
  width: number,
  height: number,
  prefix: string,
): Promise<DrawnPanel> {
  const panel = await engine.panel({
    ...spec,
    width,
    height,
    autosize: { type: "fit", contains: "padding" },
    config: themeConfig(),
  });
  const shift = /translate\(([-\d.]+),([-\d.]+)\)/.exec(panel.svg);
  return {
    svg: contents(panel.svg, prefix),
    plot: {
      left: Number(shift?.[1] ?? 0),
      top: Number(shift?.[2] ?? 0),
      width: panel.width,
      height: panel.height,
    },
  };
}

/** What is within the `<svg>`, with ids of its own and numbers of 0.01 point. */
function contents(svg: string, prefix: string): string {
  // Vega counts ids on from drawing to drawing: here they start anew.
  const names = new Map<string, string>();
  function name(id: string): string {
    const known = names.get(id) ?? `${prefix}${names.size}`;
    names.set(id, known);
    return known;
  }
  return svg
    .slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"))
    .replace(
      /( id="|url\(#)((?:clip|gradient_?)\d+)/g,
      (_, before, id) => before + name(id),
    )
    .replace(
      /<path class="(?:back|fore)ground"[^>]*d="(?:M0,0h0v0h0Z)?"[^>]*\/>/g,
      "",
    )
    .replace(
      / (?:pointer-events|aria-hidden|aria-roledescription|role|class)="[^"]*"/g,
      "",
    )
    // A dash without a gap is a line; PDF takes no gap of 0.
    .replaceAll(/ stroke-dasharray="1,0"/g, "")
    .replace(
      / style="image-rendering: [^"]*"/g,
      ` image-rendering="optimizeSpeed"`,
    )
    .replace(/(\d\.\d\d)\d+/g, "$1");
}
