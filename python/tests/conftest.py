"""Networks that the tests share: tiny, trained once."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import spikernn as sp

tiny = {"N": 12, "n_trials": 6, "eval_freq": 3, "eval_trials": 4, "seed": 1}


@pytest.fixture(scope="session", autouse=True)
def _closed() -> Iterator[None]:
    yield
    sp.close()


@pytest.fixture(scope="session")
def net() -> sp.Network:
    return sp.train("go-nogo", **tiny)  # type: ignore[call-overload, no-any-return]


@pytest.fixture(scope="session")
def mapped(net: sp.Network) -> sp.Network:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sp.SpikernnWarning)
        return net.map(trials=2, seed=1, factors=[30, 60], write_anyway=True)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run in a folder of their own, which calls leave empty."""
    monkeypatch.chdir(tmp_path)
