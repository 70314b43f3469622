"""How calls go, and how they fail."""

from __future__ import annotations

import keyword
import os
import pickle
import signal
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest

import spikernn as sp
from spikernn import _process


def test_errors_have_the_words_of_python(net: sp.Network) -> None:
    with pytest.raises(ValueError, match="Cannot use P_inh=2: allowed"):
        sp.train(P_inh=2)
    with pytest.raises(sp.UsageError, match="Cannot find task"):
        sp.train("nonsense")
    with pytest.raises(sp.UsageError, match="no scaling factor"):
        net.simulate()
    with pytest.raises(sp.UsageError, match="the commands are"):
        sp.call("fly")
    with pytest.raises(FileNotFoundError, match="no such file"):
        sp.load("missing.mat")
    Path("text.mat").write_text("no model")
    with pytest.raises(sp.SpikernnError, match=r"Cannot read .*text.mat"):
        sp.load("text.mat")
    with pytest.raises(IsADirectoryError, match="is a folder"):
        sp.load(".")
    with pytest.raises(TypeError, match="Cannot use seed="):
        sp.train(seed=object())  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="Cannot use task=b'dms'"):
        sp.train(b"dms")  # type: ignore[call-overload]
    with pytest.raises(sp.UsageError, match=r"see help\(spikernn\.sweep\)"):
        sp.sweep()
    with pytest.raises(ValueError, match=r"lesion=\[99\]|unit 99"):
        net.simulate(rate=True, lesion=[99])
    long = list(range(400))
    with pytest.raises(sp.UsageError, match=r"decay_taus=\[0, 1, 2.{30,60}…: allowed"):
        sp.train(decay_taus=long)
    with (
        warnings.catch_warnings(),
        pytest.raises(sp.SpikernnError) as failure,
    ):
        warnings.simplefilter("ignore", sp.SpikernnWarning)
        # Its output is far too large.
        loud = net.copy()
        loud.w_out[:] = 1000
        loud.map(factors=[30], trials=4, seed=1)
    # No flags, and no file that the caller did not name.
    assert str(failure.value).startswith("Cannot map the network: no factor works")
    assert "write_anyway" in str(failure.value)
    assert "--" not in str(failure.value)
    assert sp.UsageError.__module__ == "spikernn"
    again = pickle.loads(pickle.dumps(failure.value))
    assert type(again) is sp.SpikernnError


def test_settings_may_be_any_numbers() -> None:
    class Tensor:
        def __array__(self, *_: object, **__: object) -> np.ndarray:
            return np.array([4, 20])

    given = {"n_trials": np.array(2), "eval_trials": 2, "seed": np.uint8(1)}
    net = sp.train(
        N=np.int64(8),
        P_inh=np.float64(0.25),
        decay_taus=Tensor(),
        apply_dale=np.bool_(True),
        **given,
    )
    settings = net.provenance["settings"]
    assert settings["N"] == 8
    assert settings["n_trials"] == 2
    assert settings["P_inh"] == 0.25
    assert settings["decay_taus"] == [4, 20]


def test_events_come_while_it_trains() -> None:
    events = sp.train(N=8, n_trials=4, eval_trials=2, seed=1, stream=True)
    kinds = [event["kind"] for event in events]
    assert kinds[0] == "started"
    assert kinds.count("trained") == 4
    assert kinds[-1] == "saved"
    assert len(events.result.losses) == 4


def test_a_loop_that_is_left_stops_the_training() -> None:
    with sp.train(N=8, n_trials=10**6, seed=1, stream=True) as events:
        for event in events:
            if event["kind"] == "trained":
                break
    with pytest.raises(sp.SpikernnError, match="did not come to its end"):
        _ = events.result
    events = sp.train(N=0, stream=True)
    with pytest.raises(sp.UsageError):
        next(events)
    with pytest.raises(sp.SpikernnError, match="did not come to its end"):
        _ = events.result
    # The process is free for the next call.
    assert len(sp.train(N=8, n_trials=1, eval_trials=2, seed=1).losses) == 1


def test_ctrl_c_keeps_what_there_is() -> None:
    logs = Path("logs").absolute()
    ended = threading.Event()

    def press() -> None:
        # Once it has been trained for a while, however long its start takes.
        while not any("evaluated" in log.read_text() for log in logs.rglob("*.jsonl")):
            if ended.wait(0.05):
                return
        os.kill(os.getpid(), signal.SIGINT)

    # Python that runs in the background of a shell ignores Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    pressing = threading.Thread(target=press)
    pressing.start()
    try:
        with pytest.warns(sp.SpikernnWarning, match="nterrupted") as caught:
            # No network has so small a loss: it trains until it is interrupted.
            net = sp.train(
                "xor",
                N=8,
                n_trials=10**6,
                loss_threshold=1e-6,
                eval_freq=10,
                eval_trials=2,
                seed=1,
                log_dir=logs,
            )
    finally:
        ended.set()
        pressing.join()
        signal.signal(signal.SIGINT, before)
    assert net.interrupted
    # The file that the program wrote is gone by then.
    assert "the network so far is the result" in str(caught[0].message)
    assert len(net.losses) > 0
    assert np.isfinite(net.w).all()


def test_a_process_that_is_killed_is_named_and_replaced() -> None:
    with sp.train(N=8, n_trials=10**6, seed=1, stream=True) as events:
        next(events)
        with pytest.raises(sp.DenoError, match="killed by SIGKILL"):
            for at, _ in enumerate(events):
                if at == 0:
                    children = subprocess.run(
                        ["pgrep", "-P", str(os.getpid()), "deno"],
                        capture_output=True,
                        text=True,
                    ).stdout.split()
                    for child in children:
                        os.kill(int(child), signal.SIGKILL)
    assert len(sp.train(N=8, n_trials=1, eval_trials=2, seed=1).losses) == 1


