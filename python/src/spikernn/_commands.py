# Made by deno task build-python from the tables of settings; do not edit.
"""The commands, as functions."""

from __future__ import annotations

from . import _runs

__all__ = [
    "analyse",
    "compare",
    "completion",
    "dashboard",
    "demo",
    "doctor",
    "evaluate",
    "export",
    "import_",
    "info",
    "map",
    "perturb",
    "plot",
    "report",
    "reproduce",
    "settings",
    "simulate",
    "sweep",
    "tasks",
    "train",
]


def train(
    task=None,
    *,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    N=None,
    P_inh=None,
    P_rec=None,
    som_N=None,
    apply_dale=None,
    gain=None,
    inhibitory_scale=None,
    w_dist=None,
    act=None,
    decay_taus=None,
    n_layers=None,
    layer_sizes=None,
    P_inter=None,
    inter=None,
    inter_gain=None,
    feedback=None,
    readout=None,
    input_to=None,
    preset=None,
    n_trials=None,
    batch=None,
    loss_fn=None,
    answer_share=None,
    curriculum=None,
    learning_rate=None,
    warm_up=None,
    clip_norm=None,
    noise_levels=None,
    loss_threshold=None,
    criterion=None,
    eval_freq=None,
    eval_trials=None,
    seed=None,
    backend=None,
    gpu=None,
    workers=None,
    output_dir=None,
    output=None,
    plots=None,
    checkpoints=None,
    resume=None,
    dashboard=None,
    port=None,
    log_dir=None,
    config=None,
    progress=None,
    stream=False,
):
    """Train a rate network on a task.

    Trains a rate network on a task by backpropagation through time, until its criteria are met or the updates are used up, and saves it as a MATLAB file under FOLDER/models. Ctrl-C stops the training and saves the network so far; resume continues a run that was stopped or killed.

    Args:
        task: task by name (see the command tasks), or a .ts file that defines one. Allowed: texts that are not empty.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        N: number of units (of each layer). Allowed: whole numbers from 1 to 100000. Defaults to 200.
        P_inh: probability that a unit is inhibitory. Allowed: numbers from 0 to 1. Defaults to 0.2.
        P_rec: probability of a recurrent synapse before training. Allowed: numbers of 1 or less and above 0. Defaults to 0.2.
        som_N: number of somatostatin (SST) units among the inhibitory. Allowed: whole numbers of 0 or more. Defaults to 0.
        apply_dale: Dale's principle: a unit is either excitatory or inhibitory. Allowed: True, False. Defaults to True.
        gain: gain of the initial weights. Allowed: numbers of 0 or more. Defaults to 1.5.
        inhibitory_scale: multiplies the initial weights of inhibitory units; balanced: as much inhibition as excitation. Allowed: numbers of 0 or more, balanced. Defaults to the preset's, balanced.
        w_dist: distribution of the initial weights. Allowed: gaus, gamma. Defaults to gaus.
        act: activation of the units. Allowed: sigmoid, clipped_relu, softplus, retanh, lif. Defaults to sigmoid.
        decay_taus: bounds of the trained synaptic decay time constants, in steps; one number fixes them. Allowed: 1 to 2 numbers of 1 or more. Defaults to [4, 20].
        n_layers: number of layers, of N units each. Allowed: whole numbers from 1 to 100. Defaults to 1.
        layer_sizes: units of each layer, in place of N and n_layers. Allowed: 1 to 100 whole numbers from 1 to 100000.
        P_inter: probability of a synapse from a layer to the next. Allowed: numbers from 0 to 1. Defaults to 0.8.
        inter: which units project to the next layer. Allowed: exc, all. Defaults to exc.
        inter_gain: expected summed weight from the layer below onto a unit. Allowed: numbers of 0 or more. Defaults to 2 for sigmoid and lif, 1 for the others.
        feedback: probability of a synapse from a layer to the one below. Allowed: numbers from 0 to 1. Defaults to 0.
        readout: layers that are read. Allowed: last, all. Defaults to last.
        input_to: layers that get the stimulus. Allowed: first, all. Defaults to first.
        preset: settings that go together (batch, clip_norm, learning_rate, eval_freq, inhibitory_scale, answer_share, curriculum, noise_levels, criterion); a flag that you give wins over them. Allowed: robust, fast, paper. Defaults to robust.
        n_trials: largest number of updates (not of trials, whatever the batch). Allowed: whole numbers of 1 or more. Defaults to 5000.
        batch: trials of an update. Allowed: whole numbers from 1 to 100000. Defaults to the preset's, 16.
        loss_fn: loss of a trial: l2, root of the summed squared errors, or l1, sum of the absolute errors. Allowed: l1, l2. Defaults to l2.
        answer_share: share of the loss that the response has (the steps of the strict window), if one is due; 0: all steps weigh alike. Allowed: numbers of 0 or more and below 1. Defaults to the preset's, 0.7.
        curriculum: shorter delays to train with first, in steps, if the task has a delay; the next one begins when the criteria are met. Allowed: none, 1 to 20 whole numbers of 0 or more. Defaults to the preset's, 10.
        learning_rate: learning rate of Adam. Allowed: numbers above 0. Defaults to the preset's, 0.02.
        warm_up: updates over which the learning rate rises to its value. Allowed: whole numbers from 1 to 1000000. Defaults to none.
        clip_norm: largest norm of the gradient; a larger one is scaled down; none: no limit. Allowed: numbers above 0, none. Defaults to the preset's, 1.
        noise_levels: multiples of the model's noise to train with, in turn: the next begins when the criteria are met, and training ends when they are met at the last. Allowed: 1 to 20 numbers of 0 or more. Defaults to the preset's, 1 2 4 4 4.
        loss_threshold: mean loss below which training may stop. Allowed: numbers above 0. Defaults to the task's, 7.
        criterion: rule whose performance must be above the task's 95 % before training may stop. Allowed: strict, paper. Defaults to the preset's, strict.
        eval_freq: updates from one evaluation to the next. Allowed: whole numbers of 1 or more. Defaults to the preset's, 50.
        eval_trials: trials of an evaluation. Allowed: whole numbers from 1 to 1000000. Defaults to 100.
        seed: seed of all random numbers. Allowed: whole numbers of 0 or more. Defaults to drawn, and printed.
        backend: where to compute: auto is simd, or a graphics card (webgpu) if there is one that is faster. Allowed: auto, simd, reference, webgpu. Defaults to auto.
        gpu: which graphics card auto and webgpu may take, by number, or off. Allowed: off and numbers from 0 to 99. Defaults to the first.
        workers: number of workers that share trials, or the layers of one. Allowed: whole numbers from 1 to 1024. Defaults to one per core.
        output_dir: folder in which models/… and plots/… are made. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        output: file to save the model to, .mat, in place of a name of its own under models/. Allowed: texts that are not empty.
        plots: draw performance, loss, activity and output at the evaluations, as PNG and SVG in plots/…; an evaluation is left out if drawing would slow training, but never the last one. Allowed: True, False. Defaults to True.
        checkpoints: keep the last two states of the run beside the model, at every evaluation and when it is stopped, until the model is saved. Allowed: True, False. Defaults to True.
        resume: continue a run, from its folder (NAME.run) or one of its checkpoints, under the settings that it was begun with. Allowed: texts that are not empty.
        dashboard: serve a live page on 127.0.0.1 and print its address. Allowed: True, False.
        port: port of the live page. Allowed: whole numbers from 0 to 65535. Defaults to any free one.
        log_dir: folder for a run log and TensorBoard's events, with a sub-folder for each run. Allowed: texts that are not empty.
        config: settings file in TOML, by the flags' names (flags win over it). Allowed: texts that are not empty.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Network; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.trained(
        {
            "task": task,
            "trust_task": trust_task,
            "T": T,
            "stim_on": stim_on,
            "stim_dur": stim_dur,
            "delay": delay,
            "timing": timing,
            "N": N,
            "P_inh": P_inh,
            "P_rec": P_rec,
            "som_N": som_N,
            "apply_dale": apply_dale,
            "gain": gain,
            "inhibitory_scale": inhibitory_scale,
            "w_dist": w_dist,
            "act": act,
            "decay_taus": decay_taus,
            "n_layers": n_layers,
            "layer_sizes": layer_sizes,
            "P_inter": P_inter,
            "inter": inter,
            "inter_gain": inter_gain,
            "feedback": feedback,
            "readout": readout,
            "input_to": input_to,
            "preset": preset,
            "n_trials": n_trials,
            "batch": batch,
            "loss_fn": loss_fn,
            "answer_share": answer_share,
            "curriculum": curriculum,
            "learning_rate": learning_rate,
            "warm_up": warm_up,
            "clip_norm": clip_norm,
            "noise_levels": noise_levels,
            "loss_threshold": loss_threshold,
            "criterion": criterion,
            "eval_freq": eval_freq,
            "eval_trials": eval_trials,
            "seed": seed,
            "backend": backend,
            "gpu": gpu,
            "workers": workers,
            "output_dir": output_dir,
            "output": output,
            "plots": plots,
            "checkpoints": checkpoints,
            "resume": resume,
            "dashboard": dashboard,
            "port": port,
            "log_dir": log_dir,
            "config": config,
        },
        progress=progress,
        stream=stream,
    )


def evaluate(
    net,
    /,
    *,
    trials=None,
    spiking=None,
    stim=None,
    stim_units=None,
    stim_window=None,
    stim_amount=None,
    stim_probability=None,
    lesion=None,
    noise=None,
    from_=None,
    to=None,
    scale=None,
    cut=None,
    shuffle=None,
    window=None,
    task=None,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    factor=None,
    single_factor=None,
    uncalibrated=None,
    model=None,
    synapse=None,
    tr=None,
    tref=None,
    tm=None,
    tau_w=None,
    b_w=None,
    downsample=None,
    use_initial_weights=None,
    seed=None,
    backend=None,
    gpu=None,
    workers=None,
    progress=None,
    stream=False,
):
    """Evaluate saved networks, rate or spiking, on their task.

    Evaluates a saved network on fresh trials of its task (or of another, by task), by the paper's rule and by the strict one, as a whole and by condition, with 95 % intervals. With spiking it also evaluates the spiking twin.

    Args:
        net: a network, or its file.
        trials: number of trials. Allowed: whole numbers from 1 to 10000000. Defaults to 100.
        spiking: evaluate the spiking network beside the rate network, and diagnose the mapping. Allowed: True, False.
        stim: stimulate units: excite or inhibit them. Allowed: exc, inh.
        stim_units: units to stimulate. Allowed: E, I, SST, PV and numbers of units from 0, or truth values, one for each unit.
        stim_window: when to stimulate them, ms from the start of the trial. Allowed: texts that are not empty.
        stim_amount: size of a push: mV (spiking), added to x at every step (rate). Allowed: numbers above 0. Defaults to 0.5, of rate units 1.
        stim_probability: probability of a push at an integration step. Allowed: numbers from 0 to 1. Defaults to 0.5.
        lesion: units without outgoing synapses and readout. Allowed: E, I, SST, PV and numbers of units from 0, or truth values, one for each unit.
        noise: multiplies the noise of the model, 0 for none. Allowed: numbers of 0 or more. Defaults to 1.
        from_: class of presynaptic units whose synapses change. Allowed: E, I, SST, PV, all, of one layer 1:E, 2:all, …. Defaults to all.
        to: class of postsynaptic units whose synapses change. Allowed: E, I, SST, PV, all, of one layer 1:E, 2:all, …. Defaults to all.
        scale: multiplies the weights of these synapses. Allowed: numbers of 0 or more.
        cut: sets a share of these synapses to 0, drawn by the seed. Allowed: numbers from 0 to 1.
        shuffle: permutes the weights of these synapses among their places. Allowed: True, False.
        window: when these synapses are changed. Allowed: ON:OFF in ms, as in 375:1000, stimulus, delay, response, whole. Defaults to whole.
        task: task by name (see the command tasks), or a .ts file that defines one. Allowed: texts that are not empty.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        factor: scaling factor (1/lambda). Allowed: numbers of 1 or more. Defaults to as searched.
        single_factor: one scaling factor for all layers, if the file records one for each. Allowed: True, False.
        uncalibrated: without the calibration that the file records beside the factor. Allowed: True, False.
        model: neuron model. Allowed: lif, qif, eif, alif, adex. Defaults to lif, or as searched.
        synapse: synaptic filter: rise and decay, decay alone, rise as long as decay, none. Allowed: double, single, alpha, none. Defaults to double, or as searched.
        tr: double: rise time constant of the synapses, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tref: absolute refractory period, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tm: membrane time constant, ms. Allowed: numbers above 0. Defaults to 10, or as searched.
        tau_w: alif, adex: decay time constant of the adaptation current, ms. Allowed: numbers above 0. Defaults to 100, or as searched.
        b_w: alif, adex: jump of the adaptation current at a spike, mV. Allowed: numbers of 0 or more. Defaults to 0.5, or as searched.
        downsample: multiplies the integration step of 0.05 ms. Allowed: whole numbers of 1 or more. Defaults to 1, or as searched.
        use_initial_weights: recurrent weights as they were before training. Allowed: True, False.
        seed: seed of all random numbers. Allowed: whole numbers of 0 or more. Defaults to drawn, and printed.
        backend: where to compute: auto is simd, or a graphics card (webgpu) if there is one that is faster. Allowed: auto, simd, reference, webgpu. Defaults to auto.
        gpu: which graphics card auto and webgpu may take, by number, or off. Allowed: off and numbers from 0 to 99. Defaults to the first.
        workers: number of workers that share trials, or the layers of one. Allowed: whole numbers from 1 to 1024. Defaults to one per core.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Evaluation; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.as_network(net).evaluate(
        trials=trials,
        spiking=spiking,
        stim=stim,
        stim_units=stim_units,
        stim_window=stim_window,
        stim_amount=stim_amount,
        stim_probability=stim_probability,
        lesion=lesion,
        noise=noise,
        from_=from_,
        to=to,
        scale=scale,
        cut=cut,
        shuffle=shuffle,
        window=window,
        task=task,
        trust_task=trust_task,
        T=T,
        stim_on=stim_on,
        stim_dur=stim_dur,
        delay=delay,
        timing=timing,
        factor=factor,
        single_factor=single_factor,
        uncalibrated=uncalibrated,
        model=model,
        synapse=synapse,
        tr=tr,
        tref=tref,
        tm=tm,
        tau_w=tau_w,
        b_w=b_w,
        downsample=downsample,
        use_initial_weights=use_initial_weights,
        seed=seed,
        backend=backend,
        gpu=gpu,
        workers=workers,
        progress=progress,
        stream=stream,
    )


