/** Vega and Vega-Lite, loaded when the first panel is drawn. */
import { textWidth } from "../font/font.ts";
import { themeConfig } from "../theme.ts";
import type { Spec } from "../types.ts";

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

let loaded: Promise<Libraries> | undefined;

/** The part of the two libraries that is used here. */
interface Libraries {
  compile(spec: Spec): Spec;
  parse(spec: Spec): unknown;
  View: new (runtime: unknown, options: Spec) => {
    runAsync(): Promise<unknown>;
    signal(name: string): number;
    toSVG(): Promise<string>;
    finalize(): void;
  };
}

/** Vega's measure of text; its types leave it out. */
interface TextMetrics {
  width: (
    item: { fontSize?: number; fontWeight?: string | number },
    text: unknown,
  ) => number;
}

function libraries(): Promise<Libraries> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Libraries> {
  const [vega, vegaLite] = await Promise.all([
    import("vega"),
    import("vega-lite"),
  ]);
  // Without a canvas Vega guesses the width of a text; the font's own
  // widths keep labels from running into each other.
  const { textMetrics } = vega as unknown as { textMetrics: TextMetrics };
  textMetrics.width = (item, text) =>
    textWidth(
      String(text),
      item.fontSize ?? 11,
      item.fontWeight === "bold" || Number(item.fontWeight) >= 600,
    );
  return {
    // deno-lint-ignore no-explicit-any
    compile: (spec) => vegaLite.compile(spec as any).spec as unknown as Spec,
    // deno-lint-ignore no-explicit-any
    parse: (spec) => vega.parse(spec as any),
    View: vega.View as unknown as Libraries["View"],
  };
}

/**
 * Draws a panel's plot with its axes into width×height points. A square plot
 * takes the height that it needs.
 *
 * @param prefix put before every id, so that drawings can share a document
 */
export async function drawPanel(
  spec: Spec,
  width: number,
  height: number,
  square: boolean,
  prefix: string,
): Promise<DrawnPanel> {
  const drawn = await draw(spec, width, height, prefix);
  const missing = drawn.plot.width - drawn.plot.height;
  if (!square || Math.abs(missing) < 0.5) return drawn;
  return await draw(spec, width, height + missing, prefix);
}

async function draw(
  spec: Spec,
  width: number,
  height: number,
  prefix: string,
): Promise<DrawnPanel> {
  const { compile, parse, View } = await libraries();
  const view = new View(
    parse(compile({
      ...spec,
      width,
      height,
      autosize: { type: "fit", contains: "padding" },
      config: themeConfig(),
    })),
    { renderer: "none" },
  );
  try {
    await view.runAsync();
    const svg = await view.toSVG();
    const shift = /translate\(([-\d.]+),([-\d.]+)\)/.exec(svg);
    return {
      svg: contents(svg, prefix),
      plot: {
        left: Number(shift?.[1] ?? 0),
        top: Number(shift?.[2] ?? 0),
        width: view.signal("width"),
        height: view.signal("height"),
      },
    };
  } finally {
    view.finalize();
  }
}

/** What is within the `<svg>`, with ids of its own and numbers of 0.01 point. */
function contents(svg: string, prefix: string): string {
  return svg
    .slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"))
    .replace(/ id="((?:clip|gradient_?)\d+)"/g, ` id="${prefix}$1"`)
    .replace(/url\(#((?:clip|gradient_?)\d+)\)/g, `url(#${prefix}$1)`)
    .replace(
      /<path class="(?:back|fore)ground"[^>]*d="(?:M0,0h0v0h0Z)?"[^>]*\/>/g,
      "",
    )
    .replace(
      / (?:pointer-events|aria-hidden|aria-roledescription|role|class)="[^"]*"/g,
      "",
    )
    .replace(
      / style="image-rendering: [^"]*"/g,
      ` image-rendering="optimizeSpeed"`,
    )
    .replace(/(\d\.\d\d)\d+/g, "$1");
}
