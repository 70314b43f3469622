/** The curves of each panel, from what is known of the runs. */
import { stageChanges } from "../../train/stage_changes.ts";
import { channelColour, okabeIto, runColour } from "./colours.ts";
import type { Curve, Mark } from "./plot.ts";
import type { RunView } from "./state.ts";

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
    const of = (rule: "paper" | "strict"): Curve => ({
      label: alone ? `${rule} rule` : `${name}, ${rule}`,
      colour: alone
        ? rule === "paper" ? okabeIto.orange : okabeIto.sky
        : runColour(k),
      x,
      y: evaluated.map(({ score }) => score[rule]),
      dashed: rule === "paper",
      dots: true,
    });
    return [of("paper"), of("strict")];
  });
}

/** Target and output of a run's last shown trial. */
export function outputCurves(run: RunView): Curve[] {
  if (!run.example) return [];
  const { target, outputs, inputs, stride, channels } = run.example.example;
  const steps = (values: readonly unknown[]) =>
    values.map((_, k) => k * stride);
  return [
    ...inputs.map((input, c): Curve => ({
      label: channels?.[c] ??
        (inputs.length === 1 ? "stimulus" : `channel ${c + 1}`),
      colour: channelColour(c),
      x: steps(input),
      y: input,
      width: 1,
      dashed: true,
    })),
    { label: "target", colour: "--ink", x: steps(target), y: target },
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
  const { factors } = run;
  if (factors.length === 0) return [];
  const x = factors.map(({ factor }) => factor);
  const of = (part: "paper" | "strict" | "low" | "high") =>
    factors.map(({ score }) => score[part]);
  const band = okabeIto.sky;
  return [
    {
      label: "upper bound",
      colour: band + "60",
      x,
      y: of("high"),
      filled: band + "30",
    },
    { label: "lower bound", colour: band + "60", x, y: of("low") },
    {
      label: "paper rule",
      colour: okabeIto.orange,
      x,
      y: of("paper"),
      dashed: true,
      dots: true,
    },
    {
      label: "strict rule",
      colour: okabeIto.sky,
      x,
      y: of("strict"),
      dots: true,
    },
  ];
}

/** Where the stages of each run's training began, in the colours of the runs. */
export function stageMarks(runs: readonly RunView[]): Mark[] {
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
