"""Networks and what commands make of them."""

from __future__ import annotations

import pickle
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import spikernn as sp


def test_train_gives_arrays_and_leaves_no_file(net: sp.Network) -> None:
    assert net.w.shape == net.weights.shape == (12, 12)
    assert net.w_in.shape == (12, 1)
    assert net.w_out.shape == (1, 12)
    assert np.all((net.taus >= 4) & (net.taus <= 20))
    # Dale's principle: a column has the sign of its unit.
    assert np.all(net.weights[:, net.excitatory] >= 0)
    assert np.all(net.weights[:, ~net.excitatory] <= 0)
    assert np.allclose(np.abs(net.weights), np.maximum(net.w, 0))
    assert len(net.losses) == 6
    assert net.provenance["seed"] == 1
    assert net.path is None
    assert list(Path().iterdir()) == []


def test_a_seed_gives_the_same_network(net: sp.Network) -> None:
    again = sp.train(
        "go-nogo", N=12, n_trials=6, eval_freq=3, eval_trials=4, seed=1, workers=1
    )
    assert np.array_equal(again.w, net.w)


def test_map_gives_a_new_network(net: sp.Network, mapped: sp.Network) -> None:
    assert net.scaling_factor is None
    assert mapped.scaling_factor in (30, 60)
    assert mapped.search is not None
    assert mapped.search["factors"] == [30, 60]
    assert np.array_equal(mapped.w, net.w)
    assert list(Path().iterdir()) == []


def test_simulate_gives_numpy_arrays(mapped: sp.Network) -> None:
    run = mapped.simulate(trials=3, seed=2, record=["voltages"])
    assert run.output.shape == (3, 20_000)
    assert run.rates.shape == (3, 12)
    assert run.inputs.shape == (3, 1, 201)
    assert run.correct.shape == (3,)
    assert run.about["seed"] == 2
    assert run.voltages.shape == (3, 12, 1000)
    assert run.time[0] == pytest.approx(0.05)
    assert run.time[-1] == pytest.approx(1000)
    spikes = run.spikes
    assert set(spikes["trial"]) <= {0, 1, 2}
    assert spikes["unit"].max() < 12
    # A trial has a second: its spikes are its rates in Hz.
    counts = np.zeros((3, 12))
    np.add.at(counts, (spikes["trial"], spikes["unit"]), 1)
    assert np.allclose(counts, run.rates, rtol=1e-3)
    assert list(run.conditions[:2]) == ["go", "nogo"]
    assert list(Path().iterdir()) == []


def test_runs_are_tables_and_data_sets(mapped: sp.Network) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("xarray")
    run = mapped.simulate(trial="go", trials=2, seed=2)
    frame = run.to_dataframe()
    assert list(frame.columns) == ["trial", "condition", "unit", "time"]
    assert len(frame) == len(run.spikes)
    data = run.to_xarray()
    assert dict(data.output.sizes) == {"trial": 2, "time": 20_000}
    assert data.attrs["seed"] == 2
    assert dict(data.rates.groupby("type").mean("unit").sizes) == {
        "trial": 2,
        "type": 2,
    }
    rate = mapped.simulate(rate=True, trial="go", seed=2)
    assert rate.rates.shape == (1, 12, 200)
    assert len(rate.to_dataframe()) == 199
    with pytest.raises(AttributeError, match="rate=True"):
        _ = rate.spikes
    saved = run.save("run.npz")
    assert np.array_equal(sp.Run.load(saved).spikes, run.spikes)


def test_simulate_writes_the_file_that_is_named(mapped: sp.Network) -> None:
    run = mapped.simulate(trial="nogo", seed=2, output="named.npz")
    assert np.array_equal(sp.Run.load("named.npz").output, run.output)


def test_mat_files_of_runs_are_those_of_numpy(mapped: sp.Network) -> None:
    pytest.importorskip("scipy")
    one = mapped.simulate(trials=2, seed=2)
    two = mapped.simulate(trials=2, seed=2, output="run.mat")
    assert np.array_equal(one.spikes, two.spikes)
    assert list(one.conditions) == list(two.conditions)


