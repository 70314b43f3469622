"""Statistics of spikes, computed a second time and compared.

    python3 tools/check_statistics.py spikes.npz found.json

`spikes.npz` holds one spike an entry of trial, unit and step (from 0), step_ms,
duration_ms, and the condition of each trial. `found.json` holds what spikernn
found in them. Everything is computed anew from the spikes by NumPy and SciPy,
after docs/reference/analysis.md and none of spikernn's code: autocorrelations and
timescales, discriminability of two values, Fano factors; and from the numbers in
`found.json` the comparisons of groups and of pairs. Prints the largest relative
difference of each; ends with code 1 if one is above 1e-6.
"""

import json
import sys

import numpy as np
import scipy.optimize
import scipy.stats

tolerance = 1e-6
lags = 15
bin_ms = 50


def read(path):
    """The spikes as (trial, unit, ms), and what there is of trials."""
    files = np.load(path)
    time = files["step"] * float(files["step_ms"])
    return (
        files["trial"].astype(int),
        files["unit"].astype(int),
        time,
        float(files["duration_ms"]),
        files["condition"].astype(int),
    )


def counts_of(trial, unit, time, shape, width, start=0.0):
    """Spikes in windows: trials × units × windows."""
    counts = np.zeros(shape)
    at = np.floor((time - start) / width + 1e-9).astype(int)
    inside = (time >= start) & (at < shape[2])
    np.add.at(counts, (trial[inside], unit[inside], at[inside]), 1)
    return counts


def autocorrelation(counts):
    """Mean over pairs of bins of Pearson's correlation over trials, each lag."""
    bins = counts.shape[1]
    varies = np.ptp(counts, axis=0) > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        all_pairs = np.corrcoef(counts, rowvar=False)
    found = []
    for lag in range(1, lags + 1):
        pairs = [
            all_pairs[b, b + lag]
            for b in range(bins - lag)
            if varies[b] and varies[b + lag]
        ]
        found.append(np.mean(pairs) if pairs else np.nan)
    return np.array(found)


def decay_of(values):
    """Timescale, ms, or why there is none."""
    if np.isnan(values).any():
        return "a lag without a value"
    falls = np.flatnonzero(np.diff(values) < 0)
    if len(falls) == 0:
        return "no fall"
    start = falls[0]
    if start + 1 >= 4:
        return "falls late"
    y = values[start:]
    k = np.arange(len(y))

    def squares(rate):
        basis = np.column_stack([np.exp(-rate * k), np.ones(len(y))])
        rest = y - basis @ np.linalg.lstsq(basis, y, rcond=None)[0]
        return rest @ rest

    # Between rates of 10,000 bins and a 30th of one, then a fit of all three.
    rates = np.geomspace(1e-4, 30, 400)
    sums = np.array([squares(rate) for rate in rates])
    best = int(sums.argmin())
    one_bin = ((y[1:] - y[1:].mean()) ** 2).sum()
    if not sums[best] < one_bin * (1 - 1e-9):
        return "too short"
    if best == 0:
        return "too long"
    basis = np.column_stack([np.exp(-rates[best] * k), np.ones(len(y))])
    slope, constant = np.linalg.lstsq(basis, y, rcond=None)[0]
    (rate, _, _), _ = scipy.optimize.curve_fit(
        lambda k, rate, a, c: a * np.exp(-rate * k) + c,
        k,
        y,
        (rates[best], slope, constant),
        jac=lambda k, rate, a, c: np.column_stack(
            [-a * k * np.exp(-rate * k), np.exp(-rate * k), np.ones(len(k))]
        ),
        xtol=1e-14,
        ftol=1e-14,
        gtol=1e-14,
        maxfev=10_000,
    )
    tau = bin_ms / rate
    return tau if tau <= 500 else "too long"


def half_rates(trial, unit, time, duration, units, chosen):
    """Mean rate over some trials, filtered by a causal half of a Gaussian."""
    samples = np.arange(0, duration + 1e-9, 5)
    found = np.zeros((units, len(samples)))
    for one in range(units):
        spikes = time[np.isin(trial, chosen) & (unit == one)]
        past = samples[None, :] - spikes[:, None]
        height = 2000 / (50 * np.sqrt(2 * np.pi))
        weights = np.where(
            (past >= -1e-9) & (past <= 200),
            height * np.exp(-((past / 50) ** 2) / 2),
            0,
        )
        found[one] = weights.sum(0) / len(chosen)
    return found


