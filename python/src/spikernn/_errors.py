"""What can go wrong, as exceptions; messages are the program's own."""

from __future__ import annotations


class SpikernnError(RuntimeError):
    """The program could not do what was asked: its own message says why."""


class UsageError(SpikernnError, ValueError):
    """A name or a value is not allowed; nothing was computed or written."""


class DenoError(SpikernnError):
    """Deno, which runs the program, is missing, too old, or ended by itself."""


class SpikernnWarning(UserWarning):
    """Something to know of a result, such as a network that is far from its task."""


for _each in (SpikernnError, UsageError, DenoError, SpikernnWarning):
    # Tracebacks name them as programs do.
    _each.__module__ = "spikernn"