def test_evaluate_gives_scores(mapped: sp.Network) -> None:
    found = mapped.evaluate(spiking=True, trials=6, seed=3)
    assert found.rate.trials == found.spiking.trials == 6
    assert 0 <= found.rate.performance <= 1
    assert isinstance(found.rate.performance, float)
    assert all(isinstance(each, float) for each in found.rate.interval)
    assert np.isnan(found.spiking.loss)
    assert found.diagnosis is not None
    assert "strict" in found._repr_html_()
    with pytest.raises(AttributeError, match="spiking=True"):
        _ = mapped.evaluate(trials=2).spiking


def test_arrays_can_be_edited(net: sp.Network, tmp_path: Path) -> None:
    edited = net.copy()
    edited.w[:, :] = 0.25
    edited.w_out = np.ones((1, 12))
    assert np.abs(edited.weights).max() == 0.25
    assert net.w.max() != 0.25
    path = edited.save(tmp_path / "edited.mat")
    again = sp.load(path)
    assert np.array_equal(again.w, edited.w)
    assert np.array_equal(again.w_out, np.ones((1, 12)))
    assert again.provenance == net.provenance
    again.fields["remark"] = np.arange(3.0)
    again.save()
    assert np.array_equal(sp.load(path).fields["remark"], [[0, 1, 2]])
    with pytest.raises(TypeError, match="12x12"):
        net.fields["w"] = np.zeros((3, 3))
    broken = net.copy()
    broken.w[0, 0] = np.nan
    with pytest.raises(sp.SpikernnError, match="w"):
        broken.save(tmp_path / "broken.mat")
    assert not (tmp_path / "broken.mat").exists()


def test_edited_networks_are_whole(mapped: sp.Network, tmp_path: Path) -> None:
    edited = mapped.copy()
    before = edited.fields["spikernn_spiking_w_out"].copy()
    held = edited.w
    edited.w_out[:] *= 2
    # An array that was taken before is still the network's.
    assert edited.weights.shape == (12, 12)
    held[:, 0] = 0
    assert not edited.weights[:, 0].any()
    # The spiking network as it runs follows.
    assert np.allclose(edited.fields["spikernn_spiking_w_out"], 2 * before)
    again = sp.load(edited.save(tmp_path / "edited.mat"))
    assert np.allclose(again.fields["spikernn_spiking_w_out"], 2 * before)
    assert not again.fields["spikernn_spiking_w"][:, 0].any()
    with pytest.raises(ValueError, match="read-only"):
        edited.weights[0, 0] = 1
    with pytest.raises(TypeError, match="numbers are needed"):
        edited.w = edited.w * 1j
    wrong = mapped.copy()
    wrong.fields["spikernn_spiking_w"][:] = 0
    with pytest.raises(sp.SpikernnError, match="follows from the other fields"):
        wrong.evaluate(trials=2)


def test_stimuli_may_be_arrays(mapped: sp.Network) -> None:
    stimulus = np.zeros((1, 101))
    stimulus[0, 20:40] = 0.5
    np.savez("u.npz", u=stimulus)
    of_file = mapped.simulate(stimulus="u.npz", trials=3, seed=1)
    run = mapped.simulate(stimulus=stimulus, trials=3, seed=1)
    assert np.array_equal(run.spikes, of_file.spikes)
    assert np.array_equal(run.inputs, np.float32([stimulus] * 3))
    assert len({spikes.tobytes() for spikes in run.rates}) > 1
    with pytest.raises(AttributeError, match="no task"):
        _ = run.correct
    # Lists, not in one piece, read-only.
    assert len(mapped.simulate(stimulus=[0] * 20, rate=True, seed=1)) == 1
    strided = np.zeros((101, 2)).T[:1]
    strided.setflags(write=False)
    assert len(mapped.simulate(stimulus=strided, rate=True, seed=1)) == 1
    with pytest.raises(sp.UsageError, match="2 channels"):
        mapped.simulate(stimulus=np.zeros((2, 101)))
    with pytest.raises(sp.SpikernnError, match=r"the stimulus array: its u has 3"):
        mapped.simulate(stimulus=np.zeros((1, 1, 101)))
    with pytest.raises(TypeError, match="numbers are needed"):
        mapped.simulate(stimulus=np.zeros((1, 101), complex))


