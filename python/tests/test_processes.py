"""What is left behind: nothing, however Python or its children end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

tiny = "N=8, n_trials=1, eval_trials=2, seed=1"


def _run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "program.py").write_text(program)
    temporary = folder / "temporary"
    temporary.mkdir()
    # Python 3.12 warns of fork() in a process that has threads.
    warnings = ("-W", "error", "-W", "ignore::DeprecationWarning")
    return subprocess.run(
        [sys.executable, *warnings, "program.py"],
        env={**os.environ, "TMPDIR": str(temporary), "HOME": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
    )


def _nothing_is_left(folder: Path) -> bool:
    left: list[str] = []
    for _ in range(100):
        left = os.listdir(folder / "temporary")
        # Those of multiprocessing itself are not meant.
        if not any(name.startswith("spikernn-") for name in left):
            return True
        time.sleep(0.1)
    raise AssertionError(left)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_child_of_fork_leaves_the_files_of_its_parent(tmp_path: Path) -> None:
    done = _run(
        "import os\n"
        "import spikernn as sp\n"
        f"net = sp.train({tiny})\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        f"    other = sp.train({tiny})\n"
        "    assert other.evaluate(trials=2).rate.trials == 2\n"
        "    del net\n"
        "    raise SystemExit\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
        "print(net.evaluate(trials=2).rate.trials, net.copy().w.shape)\n",
        tmp_path,
    )
    assert done.stdout == "2 (8, 8)\n", done.stderr
    assert done.stderr == ""
    assert _nothing_is_left(tmp_path)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_pool_leaves_no_folders(tmp_path: Path, method: str) -> None:
    if sys.platform == "win32" and method == "fork":
        pytest.skip("there is no fork")
    done = _run(
        "import multiprocessing\n"
        "import spikernn as sp\n"
        "def trained(seed):\n"
        "    return sp.train(N=8, n_trials=1, eval_trials=2, seed=seed)\n"
        "if __name__ == '__main__':\n"
        f"    with multiprocessing.get_context({method!r}).Pool(2) as pool:\n"
        "        nets = pool.map(trained, [1, 2])\n"
        "    print([net.provenance['seed'] for net in nets])\n",
        tmp_path,
    )
    assert done.stdout == "[1, 2]\n", done.stderr
    assert _nothing_is_left(tmp_path)


def test_a_process_that_ends_removes_what_it_compiled(tmp_path: Path) -> None:
    done = _run(
        "import os\n"
        "import spikernn as sp\n"
        f"net = sp.train({tiny})\n"
        "sp.close()\n"
        "(folder,) = os.listdir(os.environ['TMPDIR'])\n"
        "left = os.listdir(os.path.join(os.environ['TMPDIR'], folder))\n"
        "print([name.split('-')[0] for name in left])\n",
        tmp_path,
    )
    assert done.stdout == "['model']\n", done.stderr
    assert _nothing_is_left(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_nothing_is_left_when_python_is_killed(tmp_path: Path) -> None:
    done = _run(
        "import os, signal\n"
        "import spikernn as sp\n"
        f"net = sp.train({tiny})\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n",
        tmp_path,
    )
    assert done.returncode != 0
    assert _nothing_is_left(tmp_path)