def map(
    net,
    /,
    *,
    factors=None,
    trials=None,
    all_trials=None,
    select=None,
    refine=None,
    predict=None,
    factor_per_layer=None,
    write_anyway=None,
    calibrate_anyway=None,
    force=None,
    calibrate=None,
    goal=None,
    calibrate_trials=None,
    calibrate_iterations=None,
    tune_rounds=None,
    tune_updates=None,
    tune_batch=None,
    tune_rate=None,
    tune_guide=None,
    tune_hold=None,
    tune_noise=None,
    tune_amplitude=None,
    tune_shift=None,
    tune_weights=None,
    task=None,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    model=None,
    synapse=None,
    tr=None,
    tref=None,
    tm=None,
    tau_w=None,
    b_w=None,
    downsample=None,
    use_initial_weights=None,
    seed=None,
    backend=None,
    gpu=None,
    workers=None,
    dashboard=None,
    port=None,
    log_dir=None,
    progress=None,
    stream=False,
):
    """Search the scaling factor that maps a network to spikes.

    Searches the scaling factor with which the spiking twin of a rate network does the task best, and writes it into the model file if it works (opt_scaling_factor, scaling_factors, all_perfs and more; and the task, if the file does not say it). Models that have been searched are skipped. An interrupted search continues when the same command is run again.

    Args:
        net: a network, or its file.
        factors: scaling factors (1/lambda) to try. Allowed: 1 or more numbers of 1 or more. Defaults to 20 25 … 75 for sigmoid and retanh, 4 6 … 26 for softplus and clipped_relu, 50 for lif.
        trials: trials of each factor that may be the best. Allowed: whole numbers from 1 to 10000000. Defaults to 100.
        all_trials: give all trials to every factor, also to those that can no longer be the best or on the plateau. Allowed: True, False.
        select: rule that chooses: strict by output error among the best, paper by performance. Allowed: strict, paper. Defaults to strict.
        refine: search on between the best factor and its better neighbour. Allowed: True, False.
        predict: begin around the factor that the transfer functions predict, and try others only as far as the best may be there: for many networks; only the rule of select counts. Allowed: True, False.
        factor_per_layer: search on for one factor for each layer, if there are several; kept if fresh trials say that it helps. Allowed: True, False.
        write_anyway: write the best factor even if no factor works. Allowed: True, False.
        calibrate_anyway: calibrate a rate network even if it fails its task. Allowed: True, False.
        force: search again if a model has been searched already. Allowed: True, False.
        calibrate: steps beyond the factor, all or some (readout: gains of excitatory and inhibitory units and an offset of the output; units: a bias current and a gain of every unit; weights: a readout gain of every unit; tune: gains of all synapses, readout gains and bias currents, by gradients of spiking trials). A step is kept if fresh trials say that it helps. A model that was searched already is calibrated at its factor. Allowed: all, readout, units, weights, tune. Defaults to none.
        goal: what a calibration is for: accurate, to be right at the model's noise; robust, to be right from half to twice the noise, where steps must be better over the whole range and no worse at the model's own noise, and tune takes trials of 0.5, 1, 2 and 2.5 times the noise. robust alone means the step tune. Allowed: accurate, robust. Defaults to accurate.
        calibrate_trials: trials that a step is fitted on. Allowed: whole numbers from 1 to 100000. Defaults to 40.
        calibrate_iterations: corrections of the bias currents of units. Allowed: whole numbers from 0 to 1000. Defaults to 3.
        tune_rounds: rounds of the step tune, at most. Another begins if fewer than 97 % of 200 trials (of up to 600 if 200 leave doubt) are right: from the best so far, the third and fourth from twice and half the factor. Allowed: whole numbers from 1 to 1000. Defaults to 6.
        tune_updates: updates of a round, at most. Allowed: whole numbers from 1 to 1000000. Defaults to 600.
        tune_batch: trials of an update of tune. Allowed: whole numbers from 1 to 100000. Defaults to 16.
        tune_rate: learning rate of tune, as a share of the weights' size. Allowed: numbers of 10 or less and above 0. Defaults to 0.03.
        tune_guide: weight of the guide, by which units fire as their rate units do, beside the output's error, until 80 % of trials are right. Allowed: numbers from 0 to 1000. Defaults to 0.3.
        tune_hold: weight of the guide once 80 % of trials are right; a larger one keeps units closer to their rate units. Allowed: numbers from 0 to 1000. Defaults to 0.
        tune_noise: strengths of the noise in the trials of tune, in turn; 1 is the model's. Several make a network that bears more and less noise. Allowed: 1 to 16 numbers from 0 to 100. Defaults to [1].
        tune_amplitude: least and greatest factor of the stimuli in the trials of updates of tune, drawn for each. Allowed: 2 numbers from 0 to 100. Defaults to [1, 1].
        tune_shift: steps by which the trials of an update of tune begin earlier or later, at most, drawn for each update. Allowed: whole numbers from 0 to 100000. Defaults to 0.
        tune_weights: what tune moves: all weights and bias currents, or the readout alone. Allowed: all, readout. Defaults to all.
        task: task by name (see the command tasks), or a .ts file that defines one. Allowed: texts that are not empty.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        model: neuron model. Allowed: lif, qif, eif, alif, adex. Defaults to lif, or as searched.
        synapse: synaptic filter: rise and decay, decay alone, rise as long as decay, none. Allowed: double, single, alpha, none. Defaults to double, or as searched.
        tr: double: rise time constant of the synapses, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tref: absolute refractory period, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tm: membrane time constant, ms. Allowed: numbers above 0. Defaults to 10, or as searched.
        tau_w: alif, adex: decay time constant of the adaptation current, ms. Allowed: numbers above 0. Defaults to 100, or as searched.
        b_w: alif, adex: jump of the adaptation current at a spike, mV. Allowed: numbers of 0 or more. Defaults to 0.5, or as searched.
        downsample: multiplies the integration step of 0.05 ms. Allowed: whole numbers of 1 or more. Defaults to 1, or as searched.
        use_initial_weights: recurrent weights as they were before training. Allowed: True, False.
        seed: seed of all random numbers. Allowed: whole numbers of 0 or more. Defaults to drawn, and printed.
        backend: where to compute: auto is simd, or a graphics card (webgpu) if there is one that is faster. Allowed: auto, simd, reference, webgpu. Defaults to auto.
        gpu: which graphics card auto and webgpu may take, by number, or off. Allowed: off and numbers from 0 to 99. Defaults to the first.
        workers: number of workers that share trials, or the layers of one. Allowed: whole numbers from 1 to 1024. Defaults to one per core.
        dashboard: serve a live page on 127.0.0.1 and print its address. Allowed: True, False.
        port: port of the live page. Allowed: whole numbers from 0 to 65535. Defaults to any free one.
        log_dir: folder for a run log and TensorBoard's events, with a sub-folder for each run. Allowed: texts that are not empty.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Network; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.as_network(net).map(
        factors=factors,
        trials=trials,
        all_trials=all_trials,
        select=select,
        refine=refine,
        predict=predict,
        factor_per_layer=factor_per_layer,
        write_anyway=write_anyway,
        calibrate_anyway=calibrate_anyway,
        force=force,
        calibrate=calibrate,
        goal=goal,
        calibrate_trials=calibrate_trials,
        calibrate_iterations=calibrate_iterations,
        tune_rounds=tune_rounds,
        tune_updates=tune_updates,
        tune_batch=tune_batch,
        tune_rate=tune_rate,
        tune_guide=tune_guide,
        tune_hold=tune_hold,
        tune_noise=tune_noise,
        tune_amplitude=tune_amplitude,
        tune_shift=tune_shift,
        tune_weights=tune_weights,
        task=task,
        trust_task=trust_task,
        T=T,
        stim_on=stim_on,
        stim_dur=stim_dur,
        delay=delay,
        timing=timing,
        model=model,
        synapse=synapse,
        tr=tr,
        tref=tref,
        tm=tm,
        tau_w=tau_w,
        b_w=b_w,
        downsample=downsample,
        use_initial_weights=use_initial_weights,
        seed=seed,
        backend=backend,
        gpu=gpu,
        workers=workers,
        dashboard=dashboard,
        port=port,
        log_dir=log_dir,
        progress=progress,
        stream=stream,
    )


def simulate(
    net,
    /,
    *,
    trial=None,
    trials=None,
    stimulus=None,
    rate=None,
    task=None,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    factor=None,
    single_factor=None,
    uncalibrated=None,
    model=None,
    synapse=None,
    tr=None,
    tref=None,
    tm=None,
    tau_w=None,
    b_w=None,
    downsample=None,
    use_initial_weights=None,
    stim=None,
    stim_units=None,
    stim_window=None,
    stim_amount=None,
    stim_probability=None,
    lesion=None,
    noise=None,
    from_=None,
    to=None,
    scale=None,
    cut=None,
    shuffle=None,
    window=None,
    output=None,
    format=None,
    record=None,
    every=None,
    subject=None,
    session_start=None,
    seed=None,
    backend=None,
    gpu=None,
    workers=None,
    force=None,
    progress=None,
    stream=False,
):
    """Run trials of a spiking network (or its rate twin) and save them.

    Runs trials of a spiking network (or, with rate, of the rate network that it comes from) and writes stimuli, outputs, spikes, firing rates and what else is recorded to a file of MATLAB, NumPy or NWB. Both networks take the same stimuli, for the same seed, and the same perturbations.

    Args:
        net: a network, or its file.
        trial: conditions to run in turn (see tasks show NAME). Allowed: names of conditions, as in go or same:++. Defaults to every one once.
        trials: number of trials. Allowed: whole numbers from 1 to 100000. Defaults to one of each condition, or of a stimulus.
        stimulus: file (.mat, .npz, .npy or .safetensors) with a stimulus u, channels by steps, in place of the task's. Allowed: an array, or a text or path.
        rate: run the rate network, in place of its spiking twin. Allowed: True, False.
        task: task by name (see the command tasks), or a .ts file that defines one. Allowed: texts that are not empty.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        factor: scaling factor (1/lambda). Allowed: numbers of 1 or more. Defaults to as searched.
        single_factor: one scaling factor for all layers, if the file records one for each. Allowed: True, False.
        uncalibrated: without the calibration that the file records beside the factor. Allowed: True, False.
        model: neuron model. Allowed: lif, qif, eif, alif, adex. Defaults to lif, or as searched.
        synapse: synaptic filter: rise and decay, decay alone, rise as long as decay, none. Allowed: double, single, alpha, none. Defaults to double, or as searched.
        tr: double: rise time constant of the synapses, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tref: absolute refractory period, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tm: membrane time constant, ms. Allowed: numbers above 0. Defaults to 10, or as searched.
        tau_w: alif, adex: decay time constant of the adaptation current, ms. Allowed: numbers above 0. Defaults to 100, or as searched.
        b_w: alif, adex: jump of the adaptation current at a spike, mV. Allowed: numbers of 0 or more. Defaults to 0.5, or as searched.
        downsample: multiplies the integration step of 0.05 ms. Allowed: whole numbers of 1 or more. Defaults to 1, or as searched.
        use_initial_weights: recurrent weights as they were before training. Allowed: True, False.
        stim: stimulate units: excite or inhibit them. Allowed: exc, inh.
        stim_units: units to stimulate. Allowed: E, I, SST, PV and numbers of units from 0, or truth values, one for each unit.
        stim_window: when to stimulate them, ms from the start of the trial. Allowed: texts that are not empty.
        stim_amount: size of a push: mV (spiking), added to x at every step (rate). Allowed: numbers above 0. Defaults to 0.5, of rate units 1.
        stim_probability: probability of a push at an integration step. Allowed: numbers from 0 to 1. Defaults to 0.5.
        lesion: units without outgoing synapses and readout. Allowed: E, I, SST, PV and numbers of units from 0, or truth values, one for each unit.
        noise: multiplies the noise of the model, 0 for none. Allowed: numbers of 0 or more. Defaults to 1.
        from_: class of presynaptic units whose synapses change. Allowed: E, I, SST, PV, all, of one layer 1:E, 2:all, …. Defaults to all.
        to: class of postsynaptic units whose synapses change. Allowed: E, I, SST, PV, all, of one layer 1:E, 2:all, …. Defaults to all.
        scale: multiplies the weights of these synapses. Allowed: numbers of 0 or more.
        cut: sets a share of these synapses to 0, drawn by the seed. Allowed: numbers from 0 to 1.
        shuffle: permutes the weights of these synapses among their places. Allowed: True, False.
        window: when these synapses are changed. Allowed: ON:OFF in ms, as in 375:1000, stimulus, delay, response, whole. Defaults to whole.
        output: file to write, .mat, .npz or .nwb. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        format: format of the file: MATLAB, NumPy, Neurodata Without Borders. Allowed: mat, npz, nwb. Defaults to as output ends, else mat.
        record: what to keep besides outputs and spikes. Allowed: voltages, currents, ei_currents (excitatory and inhibitory ones apart), rates. Defaults to nothing.
        every: integration steps from one kept sample of voltages, currents and rates to the next. Allowed: whole numbers of 1 or more. Defaults to 20.
        subject: name of the subject. Allowed: texts that are not empty. Defaults to the model's name.
        session_start: when the session began, ISO 8601 with a zone. Allowed: texts that are not empty. Defaults to when the model was made.
        seed: seed of all random numbers. Allowed: whole numbers of 0 or more. Defaults to drawn, and printed.
        backend: where to compute: auto is simd, or a graphics card (webgpu) if there is one that is faster. Allowed: auto, simd, reference, webgpu. Defaults to auto.
        gpu: which graphics card auto and webgpu may take, by number, or off. Allowed: off and numbers from 0 to 99. Defaults to the first.
        workers: number of workers that share trials, or the layers of one. Allowed: whole numbers from 1 to 1024. Defaults to one per core.
        force: write over a file of another kind. Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Run; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.as_network(net).simulate(
        trial=trial,
        trials=trials,
        stimulus=stimulus,
        rate=rate,
        task=task,
        trust_task=trust_task,
        T=T,
        stim_on=stim_on,
        stim_dur=stim_dur,
        delay=delay,
        timing=timing,
        factor=factor,
        single_factor=single_factor,
        uncalibrated=uncalibrated,
        model=model,
        synapse=synapse,
        tr=tr,
        tref=tref,
        tm=tm,
        tau_w=tau_w,
        b_w=b_w,
        downsample=downsample,
        use_initial_weights=use_initial_weights,
        stim=stim,
        stim_units=stim_units,
        stim_window=stim_window,
        stim_amount=stim_amount,
        stim_probability=stim_probability,
        lesion=lesion,
        noise=noise,
        from_=from_,
        to=to,
        scale=scale,
        cut=cut,
        shuffle=shuffle,
        window=window,
        output=output,
        format=format,
        record=record,
        every=every,
        subject=subject,
        session_start=session_start,
        seed=seed,
        backend=backend,
        gpu=gpu,
        workers=workers,
        force=force,
        progress=progress,
        stream=stream,
    )


