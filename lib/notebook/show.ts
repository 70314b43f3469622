/** Results as the output of a notebook's cell. */
import type { Model } from "../network/records.ts";
import type { Proportion, Score } from "../network/scores.ts";
import { summariseNetwork } from "../network/summary.ts";
import type { RateNetwork } from "../network/types.ts";
import { drawFigure } from "../report/draw.ts";
import type { Figure, FigureWidth } from "../report/types.ts";
import { formatPercent } from "../runs/format.ts";

/** A row of a table: cells by the names of columns. */
export type Row = Readonly<Record<string, unknown>>;

/** Values that can be shown. */
export type Showable =
  | Figure
  | readonly Figure[]
  | RateNetwork
  | Model
  | Score
  | readonly Row[];

/** Contents by media type, of which a notebook takes the richest. */
export type MediaBundle = Readonly<Record<string, string>>;

/** How notebooks ask a value for its contents. */
const display = Symbol.for("Jupyter.display");

/** A value that notebooks show if it is the last one of a cell. */
export interface Shown {
  /** Its contents: text always, HTML or SVG beside it. */
  readonly [display: symbol]: () => Promise<MediaBundle>;
}

/** Rows of a table that are shown at most. */
const mostRows = 100;

/**
 * A figure, figures, a network or model, a score, or rows of a table as the
 * output of a notebook's cell, in Deno's kernel for Jupyter.
 *
 * @param value to be shown
 * @param options.width of figures; their own if left out
 * @throws {TypeError} for any other value
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { show } from "@spikernn/spikernn/notebook";
 * const network = createNetwork({ channels: 1, units: 20 }, randomStream(1));
 * const shown = await show(network)[Symbol.for("Jupyter.display")]();
 * assert(shown["text/html"].includes("<td>20</td>"));
 * ```
 */
export function show(
  value: Showable,
  { width }: { readonly width?: FigureWidth } = {},
): Shown {
  const contents = contentsOf(value, width);
  return { [display]: contents };
}

function contentsOf(
  value: Showable,
  width: FigureWidth | undefined,
): () => Promise<MediaBundle> {
  if (isList(value)) {
    if (value.length > 0 && value.every(isFigure)) {
      return () => figures(value, width);
    }
    const rows = value as readonly Row[];
    if (rows.every((row) => typeof row === "object" && row !== null)) {
      return () => Promise.resolve(table(rows));
    }
  } else if (isFigure(value)) return () => figures([value], width);
  else if ("network" in value) {
    return () => Promise.resolve(table(networkRows((value as Model).network)));
  } else if ("layers" in value) {
    return () => Promise.resolve(table(networkRows(value as RateNetwork)));
  } else if ("strict" in value && "paper" in value) {
    return () => Promise.resolve(table(scoreRows(value as Score)));
  }
  throw new TypeError(
    "Cannot show this: allowed are figures, networks, models, scores and rows " +
      "of a table",
  );
}

function isList(value: Showable): value is readonly Figure[] | readonly Row[] {
  return Array.isArray(value);
}

function isFigure(value: object): value is Figure {
  return "panels" in value && "columns" in value;
}

async function figures(
  list: readonly Figure[],
  width: FigureWidth | undefined,
): Promise<MediaBundle> {
  const drawings = await Promise.all(
    list.map(async (figure) =>
      new TextDecoder().decode(
        await drawFigure(figure, { format: "svg", width }),
      )
    ),
  );
  const text = list.map(({ title }) => title).join("\n");
  return drawings.length === 1
    ? { "image/svg+xml": drawings[0], "text/plain": text }
    : {
      "text/html": drawings.map((svg) => `<div>${svg}</div>`).join("\n"),
      "text/plain": text,
    };
}

function networkRows(network: RateNetwork): Row[] {
  return summariseNetwork(network).layers.map((layer, l) => ({
    layer: l,
    units: layer.units,
    excitatory: layer.excitatory,
    inhibitory: layer.inhibitory,
    SST: layer.sst,
    synapses: layer.weights.positive + layer.weights.negative,
    "mean tau (steps)": layer.taus.mean,
    "spectral radius": layer.spectralRadius,
  }));
}

function scoreRows(score: Score): Row[] {
  const row = (
    condition: string,
    part: Omit<Score, "conditions" | "loss">,
  ) => ({
    condition,
    trials: part.strict.trials,
    strict: proportion(part.strict),
    paper: proportion(part.paper),
    "output error": part.outputError,
  });
  return [
    row("all", score),
    ...score.conditions.map((part) => row(part.condition, part)),
  ];
}

function proportion({ value, low, high }: Proportion): string {
  return `${formatPercent(value)} (${formatPercent(low)} to ${
    formatPercent(high)
  })`;
}

function table(rows: readonly Row[]): MediaBundle {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const shown = rows.slice(0, mostRows);
  const cells = shown.map((row) => names.map((name) => cell(row[name])));
  const left = rows.length - shown.length;
  const more = left > 0 ? `${left} more rows` : "";
  const line = (tag: string, texts: readonly string[]) =>
    `<tr>${texts.map((t) => `<${tag}>${escaped(t)}</${tag}>`).join("")}</tr>`;
  return {
    "text/html": `<table>${line("th", names)}${
      cells.map((texts) => line("td", texts)).join("")
    }</table>${more}`,
    "text/plain":
      [names, ...cells].map((texts) => texts.join("\t")).join("\n") +
      (more && `\n${more}`),
  };
}

function cell(value: unknown): string {
  if (typeof value !== "number") return String(value ?? "");
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
