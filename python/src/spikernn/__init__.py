"""Recurrent neural networks that obey Dale's principle, perform tasks, and spike.

A rate network is trained by backpropagation through time, then mapped one to one
to a spiking network (Kim, Li & Sejnowski, PNAS 116:22811, 2019)::

    import spikernn as sp

    net = sp.train("dms", N=200, seed=1)
    net = net.map(calibrate=["readout", "units"])
    run = net.simulate(trials=20)   # run.spikes, run.rates, run.output: NumPy

Functions have the names and the settings of the command line.
"""

from . import _commands
from ._call import Events
from ._commands import *  # noqa: F403
from ._errors import DenoError, SpikernnError, SpikernnWarning, UsageError
from ._network import Fields, Layer, Network, load
from ._process import close
from ._results import (
    Analysis,
    Evaluation,
    Figure,
    Figures,
    Perturbation,
    Report,
    Result,
    Run,
    Score,
    Sweep,
)
from ._runs import call
from ._tasks import Task

__version__ = "0.2.0"

__all__ = [
    "Analysis",
    "DenoError",
    "Evaluation",
    "Events",
    "Fields",
    "Figure",
    "Figures",
    "Layer",
    "Network",
    "Perturbation",
    "Report",
    "Result",
    "Run",
    "Score",
    "SpikernnError",
    "SpikernnWarning",
    "Sweep",
    "Task",
    "UsageError",
    "call",
    "close",
    "load",
]
__all__ += _commands.__all__