def perturb(
    net,
    /,
    *,
    from_=None,
    to=None,
    scale=None,
    cut=None,
    shuffle=None,
    window=None,
    lesion=None,
    units=None,
    noise=None,
    stim=None,
    stim_window=None,
    stim_amount=None,
    together=None,
    network=None,
    measure=None,
    trials=None,
    task=None,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    factor=None,
    single_factor=None,
    uncalibrated=None,
    model=None,
    synapse=None,
    tr=None,
    tref=None,
    tm=None,
    tau_w=None,
    b_w=None,
    downsample=None,
    use_initial_weights=None,
    output=None,
    format=None,
    save=None,
    seed=None,
    backend=None,
    gpu=None,
    workers=None,
    force=None,
    progress=None,
    stream=False,
):
    """Change synapses, lesion, stimulate: what it does to a network.

    Changes a saved network and says what that does: synapses between classes of units scaled, cut or shuffled, for whole trials or in windows of time, units lesioned or stimulated, noise made stronger. Rate network and spiking twin have the same synapses changed and run the same trials as the intact network, so that each point is compared trial by trial: change of performance with its paired 95 % interval and McNemar's exact p. Several classes, amounts and windows make a grid; a table and figures of it are written into a folder.

    Args:
        net: a network, or its file.
        from_: classes of presynaptic units, each with each of to. Allowed: E, I, SST, PV, all, of one layer 1:E, 2:all, …. Defaults to all.
        to: classes of postsynaptic units. Allowed: E, I, SST, PV, all, of one layer 1:E, 2:all, …. Defaults to all.
        scale: multiply weights by. Allowed: 1 to 1000 numbers of 0 or more.
        cut: set shares of the synapses to 0, drawn by the seed. Allowed: 1 to 1000 numbers from 0 to 1.
        shuffle: permute weights among the places of the synapses. Allowed: True, False.
        window: when synapses are changed, each on its own. Allowed: ON:OFF in ms, as in 375:1000, stimulus, delay, response, whole. Defaults to whole.
        lesion: lesion shares of the units, drawn by the seed. Allowed: 1 to 1000 numbers of 1 or less and above 0.
        units: classes of units for lesion and stim, each on its own. Allowed: E, I, SST, PV, all, of one layer 1:E, 2:all, …. Defaults to all.
        noise: multiply the noise by. Allowed: 1 to 1000 numbers of 0 or more.
        stim: stimulate units: excite or inhibit them. Allowed: exc, inh.
        stim_window: when to stimulate, each on its own. Allowed: ON:OFF in ms, as in 250:375.
        stim_amount: size of a push: mV (spiking), added to x (rate). Allowed: numbers above 0. Defaults to 0.5, of rate units 1.
        together: make all given changes together, in every combination. Allowed: True, False.
        network: which network. Allowed: both, rate, spiking. Defaults to both; rate if the model has no factor.
        measure: analyses whose numbers each point has beside the intact network. Allowed: trajectories, timescales, tuning, discriminability, decoding, fixed-points, weights, currents, spike-trains, silent, generalisation, psychometric. Defaults to none.
        trials: trials of each point, the same for all. Allowed: whole numbers from 1 to 100000. Defaults to 100.
        task: task by name (see the command tasks), or a .ts file that defines one. Allowed: texts that are not empty.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        factor: scaling factor (1/lambda). Allowed: numbers of 1 or more. Defaults to as searched.
        single_factor: one scaling factor for all layers, if the file records one for each. Allowed: True, False.
        uncalibrated: without the calibration that the file records beside the factor. Allowed: True, False.
        model: neuron model. Allowed: lif, qif, eif, alif, adex. Defaults to lif, or as searched.
        synapse: synaptic filter: rise and decay, decay alone, rise as long as decay, none. Allowed: double, single, alpha, none. Defaults to double, or as searched.
        tr: double: rise time constant of the synapses, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tref: absolute refractory period, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tm: membrane time constant, ms. Allowed: numbers above 0. Defaults to 10, or as searched.
        tau_w: alif, adex: decay time constant of the adaptation current, ms. Allowed: numbers above 0. Defaults to 100, or as searched.
        b_w: alif, adex: jump of the adaptation current at a spike, mV. Allowed: numbers of 0 or more. Defaults to 0.5, or as searched.
        downsample: multiplies the integration step of 0.05 ms. Allowed: whole numbers of 1 or more. Defaults to 1, or as searched.
        use_initial_weights: recurrent weights as they were before training. Allowed: True, False.
        output: folder for table and figures. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        format: format of the figures. Allowed: svg, pdf, png, html. Defaults to svg.
        save: write the changed network as a new model. Allowed: texts that are not empty.
        seed: seed of all random numbers. Allowed: whole numbers of 0 or more. Defaults to drawn, and printed.
        backend: where to compute: auto is simd, or a graphics card (webgpu) if there is one that is faster. Allowed: auto, simd, reference, webgpu. Defaults to auto.
        gpu: which graphics card auto and webgpu may take, by number, or off. Allowed: off and numbers from 0 to 99. Defaults to the first.
        workers: number of workers that share trials, or the layers of one. Allowed: whole numbers from 1 to 1024. Defaults to one per core.
        force: write over a file of another kind. Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Perturbation; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.as_network(net).perturb(
        from_=from_,
        to=to,
        scale=scale,
        cut=cut,
        shuffle=shuffle,
        window=window,
        lesion=lesion,
        units=units,
        noise=noise,
        stim=stim,
        stim_window=stim_window,
        stim_amount=stim_amount,
        together=together,
        network=network,
        measure=measure,
        trials=trials,
        task=task,
        trust_task=trust_task,
        T=T,
        stim_on=stim_on,
        stim_dur=stim_dur,
        delay=delay,
        timing=timing,
        factor=factor,
        single_factor=single_factor,
        uncalibrated=uncalibrated,
        model=model,
        synapse=synapse,
        tr=tr,
        tref=tref,
        tm=tm,
        tau_w=tau_w,
        b_w=b_w,
        downsample=downsample,
        use_initial_weights=use_initial_weights,
        output=output,
        format=format,
        save=save,
        seed=seed,
        backend=backend,
        gpu=gpu,
        workers=workers,
        force=force,
        progress=progress,
        stream=stream,
    )


def info(
    net,
    /,
    *,
    progress=None,
    stream=False,
):
    """Say what a model file holds.

    Says what a model file holds: units by type, synapses, decay time constants, spectral radius of the effective weights, how the network was trained, and its scaling factor if it has been searched. Reads files of the original as well.

    Args:
        net: a network, or its file.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        dict[str, Any]; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.as_network(net).info(
        progress=progress,
        stream=stream,
    )


