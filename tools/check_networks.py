#!/usr/bin/env python3
"""
Checks what spikernn says of networks by a program that shares no code with it:
NumPy, from the plain fields of the model files alone. The tasks, both rules of
judgement, the rate network and the LIF network are written here once more, from
docs/how-it-works/model.md and docs/reference/model-file.md; stimuli and noise are drawn by NumPy. So the
numbers agree as two samples do, or they do not.

    spikernn eval MODEL.mat --spiking --trials 200 --seed 1 --json > MODEL.json
    python3 tools/check_networks.py MODEL.mat [MODEL.mat ...] --trials 100

Beside each MODEL.mat there must be MODEL.json. Prints a table in Markdown, in pairs
what spikernn says and what NumPy finds; the exit code is 1 if a number of any network is off by more than chance makes once
in about 30,000 times, 2 if a file cannot be read.
"""
import argparse
import json
import os
import sys

import numpy as np
import scipy.io

# Beyond this many standard errors a difference is none of chance.
LIMIT = 4.2


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


ACTIVATIONS = {
    "sigmoid": sigmoid,
    "softplus": lambda x: np.clip(np.logaddexp(0, x), 0, 20),
    "clipped_relu": lambda x: np.clip(x, 0, 20),
}


def go_nogo(rng, trial):
    """Go: a pulse, then an output of 1; NoGo: nothing."""
    go = trial % 2 == 0
    u, z = np.zeros((1, 200)), np.zeros(200)
    if go:
        u[0, 50:75] = 1
        z[75:] = 1
    return u, z, 1 if go else 0, (75, 100), (100, 200)


def mante(rng, trial):
    """The sign of the noisy stimulus that the context points to."""
    context, first, second = trial % 2, trial // 2 % 2, trial // 4 % 2
    means = np.array([0.5 if first else -0.5, 0.5 if second else -0.5])
    u, z = np.zeros((4, 500)), np.zeros(500)
    u[:2, 50:250] = means[:, None] + rng.standard_normal((2, 200))
    u[2 + context] = 1
    wanted = int(np.sign(means[context]))
    z[250:] = wanted
    return u, z, wanted, (299, 260), (260, 500)


