"""What Python's tools say of files of `simulate`, in the folder it runs in: run
with the page whose blocks of code are to be run. Fails where something is wrong."""

import contextlib
import io
import json
import re
import sys
import warnings

import numpy as np

warnings.simplefilter("ignore")


def blocks(page):
    with open(page, encoding="utf-8") as text:
        return re.findall(
            r"^## ([^:\n]+).*?^```python\n(.*?)^```", text.read(), re.M | re.S
        )


def run_page(page):
    """What each block leaves, by the heading above it."""
    left = {}
    for heading, code in blocks(page):
        left[heading] = {}
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(code, heading, "exec"), left[heading])
        except Exception as error:
            raise RuntimeError(f"the block under {heading!r} fails") from error
    return left


def spikes_of(file, trial, unit):
    own = (file["spike_trial"] == trial) & (file["spike_unit"] == unit)
    return file["spike_time"][own] / 1000


def check_numpy(file):
    about = json.loads(file["about"].item())
    assert file["about"].shape == ()
    assert about["seed"] == file["seed"]
    assert [str(file["condition_names"][k]) for k in file["condition"]] == list(
        file["conditions"]
    )
    assert file["correct_strict"].dtype == bool


def check_nwb(path, expect_units):
    import nwbinspector
    import pynwb

    assert pynwb.validate(path=path) == [], pynwb.validate(path=path)
    found = [
        f"{message.importance.name} {message.check_function_name} {message.location}: {message.message}"
        for message in nwbinspector.inspect_nwbfile(nwbfile_path=path)
        if message.importance.name != "BEST_PRACTICE_SUGGESTION"
    ]
    assert found == [], found
    with pynwb.NWBHDF5IO(path, "r") as opened:
        nwb = opened.read()
        assert (nwb.units is not None) == expect_units
        return {name: np.array(series.data) for name, series in nwb.acquisition.items()}


def check_same(file, left):
    """The spikes of every reader of NWB are those of the .npz file."""
    units, trials = left["pynapple"]["units"], left["pynapple"]["trials"]
    trains = left["neo"]["segment"].spiketrains
    sorting = left["SpikeInterface"]["sorting"]
    count = len(file["unit_type"])
    assert len(units) == len(trains) == len(sorting.unit_ids) == count
    for unit in range(count):
        whole = np.concatenate(
            [
                trials.start[trial] + spikes_of(file, trial, unit)
                for trial in range(len(trials))
            ]
        )
        np.testing.assert_allclose(
            trains[unit].rescale("s").magnitude, whole, atol=1e-9
        )
        frames = sorting.get_unit_spike_train(sorting.unit_ids[unit])
        np.testing.assert_array_equal(frames, np.round(whole * 20_000))
        for trial in range(len(trials)):
            own = units[unit].restrict(trials[trial]).t - trials.start[trial]
            np.testing.assert_allclose(own, spikes_of(file, trial, unit), atol=1e-9)
    assert list(units["unit_type"]) == list(file["unit_type"])
    assert list(trials["condition"]) == list(file["conditions"])
    assert list(trials["correct_strict"]) == list(file["correct_strict"])


def write_recording(path):
    """A recording as pynwb writes one: flags, lists, units without spikes, uneven trials."""
    from datetime import datetime, timezone

    from pynwb import NWBFile, NWBHDF5IO

    nwb = NWBFile("a session", "recording", datetime(2026, 1, 31, tzinfo=timezone.utc))
    nwb.add_trial_column("side", "of the stimulus")
    nwb.add_trial_column("correct", "whether it was")
    nwb.add_trial_column("cue_time", "onset of the cue")
    nwb.add_trial_column("licks", "times", index=True)
    for k, (start, stop) in enumerate([(0.0, 1.0), (1.5, 3.0), (3.5, 4.5)]):
        nwb.add_trial(
            start,
            stop,
            side="LR"[k % 2],
            correct=k > 0,
            licks=[start] * k,
            cue_time=start + 0.5 if k < 2 else np.nan,
        )
    nwb.add_unit_column("quality", "of the sorting")
    for k, times in enumerate([[0.25, 1.75, 2.75, 4.0], [], [0.5, 0.75, 3.25]]):
        nwb.add_unit(spike_times=times, quality=["good", "bad", "good"][k])
    with NWBHDF5IO(path, "w") as opened:
        opened.write(nwb)


write_recording("recording.nwb")
page = sys.argv[1]
file = np.load("trials.npz")
check_numpy(file)
recorded = check_nwb("trials.nwb", expect_units=True)
trials, samples = file["out"].shape
np.testing.assert_array_equal(
    recorded["output"].reshape(trials, samples + 1)[:, 1:], file["out"]
)
voltages = file["voltages"].transpose(0, 2, 1).reshape(-1, file["voltages"].shape[1])
np.testing.assert_array_equal(recorded["membrane_potential"], voltages)
rate = np.load("rate.npz")
recorded = check_nwb("rate.nwb", expect_units=False)
np.testing.assert_array_equal(recorded["output"], rate["out"].ravel())
np.testing.assert_array_equal(
    recorded["state"], rate["x"].transpose(0, 2, 1).reshape(recorded["state"].shape)
)
left = run_page(page)
check_same(file, left)
np.testing.assert_allclose(left["Elephant"]["rates"], file["firing_rate"][0], rtol=1e-5)
assert left["xarray"]["means"].dims == ("condition", "type", "ms")
print("blocks", len(left))