def compare(
    *operands,
    progress=None,
    stream=False,
):
    """Say what differs between two model files.

    Says what differs between two model files: settings, how training ended, the last evaluation, the scaling factor and what was found with it, and how far the weights are apart. Leaves out what is the same in both.

    Args:
        *operands: two model files.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Result; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.plain(
        "compare",
        operands,
        {
        },
        progress=progress,
        stream=stream,
    )


def plot(
    net,
    /,
    *figures,
    format=None,
    width=None,
    output=None,
    trials=None,
    raster_trials=None,
    trial=None,
    task=None,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    factor=None,
    single_factor=None,
    uncalibrated=None,
    model=None,
    synapse=None,
    tr=None,
    tref=None,
    tm=None,
    tau_w=None,
    b_w=None,
    downsample=None,
    use_initial_weights=None,
    seed=None,
    backend=None,
    gpu=None,
    workers=None,
    force=None,
    progress=None,
    stream=False,
):
    """Draw figures of a saved network.

    Draws figures of a saved network in the sizes of a paper's columns: task, training, output, search, raster, rates, weights, spectrum, taus; all that the file has data for if none is named. The outputs, rasters and firing rates are of fresh trials.

    Args:
        net: a network, or its file.
        *figures: task, training, output, search, raster, rates, weights, spectrum, taus.
        format: format of the files. Allowed: svg, pdf, png, html. Defaults to svg.
        width: width in mm, or that of one or both columns of a paper (85, 180 mm). Allowed: single, double and widths from 40 to 400 mm. Defaults to what suits the figure.
        output: folder for the files; with one figure also a file. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        trials: trials of each condition behind means and firing rates. Allowed: whole numbers from 1 to 100000. Defaults to 25.
        raster_trials: trials of each condition in a raster. Allowed: whole numbers from 1 to 10000. Defaults to 1.
        trial: conditions to show (see tasks show NAME). Allowed: names of conditions, as in go or same:++. Defaults to all.
        task: task by name (see the command tasks), or a .ts file that defines one. Allowed: texts that are not empty.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        factor: scaling factor (1/lambda). Allowed: numbers of 1 or more. Defaults to as searched.
        single_factor: one scaling factor for all layers, if the file records one for each. Allowed: True, False.
        uncalibrated: without the calibration that the file records beside the factor. Allowed: True, False.
        model: neuron model. Allowed: lif, qif, eif, alif, adex. Defaults to lif, or as searched.
        synapse: synaptic filter: rise and decay, decay alone, rise as long as decay, none. Allowed: double, single, alpha, none. Defaults to double, or as searched.
        tr: double: rise time constant of the synapses, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tref: absolute refractory period, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tm: membrane time constant, ms. Allowed: numbers above 0. Defaults to 10, or as searched.
        tau_w: alif, adex: decay time constant of the adaptation current, ms. Allowed: numbers above 0. Defaults to 100, or as searched.
        b_w: alif, adex: jump of the adaptation current at a spike, mV. Allowed: numbers of 0 or more. Defaults to 0.5, or as searched.
        downsample: multiplies the integration step of 0.05 ms. Allowed: whole numbers of 1 or more. Defaults to 1, or as searched.
        use_initial_weights: recurrent weights as they were before training. Allowed: True, False.
        seed: seed of the trials that are drawn and simulated. Allowed: whole numbers of 0 or more. Defaults to the model's own, or 1.
        backend: where to compute: auto is simd, or a graphics card (webgpu) if there is one that is faster. Allowed: auto, simd, reference, webgpu. Defaults to auto.
        gpu: which graphics card auto and webgpu may take, by number, or off. Allowed: off and numbers from 0 to 99. Defaults to the first.
        workers: number of workers that share trials, or the layers of one. Allowed: whole numbers from 1 to 1024. Defaults to one per core.
        force: write over a file of another kind. Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Figures; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.as_network(net).plot(
        *figures,
        format=format,
        width=width,
        output=output,
        trials=trials,
        raster_trials=raster_trials,
        trial=trial,
        task=task,
        trust_task=trust_task,
        T=T,
        stim_on=stim_on,
        stim_dur=stim_dur,
        delay=delay,
        timing=timing,
        factor=factor,
        single_factor=single_factor,
        uncalibrated=uncalibrated,
        model=model,
        synapse=synapse,
        tr=tr,
        tref=tref,
        tm=tm,
        tau_w=tau_w,
        b_w=b_w,
        downsample=downsample,
        use_initial_weights=use_initial_weights,
        seed=seed,
        backend=backend,
        gpu=gpu,
        workers=workers,
        force=force,
        progress=progress,
        stream=stream,
    )


