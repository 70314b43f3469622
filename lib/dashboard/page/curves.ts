/** The curves of each panel, from what is known of the runs. */
import {
  stageChanges,
  type StagedEvaluation,
} from "../../train/stage_changes.ts";
import { okabeIto, runColour } from "./colours.ts";
import type { Curve, Mark } from "./plot.ts";
import type { RunView } from "./state.ts";
import { factorCurves, ruleCurves, trialCurves } from "./trial_curves.ts";

/** Mean loss by update, a curve a run. */
export function lossCurves(runs: readonly RunView[]): Curve[] {
  return runs.flatMap(({ name, loss }, k) =>
    loss.length === 0 ? [] : [{
      label: runs.length === 1 ? "loss" : name,
      colour: runColour(k),
      x: loss.map(({ update }) => update),
      y: loss.map(({ loss }) => loss),
    }]
  );
}

/** Performance by update under both rules; several runs have a colour each. */
export function performanceCurves(runs: readonly RunView[]): Curve[] {
  const alone = runs.length === 1;
  return runs.flatMap(({ name, evaluated }, k) => {
    if (evaluated.length === 0) return [];
    const x = evaluated.map(({ update }) => update);
    const curves = ruleCurves(x, {
      paper: evaluated.map(({ score }) => score.paper),
      strict: evaluated.map(({ score }) => score.strict),
    });
    if (alone) return curves;
    const colour = runColour(k);
    return curves.map((curve) => ({
      ...curve,
      label: `${name}, ${curve.label.split(" ")[0]}`,
      colour,
    }));
  });
}

/** Target and output of a run's last shown trial. */
export function outputCurves(run: RunView): Curve[] {
  if (!run.example) return [];
  const { target, outputs, inputs, stride, channels } = run.example.example;
  const steps = (values: readonly unknown[]) =>
    values.map((_, k) => k * stride);
  const names = inputs.map((_, c) =>
    channels?.[c] ??
      (inputs.length === 1 ? "stimulus" : `channel ${c + 1}`)
  );
  return [
    ...trialCurves(steps(target), { channels: names, inputs, target }),
    {
      label: "output",
      colour: okabeIto.vermilion,
      x: steps(outputs),
      y: outputs,
    },
  ];
}

/** Performance by scaling factor, with the strict rule's interval. */
export function searchCurves(run: RunView): Curve[] {
  return factorCurves(
    run.factors.map(({ factor, score }) => ({ factor, ...score })),
  );
}

/** Where the stages of each run's training began, in the colours of the runs. */
export function stageMarks(
  runs: readonly { readonly evaluated: readonly StagedEvaluation[] }[],
): Mark[] {
  return runs.flatMap((run, k) =>
    stageChanges(run.evaluated).map(({ update, to }) => ({
      x: update,
      label: to,
      colour: runs.length === 1 ? "--soft" : runColour(k),
    }))
  );
}

/** Where the stages of a run's training began, in words. */
export function stagesSaid(runs: readonly RunView[]): string {
  const changes = runs.length === 1 ? stageChanges(runs[0].evaluated) : [];
  if (changes.length === 0) return "";
  const all = changes.map(({ update, to }) => `to ${to} at update ${update}`);
  return `Training went on ${all.join(", ")}.`;
}
