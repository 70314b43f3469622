/** Names of figures and of the formats that they are written in. */
import { type FigureName, figureRegistry } from "./registry.ts";

export type { FigureName } from "./registry.ts";

/** Names of the figures of a model, in the order in which a report shows them. */
export const figureNames: readonly FigureName[] = Object.keys(
  figureRegistry,
) as FigureName[];

/** Whether a word is the name of a figure, in small letters or capitals. */
export function isFigureName(name: string): name is FigureName {
  return (figureNames as readonly string[]).includes(name.toLowerCase());
}

/** Formats of a figure. */
export const figureFormats = ["svg", "pdf", "png", "html"] as const;

/** Format of a figure. */
export type FigureFormat = typeof figureFormats[number];

/** Whether a path names a figure's file, not a folder. */
export function isFigureFile(path: string): boolean {
  return figureFormats.some((format) =>
    path.toLowerCase().endsWith(`.${format}`)
  );
}