def test_deno_that_is_missing_or_old_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sp.close()
    monkeypatch.setenv(_process.deno_variable, str(tmp_path / "no deno"))
    with pytest.raises(sp.DenoError, match="not a program"):
        sp.call("tasks")
    old = tmp_path / "deno"
    old.write_text("#!/bin/sh\n[ $1 = --version ] && echo deno 1.40.0\nexit 1\n")
    old.chmod(0o755)
    monkeypatch.setenv(_process.deno_variable, str(old))
    with pytest.raises(sp.DenoError, match=r"Cannot use Deno 1\.40\.0.*2\.9\.6"):
        sp.call("tasks")


def test_paths_may_have_spaces_and_any_letters(net: sp.Network) -> None:
    path = net.copy().save("mein Ordner/Größe ñ, 日本 #1.mat")
    assert np.array_equal(sp.load(path).w, net.w)
    sp.call("info", path)
    figure = sp.plot(path, "taus", output="Bilder ü")[0]
    assert figure.path.exists()


def test_a_file_that_cannot_be_written_is_named(net: sp.Network) -> None:
    Path("file").write_text("in the way")
    with pytest.raises(sp.SpikernnError, match=r"Cannot write file.a\.mat: "):
        net.save(Path("file", "a.mat"))
    with pytest.raises(ValueError, match=r"must end in \.mat"):
        net.save("a.npz")
    assert [path.name for path in Path().iterdir()] == ["file"]


def test_only_what_is_named_is_written() -> None:
    net = sp.train(N=8, n_trials=1, seed=1, output_dir="out", plots=False)
    assert net.path is not None
    assert net.path.is_relative_to(Path("out").absolute())
    assert [path.name for path in Path().iterdir()] == ["out"]
    net = sp.train(N=8, n_trials=1, seed=1, output="one.mat")
    assert net.path == Path("one.mat").absolute()
    assert sorted(path.name for path in Path().iterdir()) == ["one.mat", "out"]


def test_nothing_is_left_when_python_ends(tmp_path: Path) -> None:
    program = (
        "import spikernn as sp\n"
        "net = sp.train(N=8, n_trials=1, eval_trials=2, seed=1)\n"
        "print(net.w.shape)\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.stdout == "(8, 8)\n", done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_task_of_ones_own_is_the_path_of_a_file(tmp_path: Path) -> None:
    task = tmp_path / "hold it.ts"
    task.write_text(
        """import { defineTask } from "@spikernn/spikernn";
export default defineTask({
  name: "hold",
  description: "Hold the sign of a pulse.",
  timing: { T: 60 },
  channels: ["pulse"],
  conditions: ["up", "down"],
  layout: ({ T }) => ({ stimuli: { pulse: [10, 20] }, response: [30, T] }),
  trial({ condition, channel, target, timing }) {
    const sign = condition === "up" ? 1 : -1;
    channel("pulse").fill(sign, 10, 20);
    target.fill(sign, 30, timing.T);
  },
});
"""
    )
    net = sp.train(task, N=8, n_trials=1, eval_trials=2, seed=1)
    # Its task is remembered.
    assert net.evaluate(trials=2).rate.trials == 2


def test_a_task_may_be_arrays(tmp_path: Path) -> None:
    inputs = np.zeros((4, 2, 50))
    targets = np.zeros((4, 50))
    inputs[:, 0, 5:10] = [[1], [0.8], [-1], [-0.8]]
    targets[:, 20:] = [[1], [1], [-1], [-1]]
    conditions = ["up", "up", "down", "down"]
    task = sp.Task(inputs, targets, condition=conditions, name="sign")
    net = sp.train(task, N=8, n_trials=1, eval_trials=2, seed=1)
    assert net.w_in.shape == (8, 2)
    run = net.simulate(rate=True, trial="down", trials=3, seed=1)
    for stimulus, target in zip(run.inputs, run.arrays["target"], strict=True):
        drawn = [k for k in (2, 3) if np.allclose(inputs[k], stimulus)]
        assert len(drawn) == 1
        assert np.allclose(targets[drawn[0]], target)
    assert len(net.evaluate(trials=8, seed=1).rate.conditions) == 2
    kept = task.save(tmp_path / "kept.ts")
    assert sp.load(net.save(tmp_path / "a.mat")).evaluate(task=kept, trials=2)
    with pytest.raises(ValueError, match="needed are trials"):
        sp.Task(inputs, targets[:, :-1])
    with pytest.raises(ValueError, match="list of texts"):
        sp.Task(inputs, targets, condition="udud")
    with pytest.raises(ValueError, match="finite"):
        sp.Task(inputs * np.nan, targets)
    with pytest.raises(ValueError, match="several pieces"):
        sp.Task(inputs, targets, mask=np.arange(50) % 2)
    with pytest.raises(ValueError, match="fewer trials"):
        sp.Task(np.zeros((4000, 2, 200)), np.zeros((4000, 200)))


def test_progress_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    sp.train(N=8, n_trials=30, eval_trials=2, seed=1, progress=True)
    assert "train" in capsys.readouterr().err


def test_every_command_is_a_function() -> None:
    listed = sp.call("settings").of("settings")[0]["commands"]
    names = {"eval": "evaluate"}
    for command in listed:
        name = names.get(command["name"], command["name"])
        assert hasattr(sp, f"{name}_" if keyword.iskeyword(name) else name)
