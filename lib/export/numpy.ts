/** A network as a script that needs NumPy alone. */
import { type Activation, transferFunctions } from "../network/activations.ts";
import { neuronModels, type NeuronName } from "../network/neurons.ts";
import { filterOf, type SynapseName } from "../network/synapses.ts";
import { scriptFiles } from "./numbers.ts";
import type { Exported, ToWrite } from "./types.ts";

/** What a step does to synaptic current and filtered spikes, by the filter. */
function filterStep(kind: SynapseName): string {
  const { decays, rises } = filterOf({ kind });
  if (rises) {
    return `I, h = I * np.exp(-dt / td) + h * dt, h * np.exp(-dt / ${rises})
        r, hr = r * np.exp(-dt / td) + hr * dt, hr * np.exp(-dt / ${rises})
        h += w[:, fired].sum(axis=1) / (${rises} * td)
        hr[fired] += 1 / (${rises === "tr" ? "tr" : "td[fired]"} * td[fired])`;
  }
  return decays
    ? `I, r = I * np.exp(-dt / td), r * np.exp(-dt / td)
        I += w[:, fired].sum(axis=1) / td
        r[fired] += 1 / td[fired]`
    : `I, r = w[:, fired].sum(axis=1) / dt, np.zeros(len(v))
        r[fired] = 1 / dt`;
}

/** What a script has to know of its network. */
export interface ScriptOf {
  readonly activation: Activation;
  readonly neuron: NeuronName;
  readonly synapse: SynapseName;
  /** Name of the script, without ending. */
  readonly name: string;
  /** What wrote it: program and version. */
  readonly by: string;
}

/** The script; its numbers are in the .npz of the same name. */
function numpyScript(
  { activation, neuron, synapse, name, by }: ScriptOf,
): string {
  const { adapts, numpy: derivative } = neuronModels[neuron];
  const adaptation = adapts ? " - a" : "";
  return `"""A rate network and its spiking twin in NumPy, written by ${by}.

    python ${name}.py                # a trial of every condition, both networks
    python ${name}.py CONDITION ...  # of these conditions

Numbers are in ${name}.npz beside this file: voltages in mV, times in ms,
weights w in mV s (row = postsynaptic unit), all layers in one matrix.
Method: Kim, Li and Sejnowski, PNAS 116:22811 (2019).
"""
import sys
from pathlib import Path

import numpy as np

with np.load(Path(__file__).with_suffix(".npz")) as file:
    p = dict(file)
w, td = p["w"], p["td"] / 1000  # times in s from here on
dt, tm, tref, tr = (p[name] / 1000 for name in ("dt", "tm", "tref", "tr"))


def phi(x):
    return ${transferFunctions[activation].numpy}


def rate(u, noise=0.1, seed=None):
    """Outputs and rates (units by steps) for a stimulus u, channels by steps."""
    rng, units = np.random.default_rng(seed), len(td)
    x = 0.1 * noise * rng.normal(size=units)
    rates = [phi(x)]
    for t in range(1, u.shape[1]):
        drive = p["rate_w"] @ rates[-1] + p["w_in"] @ u[:, t - 1]
        x = x + (drive - x) / p["rate_tau"] + noise * rng.normal(size=units)
        rates.append(phi(x))
    rates = np.array(rates).T
    return p["rate_w_out"] @ rates[:, 1:] + p["rate_b_out"], rates


def spiking(u, noise=p["noise"], v=None, seed=None):
    """Spikes (step from 1, unit from 0), and the output at every step of dt.

    u has one column more than the rate network's; v are initial voltages."""
    rng, units = np.random.default_rng(seed), len(td)
    v = rng.uniform(*p["v0"], units) if v is None else np.array(v, float)
    ${adapts ? "I, h, r, hr, last, a" : "I, h, r, hr, last"} = np.zeros((${
    adapts ? 6 : 5
  }, units))
    n = round(p["step"] / p["dt"])
    spikes, out = [], []
    for i in range(1, (u.shape[1] - 1) * n + 1):
        current = I + p["bias"] + p["w_in"] @ u[:, (2 * i + n) // (2 * n)]${adaptation}
        slope = ${derivative}
        v = np.where(dt * i > last + tref, v + dt * (slope / tm), v)
        if noise:
            v += noise * rng.normal(size=units)
        fired = np.flatnonzero(v >= p["vpeak"])
        last[fired] += dt * i - last[fired]
        ${
    adapts
      ? `a *= np.exp(-p["dt"] / p["tau_w"])
        a[fired] += p["b_w"]
        `
      : ""
  }${filterStep(synapse)}
        v[fired] = p["vreset"]
        spikes += [(i, int(unit)) for unit in fired]
        out.append(p["w_out"] @ r + p["b_out"])
    return spikes, np.array(out)


if __name__ == "__main__":
    names = list(p["conditions"])
    for name in sys.argv[1:] or dict.fromkeys(names):
        if name not in names:
            sys.exit(f"no trial of {name}, there are {', '.join(names)}")
        u, target = p["u"][names.index(name)], p["target"][names.index(name)]
        t = np.flatnonzero(abs(target) == abs(target).max())[-1]  # where it is largest
        output = rate(u, seed=0)[0][:t + 1][-1]
        spikes, out = spiking(np.column_stack([u, u[:, -1]]), seed=0)
        out = out[(t + 1) * len(out) // len(target) - 1]
        print(f"{name}: target {target[t]:g}, output {output:.3f}, spiking {out:.3f},"
              f" {len(spikes)} spikes")
`;
}

/** Both networks as a script, with their numbers and trials. */
export async function write(network: ToWrite): Promise<Exported> {
  const { spiking, name, by } = network;
  const script = numpyScript({
    activation: spiking.rate.activation,
    neuron: spiking.neuron.name,
    synapse: spiking.synapse.kind,
    name,
    by,
  });
  return { files: await scriptFiles(script, network), lost: [] };
}
