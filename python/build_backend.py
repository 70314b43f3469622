"""Builds the package: setuptools, after the program has been made into one file."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from setuptools import build_meta

here = Path(__file__).parent
bundle = here / "src" / "spikernn" / "spikernn.js"

get_requires_for_build_wheel = build_meta.get_requires_for_build_wheel
get_requires_for_build_sdist = build_meta.get_requires_for_build_sdist
get_requires_for_build_editable = build_meta.get_requires_for_build_editable
prepare_metadata_for_build_wheel = build_meta.prepare_metadata_for_build_wheel
prepare_metadata_for_build_editable = build_meta.prepare_metadata_for_build_editable


def _deno() -> str:
    """Deno of this environment; that of an isolated build is on PATH alone."""
    from deno import find_deno_bin

    try:
        return find_deno_bin()
    except FileNotFoundError:
        return shutil.which("deno") or "deno"


def _make_bundle() -> None:
    """Make the bundle if the program's source is here; a sdist brings it along."""
    root = here.parent
    if (root / "cli.ts").exists():
        subprocess.run(
            [_deno(), "task", "bundle", "--output", str(bundle)],
            cwd=root,
            check=True,
        )
    if not bundle.exists():
        raise FileNotFoundError(
            f"Cannot build spikernn: {bundle} is missing; build from a clone of the "
            "project, or from its source distribution"
        )


def build_wheel(*args: Any, **kwargs: Any) -> str:
    """Build a wheel, the bundle in it."""
    _make_bundle()
    return build_meta.build_wheel(*args, **kwargs)


def build_editable(*args: Any, **kwargs: Any) -> str:
    """Build an editable wheel; the bundle lies beside the source."""
    _make_bundle()
    return build_meta.build_editable(*args, **kwargs)


def build_sdist(*args: Any, **kwargs: Any) -> str:
    """Build a source distribution, the bundle in it."""
    _make_bundle()
    return build_meta.build_sdist(*args, **kwargs)