def report(
    net,
    /,
    *,
    output=None,
    trials=None,
    analyse=None,
    task=None,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    factor=None,
    single_factor=None,
    uncalibrated=None,
    model=None,
    synapse=None,
    tr=None,
    tref=None,
    tm=None,
    tau_w=None,
    b_w=None,
    downsample=None,
    use_initial_weights=None,
    seed=None,
    backend=None,
    gpu=None,
    workers=None,
    force=None,
    open=None,
    progress=None,
    stream=False,
):
    """Make a report of a saved network, one page.

    Makes a report of a saved network: one HTML page, which needs no network, with performances on fresh trials, all figures, analyses, the diagnosis of its conversion to spikes, settings, seed, what to cite and the command lines that make it again.

    Args:
        net: a network, or its file.
        output: file to write. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        trials: trials behind the performances. Allowed: whole numbers from 1 to 1000000. Defaults to 100.
        analyse: analyses to show, of 50 trials of each condition: names, all or none. Allowed: trajectories, timescales, tuning, discriminability, decoding, fixed-points, weights, currents, spike-trains, silent, generalisation, psychometric, all, none. Defaults to trajectories tuning timescales, of networks that are not large.
        task: task by name (see the command tasks), or a .ts file that defines one. Allowed: texts that are not empty.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        factor: scaling factor (1/lambda). Allowed: numbers of 1 or more. Defaults to as searched.
        single_factor: one scaling factor for all layers, if the file records one for each. Allowed: True, False.
        uncalibrated: without the calibration that the file records beside the factor. Allowed: True, False.
        model: neuron model. Allowed: lif, qif, eif, alif, adex. Defaults to lif, or as searched.
        synapse: synaptic filter: rise and decay, decay alone, rise as long as decay, none. Allowed: double, single, alpha, none. Defaults to double, or as searched.
        tr: double: rise time constant of the synapses, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tref: absolute refractory period, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tm: membrane time constant, ms. Allowed: numbers above 0. Defaults to 10, or as searched.
        tau_w: alif, adex: decay time constant of the adaptation current, ms. Allowed: numbers above 0. Defaults to 100, or as searched.
        b_w: alif, adex: jump of the adaptation current at a spike, mV. Allowed: numbers of 0 or more. Defaults to 0.5, or as searched.
        downsample: multiplies the integration step of 0.05 ms. Allowed: whole numbers of 1 or more. Defaults to 1, or as searched.
        use_initial_weights: recurrent weights as they were before training. Allowed: True, False.
        seed: seed of the trials that are drawn and simulated. Allowed: whole numbers of 0 or more. Defaults to the model's own, or 1.
        backend: where to compute: auto is simd, or a graphics card (webgpu) if there is one that is faster. Allowed: auto, simd, reference, webgpu. Defaults to auto.
        gpu: which graphics card auto and webgpu may take, by number, or off. Allowed: off and numbers from 0 to 99. Defaults to the first.
        workers: number of workers that share trials, or the layers of one. Allowed: whole numbers from 1 to 1024. Defaults to one per core.
        force: write over a file of another kind. Allowed: True, False.
        open: open the page in the browser (needs to run the program that does). Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Report; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.as_network(net).report(
        output=output,
        trials=trials,
        analyse=analyse,
        task=task,
        trust_task=trust_task,
        T=T,
        stim_on=stim_on,
        stim_dur=stim_dur,
        delay=delay,
        timing=timing,
        factor=factor,
        single_factor=single_factor,
        uncalibrated=uncalibrated,
        model=model,
        synapse=synapse,
        tr=tr,
        tref=tref,
        tm=tm,
        tau_w=tau_w,
        b_w=b_w,
        downsample=downsample,
        use_initial_weights=use_initial_weights,
        seed=seed,
        backend=backend,
        gpu=gpu,
        workers=workers,
        force=force,
        open=open,
        progress=progress,
        stream=stream,
    )


def analyse(
    net,
    /,
    *names,
    trials=None,
    bin=None,
    spikes=None,
    condition=None,
    align=None,
    output=None,
    format=None,
    task=None,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    factor=None,
    single_factor=None,
    uncalibrated=None,
    model=None,
    synapse=None,
    tr=None,
    tref=None,
    tm=None,
    tau_w=None,
    b_w=None,
    downsample=None,
    use_initial_weights=None,
    seed=None,
    backend=None,
    gpu=None,
    workers=None,
    force=None,
    progress=None,
    stream=False,
):
    """Analyse activity of a saved network: dimensions, decoding, ….

    Analyses a saved network and its spiking twin on fresh trials, the same ones for both: trajectories, timescales, tuning, discriminability, decoding, fixed-points, weights, currents, spike-trains, silent, generalisation, psychometric; all of them if none is named. Prints the numbers that a text would quote and writes tables (.csv, one observation a row), all arrays (.npz and .mat) and figures into a folder; fields.csv there says what each field holds.

    Args:
        net: a network, or its file.
        *names: trajectories, timescales, tuning, discriminability, decoding, fixed-points, weights, currents, spike-trains, silent, generalisation, psychometric.
        trials: trials of each condition. Allowed: whole numbers from 1 to 100000. Defaults to 50.
        bin: width of a time bin, in ms. Allowed: numbers above 0. Defaults to 10.
        spikes: file (.nwb, .npz or .mat) whose spikes are analysed, in place of a network's. Allowed: texts that are not empty.
        condition: with spikes: column of its table of trials that tells conditions. Allowed: texts that are not empty. Defaults to condition.
        align: with spikes: column with the time, in s, from which a trial's times count. Allowed: texts that are not empty. Defaults to the trial's start.
        output: folder for the files. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        format: format of the figures. Allowed: svg, pdf, png, html. Defaults to svg.
        task: task by name (see the command tasks), or a .ts file that defines one. Allowed: texts that are not empty.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        factor: scaling factor (1/lambda). Allowed: numbers of 1 or more. Defaults to as searched.
        single_factor: one scaling factor for all layers, if the file records one for each. Allowed: True, False.
        uncalibrated: without the calibration that the file records beside the factor. Allowed: True, False.
        model: neuron model. Allowed: lif, qif, eif, alif, adex. Defaults to lif, or as searched.
        synapse: synaptic filter: rise and decay, decay alone, rise as long as decay, none. Allowed: double, single, alpha, none. Defaults to double, or as searched.
        tr: double: rise time constant of the synapses, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tref: absolute refractory period, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tm: membrane time constant, ms. Allowed: numbers above 0. Defaults to 10, or as searched.
        tau_w: alif, adex: decay time constant of the adaptation current, ms. Allowed: numbers above 0. Defaults to 100, or as searched.
        b_w: alif, adex: jump of the adaptation current at a spike, mV. Allowed: numbers of 0 or more. Defaults to 0.5, or as searched.
        downsample: multiplies the integration step of 0.05 ms. Allowed: whole numbers of 1 or more. Defaults to 1, or as searched.
        use_initial_weights: recurrent weights as they were before training. Allowed: True, False.
        seed: seed of the trials that are drawn and simulated. Allowed: whole numbers of 0 or more. Defaults to the model's own, or 1.
        backend: where to compute: auto is simd, or a graphics card (webgpu) if there is one that is faster. Allowed: auto, simd, reference, webgpu. Defaults to auto.
        gpu: which graphics card auto and webgpu may take, by number, or off. Allowed: off and numbers from 0 to 99. Defaults to the first.
        workers: number of workers that share trials, or the layers of one. Allowed: whole numbers from 1 to 1024. Defaults to one per core.
        force: write over a file of another kind. Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Analysis; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.as_network(net).analyse(
        *names,
        trials=trials,
        bin=bin,
        spikes=spikes,
        condition=condition,
        align=align,
        output=output,
        format=format,
        task=task,
        trust_task=trust_task,
        T=T,
        stim_on=stim_on,
        stim_dur=stim_dur,
        delay=delay,
        timing=timing,
        factor=factor,
        single_factor=single_factor,
        uncalibrated=uncalibrated,
        model=model,
        synapse=synapse,
        tr=tr,
        tref=tref,
        tm=tm,
        tau_w=tau_w,
        b_w=b_w,
        downsample=downsample,
        use_initial_weights=use_initial_weights,
        seed=seed,
        backend=backend,
        gpu=gpu,
        workers=workers,
        force=force,
        progress=progress,
        stream=stream,
    )


