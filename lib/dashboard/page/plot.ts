/** A plot in a panel: drawn by uPlot, as wide as its panel, in the page's colours. */
import uPlot from "uplot";

/** A curve. */
export interface Curve {
  readonly label: string;
  readonly colour: string;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
  readonly dashed?: boolean;
  /** Width of the line in pixels. Defaults to 1.75. */
  readonly width?: number;
  /** Shows a dot at every value. */
  readonly dots?: boolean;
  /** Fills down to the curve that comes next. */
  readonly filled?: string;
}

/** An upright line with a name. */
export interface Mark {
  readonly x: number;
  readonly label: string;
  readonly colour: string;
}

/** How a plot is laid out. */
export interface PlotOptions {
  readonly x: string;
  readonly y: string;
  /** Bounds of the y axis, where they are fixed. */
  readonly range?: readonly [number, number];
}

const height = 240;

/** A plot that is drawn again whenever its curves change. */
export class Plot {
  readonly #place: HTMLElement;
  readonly #options: PlotOptions;
  #plot: uPlot | undefined;
  /** What the drawn plot was made for: other curves need another plot. */
  #made = "";
  #curves: readonly Curve[] = [];
  #marks: readonly Mark[] = [];

  constructor(place: HTMLElement, options: PlotOptions) {
    this.#place = place;
    this.#options = options;
    new ResizeObserver(() => this.#fit()).observe(place);
    matchMedia("(prefers-color-scheme: dark)")
      .addEventListener("change", () => this.#recolour());
  }

  /** Shows curves, and marks on them, in place of those before. */
  show(curves: readonly Curve[], marks: readonly Mark[] = []): void {
    this.#curves = curves;
    this.#marks = marks;
    const data = uPlot.join(
      curves.map(({ x, y }) => [x, y] as unknown as uPlot.AlignedData),
      // A value that one curve lacks must not break the line of another.
      curves.map(() => [1]),
    );
    const made = curves.map(({ label, colour }) => `${label} ${colour}`)
      .join("\n");
    if (made !== this.#made) {
      this.#plot?.destroy();
      this.#plot = this.#make(curves, data);
      this.#made = made;
    } else {
      this.#plot!.setData(data);
    }
  }

  #make(curves: readonly Curve[], data: uPlot.AlignedData): uPlot {
    const { x, y, range } = this.#options;
    const axis = (label: string): uPlot.Axis => ({
      label,
      labelSize: 18,
      labelGap: 0,
      stroke: () => colour("--ink"),
      grid: { stroke: () => colour("--line"), width: 1 },
      ticks: { stroke: () => colour("--line"), width: 1 },
      font: "12px system-ui, sans-serif",
      labelFont: "12px system-ui, sans-serif",
    });
    const plot = new uPlot(
      {
        width: this.#width(),
        height,
        scales: {
          x: { time: false },
          y: range ? { range: [...range] } : {},
        },
        axes: [{ ...axis(x), size: 32 }, { ...axis(y), size: 56 }],
        hooks: { draw: [(plot) => drawMarks(plot, this.#marks)] },
        cursor: { drag: { x: false, y: false } },
        bands: curves.flatMap(({ filled }, k) =>
          filled === undefined ? [] : [{
            series: [k + 1, k + 2] as uPlot.Band.Bounds,
            fill: filled,
          }]
        ),
        series: [
          { label: x },
          ...curves.map((curve): uPlot.Series => ({
            label: curve.label,
            stroke: () => colour(curve.colour),
            width: curve.width ?? 1.75,
            dash: curve.dashed ? [5, 4] : undefined,
            spanGaps: true,
            points: { show: curve.dots ?? false, size: 5 },
            value: (_, value) => value == null ? "–" : shown(value),
          })),
        ],
      },
      data,
      this.#place,
    );
    // A name hides its curve and shows it again, but that of the x axis.
    const names = ".u-series:not(:first-child) th";
    for (const name of plot.root.querySelectorAll<HTMLElement>(names)) {
      makePressable(name);
    }
    return plot;
  }

  /** Draws in the page's present colours, in the legend as well. */
  #recolour(): void {
    const plot = this.#plot;
    if (!plot) return;
    plot.redraw(false, true);
    const markers = plot.root.querySelectorAll<HTMLElement>(".u-marker");
    for (const [k, curve] of this.#curves.entries()) {
      // The legend's first row is the x axis's.
      markers[k + 1].style.borderColor = colour(curve.colour);
    }
  }

  #fit(): void {
    const width = this.#width();
    if (this.#plot && this.#plot.width !== width) {
      this.#plot.setSize({ width, height });
    }
  }

  #width(): number {
    return Math.max(this.#place.clientWidth, 120);
  }
}

/** What the mouse can do with a name in the legend, the keyboard can do too. */
function makePressable(name: HTMLElement): void {
  name.tabIndex = 0;
  name.setAttribute("role", "button");
  name.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    name.click();
  });
}

/** A number in four digits. */
export function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** A colour, or the page's own one of a name. */
function colour(name: string): string {
  return name.startsWith("--")
    ? getComputedStyle(document.documentElement).getPropertyValue(name)
    : name;
}

/** Draws upright lines, each with its name along it if there is room. */
function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx: context, bbox: { left, top, width, height } } = plot;
  const size = 11 * devicePixelRatio;
  context.save();
  context.font = `${size}px system-ui, sans-serif`;
  context.textBaseline = "bottom";
  context.textAlign = "right";
  context.lineJoin = "round";
  const paper = colour("--card");
  let free = -Infinity;
  for (const { x, label, colour: of } of marks.toSorted((a, b) => a.x - b.x)) {
    const at = Math.round(plot.valToPos(x, "x", true)) + 0.5;
    // By a pixel more: a mark may stand at the last value.
    if (at < left || at > left + width + devicePixelRatio) continue;
    context.strokeStyle = context.fillStyle = colour(of);
    context.lineWidth = devicePixelRatio;
    context.globalAlpha = 0.6;
    context.beginPath();
    context.moveTo(at, top);
    context.lineTo(at, top + height);
    context.stroke();
    if (at < free) continue;
    free = at + 1.2 * size;
    context.globalAlpha = 1;
    context.save();
    context.translate(at, top);
    context.rotate(-Math.PI / 2);
    context.textBaseline = "top";
    // Readable where a curve runs below it as well.
    context.strokeStyle = paper;
    context.lineWidth = 3 * devicePixelRatio;
    context.strokeText(label, -0.3 * size, 0.2 * size);
    context.fillText(label, -0.3 * size, 0.2 * size);
    context.restore();
  }
  context.restore();
}
