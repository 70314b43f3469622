/** What is said before a training begins, and of what it can never learn. */
import { countOf } from "../count.ts";
import { effectiveWeights } from "../network/effective.ts";
import type { RateNetwork } from "../network/types.ts";
import { layerSettings, usualBetweenGain } from "../network/settings.ts";
import type { Evaluated, Trained } from "../records/events.ts";
import type { Task } from "../tasks/types.ts";
import { presetFlags } from "./preset.ts";
import { fallbacks } from "../settings/kinds.ts";
import { trainFlags } from "./train_flags.ts";
import type { TrainSettings } from "./train_settings.ts";

/** Decay time constants above this, in steps, are more than any known network has. */
const longestTau = 40;
/** A shortest one above this is as unlikely: the paper's shortest is 4. */
const longestMinimum = 10;

/** A network and its task in one line, times in ms and steps. */
export function describe(
  { layers, activation, taus, dale }: RateNetwork,
  task: Task,
): string {
  const sizes = layers.map(({ size }) => size).join("+");
  return `${sizes} ${activation} units${
    dale ? "" : " without Dale's principle"
  }` +
    ` (decay ${inMs(taus, task)}, ${taus.join(" to ")} steps) on ${task.name}`;
}

/** What is learned before the task itself. */
export function firstly(easier: readonly Task[]): string {
  if (easier.length === 0) return "";
  const delays = easier.map(({ timing }) => timing.delay).join(", ");
  return `, first with a delay of ${delays} steps,`;
}

/** Remarks on settings that may not do what was meant. */
export function remarksOn(
  network: RateNetwork,
  task: Task,
  settings: TrainSettings,
  easier: readonly Task[],
): string[] {
  return [
    ...unusedLayers(settings),
    unusedDelays(task, settings, easier),
    steppedTaus(network.taus, task),
    ...network.layers.flatMap((_, layer) => [
      withoutSynapses(network, layer),
      withoutInhibition(network, layer, settings),
    ]),
  ].filter((remark) => remark !== undefined);
}

/** What a first update showed: layers whose recurrent weights have no gradient. */
export function stillRemark({ still }: Trained): string | undefined {
  if (!still) return undefined;
  return `warning: ${whichLayers(still)} no recurrent weight has a gradient: ` +
    "none is learned (all weights 0, or all units at the end of their range)";
}

/** That training goes back, where an evaluation found what was learned lost. */
export function returnRemark(
  { update, returned }: Evaluated,
): string | undefined {
  if (!returned) return undefined;
  return `update ${update}: the network has lost what it knew; going back to ` +
    `that of update ${returned.to}, which met the criteria, with a learning ` +
    `rate of ${round(returned.learningRate)}`;
}

function whichLayers(layers: readonly number[]): string {
  return `in layer${layers.length > 1 ? "s" : ""} ` +
    `${layers.map((layer) => layer + 1).join(", ")}`;
}

function inMs(taus: readonly number[], { stepMs }: Task): string {
  return `${taus.map((tau) => round(tau * stepMs)).join(" to ")} ms`;
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}

/** Settings of layers that say nothing of this network. */
function unusedLayers(settings: TrainSettings): string[] {
  const { layer_sizes, n_layers, N, act } = settings;
  const usual: Partial<TrainSettings> = {
    ...fallbacks(layerSettings),
    inter_gain: usualBetweenGain({ activation: act }),
  };
  const alone = (layer_sizes?.length ?? n_layers) === 1;
  const layers = Object.keys(layerSettings) as (keyof typeof layerSettings)[];
  return [
    ...(layer_sizes && N !== trainFlags.N.fallback
      ? ["--N: no effect, --layer_sizes says how many units there are"]
      : []),
    ...layers.filter((name) => alone && settings[name] !== usual[name])
      .map((name) => `--${name}: no effect, the network has one layer`),
  ];
}

/** Delays that were asked for, not by the preset, and are not shorter than the task's. */
function unusedDelays(
  task: Task,
  { curriculum, preset }: TrainSettings,
  easier: readonly Task[],
): string | undefined {
  if (`${curriculum}` === `${presetFlags(preset).curriculum}`) return undefined;
  const taken = easier.map(({ timing }) => timing.delay);
  const unused = curriculum.filter((delay) => !taken.includes(delay));
  if (unused.length === 0) return undefined;
  return `--curriculum: no effect of ${unused.join(", ")}, the delay of task ` +
    `${task.name} is ${task.timing.delay ?? "none"}`;
}

/** Time constants that are likely to be meant in ms. */
function steppedTaus(
  taus: readonly number[],
  task: Task,
): string | undefined {
  const { stepMs } = task;
  const long = Math.max(...taus) > longestTau ||
    taus.length > 1 && taus[0] > longestMinimum;
  const steps = taus.map((tau) => round(tau / stepMs));
  if (!long || stepMs === 1 || steps.some((tau) => tau < 1)) return undefined;
  return `--decay_taus ${taus.join(" ")}: these are steps of ${stepMs} ms, ` +
    `${inMs(taus, task)}; ${taus.join(" to ")} ms would be ` +
    `--decay_taus ${steps.join(" ")}`;
}

/** Under Dale's principle a weight of 0 has no gradient, and stays 0. */
function withoutSynapses(
  network: RateNetwork,
  layer: number,
): string | undefined {
  if (!network.dale || effectiveWeights(network, layer).some((w) => w !== 0)) {
    return undefined;
  }
  return `warning: ${whichLayers([layer])} all recurrent weights are 0, and ` +
    "under Dale's principle they stay 0: only what else is trained learns; " +
    "a --gain above 0, a larger --P_rec or more units give it synapses";
}

function withoutInhibition(
  { dale, layers }: RateNetwork,
  layer: number,
  { inhibitory_scale, P_inh }: TrainSettings,
): string | undefined {
  const { inhibitory, size } = layers[layer];
  if (!dale || inhibitory_scale !== "balanced" || inhibitory.includes(1)) {
    return undefined;
  }
  return `warning: ${whichLayers([layer])} none of ${
    countOf(size, "unit")
  } is ` +
    `inhibitory (--P_inh ${P_inh}): there is nothing that --inhibitory_scale ` +
    "balanced could balance the excitation with";
}
