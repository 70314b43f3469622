/** Curves of a trial, by ms. */
import { channelColour } from "../../lib/dashboard/page/colours.ts";
import type { Curve } from "../../lib/dashboard/page/plot.ts";
import type { Task } from "../../lib/tasks/types.ts";

/** The stimuli and the target of a trial. */
export function trialCurves(
  task: Pick<Task, "channels" | "stepMs">,
  inputs: Float32Array,
  target: Float32Array,
): Curve[] {
  const steps = target.length;
  const x = Array.from(target, (_, step) => step * task.stepMs);
  return [
    ...task.channels.map((label, c): Curve => ({
      label,
      colour: channelColour(c),
      x,
      y: Array.from(inputs.subarray(c * steps, (c + 1) * steps)),
      width: 1,
      dashed: true,
    })),
    { label: "target", colour: "--ink", x, y: Array.from(target) },
  ];
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
