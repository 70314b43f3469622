/** Curves that the live page and the lab have in common, from plain numbers. */
import { channelColour, okabeIto } from "./colours.ts";
import type { Curve } from "./plot.ts";

type Numbers = readonly (number | null)[];

/** The stimuli of a trial and its target. */
export function trialCurves(
  x: readonly number[],
  { channels, inputs, target }: {
    readonly channels: readonly string[];
    /** One row a channel. */
    readonly inputs: readonly Numbers[];
    readonly target: Numbers;
  },
): Curve[] {
  return [
    ...inputs.map((y, c): Curve => ({
      label: channels[c],
      colour: channelColour(c),
      x,
      y,
      width: 1,
      dashed: true,
    })),
    { label: "target", colour: "--ink", x, y: target },
  ];
}

/** Performance by update under both rules, each in a colour of its own. */
export function ruleCurves(
  x: readonly number[],
  { paper, strict }: { readonly paper: Numbers; readonly strict: Numbers },
): [paper: Curve, strict: Curve] {
  return [
    {
      label: "paper rule",
      colour: okabeIto.orange,
      x,
      y: paper,
      dashed: true,
      dots: true,
    },
    { label: "strict rule", colour: okabeIto.sky, x, y: strict, dots: true },
  ];
}

/** What a scaling factor gave; null if it is not known. */
export interface FactorScore {
  readonly factor: number;
  readonly paper: number | null;
  readonly strict: number | null;
  /** The 95 % interval of the strict performance. */
  readonly low: number | null;
  readonly high: number | null;
}

/** Performance by scaling factor, with the strict rule's interval. */
export function factorCurves(scores: readonly FactorScore[]): Curve[] {
  if (scores.length === 0) return [];
  const sorted = scores.toSorted((a, b) => a.factor - b.factor);
  const x = sorted.map(({ factor }) => factor);
  const of = (part: "paper" | "strict" | "low" | "high") =>
    sorted.map((score) => score[part]);
  const edge = okabeIto.sky + "60";
  return [
    {
      label: "upper bound",
      colour: edge,
      x,
      y: of("high"),
      filled: okabeIto.sky + "30",
    },
    { label: "lower bound", colour: edge, x, y: of("low") },
    ...ruleCurves(x, { paper: of("paper"), strict: of("strict") }),
  ];
}
