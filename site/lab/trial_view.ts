/** A trial of both networks: outputs against the target, rates, spikes. */
import { element } from "../../lib/dashboard/page/dom.ts";
import { okabeIto } from "../../lib/dashboard/page/colours.ts";
import { Plot } from "../../lib/dashboard/page/plot.ts";
import { roleColours } from "../../lib/report/theme.ts";
import { outputCurve, trialCurves } from "./curves.ts";
import { isStill, type Present } from "./page.ts";
import { drawActivity, drawSpikes } from "./pictures.ts";
import type { PlayedTrial } from "./protocol.ts";

/** Milliseconds that a trial is shown for, at most. */
const longestShow = 2000;

/** Where a trial is shown, and how far it has come. */
export class TrialView {
  readonly #root: string;
  readonly #plot: Plot;
  /** Told of every moment that is shown, as a column of the rates. */
  readonly #onMoment: (event: PlayedTrial, column: number) => void;
  #animation = 0;

  /** @param root the element that has the view's parts in it */
  constructor(
    root: string,
    onMoment: (event: PlayedTrial, column: number) => void = () => {},
  ) {
    this.#root = root;
    this.#onMoment = onMoment;
    this.#plot = new Plot(element(`${root} .plot`), { x: "ms", y: "output" });
  }

  /** Stops a trial that is shown as it goes on. */
  stop(): void {
    cancelAnimationFrame(this.#animation);
  }

  /** Shows a trial as it goes on, or at once if nothing is to move. */
  show(
    event: PlayedTrial,
    { task: own, order }: Present,
    atOnce = isStill(),
  ): void {
    this.stop();
    const { stepMs, durationMs, columns } = event;
    const task = { ...own, stepMs };
    const curves = [
      ...trialCurves(task, event.inputs, event.target),
      outputCurve("rate network", roleColours.rate, event.output, stepMs),
      ...(event.spiking.length > 0
        ? [
          outputCurve(
            "spiking network",
            okabeIto.purple,
            event.spiking,
            durationMs / event.spiking.length,
          ),
        ]
        : []),
    ];
    const spikes = {
      times: event.spikeTimes,
      units: event.spikeUnits,
      durationMs,
    };
    const rates = element<HTMLCanvasElement>(`${this.#root} .rates`);
    const raster = element<HTMLCanvasElement>(`${this.#root} .raster`);
    const spiking = event.spiking.length > 0;
    element(`${this.#root} .raster-part`).hidden = !spiking;
    const until = (ms: number) => {
      const column = ms / stepMs;
      this.#plot.show(
        curves.map((curve) =>
          curve.label.endsWith("network")
            ? {
              ...curve,
              y: curve.y.map((y, k) => curve.x[k] <= ms ? y : null),
            }
            : curve
        ),
      );
      drawActivity(rates, event.rates, columns, order, column);
      if (spiking) drawSpikes(raster, spikes, order, ms);
      this.#onMoment(event, Math.min(columns - 1, Math.floor(column)));
    };
    if (atOnce) return until(durationMs);
    const lasting = Math.min(durationMs, longestShow);
    const begun = performance.now();
    const step = () => {
      const share = Math.min(1, (performance.now() - begun) / lasting);
      until(share * durationMs);
      if (share < 1) this.#animation = requestAnimationFrame(step);
    };
    step();
  }
}
