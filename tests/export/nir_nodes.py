"""Runs a graph of NIR step by step: leaky nodes decay exactly, the LIF by Euler's
method, spikes are pulses of height 1/dt that last one step. A graph's own step
(metadata) is for forms that are made for one."""
import json
import sys

import nir
import numpy as np


def simulate(path, u, n, dt, v):
    """u: channels by columns of n steps; v: initial voltages above the reset."""
    graph = nir.read(path)
    nodes, steps = graph.nodes, (u.shape[1] - 1) * n
    into = {name: [a for a, b in graph.edges if b == name] for name in nodes}
    value = {name: np.zeros(node.output_type["output"]) for name, node in nodes.items()}
    (lif,) = [name for name, node in nodes.items() if isinstance(node, nir.LIF)]
    voltage, spikes, outputs = v.copy(), [], []
    # What comes after the neurons in a step, each node after those it takes.
    order, waiting = [], [name for name in nodes if name != lif]
    while waiting:
        ready = next(name for name in waiting
                     if all(a == lif or a not in waiting or a == name for a in into[name]))
        order.append(ready)
        waiting.remove(ready)
    for i in range(1, steps + 1):
        value["input"] = u[:, (2 * i + n) // (2 * n)]
        value["input_weights"] = nodes["input_weights"].weight @ value["input"] + nodes["input_weights"].bias
        node = nodes[lif]
        current = sum(value[name] for name in into[lif])
        voltage = voltage + dt * ((node.v_leak - voltage + node.r * current) / node.tau)
        fired = voltage >= node.v_threshold
        value[lif] = fired / dt
        voltage[fired] = node.v_reset[fired]
        spikes += [(i, int(unit)) for unit in np.flatnonzero(fired)]
        before = dict(value)
        for name in order:
            node = nodes[name]
            if isinstance(node, (nir.Input,)) or name == "input_weights":
                continue
            # A filter behind a filter takes what that was a step before.
            late = lambda a: before[a] if isinstance(nodes[a], nir.LI) else value[a]
            if isinstance(node, nir.LI):
                x = sum(late(a) for a in into[name])
                value[name] = value[name] * np.exp(-dt / node.tau) + node.r * x * dt / node.tau
            elif isinstance(node, nir.Affine):
                value[name] = node.weight @ sum(value[a] for a in into[name]) + node.bias
            elif isinstance(node, nir.Linear):
                value[name] = node.weight @ sum(value[a] for a in into[name])
            elif isinstance(node, nir.Output):
                value[name] = sum(value[a] for a in into[name])
        outputs.append(float(value["output"][0]))
    return spikes, outputs


def simulate_form(path, u, n, steps):
    """The form for snnTorch as snnTorch computes it: alpha and beta by its step."""
    graph = nir.read(path)
    neurons = graph.nodes["neurons"]
    assert set(neurons.edges) == {("input", "lif"), ("lif", "weights"), ("weights", "lif"),
                                  ("lif", "output")}
    cuba, w = neurons.nodes["lif"], neurons.nodes["weights"].weight
    w_in, dt = graph.nodes["input_weights"], float(graph.metadata["dt"])
    assert np.allclose(cuba.r, cuba.tau_mem / dt) and np.allclose(cuba.v_leak, 0)
    assert np.allclose(cuba.w_in * dt / cuba.tau_syn, 1)
    alpha, beta = 1 - dt / cuba.tau_syn, 1 - dt / cuba.tau_mem
    syn, mem, spiked, spikes = (np.zeros(len(w)) for _ in range(4))
    for i in range(steps):
        syn = alpha * syn + w_in.weight @ u[:, i // n] + w_in.bias + w @ spiked
        mem = beta * mem + syn
        spiked = (mem > cuba.v_threshold).astype(float)
        mem[spiked > 0] = 0
        spikes += spiked
    return [float(count) for count in spikes]


if __name__ == "__main__":
    runs = []
    for trial in json.load(sys.stdin):
        u = np.array(trial["u"])
        if trial["form"]:
            runs.append({"counts": simulate_form(trial["path"], u, 50, 50 * (u.shape[1] - 1))})
        else:
            v = np.array(trial["v"]) - trial["reset"]
            spikes, out = simulate(trial["path"], u, 50, 0.1 / 1000, v)
            runs.append({"spikes": spikes, "out": out})
        graph = nir.read(trial["path"])
        runs[-1]["lost"] = graph.metadata["lost"]
        runs[-1]["nodes"] = sorted({type(node).__name__ for node in graph.nodes.values()})
    print(json.dumps(runs))
