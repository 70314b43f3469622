/** The figures that can be made again, by the names on the command line. */
import type { FigurePlan } from "../types.ts";
import { figure1C, figure2C, figure2DE } from "./go_nogo.ts";
import { figure3BC, figure4DE } from "./mante.ts";
import { figure5, figure6, figure7 } from "./mapping.ts";
import { ks2021 } from "./ks2021.ts";
import { figureDms, figureS3, figureS7 } from "./others.ts";

/** In the paper's order; another paper last. */
export const figurePlans: readonly FigurePlan[] = [
  figure1C,
  figure2C,
  figure2DE,
  figure3BC,
  figure4DE,
  figure5,
  figure6,
  figure7,
  figureS3,
  figureS7,
  figureDms,
  ks2021,
];

/** Names of the figures. */
export const figureNames: readonly string[] = figurePlans.map(({ figure }) =>
  figure
);

/**
 * A plan by its figure's name; case and kinds of dashes do not matter.
 *
 * @throws {RangeError} for a figure without a plan
 */
export function figurePlan(name: string): FigurePlan {
  const fold = (text: string) => text.toLowerCase().replace(/[-–—]/g, "");
  const plan = figurePlans.find(({ figure }) => fold(figure) === fold(name));
  if (plan) return plan;
  throw new RangeError(
    `Cannot reproduce figure ${JSON.stringify(name)}: allowed are ` +
      figureNames.join(", "),
  );
}