def export(
    net,
    /,
    *,
    to=None,
    flavour=None,
    condition=None,
    output=None,
    task=None,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    factor=None,
    single_factor=None,
    uncalibrated=None,
    model=None,
    synapse=None,
    tr=None,
    tref=None,
    tm=None,
    tau_w=None,
    b_w=None,
    downsample=None,
    use_initial_weights=None,
    seed=None,
    force=None,
    progress=None,
    stream=False,
):
    """Write a network for another program: NumPy, Brian2, NIR, ….

    Writes a mapped network for another program: as a script that needs NumPy alone (both networks), a script for Brian2, a graph of NIR, which neuromorphic tools read, or a graph in GraphML for NetworkX, Gephi or Cytoscape. Numbers and trials of the script are in a .npz beside it. The command says what the files leave out, and docs/reference/export.md says more.

    Args:
        net: a network, or its file.
        to: what the network is written as: numpy, a script that needs NumPy alone (both networks); brian2, a script for Brian2; nir, a graph of NIR, which neuromorphic tools read; graphml, a graph in GraphML for NetworkX, Gephi or Cytoscape. Allowed: numpy, brian2, nir, graphml. Defaults to none: it is required.
        flavour: nir: exactly, or in the form that snnTorch reads. Allowed: graph, snntorch. Defaults to graph.
        condition: numpy, brian2: conditions of which a trial goes with the script. Allowed: names of conditions, as in go or same:++. Defaults to all.
        output: name of the file to write: .py (its numbers in the .npz beside it) or .nir or .graphml. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        task: task by name (see the command tasks), or a .ts file that defines one. Allowed: texts that are not empty.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        factor: scaling factor (1/lambda). Allowed: numbers of 1 or more. Defaults to as searched.
        single_factor: one scaling factor for all layers, if the file records one for each. Allowed: True, False.
        uncalibrated: without the calibration that the file records beside the factor. Allowed: True, False.
        model: neuron model. Allowed: lif, qif, eif, alif, adex. Defaults to lif, or as searched.
        synapse: synaptic filter: rise and decay, decay alone, rise as long as decay, none. Allowed: double, single, alpha, none. Defaults to double, or as searched.
        tr: double: rise time constant of the synapses, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tref: absolute refractory period, ms. Allowed: numbers of 0 or more. Defaults to 2, or as searched.
        tm: membrane time constant, ms. Allowed: numbers above 0. Defaults to 10, or as searched.
        tau_w: alif, adex: decay time constant of the adaptation current, ms. Allowed: numbers above 0. Defaults to 100, or as searched.
        b_w: alif, adex: jump of the adaptation current at a spike, mV. Allowed: numbers of 0 or more. Defaults to 0.5, or as searched.
        downsample: multiplies the integration step of 0.05 ms. Allowed: whole numbers of 1 or more. Defaults to 1, or as searched.
        use_initial_weights: recurrent weights as they were before training. Allowed: True, False.
        seed: seed of all random numbers. Allowed: whole numbers of 0 or more. Defaults to drawn, and printed.
        force: write over files that are there. Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Result; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.as_network(net).export(
        to=to,
        flavour=flavour,
        condition=condition,
        output=output,
        task=task,
        trust_task=trust_task,
        T=T,
        stim_on=stim_on,
        stim_dur=stim_dur,
        delay=delay,
        timing=timing,
        factor=factor,
        single_factor=single_factor,
        uncalibrated=uncalibrated,
        model=model,
        synapse=synapse,
        tr=tr,
        tref=tref,
        tm=tm,
        tau_w=tau_w,
        b_w=b_w,
        downsample=downsample,
        use_initial_weights=use_initial_weights,
        seed=seed,
        force=force,
        progress=progress,
        stream=stream,
    )


def import_(
    *operands,
    w=None,
    w_in=None,
    w_out=None,
    b_out=None,
    taus=None,
    taus_gaus=None,
    mask=None,
    inh=None,
    act=None,
    apply_dale=None,
    weights=None,
    decay_taus=None,
    som_N=None,
    output=None,
    task=None,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    force=None,
    progress=None,
    stream=False,
):
    """Make a model file of a network that another program has trained.

    Makes a model file of a rate network that another program has trained, PyTorch say, so that it can be evaluated, mapped to spikes and analysed here. Its arrays are taken by their names; a flag names one that is called otherwise, or is in another file. docs/reference/export.md has the table of arrays and an example.

    Args:
        *operands: a file with the arrays: .npz, .safetensors or .mat.
        w: recurrent weights, N×N: row = postsynaptic unit. Allowed: an array, or a text or path. Defaults to the array w, if there is one.
        w_in: input weights, N×channels. Allowed: an array, or a text or path. Defaults to the array w_in, if there is one.
        w_out: readout weights, 1×N. Allowed: an array, or a text or path. Defaults to the array w_out, if there is one.
        b_out: bias of the readout, one number; may be missing. Allowed: an array, or a text or path. Defaults to the array b_out, if there is one.
        taus: decay time constants in steps, one or N. Allowed: an array, or a text or path. Defaults to the array taus, if there is one.
        taus_gaus: in place of taus, with decay_taus: tau = sigmoid(taus_gaus)·(max − min) + min. Allowed: an array, or a text or path. Defaults to the array taus_gaus, if there is one.
        mask: which synapses may exist, N×N of 0 and 1; may be missing. Allowed: an array, or a text or path. Defaults to the array mask, if there is one.
        inh: 1 for inhibitory units, else 0; may be missing if signs of w say it. Allowed: an array, or a text or path. Defaults to the array inh, if there is one.
        act: activation of the units. Allowed: sigmoid, clipped_relu, softplus, retanh, lif. Defaults to sigmoid.
        apply_dale: Dale's principle: a unit is either excitatory or inhibitory. Allowed: True, False. Defaults to True.
        weights: what w holds: effective weights with their signs, or magnitudes that are rectified and get the sign of their unit. Allowed: effective, magnitudes. Defaults to effective.
        decay_taus: bounds of the decay time constants, in steps. Allowed: 2 numbers of 1 or more. Defaults to a little beyond the shortest and the longest.
        som_N: number of somatostatin (SST) units among the inhibitory. Allowed: whole numbers of 0 or more. Defaults to 0.
        output: model file to write. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        task: task by name (see the command tasks), or a .ts file that defines one. Allowed: texts that are not empty.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        force: write over files that are there. Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Network; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.imported(
        operands,
        {
            "w": w,
            "w_in": w_in,
            "w_out": w_out,
            "b_out": b_out,
            "taus": taus,
            "taus_gaus": taus_gaus,
            "mask": mask,
            "inh": inh,
            "act": act,
            "apply_dale": apply_dale,
            "weights": weights,
            "decay_taus": decay_taus,
            "som_N": som_N,
            "output": output,
            "task": task,
            "trust_task": trust_task,
            "T": T,
            "stim_on": stim_on,
            "stim_dur": stim_dur,
            "delay": delay,
            "timing": timing,
            "force": force,
        },
        progress=progress,
        stream=stream,
    )


