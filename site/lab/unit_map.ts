/**
 * The units as dots that can be chosen: by a click, by a lasso, or by the
 * keyboard. While a trial is played they light up with their rates.
 */
import { colourOf, type UnitOrder } from "./pictures.ts";

/** Pixels that a pointer moves before it draws a lasso. */
const slip = 6;

/** A map of units. */
export class UnitMap {
  readonly #canvas: HTMLCanvasElement;
  readonly #changed: (chosen: readonly number[]) => void;
  readonly #chosen = new Set<number>();
  #order: UnitOrder | undefined;
  #columns = 1;
  #cursor = 0;
  #lasso: [number, number][] = [];
  #light: (unit: number) => number = () => 0;

  /** @param changed called with the units that are chosen */
  constructor(
    canvas: HTMLCanvasElement,
    changed: (chosen: readonly number[]) => void,
  ) {
    this.#canvas = canvas;
    this.#changed = changed;
    canvas.tabIndex = 0;
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#lift(event));
    canvas.addEventListener("pointercancel", () => {
      this.#lasso = [];
      this.draw();
    });
    canvas.addEventListener("keydown", (event) => this.#type(event));
    canvas.addEventListener("focus", () => this.draw());
    canvas.addEventListener("blur", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)")
      .addEventListener("change", () => this.draw());
  }

  /** The units that are chosen, ascending. */
  get chosen(): readonly number[] {
    return [...this.#chosen].sort((a, b) => a - b);
  }

  /** Shows other units; none of them is chosen. */
  show(order: UnitOrder): void {
    this.#order = order;
    this.#cursor = 0;
    this.choose([]);
  }

  /** Chooses units in place of those before. */
  choose(units: Iterable<number>): void {
    this.#chosen.clear();
    for (const unit of units) this.#chosen.add(unit);
    this.#tell();
  }

  /** Lights units up, each from 0 to 1. */
  light(of: (unit: number) => number): void {
    this.#light = of;
    this.draw();
  }

  #tell(): void {
    this.draw();
    this.#changed(this.chosen);
  }

  #toggle(place: number): void {
    const unit = this.#order?.units[place];
    if (unit === undefined) return;
    if (!this.#chosen.delete(unit)) this.#chosen.add(unit);
    this.#cursor = place;
    this.#tell();
  }

  /** The middle of a dot, and its radius, in pixels of the page. */
  #dot(place: number): readonly [x: number, y: number, radius: number] {
    const { clientWidth, clientHeight } = this.#canvas;
    const count = this.#order?.units.length ?? 1;
    const columns = this.#columns = Math.max(
      1,
      Math.ceil(Math.sqrt(count * clientWidth / Math.max(1, clientHeight))),
    );
    const rows = Math.ceil(count / columns);
    const across = clientWidth / columns;
    const down = clientHeight / rows;
    return [
      (place % columns + 0.5) * across,
      (Math.floor(place / columns) + 0.5) * down,
      0.38 * Math.min(across, down),
    ];
  }

  #at(event: PointerEvent): [number, number] {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #press(event: PointerEvent): void {
    this.#canvas.setPointerCapture(event.pointerId);
    this.#lasso = [this.#at(event)];
  }

  #move(event: PointerEvent): void {
    if (this.#lasso.length === 0) return;
    this.#lasso.push(this.#at(event));
    this.draw();
  }

  #lift(event: PointerEvent): void {
    const path = this.#lasso;
    this.#lasso = [];
    if (path.length === 0) return;
    const [[x, y]] = path;
    const far = path.some(([a, b]) => Math.hypot(a - x, b - y) > slip);
    const places = [...this.#order?.units.keys() ?? []];
    if (!far) {
      const hit = places.find((place) => {
        const [a, b, radius] = this.#dot(place);
        return Math.hypot(a - x, b - y) <= Math.max(radius, 8);
      });
      if (hit !== undefined) this.#toggle(hit);
      return this.draw();
    }
    if (!event.shiftKey) this.#chosen.clear();
    for (const place of places) {
      const [a, b] = this.#dot(place);
      if (isInside(a, b, path)) this.#chosen.add(this.#order!.units[place]);
    }
    this.#tell();
  }

  #type(event: KeyboardEvent): void {
    const count = this.#order?.units.length ?? 0;
    const step = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -this.#columns,
      ArrowDown: this.#columns,
    }[event.key];
    if (step !== undefined) {
      const next = this.#cursor + step;
      if (next >= 0 && next < count) this.#cursor = next;
      this.draw();
    } else if (event.key === " " || event.key === "Enter") {
      this.#toggle(this.#cursor);
    } else if (event.key === "Escape") this.choose([]);
    else return;
    event.preventDefault();
  }

  /** Draws it again. */
  draw(): void {
    const canvas = this.#canvas;
    const ratio = devicePixelRatio;
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    const context = canvas.getContext("2d")!;
    context.scale(ratio, ratio);
    const ink = getComputedStyle(canvas).color;
    const focused = document.activeElement === canvas;
    this.#order?.units.forEach((unit, place) => {
      const [x, y, radius] = this.#dot(place);
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = colourOf(this.#order!.types[place]);
      context.globalAlpha = 0.3 + 0.7 * this.#light(unit);
      context.fill();
      context.globalAlpha = 1;
      if (this.#chosen.has(unit)) {
        context.lineWidth = 2.5;
        context.strokeStyle = ink;
        context.stroke();
      }
      if (focused && place === this.#cursor) {
        context.lineWidth = 1.5;
        context.strokeStyle = ink;
        context.strokeRect(
          x - radius - 2,
          y - radius - 2,
          2 * radius + 4,
          2 * radius + 4,
        );
      }
    });
    if (this.#lasso.length > 1) {
      context.beginPath();
      for (const [x, y] of this.#lasso) context.lineTo(x, y);
      context.strokeStyle = ink;
      context.lineWidth = 1.5;
      context.setLineDash([4, 3]);
      context.stroke();
    }
  }
}

/** Whether a point is inside a path, by the rule of even and odd. */
function isInside(
  x: number,
  y: number,
  path: readonly (readonly [number, number])[],
): boolean {
  let inside = false;
  path.forEach(([ax, ay], k) => {
    const [bx, by] = path[(k + 1) % path.length];
    if ((ay > y) !== (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) {
      inside = !inside;
    }
  });
  return inside;
}