def match(rng, trial):
    """Whether two pulses, a delay apart, have the same sign."""
    first, second = (1 if trial % 2 else -1), (1 if trial // 2 % 2 else -1)
    u, z = np.zeros((2, 200)), np.zeros(200)
    u[0, 50:75] = first
    u[1, 150:175] = second
    wanted = 1 if first == second else -1
    z[175:] = wanted
    return u, z, wanted, (175, 180), (180, 200)


TASKS = {
    "go-nogo": (go_nogo, 5),
    "mante": (mante, 5),
    "xor": (match, 5),
    "dms": (match, 20),
}


def judge(out, target, wanted, paper, strict, per_step, spiking):
    """By the paper's rule, by the strict one, and the mean error."""

    def window(from_, to):
        # Steps from·n to to·n, counted from 1, of a spiking network.
        start = max(0, from_ * per_step - 1) if spiking else from_
        return slice(start, min(to * per_step, len(out)))

    heard = out[window(paper[1] if spiking else paper[0], len(target))]
    where = window(*strict)
    there = out[where]
    index = np.arange(len(out))[where] // per_step
    error = np.abs(there - target[index]).mean()
    opposite = False
    if wanted == 0:
        right = heard.max() < 0.3 and (spiking or heard.min() > -0.3)
    elif wanted > 0:
        right = heard.max() > 0.7
        opposite = there.min() < -0.7
    else:
        right = heard.min() < -0.7
        opposite = there.max() > 0.7
    return right, right and error < 0.5 and not opposite, error


def rate_network(m):
    """Effective weights, input weights, readout, decay: all layers as one."""
    layers = int(m.get("n_layers", 1))
    of = lambda name, l: m[name] if layers == 1 else m[f"{name}_{l}"]
    sizes = [len(np.atleast_1d(of("exc", l))) for l in range(layers)]
    start = np.concatenate([[0], np.cumsum(sizes)])
    span = [slice(start[l], start[l + 1]) for l in range(layers)]
    total = start[-1]
    weights = np.zeros((total, total))
    channels = TASKS[task_name(m)][0](np.random.default_rng(0), 0)[0].shape[0]
    w_in = np.zeros((total, channels))
    w_out = np.zeros(total)
    decay = np.zeros(total)
    taus = np.atleast_1d(m["taus"]).astype(float)
    for l in range(layers):
        weights[span[l], span[l]] = of("w", l) @ of("m", l) * of("som_m", l)
        own = f"w_in_{l}" if layers > 1 else "w_in"
        if own in m:
            w_in[span[l]] = np.asarray(m[own], float).reshape(sizes[l], -1)
        decay[span[l]] = (
            taus[0]
            if len(taus) == 1
            else sigmoid(of("taus_gaus", l)) * (taus[1] - taus[0]) + taus[0]
        )
        for b in range(layers):
            name = f"w_inter_{l}_{b}"
            if name in m:
                there = m.get(f"mask_inter_{l}_{b}", 1)
                weights[span[b], span[l]] = m[name] @ of("m", l) * there
    read = np.atleast_1d(m.get("spikernn_readout_from", layers - 1)).astype(int)
    parts = np.split(np.atleast_1d(m["w_out"]), np.cumsum([sizes[l] for l in read]))
    for l, part in zip(read, parts):
        w_out[span[l]] = part
    return weights, w_in, w_out, float(m["b_out"]), decay


def run_rate(m, trials, rng):
    weights, w_in, w_out, b_out, decay = rate_network(m)
    phi = ACTIVATIONS[str(m["activation"])]
    u = np.stack([trial[0] for trial in trials], axis=2).astype(float)
    units, (_, steps, count) = len(decay), u.shape
    keep = (1 - 1 / decay)[:, None]
    x = 0.01 * rng.standard_normal((units, count))
    outputs = np.zeros((steps - 1, count))
    for t in range(1, steps):
        drive = weights @ phi(x) + w_in @ u[:, t - 1]
        x = keep * x + drive / decay[:, None]
        x += 0.1 * rng.standard_normal(x.shape)
        outputs[t - 1] = w_out @ phi(x) + b_out
    return [judge(outputs[:, k], *trial[1:], 1, False) for k, trial in enumerate(trials)]


def run_spikes(m, trials, rng):
    """LIF units with double-exponential synapses, all trials side by side."""
    get = lambda name: m["spikernn_spiking_" + name]
    if str(get("neuron")) != "lif" or str(get("synapse")) != "double":
        raise ValueError("only LIF units with double-exponential synapses are known")
    weights, w_out, td = get("w"), get("w_out"), get("td")[:, None]
    units, count = len(td), len(trials)
    w_in = get("w_in").reshape(units, -1)
    dt, tm, tr = float(get("dt")), float(get("tm")), float(get("tr"))
    rest = int(np.floor(float(get("tref")) / dt + 1e-9))
    n = round(float(get("step")) / dt)
    u = np.stack([trial[0] for trial in trials], axis=2).astype(float)
    u = np.concatenate([u, u[:, -1:]], axis=1)
    steps = (u.shape[1] - 1) * n
    low, high = get("v0")
    v = low + (high - low) * rng.random((units, count))
    current, h, r, hr = np.zeros((4, units, count))
    last = np.zeros((units, count), int)
    fade, rise = np.exp(-dt / td), np.exp(-dt / tr)
    outputs, spikes = np.zeros((steps, count)), np.zeros((units, count))
    bias = get("bias")[:, None]
    # 1/s of ms: a filtered spike has an integral of 1.
    jump = 1000 / (tr * td)
    noise = float(get("noise"))
    for i in range(1, steps + 1):
        if (2 * i + n) % (2 * n) == 0 or i == 1:
            drive = bias + w_in @ u[:, (2 * i + n) // (2 * n)]
        v += np.where(i - last > rest, dt / tm * (current + drive - v), 0)
        v += noise * rng.standard_normal(v.shape)
        fired = v >= float(get("vpeak"))
        current = current * fade + h * dt
        r = r * fade + hr * dt
        h *= rise
        hr *= rise
        if fired.any():
            last[fired] = i
            v[fired] = float(get("vreset"))
            h += jump * (weights @ fired)
            hr += jump * fired
            spikes += fired
        outputs[i - 1] = w_out @ r + float(get("b_out"))
    seconds = steps * dt / 1000
    judged = [judge(outputs[:, k], *trial[1:], n, True) for k, trial in enumerate(trials)]
    return judged, spikes / seconds


def task_name(m):
    task = json.loads(str(m["spikernn_task"]))
    if task["name"] not in TASKS:
        raise ValueError(f"the task {task['name']} is not known")
    steps = len(TASKS[task["name"]][0](np.random.default_rng(0), 0)[1])
    if task["timing"]["T"] != steps:
        raise ValueError(f"only trials of {steps} steps are known")
    return task["name"]


def compared(judged, score, conditions):
    """Strict performance and output error beside what was printed; largest z."""
    mine = np.array([strict for _, strict, _ in judged], float)
    errors = np.array([error for _, _, error in judged])
    there, value = score["strict"]["trials"], score["strict"]["value"]
    shares = (mine.sum() + value * there + 1) / (len(mine) + there + 2)
    inverse = 1 / len(mine) + 1 / there
    z = [(mine.mean() - value) / np.sqrt(shares * (1 - shares) * inverse)]
    # The spread of errors within a condition: conditions are in equal numbers.
    groups = [errors[k::conditions] for k in range(conditions)]
    within = np.mean([group.var(ddof=1) for group in groups])
    # A wrong trial, which may be in one sample alone, is off by the target's range.
    shares = [mine[k::conditions].mean() for k in range(conditions)]
    printed = [each["strict"]["value"] for each in score["conditions"]]
    reach = 1 if conditions == 2 else 2
    mixed = [np.mean([p * (1 - p) for p in each]) for each in (shares, printed)]
    error = np.sqrt((within + reach**2 * max(mixed)) * inverse)
    z.append((errors.mean() - score["outputError"]) / error)
    return mine.mean(), value, errors.mean(), score["outputError"], np.abs(z).max()


def check(path, count, rng):
    m = scipy.io.loadmat(path, squeeze_me=True)
    lines = open(os.path.splitext(path)[0] + ".json").read().splitlines()
    events = [json.loads(line) for line in lines if line.startswith("{")]
    said = {e["network"]: e["score"] for e in events if e.get("kind") == "evaluation"}
    draw, _ = TASKS[task_name(m)]
    trials = [draw(rng, k) for k in range(count)]
    conditions = 8 if draw is mante else 4 if draw is match else 2
    rate = compared(run_rate(m, trials, rng), said["rate"], conditions)
    judged, hz = run_spikes(m, trials, rng)
    spikes = compared(judged, said["spiking"], conditions)
    inhibitory = np.concatenate(
        [
            np.atleast_1d(m[name])
            for name in sorted(name for name in m if name == "inh" or name[:4] == "inh_")
        ]
    ).astype(bool)
    printed = said["spiking"]["rates"]
    rates, z = [], [rate[-1], spikes[-1]]
    for chosen, population in ((~inhibitory, "excitatory"), (inhibitory, "inhibitory")):
        if not chosen.any():
            rates += [np.nan, np.nan]
            continue
        own = hz[chosen].mean(axis=0)
        error = own.std(ddof=1) * np.sqrt(1 / count + 1 / said["spiking"]["strict"]["trials"])
        z.append(abs(own.mean() - printed[population]) / max(error, 1e-9))
        rates += [printed[population], own.mean()]
    record = json.loads(str(m["spikernn_search"]))
    outcomes = record.get("calibration", {}).get("outcomes", [])
    kept = [outcome["step"] for outcome in outcomes if outcome["kept"]]
    layers = int(m.get("n_layers", 1))
    return {
        "name": task_name(m),
        "units": len(m["spikernn_spiking_td"]),
        "layers": layers,
        "activation": str(m["activation"]),
        "calibration": ", ".join(kept) or "factor alone",
        "rate": rate,
        "spikes": spikes,
        "hz": rates,
        "z": max(z),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="+", metavar="MODEL.mat")
    parser.add_argument("--trials", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.trials < 16:
        parser.error(f"--trials is {args.trials}, 16 are needed at least")
    rng = np.random.default_rng(args.seed)
    columns = (
        "| task | units | layers | activation | kept | rate: strict, % | error "
        "| spiking: strict, % | error | E, I, Hz | largest z | |"
    )
    print(columns)
    print("|" + " --- |" * (columns.count("|") - 1))
    bad = 0
    for path in args.models:
        try:
            one = check(path, args.trials, rng)
        except (OSError, KeyError, ValueError) as error:
            print(f"Cannot check {path}: {error!r}", file=sys.stderr)
            return 2
        good = one["z"] < LIMIT
        bad += not good
        cells = [one["name"], one["units"], one["layers"], one["activation"], one["calibration"]]
        for mine, theirs, error, said, _ in (one["rate"], one["spikes"]):
            cells += [f"{100 * theirs:.1f} / {100 * mine:.1f}", f"{said:.3f} / {error:.3f}"]
        cells += ["{:.1f} / {:.1f}, {:.1f} / {:.1f}".format(*one["hz"])]
        cells += [f"{one['z']:.1f}", "ok" if good else "OFF"]
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    print(f"\n{len(args.models) - bad} of {len(args.models)} networks agree", flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