def test_units_may_be_truth_values(mapped: sp.Network) -> None:
    run = mapped.simulate(rate=True, seed=1, lesion=~mapped.excitatory)
    assert np.array_equal(run.arrays["lesioned"], ~mapped.excitatory)
    run = mapped.simulate(rate=True, seed=1, lesion=np.zeros(12, bool))
    assert not run.arrays["lesioned"].any()
    assert not mapped.simulate(rate=True, seed=1, lesion=[]).arrays["lesioned"].any()
    with pytest.raises(ValueError, match="for each of 12 units"):
        mapped.simulate(rate=True, lesion=[True, False])


def test_networks_of_others_are_made_of_arrays(net: sp.Network) -> None:
    made = sp.import_(
        w=net.weights,
        w_in=net.w_in,
        w_out=net.w_out,
        b_out=float(net.b_out.item()),
        taus=net.taus,
        inh=~net.excitatory,
        task="go-nogo",
    )
    assert made.path is None
    assert np.allclose(made.weights, net.weights)
    assert np.allclose(made.taus, net.taus)
    assert np.array_equal(made.excitatory, net.excitatory)
    assert made.evaluate(trials=2, seed=1).rate.trials == 2
    assert list(Path().iterdir()) == []
    np.savez("one.npz", w=net.weights, w_in=net.w_in, w_out=net.w_out)
    made = sp.import_("one.npz", taus=10, output="two.mat")
    assert made.path == Path("two.mat").absolute()
    assert np.allclose(made.taus, 10)
    with pytest.raises(sp.UsageError, match="there is no w_in"):
        sp.import_(w=net.weights)


def test_threads_may_share_a_network(net: sp.Network) -> None:
    edited = net.copy()
    edited.w[0, 1] = 0.75
    with ThreadPoolExecutor(6) as threads:
        scores = threads.map(lambda _: edited.evaluate(trials=2, seed=1), range(6))
        assert len({score.rate.loss for score in scores}) == 1
    edited.w[0, 1] = 0.5
    with ThreadPoolExecutor(6) as threads:
        found = threads.map(lambda _: abs(edited.weights[0, 1]), range(6))
        assert set(found) == {0.5}


def test_fields_say_what_there_is(net: sp.Network) -> None:
    assert "w 12×12" in repr(net.fields)
    assert "spikernn_task" in repr(net.fields)
    assert "w_out" in net.fields._ipython_key_completions_()


def test_networks_can_be_pickled(mapped: sp.Network) -> None:
    again = pickle.loads(pickle.dumps(mapped))
    assert np.array_equal(again.w, mapped.w)
    assert again.scaling_factor == mapped.scaling_factor


def test_figures_and_the_report_show_themselves(mapped: sp.Network) -> None:
    figures = mapped.plot("weights", "taus")
    assert [figure.name for figure in figures] == ["weights", "taus"]
    assert "image/svg+xml" in figures["taus"]._repr_mimebundle_()
    figures["taus"].save("taus.svg")
    assert Path("taus.svg").read_text("utf-8").startswith("<svg")
    report = mapped.report(trials=2)
    assert "<iframe" in report._repr_html_()
    assert list(Path().iterdir()) == [Path("taus.svg")]


