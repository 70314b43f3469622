/** A spiking network as a script for Brian2. */
import { neuronModels } from "../network/neurons.ts";
import { filterOf, type SynapseName } from "../network/synapses.ts";
import { scriptFiles } from "./numbers.ts";
import type { ScriptOf } from "./numpy.ts";
import type { Exported, ToWrite } from "./types.ts";

/** A filter: what decays in a step, what a spike adds after it. */
function filterText(
  kind: SynapseName,
): { state: string; step: string; arrives: string; leaves: string } {
  const { decays, rises } = filterOf({ kind });
  if (rises) {
    const post = rises === "tr" ? "tr" : "td_post";
    return {
      state: `h : volt / second
hr : Hz / second
`,
      step: `I = I * exp(-dt / td) + h * dt
h = h * exp(-dt / ${rises})
r = r * exp(-dt / td) + hr * dt
hr = hr * exp(-dt / ${rises})`,
      arrives: `h_post += w / (${post} * td_post)`,
      leaves: `hr += 1 / (${rises} * td)`,
    };
  }
  return decays
    ? {
      state: "",
      step: `I = I * exp(-dt / td)
r = r * exp(-dt / td)`,
      arrives: "I_post += w / td_post",
      leaves: "r += 1 / td",
    }
    : {
      state: "",
      step: `I = 0 * volt
r = 0 * Hz`,
      arrives: "I_post += w / dt",
      leaves: "r += 1 / dt",
    };
}

/** The script; its numbers are in the .npz of the same name. */
function brian2Script(
  { neuron, synapse, name, by, channels }: Omit<ScriptOf, "activation"> & {
    readonly channels: number;
  },
): string {
  const { state, step, arrives, leaves } = filterText(synapse);
  const { adapts, brian2: derivative } = neuronModels[neuron];
  const input = Array.from(
    { length: channels },
    (_, c) => `w_in${c} * stimulus(t, ${c})`,
  ).join(" + ") || "0 * mV";
  const weights = Array.from(
    { length: channels },
    (_, c) => `w_in${c} : volt\n`,
  ).join("");
  return `"""A spiking network in Brian2, written by ${by}.

    python ${name}.py                # a trial of every condition
    python ${name}.py CONDITION ...  # of these conditions

Numbers are in ${name}.npz beside this file; all layers are one group.
Method: Kim, Li and Sejnowski, PNAS 116:22811 (2019).
"""
import sys
from pathlib import Path

import numpy as np
from brian2 import (Hz, Network, NeuronGroup, SpikeMonitor, StateMonitor, Synapses,
                    TimedArray, defaultclock, mV, prefs, second, seed as set_seed)

prefs.codegen.target = "numpy"  # without this line Brian2 compiles: faster
with np.load(Path(__file__).with_suffix(".npz")) as file:
    p = dict(file)
constants = dict(
    {c: p[c] / 1000 * second for c in ("tm", "tref", "tr", "tau_w") if c in p},
    **{c: p[c] * mV for c in ("vreset", "vpeak", "slope", "vt", "b_w") if c in p})

equations = """
dv/dt = active * (${derivative}) / tm + sigma * xi : volt
current = I + bias + ext${adapts ? " - a" : ""} : volt
ext = ${input} : volt
now : second (shared)
active = int(now > last + tref) : 1
I : volt
r : Hz
${state}${adapts ? "a : volt\n" : ""}last : second
td : second
bias : volt
${weights}"""


def spiking(u, noise=p["noise"], v=None, seed=None):
    """Steps (from 1) and units (from 0) of the spikes, and the output at every dt.

    u: channels by columns, one column more than steps of the rate network."""
    set_seed(seed)
    rng, units = np.random.default_rng(seed), len(p["td"])
    defaultclock.dt = step = p["dt"] / 1000 * second
    n = round(p["step"] / p["dt"])
    i = np.arange(1, (u.shape[1] - 1) * n + 1)
    names = dict(constants, sigma=noise * mV / step**0.5,
                 stimulus=TimedArray(u[:, (2 * i + n) // (2 * n)].T, dt=step))
    group = NeuronGroup(units, equations, method="euler", namespace=names,
                        threshold="v >= vpeak", reset="""
v = vreset
last += now - last${adapts ? "\na += b_w" : ""}
${leaves}""")
    group.v = (rng.uniform(*p["v0"], units) if v is None else np.array(v)) * mV
    group.td, group.bias = p["td"] / 1000 * second, p["bias"] * mV
    for c, weights in enumerate(p["w_in"].T):
        setattr(group, f"w_in{c}", weights * mV)
    group.run_regularly("now = (t_in_timesteps + 1) * dt", when="before_groups")
    group.run_regularly("""
${step}${
    adapts ? "\na = a * exp(-dt / tau_w)" : ""
  }""", when="after_thresholds")
    synapses = Synapses(group, group, "w : volt * second", namespace=names,
                        on_pre="${arrives}")
    post, pre = np.nonzero(p["w"])
    if len(post):
        synapses.connect(i=pre, j=post)
        synapses.w = p["w"][post, pre] * mV * second
    spikes, rates = SpikeMonitor(group), StateMonitor(group, "r", True, when="end")
    parts = [group, spikes, rates] + ([synapses] if len(post) else [])
    Network(*parts).run(len(i) * step, namespace={})
    steps = np.round(spikes.t / step).astype(int) + 1
    return steps, np.array(spikes.i), p["w_out"] @ (rates.r / Hz) + p["b_out"]


if __name__ == "__main__":
    names = list(p["conditions"])
    for name in sys.argv[1:] or dict.fromkeys(names):
        if name not in names:
            sys.exit(f"no trial of {name}, there are {', '.join(names)}")
        u, target = p["u"][names.index(name)], p["target"][names.index(name)]
        t = np.flatnonzero(abs(target) == abs(target).max())[-1]  # where it is largest
        steps, units, out = spiking(np.column_stack([u, u[:, -1]]), seed=0)
        out = out[(t + 1) * len(out) // len(target) - 1]
        print(f"{name}: target {target[t]:g}, output {out:.3f}, {len(steps)} spikes")
`;
}

/** The spiking network as a script, with its numbers and trials. */
export async function write(network: ToWrite): Promise<Exported> {
  const { spiking, parameters, name, by } = network;
  const script = brian2Script({
    neuron: spiking.neuron.name,
    synapse: spiking.synapse.kind,
    channels: parameters.channels,
    name,
    by,
  });
  return {
    files: await scriptFiles(script, network),
    lost: ["the rate network"],
  };
}
