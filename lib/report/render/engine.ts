/**
 * The libraries that draw: Vega-Lite and Vega make SVG of a specification, resvg
 * makes pictures of SVG. They are loaded when they are first needed, here or in
 * a worker.
 */
import manifest from "../../../deno.json" with { type: "json" };
import { assemblePng } from "../png.ts";
import { type AdvanceTables, advanceTables, fontFiles } from "../font/font.ts";
import type { Spec } from "../types.ts";
import { type Loading, loading } from "./libraries.ts";

/** A panel as Vega drew it. */
export interface RawPanel {
  /** An SVG document. */
  readonly svg: string;
  /** Size of the plotting area, in points. */
  readonly width: number;
  readonly height: number;
}

/** An undecoded picture: four bytes a pixel, red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What draws. */
export interface Engine {
  /** Draws a complete Vega-Lite specification. */
  panel(spec: Spec): Promise<RawPanel>;
  /** Draws an SVG document as a PNG picture so many pixels wide. */
  png(svg: string, width: number): Promise<Uint8Array>;
  /** The same, as pixels. */
  pixels(svg: string, width: number): Promise<Pixels>;
  /**
   * Loads what makes SVG and draws a small figure, so that the first one that is
   * asked for takes as long as any other. No picture is made of it: V8 would
   * compile what makes pictures, on cores that others need.
   */
  prepare(): Promise<void>;
}

/** The libraries' modules, and how to get them. */
export interface EngineParts extends Loading {
  readonly specifiers: {
    readonly vega: string;
    readonly vegaLite: string;
    readonly resvg: string;
    readonly resvgWasm: string;
  };
  readonly fonts: { readonly regular: Uint8Array; readonly bold: Uint8Array };
  readonly advances: AdvanceTables;
}

/**
 * An engine. The function is self-contained, since a worker gets it as text.
 *
 * @param assemble {@linkcode assemblePng}
 */
export function makeEngine(
  { load, loadWasm, specifiers, fonts, advances }: EngineParts,
  assemble: typeof assemblePng,
): Engine {
  // deno-lint-ignore no-explicit-any
  type Library = any;
  let drawing: Promise<[vega: Library, vegaLite: Library]> | undefined;
  let picturing: Promise<Library> | undefined;

  async function loadVega(): Promise<[Library, Library]> {
    const [vega, vegaLite] = await Promise.all([
      load(specifiers.vega) as Promise<Library>,
      load(specifiers.vegaLite) as Promise<Library>,
    ]);
    // Without a canvas Vega guesses the width of a text; the font's own widths
    // keep labels from running into each other.
    vega.textMetrics.width = (item: Library, text: unknown) => {
      const bold = item.fontWeight === "bold" || Number(item.fontWeight) >= 600;
      const widths = bold ? advances.bold : advances.regular;
      let sum = 0;
      for (const letter of String(text)) sum += widths[letter] ?? widths.n;
      return sum * (item.fontSize ?? 11);
    };
    return [vega, vegaLite];
  }

  async function loadResvg(): Promise<Library> {
    const [library, wasm] = await Promise.all([
      load(specifiers.resvg) as Promise<Library>,
      loadWasm(specifiers.resvgWasm),
    ]);
    await library.initWasm(wasm);
    return library;
  }

  /** Leaves out the opacity of a row's pixels; false if one is not opaque. */
  function packRow(pixels: Uint32Array, packed: Uint32Array): boolean {
    for (let k = 0, at = 0; k < pixels.length; k += 4) {
      const a = pixels[k];
      const b = pixels[k + 1];
      const c = pixels[k + 2];
      const d = pixels[k + 3];
      if ((a & b & c & d) >>> 24 !== 255) return false;
      packed[at++] = a & 0xffffff | b << 24;
      packed[at++] = b >>> 8 & 0xffff | c << 16;
      packed[at++] = c >>> 16 & 0xff | d << 8;
    }
    return true;
  }

  /**
   * A picture without opacity as PNG, packed by zlib if there is one: resvg's
   * own encoder takes as long as its drawing, and packs worse. Undefined if
   * there is none, or a pixel is not opaque.
   */
  function encoded({ width, height, data }: Pixels): Uint8Array | undefined {
    const zlib = (globalThis as Library).process?.getBuiltinModule?.(
      "node:zlib",
    );
    if (!zlib?.crc32) return undefined;
    // A row is its filter, none, and three bytes a pixel. By words, four pixels at
    // a time: as long as V8 compiles resvg, this is interpreted.
    const rows = new Uint8Array((3 * width + 1) * height);
    const words = new Uint32Array(4 * Math.ceil(width / 4));
    const packed = new Uint32Array(words.length / 4 * 3);
    const [from, to] = [words, packed].map(({ buffer }) =>
      new Uint8Array(buffer)
    );
    from.fill(255);
    for (let y = 0; y < height; y++) {
      from.set(data.subarray(4 * width * y, 4 * width * (y + 1)));
      if (!packRow(words, packed)) return undefined;
      rows.set(to.subarray(0, 3 * width), (3 * width + 1) * y + 1);
    }
    return assemble({ width, height, kind: 2, rows }, {
      crc32: zlib.crc32,
      deflate: zlib.deflateSync,
    });
  }

  async function rendered<T>(
    svg: string,
    width: number,
    take: (image: Library) => T,
  ): Promise<T> {
    const { Resvg } = await (picturing ??= loadResvg());
    const picture = new Resvg(svg, {
      font: {
        fontBuffers: [fonts.regular, fonts.bold],
        defaultFontFamily: "DejaVu Sans",
      },
      fitTo: { mode: "width", value: width },
    });
    try {
      const image = picture.render();
      try {
        return take(image);
      } finally {
        image.free();
      }
    } finally {
      picture.free();
    }
  }

  async function panel(spec: Spec): Promise<RawPanel> {
    const [vega, vegaLite] = await (drawing ??= loadVega());
    const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), {
      renderer: "none",
    });
    try {
      await view.runAsync();
      return {
        svg: await view.toSVG(),
        width: view.signal("width"),
        height: view.signal("height"),
      };
    } finally {
      view.finalize();
    }
  }

  function pixelsOf(image: Library): Pixels {
    return {
      width: image.width,
      height: image.height,
      // A copy: the image's memory goes with it.
      data: image.pixels.slice(),
    };
  }

  const png = (svg: string, width: number) =>
    rendered(
      svg,
      width,
      (image) => encoded(pixelsOf(image)) ?? image.asPng() as Uint8Array,
    );

  return {
    panel,
    png,
    pixels: (svg, width) => rendered(svg, width, pixelsOf),
    async prepare() {
      await panel({
        data: { values: [{ x: 0, y: 0 }, { x: 1, y: 1 }] },
        mark: { type: "line", point: true },
        encoding: {
          x: { field: "x", type: "quantitative" },
          y: { field: "y", type: "quantitative" },
        },
      });
    },
  };
}

/** Everything an engine needs but the two functions that load. */
export function engineData(): Omit<EngineParts, keyof Loading> {
  const { imports } = manifest;
  return {
    specifiers: {
      vega: imports.vega,
      vegaLite: imports["vega-lite"],
      resvg: imports["@resvg/resvg-wasm"],
      resvgWasm: `${imports["@resvg/resvg-wasm"]}/index_bg.wasm`,
    },
    fonts: fontFiles(),
    advances: advanceTables(),
  };
}

let local: Engine | undefined;

/** The engine of this thread. */
export function localEngine(): Engine {
  return local ??= makeEngine({
    ...engineData(),
    ...loading,
  }, assemblePng);
}
