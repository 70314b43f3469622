/** Curves of a trial, by ms. */
import type { Curve } from "../../lib/dashboard/page/plot.ts";
import { trialCurves as curvesOf } from "../../lib/dashboard/page/trial_curves.ts";
import type { Task } from "../../lib/tasks/types.ts";

/** The stimuli and the target of a trial. */
export function trialCurves(
  { channels, stepMs }: Pick<Task, "channels" | "stepMs">,
  inputs: Float32Array,
  target: Float32Array,
): Curve[] {
  const steps = target.length;
  return curvesOf(Array.from(target, (_, step) => step * stepMs), {
    channels,
    inputs: channels.map((_, c) =>
      Array.from(inputs.subarray(c * steps, (c + 1) * steps))
    ),
    target: Array.from(target),
  });
}

/** An output: its k-th number belongs to step k + 1. */
export function outputCurve(
  label: string,
  colour: string,
  output: ArrayLike<number>,
  stepMs: number,
): Curve {
  return {
    label,
    colour,
    x: Array.from(output, (_, k) => (k + 1) * stepMs),
    y: Array.from(output),
  };
}
