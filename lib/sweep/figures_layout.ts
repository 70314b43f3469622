/** Where the groups of a sweep go in a figure: along the axis, and as series. */
import { type Cell, compareValues, textOf } from "./results.ts";
import type { GroupSummary } from "./summary.ts";

/** A group with its place. */
export interface PlacedGroup {
  readonly group: GroupSummary;
  /** On the horizontal axis. */
  readonly x: string;
  /** Its series; empty if there is one alone. */
  readonly series: string;
  /** The panels that it is in; empty if all groups share them. */
  readonly facet: string;
}

/** The layout of a figure. */
export interface Layout {
  /** Title of the horizontal axis. */
  readonly title: string;
  /** Its values, from left to right. */
  readonly places: readonly string[];
  /** Names of the series, one empty name if there is one alone. */
  readonly series: readonly string[];
  /** Whether places are numbers in order, so that a line may join them. */
  readonly ordered: boolean;
  /** Names of what has panels of its own, one empty name if nothing has. */
  readonly facets: readonly string[];
  readonly groups: readonly PlacedGroup[];
}

/** What the axis says, where the settings' own names and values do not do. */
export interface Labels {
  /** Title of the axis. */
  readonly title: string;
  /** A name for a group; all groups then stand side by side. */
  readonly of: (group: GroupSummary) => string;
}

/** As many series as there are colours to tell them apart. */
const mostSeries = 7;

/** As many facets as have room side by side. */
const mostFacets = 4;

const titles: Readonly<Record<string, string>> = {
  N: "Units",
  P_inh: "Probability of an inhibitory unit",
  P_rec: "Probability of a synapse",
  act: "Activation",
  answer_share: "Share of the loss on the answer",
  b_w: "Adaptation a spike (mV)",
  batch: "Trials an update",
  decay_taus: "Decay time constants (steps)",
  gain: "Gain of the initial weights",
  learning_rate: "Learning rate",
  model: "Neuron model",
  n_layers: "Layers",
  preset: "Preset",
  som_N: "SST units",
  synapse: "Synaptic filter",
  task: "Task",
  tau_w: "Adaptation time constant (ms)",
  tm: "Membrane time constant (ms)",
  tr: "Synaptic rise (ms)",
  tref: "Refractory period (ms)",
};

/** A setting in the words of a figure. */
export function settingTitle(name: string): string {
  // A setting of the mapping is called `map.tref` in a plan.
  const flag = name.replace(/^(train|map)\./, "");
  return Object.hasOwn(titles, flag) ? titles[flag] : flag;
}

/** A setting's value in the words of a figure. */
export function settingValue(cell: Cell): string {
  return cell === null ? "–" : String(cell);
}

/**
 * Lays groups out. The setting with the most values is the axis. The others are
 * the series; where those are too many, the settings with the fewest values, of
 * as many the last in the plan, are facets, with panels of their own. Where that
 * is not enough, the groups stand side by side. A setting that follows from
 * another one is no setting of its own.
 *
 * @param groups of `summariseSweep`
 * @param labels names of your own
 */
export function layOut(
  groups: readonly GroupSummary[],
  labels?: Labels,
): Layout {
  if (labels) {
    return sideBySide(groups, labels.title, labels.of);
  }
  const settings = independent(groups)
    .map((name) => ({ name, values: distinct(groups, name) }))
    // What is first in the plan wins if there are as many values.
    .sort((a, b) => b.values.length - a.values.length);
  if (settings.length === 0) return sideBySide(groups, "", () => "all");
  const [axis, ...others] = settings;
  const names = others.map(({ name }) => name);
  for (let split = names.length; split >= 0; split--) {
    const placed = groups.map((group) => ({
      group,
      x: settingValue(group.varied[axis.name]),
      series: assignments(names.slice(0, split), group),
      facet: assignments(names.slice(split), group),
    }));
    const series = [...new Set(placed.map((place) => place.series))];
    const facets = [...new Set(placed.map(({ facet }) => facet))];
    if (series.length > mostSeries || facets.length > mostFacets) continue;
    return {
      title: settingTitle(axis.name),
      places: axis.values.map(settingValue),
      series,
      ordered: axis.values.every((value) => /^[-+\d. e]+$/.test(textOf(value))),
      facets,
      groups: placed,
    };
  }
  return sideBySide(
    groups,
    settings.map(({ name }) => settingTitle(name)).join(", "),
    (group) =>
      settings.map(({ name }) => settingValue(group.varied[name])).join(", "),
  );
}

/**
 * Settings that vary, without those that follow from another one: where every
 * activation has factors of its own, the factors say nothing that it does not.
 */
function independent(groups: readonly GroupSummary[]): string[] {
  const varying = Object.keys(groups[0]?.varied ?? {})
    .filter((name) => distinct(groups, name).length > 1);
  const pairs = (one: string, other: string) =>
    new Set(
      groups.map(({ varied }) => JSON.stringify([varied[one], varied[other]])),
    ).size;
  const follows = (name: string, from: string) =>
    pairs(from, name) === distinct(groups, from).length;
  return varying.filter((name, k) =>
    !varying.some((from, j) =>
      // Of two that say the same, the first one in the plan stays.
      j !== k && follows(name, from) && !(follows(from, name) && k < j)
    )
  );
}

function sideBySide(
  groups: readonly GroupSummary[],
  title: string,
  label: (group: GroupSummary) => string,
): Layout {
  const places = [...new Set(groups.map(label))];
  return {
    title,
    places,
    series: [""],
    ordered: places.every((place) => /^[-+]?\d+(\.\d+)?$/.test(place)),
    facets: [""],
    groups: groups.map((group) => ({
      group,
      x: label(group),
      series: "",
      facet: "",
    })),
  };
}

function assignments(names: readonly string[], { varied }: GroupSummary) {
  return names.map((name) => assignment(name, varied[name])).join(", ");
}

/** `gain 1.5`, `lif`: numbers need the name of what they count. */
function assignment(name: string, value: Cell): string {
  return typeof value === "string" && !/^[\d. ]+$/.test(value)
    ? value
    : `${name.replace(/^(train|map)\./, "")} ${settingValue(value)}`;
}

function distinct(groups: readonly GroupSummary[], name: string): Cell[] {
  return [...new Set(groups.map(({ varied }) => varied[name]))]
    .sort(compareCells);
}

/** Fields hold lists as texts: `4 20` comes after `4 6`. */
function compareCells(a: Cell, b: Cell): number {
  const parts = (cell: Cell) =>
    typeof cell === "string" && /^[\d. ]+$/.test(cell)
      ? cell.split(" ").map(Number)
      : cell;
  return compareValues(parts(a), parts(b));
}