def dashboard(
    *operands,
    port=None,
    progress=None,
    stream=False,
):
    """Show run logs on a live page, and follow them.

    Serves a page on 127.0.0.1 that replays the run logs that train and map wrote with log_dir, one or several side by side, and follows those that are still being written. The page's address, which holds a secret token, is printed; Ctrl-C ends it.

    Args:
        *operands: folders with run logs, or below which they are.
        port: port of the live page. Allowed: whole numbers from 0 to 65535. Defaults to any free one.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Result; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.plain(
        "dashboard",
        operands,
        {
            "port": port,
        },
        progress=progress,
        stream=stream,
    )


def sweep(
    *operands,
    output_dir=None,
    format=None,
    engine=None,
    workers=None,
    retries=None,
    cancel=None,
    archive=None,
    trust_task=None,
    progress=None,
    stream=False,
):
    """Train and map many networks by a plan, here or on a cluster.

    Trains, maps and evaluates a network for every point of a plan: every combination of the settings that it varies, with every seed. Each point has a folder of its own under FOLDER/NAME/points and continues from its last checkpoint when you run the same command again; points that are done are not run again. `status` says how much of a sweep is done, `results` prints one row for each network, `report` writes tables and figures, `archive` puts networks that are done into archives of a hundred, `point` runs single points in this process, `cancel` cancels what is queued on a cluster.

    Args:
        *operands: a plan, or what to do with a sweep's folder.
        output_dir: folder that the sweep's folder is made in. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        format: form of the table that results prints; parquet: results.parquet in the sweep's folder. Allowed: csv, json, parquet. Defaults to csv.
        engine: where points run: local is this machine, slurm a cluster's queue. Allowed: local, slurm. Defaults to local.
        workers: points that run at once on this machine. Allowed: whole numbers from 1 to 1024. Defaults to one per core, as memory allows.
        retries: further attempts at a point that failed. Allowed: whole numbers from 0 to 100. Defaults to 1.
        cancel: with slurm: Ctrl-C cancels the jobs, in place of leaving them. Allowed: True, False.
        archive: keep networks that are done in archives, archives/0001.zip, … of a hundred each, instead of a folder for each network. Allowed: True, False.
        trust_task: run task files of the plan, as they are now, with this command's permissions. Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Sweep; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.plain(
        "sweep",
        operands,
        {
            "output_dir": output_dir,
            "format": format,
            "engine": engine,
            "workers": workers,
            "retries": retries,
            "cancel": cancel,
            "archive": archive,
            "trust_task": trust_task,
        },
        progress=progress,
        stream=stream,
    )


