"""Statistics of spike trains by Elephant and SciPy, the same questions as JSON."""

import json
import sys
import warnings

import neo
import numpy as np
import quantities as pq
from elephant import statistics
from elephant.conversion import BinnedSpikeTrain
from elephant.spike_train_correlation import correlation_coefficient
from scipy.optimize import minimize
from scipy.signal import welch

warnings.filterwarnings("ignore")
asked = json.load(sys.stdin)
stop = asked["durationMs"]
trains = [
    neo.SpikeTrain(t * pq.ms, t_stop=stop * pq.ms)
    for t in map(np.array, asked["trains"])
]
intervals = [np.asarray(statistics.isi(t).magnitude) for t in trains]
binned = BinnedSpikeTrain(trains, bin_size=100 * pq.ms)

# One unit in many trials.
trials = [
    [neo.SpikeTrain(np.array(t) * pq.ms, t_stop=stop * pq.ms) for t in unit]
    for unit in asked["trials"]
]


def counts(unit):
    return [
        statistics.fanofactor(
            [t.time_slice(a * pq.ms, (a + 100) * pq.ms) for t in unit]
        )
        for a in range(0, stop, 100)
    ]


def likelihood(parameters):
    a, b = parameters
    total = 0
    for row in asked["answers"]:
        odds = a + b * row["level"]
        total += row["trials"] * np.logaddexp(0, odds) - row["positive"] * odds
    return total


fit = minimize(
    likelihood,
    [0, 1],
    method="Nelder-Mead",
    options={"xatol": 1e-10, "fatol": 1e-12, "maxiter": 5000},
)
frequencies, density = welch(
    np.array(asked["signal"]), fs=1000, window="hann", nperseg=500, noverlap=250
)
json.dump(
    {
        "cv": [statistics.cv(i) for i in intervals],
        "cv2": [statistics.cv2(i) for i in intervals],
        "lv": [statistics.lv(i) for i in intervals],
        "rate": [
            float(statistics.mean_firing_rate(t).rescale(pq.Hz).magnitude)
            for t in trains
        ],
        "fano": [float(np.nanmean(counts(unit))) for unit in trials],
        "correlation": correlation_coefficient(binned).tolist(),
        "fit": fit.x.tolist(),
        "frequencies": frequencies.tolist(),
        "density": density.tolist(),
    },
    sys.stdout,
)
