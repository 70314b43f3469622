"""The same analyses by scikit-learn, SciPy and statsmodels, for comparison.

Takes a folder with activity.npz (values, conditions, folds, decay), prints JSON.
"""

import json
import sys
import warnings

import numpy as np
import pandas
import scipy.optimize
import scipy.stats
import statsmodels.formula.api
import statsmodels.stats.anova
import statsmodels.stats.multitest
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

warnings.simplefilter("ignore")
files = np.load(sys.argv[1])
values, folds = files["values"], files["folds"]
conditions = [str(name) for name in files["conditions"]]
trials, units, bins = values.shape
signs = [name.split(":")[1] for name in conditions]
labels = {
    "match": np.array([name.split(":")[0] for name in conditions]),
    "stimulus 1": np.array([sign[0] for sign in signs]),
    "condition": np.array(conditions),
}
found = {}

# Components of the trial averages, conditions in the order of their first trials.
names = list(dict.fromkeys(conditions))
rows = np.concatenate(
    [values[np.array(conditions) == name].mean(0).T for name in names]
)
pca = PCA().fit(rows)
found["variances"] = pca.explained_variance_.tolist()
signed = (
    pca.components_
    * np.sign(
        pca.components_[
            np.arange(len(pca.components_)), np.abs(pca.components_).argmax(1)
        ]
    )[:, None]
)
found["loadings"] = signed.T.tolist()

# Cross-temporal decoding on the same folds.
found["correct"] = {}
for name, of in labels.items():
    correct = np.zeros((bins, bins), int)
    count = len(set(of))
    for fold in np.unique(folds):
        train, test = folds != fold, folds == fold
        for at in range(bins):
            lda = LinearDiscriminantAnalysis(
                solver="lsqr", shrinkage="auto", priors=np.full(count, 1 / count)
            ).fit(values[train, :, at], of[train])
            for other in range(bins):
                guess = lda.predict(values[test, :, other])
                correct[at, other] += (guess == of[test]).sum()
    found["correct"][name] = correct.tolist()

# Selectivity and mixed selectivity of the means over all bins.
means = values.mean(2)
plus = labels["stimulus 1"] == "+"
u, p = scipy.stats.mannwhitneyu(
    means[plus], means[~plus], method="asymptotic", use_continuity=False
)
found["area"] = (u / (plus.sum() * (~plus).sum())).tolist()
found["p"] = [None if np.isnan(value) else value for value in p]
kept = ~np.isnan(p)
adjusted = np.full(units, np.nan)
adjusted[kept] = statsmodels.stats.multitest.multipletests(p[kept], method="fdr_bh")[1]
found["adjusted"] = [None if np.isnan(value) else value for value in adjusted]
found["variance"] = []
for unit in range(1, units):
    frame = pandas.DataFrame(
        {
            "y": means[:, unit],
            "a": [sign[0] for sign in signs],
            "b": [sign[1] for sign in signs],
        }
    )
    fitted = statsmodels.formula.api.ols("y ~ C(a, Sum) * C(b, Sum)", frame).fit()
    table = statsmodels.stats.anova.anova_lm(fitted, typ=3)
    found["variance"].append(
        {
            "squares": table["sum_sq"].tolist()[1:],
            "f": table["F"].tolist()[1:4],
            "p": table["PR(>F)"].tolist()[1:4],
        }
    )

# Autocorrelations and their decay.
counts = files["decay"]
trials, units, bins = counts.shape
found["autocorrelations"], found["tau"] = [], []
for unit in range(units):
    lags = []
    for lag in range(1, 16):
        pairs = [
            np.corrcoef(counts[:, unit, bin], counts[:, unit, bin + lag])[0, 1]
            for bin in range(bins - lag)
            if np.ptp(counts[:, unit, bin]) > 0
            and np.ptp(counts[:, unit, bin + lag]) > 0
        ]
        lags.append(np.mean(pairs))
    found["autocorrelations"].append(lags)
    fall = np.flatnonzero(np.diff(lags) < 0)[0]
    k = np.arange(fall + 1, 16)
    best = None
    for guess in (50, 200, 1000):
        try:
            fit, _ = scipy.optimize.curve_fit(
                lambda k, a, b, tau: a * (np.exp(-k * 50 / tau) + b),
                k,
                np.array(lags)[fall:],
                p0=(0.5, 0, guess),
                ftol=1e-15,
                xtol=1e-15,
                gtol=1e-15,
                maxfev=20000,
            )
        except RuntimeError:
            continue
        squares = np.sum(
            (fit[0] * (np.exp(-k * 50 / fit[2]) + fit[1]) - np.array(lags)[fall:]) ** 2
        )
        if best is None or squares < best[0]:
            best = squares, fit[2]
    found["tau"].append(None if best is None else best[1])

# Tails, where they are small.
found["normal"] = (2 * scipy.stats.norm.sf([0.01, 0.5, 1.5, 3, 8, 20])).tolist()
found["fisher"] = [
    scipy.stats.f.sf(f, d, e)
    for f, d, e in [(0.1, 1, 5), (1, 3, 40), (12, 2, 76), (80, 1, 196), (500, 4, 300)]
]
print(json.dumps(found))