def reproduce(
    *operands,
    networks=None,
    seed=None,
    minutes=None,
    collect=None,
    output_dir=None,
    engine=None,
    workers=None,
    retries=None,
    cancel=None,
    progress=None,
    stream=False,
):
    """Reproduce a figure of the paper, beside its numbers.

    Reproduces a figure of Kim, Li and Sejnowski (PNAS 116:22811, 2019): trains, maps and evaluates networks by a plan that ships with the program, and writes a table and a figure with the paper's numbers beside those found here. With ks2021 as the figure, it makes the experiments of Kim and Sejnowski (Nature Neuroscience 24:129, 2021) and says which findings hold. After an interruption it continues when the same command is run again; with more networks it adds those that are missing.

    Args:
        *operands: a figure: 1C, 2C, 2D-E, 3B-C, 4D-E, 5, 6, 7, S3, S7, dms, ks2021; list says what they are.
        networks: networks of each condition; the papers have 100, and 40 in ks2021. Allowed: whole numbers from 1 to 100000. Defaults to 10, of ks2021 40.
        seed: seed of the first network; each further network has the next number. Allowed: whole numbers of 0 or more. Defaults to 1.
        minutes: minutes after which points are stopped and what is done is reported. Allowed: numbers above 0. Defaults to until all are done.
        collect: run nothing: report the networks that are there. Allowed: True, False.
        output_dir: folder for FIGURE/ with table and figure, and networks/ with what was trained, which figures share. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        engine: where points run: local is this machine, slurm a cluster's queue. Allowed: local, slurm. Defaults to local.
        workers: points that run at once on this machine. Allowed: whole numbers from 1 to 1024. Defaults to one per core, as memory allows.
        retries: further attempts at a point that failed. Allowed: whole numbers from 0 to 100. Defaults to 1.
        cancel: with slurm: Ctrl-C cancels the jobs, in place of leaving them. Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Result; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.plain(
        "reproduce",
        operands,
        {
            "networks": networks,
            "seed": seed,
            "minutes": minutes,
            "collect": collect,
            "output_dir": output_dir,
            "engine": engine,
            "workers": workers,
            "retries": retries,
            "cancel": cancel,
        },
        progress=progress,
        stream=stream,
    )


def tasks(
    *operands,
    trust_task=None,
    T=None,
    stim_on=None,
    stim_dur=None,
    delay=None,
    timing=None,
    seed=None,
    progress=None,
    stream=False,
):
    """List the tasks, or draw trials of one.

    Lists the tasks that networks can be trained on, or draws one trial of every condition of a task: stimuli, target and the window in which the output is scored.

    Args:
        *operands: the task to draw.
        trust_task: run the task's file with the permissions of this command (else with none). Allowed: True, False.
        T: duration of a trial, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_on: onset of the (first) stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        stim_dur: duration of a stimulus, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        delay: from the end of the first stimulus to the onset of the second, in steps. Allowed: whole numbers of 0 or more. Defaults to the task's own.
        timing: further timings of a task of your own, in steps. Allowed: names and whole numbers, as in answer_at=120.
        seed: seed of the trials that are drawn. Allowed: whole numbers of 0 or more. Defaults to 1.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Result; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.plain(
        "tasks",
        operands,
        {
            "trust_task": trust_task,
            "T": T,
            "stim_on": stim_on,
            "stim_dur": stim_dur,
            "delay": delay,
            "timing": timing,
            "seed": seed,
        },
        progress=progress,
        stream=stream,
    )


def settings(
    *operands,
    progress=None,
    stream=False,
):
    """List the settings of commands, with bounds and defaults.

    Lists the settings of commands, of all of them unless some are named: names, what they take, defaults. With json as one object with kinds, bounds, presets and texts, from which programs can make their own functions.

    Args:
        *operands: commands by name.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Result; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.plain(
        "settings",
        operands,
        {
        },
        progress=progress,
        stream=stream,
    )


def completion(
    *operands,
    progress=None,
    stream=False,
):
    """Print a script with which a shell completes words.

    Prints a script with which a shell completes commands, flags, values, model files and folders. Write it where the shell looks for such scripts, and again after every upgrade.

    Args:
        *operands: bash, zsh, fish.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Result; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.plain(
        "completion",
        operands,
        {
        },
        progress=progress,
        stream=stream,
    )


def doctor(
    *,
    fast=None,
    progress=None,
    stream=False,
):
    """Say what this machine has, and check its backends.

    Says what this machine has (Deno, processors, graphics card and its limits) and has every backend compute known answers: noise, a rate network, its gradient, a spiking trial. The answers are computed by the plain reference on the spot. Exit code 1 if one is wrong.

    Args:
        fast: known answers only, no times. Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Result; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.plain(
        "doctor",
        (),
        {
            "fast": fast,
        },
        progress=progress,
        stream=stream,
    )


def demo(
    *,
    seed=None,
    backend=None,
    gpu=None,
    workers=None,
    output_dir=None,
    open=None,
    progress=None,
    stream=False,
):
    """Train, map and compare a Go-NoGo network, start to end.

    Trains a Go-NoGo network of 200 units to its stopping rule, maps it to a network of leaky integrate-and-fire units, evaluates both side by side, makes a report with all figures, and says which files it wrote.

    Args:
        seed: seed of all random numbers; networks differ in how they map. Allowed: whole numbers of 0 or more. Defaults to 7.
        backend: where to compute: auto is simd, or a graphics card (webgpu) if there is one that is faster. Allowed: auto, simd, reference, webgpu. Defaults to auto.
        gpu: which graphics card auto and webgpu may take, by number, or off. Allowed: off and numbers from 0 to 99. Defaults to the first.
        workers: number of workers that share trials, or the layers of one. Allowed: whole numbers from 1 to 1024. Defaults to one per core.
        output_dir: folder in which models/… is made. Allowed: texts that are not empty. Defaults to a temporary folder, which is removed when Python ends.
        open: open the page in the browser (needs to run the program that does). Allowed: True, False.
        progress: show the progress; by default on a terminal or in a notebook.
        stream: give the events as they come, in place of the result.

    Returns:
        Result; with stream=True an iterator of events, whose `result` it is.

    Raises:
        UsageError: a setting is not allowed.
        SpikernnError: it could not be done.
    """
    return _runs.plain(
        "demo",
        (),
        {
            "seed": seed,
            "backend": backend,
            "gpu": gpu,
            "workers": workers,
            "output_dir": output_dir,
            "open": open,
        },
        progress=progress,
        stream=stream,
    )
