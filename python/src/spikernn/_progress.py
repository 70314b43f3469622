"""How far the work has come: a line of a terminal, or a bar of a notebook."""

from __future__ import annotations

import html
import math
import shutil
import sys
from collections.abc import Mapping
from typing import Any


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def line_of(status: Mapping[str, Any]) -> str:
    """A status in words: `train 120/5000 updates, loss 5.2, 2 min left`."""
    parts = [
        f"{status['label']} {status['done']}/{status['total']} {status['unit']}",
        *map(str, status.get("details") or ()),
    ]
    rate = status.get("rate")
    left = status["total"] - status["done"]
    if rate and left > 0:
        most = "at most " if status.get("mayEndEarly") else ""
        parts.append(f"{most}{_duration(left / rate)} left")
    return ", ".join(parts)


def _share(status: Mapping[str, Any]) -> float:
    total = float(status["total"]) or math.inf
    return min(1.0, max(0.0, float(status["done"]) / total))


class Progress:
    """Shows nothing."""

    def show(self, status: Mapping[str, Any]) -> None:
        """Show how far the work has come."""

    def close(self) -> None:
        """Take away what is shown."""


class TerminalProgress(Progress):
    """One line of standard error, redrawn."""

    def __init__(self) -> None:
        self._shown = False

    def show(self, status: Mapping[str, Any]) -> None:
        """Redraw the line."""
        width = 20
        full = round(width * _share(status))
        columns = shutil.get_terminal_size().columns
        text = f"{'█' * full}{'░' * (width - full)} {line_of(status)}"
        if "utf" not in (sys.stderr.encoding or "").lower():
            text = line_of(status)
        sys.stderr.write(f"\r\x1b[2K{text[: columns - 1]}")
        sys.stderr.flush()
        self._shown = True

    def close(self) -> None:
        """Clear the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
        self._shown = False


class NotebookProgress(Progress):
    """A bar in the output of a cell."""

    def __init__(self) -> None:
        self._handle: Any = None

    def show(self, status: Mapping[str, Any]) -> None:
        """Draw the bar, or draw it anew."""
        from IPython.display import HTML, display

        page = HTML(
            f'<progress value="{_share(status):.3f}" max="1"></progress> '
            f"{html.escape(line_of(status))}"
        )
        if self._handle is None:
            self._handle = display(page, display_id=True)
        else:
            self._handle.update(page)

    def close(self) -> None:
        """Leave an empty line where the bar was."""
        from IPython.display import HTML

        if self._handle is not None:
            self._handle.update(HTML(""))
        self._handle = None


def _in_notebook() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and "IPKernelApp" in shell.config


def open_progress(wanted: bool | None) -> Progress:
    """What shows progress here.

    Nothing does without a terminal or notebook, or if it is not wanted.
    """
    if wanted is False:
        return Progress()
    if _in_notebook():
        return NotebookProgress()
    if wanted or (sys.stderr is not None and sys.stderr.isatty()):
        return TerminalProgress()
    return Progress()
