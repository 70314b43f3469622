"""Tasks of your own, from arrays."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from string import Template

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._call import StrPath
from ._process import temporary_folder

#: Bytes that the program takes of a task file.
_most = 2**23

_program = Template("""\
// Made by spikernn for Python of arrays: trials, and which are of which condition.
import { defineTask } from "@spikernn/spikernn";

const floats = (text: string) =>
  new Float32Array(Uint8Array.fromBase64(text).buffer);
const inputs = floats("$inputs");
const targets = floats("$targets");
const trialsOf: Record<string, number[]> = $trials;
const channels = $channels;
const steps = $steps;

export default defineTask({
  name: $name,
  description: $description,
  stepMs: $step_ms,
  timing: { T: steps },
  channels,
  conditions: Object.keys(trialsOf),
  layout: () => ({ stimuli: { stimulus: $stimulus }, response: $response }),
  trial({ condition, random, channel, target, timing }) {
    if (timing.T !== steps) throw new RangeError(`its trials have $${steps} steps`);
    const own = trialsOf[condition];
    const k = own[Math.floor(random.uniform() * own.length)];
    channels.forEach((name, c) => {
      const from = (k * channels.length + c) * steps;
      channel(name).set(inputs.subarray(from, from + steps));
    });
    target.set(targets.subarray(k * steps, (k + 1) * steps));
  },
});
""")


class Task(os.PathLike[str]):
    """A task whose trials are given as arrays.

    A trial of a condition is one of its trials here, drawn anew each time; all
    conditions are equally likely. The arrays are kept in a task file, as float32,
    and may take about 6 MB together.

    Args:
        inputs: stimuli, trials×channels×steps, or trials×steps for one channel.
        targets: what the output is to be, trials×steps.
        mask: steps in which the output is scored, `steps` truth values that are
            true in one piece; from the first target that is not 0 to the end if
            left out.
        condition: name of each trial's condition; `all` for all if left out.
        channels: names of the input channels; `input 1`, … if left out.
        name: of the task: small letters, digits and hyphens.
        description: one sentence.
        step_ms: duration of a step, ms.

    Raises:
        ValueError: the arrays do not fit together, hold what is not finite, or
            are too large.

    Example:
        >>> import numpy as np, spikernn as sp
        >>> inputs = np.zeros((2, 1, 60)); inputs[:, 0, 10:20] = [[1], [-1]]
        >>> targets = np.zeros((2, 60)); targets[:, 30:] = [[1], [-1]]
        >>> task = sp.Task(inputs, targets, condition=["up", "down"])
        >>> net = sp.train(task, N=50)  # doctest: +SKIP

    """

    def __init__(
        self,
        inputs: ArrayLike,
        targets: ArrayLike,
        *,
        mask: ArrayLike | None = None,
        condition: Sequence[str] | NDArray[np.str_] | None = None,
        channels: Sequence[str] | NDArray[np.str_] | None = None,
        name: str = "own",
        description: str = "Trials that were given as arrays.",
        step_ms: float = 5.0,
    ) -> None:
        x = _floats("inputs", inputs)
        if x.ndim == 2:
            x = x[:, np.newaxis, :]
        y = _floats("targets", targets)
        if x.ndim != 3 or y.shape != (x.shape[0], x.shape[2]) or x.size == 0:
            raise ValueError(
                f"Cannot make a task: inputs are {_shape(x)} and targets {_shape(y)}, "
                "needed are trials×channels×steps and trials×steps"
            )
        count, channel_count, steps = x.shape
        for what, texts in (("condition", condition), ("channels", channels)):
            if isinstance(texts, str):
                raise ValueError(
                    f"Cannot make a task: {what} is the text {texts!r}, needed is a "
                    "list of texts"
                )
        names = ["all"] * count if condition is None else [str(c) for c in condition]
        if len(names) != count:
            raise ValueError(
                f"Cannot make a task: {len(names)} conditions for {count} trials"
            )
        if channels is None:
            channels = [f"input {k + 1}" for k in range(channel_count)]
        if len(channels) != channel_count:
            raise ValueError(
                f"Cannot make a task: {len(channels)} names for "
                f"{channel_count} channels"
            )
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            raise ValueError(
                f"Cannot make a task: its name is {name!r}, allowed are small letters, "
                "digits and hyphens"
            )
        trials: dict[str, list[int]] = {}
        for k, each in enumerate(names):
            trials.setdefault(each, []).append(k)
        text = _program.substitute(
            inputs=_base64(x),
            targets=_base64(y),
            trials=json.dumps(trials),
            channels=json.dumps(list(channels)),
            steps=steps,
            name=json.dumps(name),
            description=json.dumps(description),
            step_ms=json.dumps(float(step_ms)),
            stimulus=json.dumps(_span(np.any(x != 0, axis=(0, 1)))),
            response=json.dumps(_response(mask, y)),
        ).encode()
        if len(text) > _most:
            raise ValueError(
                f"Cannot make a task: its trials take {len(text)} bytes as a file, "
                f"allowed are {_most}; give fewer trials or channels"
            )
        self.path = temporary_folder("task") / f"{name}.ts"
        """The task file, as long as Python runs."""
        self.path.write_bytes(text)

    def __fspath__(self) -> str:
        return str(self.path)

    def save(self, path: StrPath) -> Path:
        """Keep the task file, for the command line and for later.

        Args:
            path: where, ending in `.ts`.

        """
        target = Path(path)
        if target.suffix != ".ts":
            raise ValueError(f"Cannot save {target}: its name must end in .ts")
        return Path(shutil.copyfile(self.path, target))

    def __repr__(self) -> str:
        return f"<Task: {self.path.stem}>"


def _floats(name: str, values: ArrayLike) -> NDArray[np.float32]:
    array = np.asarray(values, dtype=np.float32)
    if not np.isfinite(array).all():
        raise ValueError(f"Cannot make a task: {name} hold what is not finite")
    return array


def _shape(array: NDArray[np.float32]) -> str:
    return "×".join(map(str, array.shape)) or "a number"


def _base64(array: NDArray[np.float32]) -> str:
    return base64.b64encode(array.astype("<f4").tobytes()).decode()


def _span(where: NDArray[np.bool_]) -> list[int]:
    """From the first to behind the last that is true; all if none is."""
    found = np.flatnonzero(where)
    return [int(found[0]), int(found[-1]) + 1] if found.size else [0, len(where)]


def _response(mask: ArrayLike | None, targets: NDArray[np.float32]) -> list[int]:
    steps = targets.shape[1]
    if mask is None:
        return [_span(np.any(targets != 0, axis=0))[0], steps]
    where = np.asarray(mask, dtype=bool)
    if where.ndim == 2 and (where == where[0]).all():
        where = where[0]
    if where.shape != (steps,) or not where.any():
        raise ValueError(
            f"Cannot make a task: the mask is {'×'.join(map(str, where.shape))}, "
            f"needed are {steps} truth values, alike in all trials"
        )
    span = _span(where)
    if not where[span[0] : span[1]].all():
        raise ValueError(
            "Cannot make a task: the mask is true in several pieces, needed is one"
        )
    return span