def test_analyses_are_numbers_and_arrays(mapped: sp.Network) -> None:
    pytest.importorskip("pandas")
    found = mapped.analyse("weights", seed=1)
    assert found.names == ["weights"]
    assert found.arrays("weights")
    assert len(found.to_dataframe("weights_units")) == 12
    assert {"analysis", "name", "value"} <= set(found.to_dataframe().columns)
    with pytest.raises(KeyError, match="weights_unit"):
        found.to_dataframe("weights_unit")
    assert list(Path().iterdir()) == []


def test_analyses_that_cannot_be_made_do_not_lose_the_others(
    mapped: sp.Network,
) -> None:
    with pytest.warns(sp.SpikernnWarning, match="Cannot analyse psychometric: the"):
        found = mapped.analyse("weights", "psychometric", seed=1)
    assert found.names == ["weights"]
    assert found.arrays("weights")
    assert list(found.left_out) == ["psychometric"]
    assert "no stimulus" in found.left_out["psychometric"]
    # If none can be made there is nothing to give.
    with pytest.raises(sp.UsageError, match="Cannot analyse psychometric"):
        mapped.analyse("psychometric", seed=1)
    assert list(Path().iterdir()) == []


def test_perturbations_are_events_with_paired_statistics(mapped: sp.Network) -> None:
    done = mapped.perturb(from_="E", scale=[0.5, 1], trials=4, seed=2)
    effects = done.of("perturbation")
    assert [effect["network"] for effect in effects] == ["rate"] * 2 + ["spiking"] * 2
    assert effects[1]["strict"]["difference"] == 0
    assert effects[0]["parts"][0]["from"] == "E"
    frame = done.to_dataframe()
    assert list(frame["network"]) == ["rate"] * 2 + ["spiking"] * 2
    assert list(frame["amount"]) == [0.5, 1, 0.5, 1]
    assert frame["strict_difference"][1] == 0
    assert list(Path().iterdir()) == []
    with pytest.raises(sp.UsageError, match="Cannot select population SST"):
        mapped.perturb(from_="SST", scale=0.5)


def test_every_step_of_a_calibration_can_be_asked_for(net: sp.Network) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sp.SpikernnWarning)
        tuned = net.map(
            factors=[40],
            trials=2,
            seed=1,
            write_anyway=True,
            calibrate_anyway=True,
            calibrate="all",
            calibrate_trials=2,
            calibrate_iterations=1,
            tune_updates=1,
            tune_batch=2,
            tune_rounds=1,
        )
    assert tuned.search is not None
    steps = [each["step"] for each in tuned.search["calibration"]["outcomes"]]
    assert steps == ["readout", "units", "weights", "tune"]


def test_layers_have_their_own_arrays() -> None:
    net = sp.train(layer_sizes=[6, 8], n_trials=1, eval_trials=2, seed=2)
    assert [layer.weights.shape for layer in net.layers] == [(6, 6), (8, 8)]
    assert net.fields["w_inter_0_1"].shape == (8, 6)
    with pytest.raises(AttributeError, match="2 layers"):
        _ = net.weights
    with pytest.raises(AttributeError, match="fields"):
        _ = net.w


def test_a_sweep_is_one_table(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    plan = {
        "name": "gains",
        "seeds": [1, 2],
        "train": {"task": "go-nogo", "N": 8, "n_trials": 2, "eval_trials": 2},
        "map": {"trials": 2},
    }
    sweep = sp.sweep(plan, workers=2)
    frame = sweep.to_dataframe()
    assert list(frame["seed"]) == [1, 2]
    assert frame["rate_strict"].between(0, 1).all()
    # No network works, and what there is not is no object.
    assert np.isnan(frame["spiking_strict"].mean())
    # Of a folder that is there already.
    results = sp.sweep("results", sweep.folder)
    assert "network" in repr(results)
    assert list(results.to_dataframe()["seed"]) == [1, 2]
    with pytest.raises(AttributeError, match="you named"):
        _ = results.folder
    states = sp.sweep("status", sweep.folder).to_dataframe()
    assert list(states["state"]) == ["done", "done"]
    assert list(tmp_path.iterdir()) == []
