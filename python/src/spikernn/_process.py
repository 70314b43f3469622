"""The Deno process that computes: started once, kept open, asked line by line."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ._errors import DenoError

#: The smallest version of Deno that the program is made for.
least_deno = (2, 9, 6)

#: Variables that name another Deno, and another program than the bundle.
deno_variable = "SPIKERNN_DENO"
program_variable = "SPIKERNN_PROGRAM"

#: How long the process may take to end by itself when it is closed, s.
patience = 5.0

#: How long it may take to start, s: disks of clusters are slow at times.
start_patience = 300.0

_root: Path | None = None
_lock = threading.Lock()


def temporary_folder(prefix: str) -> Path:
    """Make a folder of its own, removed with all others when Python ends."""
    global _root
    with _lock:
        if _root is None:
            _root = Path(tempfile.mkdtemp(prefix="spikernn-"))
            # Children of multiprocessing end without what atexit has.
            util = sys.modules.get("multiprocessing.util")
            if util is not None:
                util.Finalize(None, _end, exitpriority=0)
        root = _root
    return Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=root))


def discard(file: Path, owner: int) -> None:
    """Remove the temporary folder that a file is in, if this process made it."""
    # A child of os.fork() has copies of objects, and its parent has the files.
    if owner != os.getpid() or _root is None or not file.is_relative_to(_root):
        return
    top = file.relative_to(_root).parts[0]
    shutil.rmtree(_root / top, ignore_errors=True)


def find_deno() -> str:
    """Path of Deno: of `SPIKERNN_DENO`, of the package `deno`, or on `PATH`.

    Raises:
        DenoError: there is none.

    """
    named = os.environ.get(deno_variable)
    if named:
        if shutil.which(named) is None:
            raise DenoError(
                f"Cannot find Deno: {deno_variable} is {named!r}, which is "
                "not a program"
            )
        return named
    try:
        from deno import find_deno_bin

        return os.fsdecode(find_deno_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("deno")
    if found is None:
        raise DenoError(
            "Cannot find Deno, which runs spikernn: install it with "
            f"'pip install deno', or name it in {deno_variable}"
        )
    return found


def find_program() -> Path:
    """The program: the bundle beside this file, or what `SPIKERNN_PROGRAM` names.

    Raises:
        DenoError: there is none.

    """
    named = os.environ.get(program_variable)
    program = Path(named) if named else Path(__file__).with_name("spikernn.js")
    if not program.is_file():
        raise DenoError(
            f"Cannot find the program {program}: install the package again, from a "
            "wheel or by 'pip install ./python' in a clone of the project"
        )
    return program.absolute()


def _version_of(deno: str) -> str:
    try:
        said = subprocess.run(
            [deno, "--version"], capture_output=True, text=True, timeout=30
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    match = re.search(r"deno (\S+)", said)
    return match[1] if match else "unknown"


def _check_version(deno: str, version: str) -> None:
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    numbers = tuple(int(part) for part in match.groups()) if match else (0, 0, 0)
    if numbers < least_deno or numbers[0] > least_deno[0]:
        least = ".".join(map(str, least_deno))
        raise DenoError(
            f"Cannot use Deno {version} ({deno}): spikernn needs {least} or later "
            f"of version {least_deno[0]}; 'pip install \"deno>={least}\"' brings it"
        )


class Process:
    """One Deno process. It answers one request at a time."""

    def __init__(self) -> None:
        """Start the process and wait until it is there.

        Raises:
            DenoError: Deno is missing, too old, or cannot run the program.

        """
        self.deno = find_deno()
        program = find_program()
        folder = temporary_folder("process")
        self._errors = folder / "stderr"
        # Deno keeps what it compiles there, not in the user's folders.
        environment = {**os.environ, "DENO_NO_UPDATE_CHECK": "1", "NO_COLOR": "1"}
        bundled = program.suffix == ".js"
        if bundled:
            environment["DENO_DIR"] = str(folder / "deno")
        arguments = [
            self.deno,
            "run",
            "--no-prompt",
            "--quiet",
            "--unstable-worker-options",
            "--allow-read",
            "--allow-write",
            "--allow-net=127.0.0.1",
            "--allow-sys=hostname,systemMemoryInfo",
            "--allow-run=sbatch,squeue,scancel,scontrol",
            "--allow-env",
            *(("--no-config", "--no-remote", "--no-npm") if bundled else ()),
            str(program),
            "serve",
        ]
        try:
            with open(self._errors, "wb") as errors:
                self._child = subprocess.Popen(
                    arguments,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=environment,
                    # Ctrl-C reaches it through this package alone.
                    start_new_session=os.name != "nt",
                    creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
                )
        except OSError as error:
            raise DenoError(f"Cannot run {self.deno}: {error}") from error
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.alive = True
        # If Python is killed, Deno removes what both have written.
        self._say({"folder": str(folder.parent)})
        try:
            hello = self._next("start", start_patience)
        except BaseException as error:
            self.close()
            if isinstance(error, DenoError):
                _check_version(self.deno, _version_of(self.deno))
            raise
        self.version = str(hello["version"])
        try:
            _check_version(self.deno, str(hello["deno"]))
        except DenoError:
            self.close()
            raise

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _next(self, doing: str, limit: float | None = None) -> dict[str, Any]:
        """The next answer; Ctrl-C may come while it is waited for."""
        # On Windows a wait without an end cannot be interrupted.
        step = 0.5 if os.name == "nt" and limit is None else limit
        while True:
            try:
                line = self._lines.get(timeout=step)
                break
            except queue.Empty:
                if limit is not None:
                    self._child.kill()
                    raise self._death(doing) from None
        if line is None:
            raise self._death(doing)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _death(self, doing: str) -> DenoError:
        self.alive = False
        code = self._child.wait()
        try:
            said = self._errors.read_text("utf-8", "replace").strip()
        except OSError:
            said = ""
        if code < 0:
            try:
                how = f"it was killed by {signal.Signals(-code).name}"
            except ValueError:
                how = f"it was killed by signal {-code}"
            if -code == 9:
                how += " (the system does that when memory runs out)"
        else:
            how = f"it ended with code {code}"
        more = f": {said.splitlines()[0]}" if said else ""
        return DenoError(
            f"Cannot {doing}: the process that computes is gone, {how}{more}"
        )

    def ask(self, request: Mapping[str, object]) -> Iterator[dict[str, Any]]:
        """Answers to a request, the last of which has `done`.

        Raises:
            DenoError: the process ended before it was done.

        """
        run = request.get("run")
        doing = str(run[0]) if isinstance(run, list) else "go on"
        if not self._say(request):
            raise self._death(doing)
        yield from self.rest(doing)

    def _say(self, request: Mapping[str, object]) -> bool:
        """Send a request; False if nobody takes it."""
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(request).encode() + b"\n")
            self._child.stdin.flush()
        except OSError:
            return False
        return True

    def rest(self, doing: str) -> Iterator[dict[str, Any]]:
        """Answers that are still to come to the request in hand.

        Raises:
            DenoError: the process ended before it was done.

        """
        while True:
            answer = self._next(doing)
            yield answer
            if "done" in answer:
                return

    def interrupt(self) -> None:
        """Ask the command to stop and to keep what there is."""
        with contextlib.suppress(OSError):
            self._child.send_signal(
                getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT)
                if os.name == "nt"
                else signal.SIGINT
            )

    def close(self, folder: Path | None = None) -> None:
        """End the process; a folder is removed first."""
        self.alive = False
        # Said in words: a child of os.fork() may hold the other end open.
        self._say({"end": True, **({"folder": str(folder)} if folder else {})})
        with contextlib.suppress(OSError):
            if self._child.stdin is not None:
                self._child.stdin.close()
        try:
            self._child.wait(patience)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        # The end of the process is the end of the thread that reads.
        self._reader.join(patience)
        if self._child.stdout is not None:
            self._child.stdout.close()
        # What Deno compiled takes 4 MB.
        shutil.rmtree(self._errors.parent, ignore_errors=True)


_idle: list[Process] = []
_parents: list[Process] = []


@contextlib.contextmanager
def process() -> Iterator[Process]:
    """A process that nobody else uses: the one that is kept open, or a new one."""
    with _lock:
        taken = _idle.pop() if _idle else None
    taken = taken if taken is not None and taken.alive else Process()
    try:
        yield taken
    except BaseException:
        # Half an answer would be taken for that of the next request.
        taken.close()
        raise
    with _lock:
        keep = not _idle and taken.alive
        if keep:
            _idle.append(taken)
    if not keep:
        taken.close()


def close() -> None:
    """End the processes that are kept open; the next call starts another."""
    _close(None)


def _close(folder: Path | None) -> None:
    with _lock:
        closing = [*_idle]
        _idle.clear()
    for each in closing:
        each.close(folder)


def _end() -> None:
    """End the processes, and remove the temporary folders."""
    global _root
    root, _root = _root, None
    # A pool may end this process while it waits for Deno.
    _close(root)
    if root is not None:
        shutil.rmtree(root, ignore_errors=True)


def _forget() -> None:
    """Leave its processes and folders to the parent, in a child of os.fork()."""
    global _lock, _root
    # A thread of the parent may have held the lock.
    _lock = threading.Lock()
    _root = None
    _parents.extend(_idle)
    _idle.clear()


atexit.register(_end)
if sys.platform != "win32":
    os.register_at_fork(after_in_child=_forget)
