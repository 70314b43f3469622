/** An SVG drawing as a PNG picture, by resvg; loaded when it is first needed. */
import { fontFiles } from "../font/font.ts";

/** Dots an inch of a picture: what journals ask for. */
export const dotsPerInch = 300;

/** An undecoded picture: four bytes a pixel, red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

let loaded: Promise<typeof import("@resvg/resvg-wasm")> | undefined;

/**
 * The package's WebAssembly, as a module: an import of the source phase needs
 * no permission, where reading the file would. The specifier is no literal,
 * since the type checker does not know this import yet.
 */
const wasmFile = "npm:@resvg/resvg-wasm@2.6.2/index_bg.wasm";

function resvg(): Promise<typeof import("@resvg/resvg-wasm")> {
  loaded ??= (async () => {
    const library = await import("@resvg/resvg-wasm");
    // @ts-ignore: TypeScript knows no import of the source phase yet
    await library.initWasm(await import.source(wasmFile));
    return library;
  })();
  return loaded;
}

async function render(svg: string, dots: number) {
  const { Resvg } = await resvg();
  const millimetres = Number(/ width="([\d.]+)mm"/.exec(svg)?.[1]);
  if (!(millimetres > 0)) {
    throw new TypeError(
      "Cannot draw a picture: the SVG drawing does not say its width in mm",
    );
  }
  const { regular, bold } = fontFiles();
  const picture = new Resvg(svg, {
    font: {
      fontBuffers: [regular, bold],
      defaultFontFamily: "DejaVu Sans",
    },
    fitTo: { mode: "width", value: Math.round(millimetres / 25.4 * dots) },
  });
  try {
    return picture.render();
  } finally {
    picture.free();
  }
}

/**
 * Draws an SVG drawing as a PNG picture.
 *
 * @param svg a drawing of `drawSvg`
 * @param dots dots an inch, 300 unless told
 */
export async function drawPng(
  svg: string,
  dots: number = dotsPerInch,
): Promise<Uint8Array> {
  const image = await render(svg, dots);
  try {
    return image.asPng();
  } finally {
    image.free();
  }
}

/** Draws an SVG drawing as pixels. */
export async function drawPixels(
  svg: string,
  dots: number = dotsPerInch,
): Promise<Pixels> {
  const image = await render(svg, dots);
  try {
    // A copy: the image's memory goes with it.
    return {
      width: image.width,
      height: image.height,
      data: image.pixels.slice(),
    };
  } finally {
    image.free();
  }
}