def discriminability(spikes, duration, units, condition, pair):
    """Correlation over units of the odd and the even trials' difference."""
    trial, unit, time = spikes
    halves = []
    for parity in (0, 1):
        chosen = []
        for values in pair:
            # Odd and even within each condition.
            chosen.append(
                np.concatenate(
                    [np.flatnonzero(condition == one)[parity::2] for one in values]
                )
            )
        rates = [half_rates(trial, unit, time, duration, units, c) for c in chosen]
        halves.append(rates[0] - rates[1])
    odd, even = halves
    with np.errstate(invalid="ignore"):
        whole = np.corrcoef(odd.T, even.T)
    n = odd.shape[1]
    return whole[:n, n:]


def fano(counts, condition):
    """Variance over mean of counts, over windows and conditions that fired."""
    found = []
    for unit in range(counts.shape[1]):
        ratios = []
        for one in np.unique(condition):
            own = counts[condition == one, unit]
            means = own.mean(0)
            ratios += list((own.var(0) / np.where(means > 0, means, 1))[means > 0])
        found.append(np.mean(ratios) if ratios else np.nan)
    return np.array(found)


def groups_of(first, second):
    """Welch's test with its interval, and Hedges' g."""
    test = scipy.stats.ttest_ind(first, second, equal_var=False)
    interval = test.confidence_interval(0.95)
    free = len(first) + len(second) - 2
    pooled = np.sqrt(
        (
            (len(first) - 1) * np.var(first, ddof=1)
            + (len(second) - 1) * np.var(second, ddof=1)
        )
        / free
    )
    difference = np.mean(first) - np.mean(second)
    small = 1 - 3 / (4 * free - 1)
    return [
        difference,
        interval.low,
        interval.high,
        test.pvalue,
        difference / pooled * small,
    ]


def pairs_of(changes):
    """Student's test of pairs, and Cohen's d."""
    test = scipy.stats.ttest_1samp(changes, 0)
    interval = test.confidence_interval(0.95)
    mean = np.mean(changes)
    return [
        mean,
        interval.low,
        interval.high,
        test.pvalue,
        mean / np.std(changes, ddof=1),
    ]


def difference(found, expected):
    """Largest difference, over the larger of 1 and the number; NaN has to be NaN."""
    found = np.array(found, dtype=float)
    expected = np.array(expected, dtype=float)
    if found.shape != expected.shape:
        return np.inf
    if (np.isnan(found) != np.isnan(expected)).any():
        return np.inf
    gap = np.abs(found - expected) / np.maximum(1, np.abs(expected))
    return float(np.nanmax(gap, initial=0))


def main():
    """Compare, and say what differs."""
    trial, unit, time, duration, condition = read(sys.argv[1])
    with open(sys.argv[2], encoding="utf-8") as file:
        found = json.load(file)
    trials, units = len(condition), int(unit.max()) + 1
    counts = counts_of(
        trial, unit, time, (trials, units, int(duration / bin_ms)), bin_ms
    )
    correlations = np.array([autocorrelation(counts[:, one]) for one in range(units)])
    decays = [decay_of(values) for values in correlations]
    taus = [np.nan if isinstance(one, str) else one for one in decays]
    reasons = [one if isinstance(one, str) else None for one in decays]
    windows = counts_of(
        trial, unit, time, (trials, units, int((duration - 100) / 100)), 100, 100.0
    )
    gaps = {
        "autocorrelation": difference(found["autocorrelation"], correlations),
        "timescales": difference(found["tau"], taus),
        "reasons": 0.0 if found["excluded"] == reasons else np.inf,
        "discriminability": difference(
            found["discriminability"],
            discriminability(
                (trial, unit, time), duration, units, condition, found["pair"]
            ),
        ),
        "fano": difference(found["fano"], fano(windows, condition)),
        "groups": difference(
            found["groups"], groups_of(found["first"], found["second"])
        ),
        "pairs": difference(found["pairs"], pairs_of(found["first"])),
    }
    for name, gap in gaps.items():
        print(f"{name}: {gap:.1e}")
    kept = sum(reason is None for reason in reasons)
    print(f"{kept} of {units} units have a timescale")
    wrong = [name for name, gap in gaps.items() if not gap <= tolerance]
    if wrong:
        sys.exit(f"Cannot agree: {', '.join(wrong)} differ by more than {tolerance}")


if __name__ == "__main__":
    main()
