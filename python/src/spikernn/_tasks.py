"""Tasks of one's own."""

from __future__ import annotations


class Task:
    """Trials as arrays."""
