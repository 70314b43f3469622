/** Simulated trials as the fields of a file: what was given, what came of it. */
import { decayTimeConstants } from "../network/effective.ts";
import { populationsOf, unitCount } from "../network/geometry.ts";
import { synapticCurrents, type SynapticFilter } from "../analysis/currents.ts";
import type { SpikingNetwork, SpikingTrace } from "../network/spiking.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import {
  flagArray,
  indexArray,
  type NumberArray,
  numberArray,
  rowArray,
} from "../formats/arrays.ts";
import type { CourseSink } from "./course_sinks.ts";
import type { PreparedTrial } from "../simulate/requests.ts";
import {
  type OutputKind,
  scoreTrial,
  type TrialScore,
} from "../simulate/score.ts";
import type { RateRun } from "../simulate/simulate_rate.ts";
import type { SpikingRun } from "../simulate/simulate.ts";
import type { Expectation, Task, Window } from "../tasks/types.ts";

/** Arrays and texts by their names in the file. */
export interface Fields {
  readonly arrays: Readonly<Record<string, NumberArray>>;
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

/** Name of the condition of stimuli of your own. */
const ownStimulus = "stimulus";

/** Gathers trials one by one; what is large goes on to a sink. */
export class TrialGatherer {
  readonly #task: Task | undefined;
  readonly #sink: CourseSink;
  readonly #conditions: string[] = [];
  readonly #scores: TrialScore[] = [];
  readonly #expects: Expectation[] = [];
  #added = 0;

  /**
   * @param sink takes stimuli, outputs and what is recorded
   * @param task that they are of; undefined for stimuli of your own
   */
  constructor(sink: CourseSink, task: Task | undefined) {
    this.#sink = sink;
    this.#task = task;
  }

  /** Adds what every trial has: stimulus, output, condition, target, score. */
  async add(
    { inputs, columns, condition, trial }: PreparedTrial,
    outputs: FloatArray,
    kind: OutputKind,
    courses: Readonly<Record<string, FloatArray | undefined>>,
    units: number,
  ): Promise<void> {
    const sink = this.#sink;
    await sink.put("u", [inputs.length / columns, columns], inputs);
    await sink.put("out", [outputs.length], outputs);
    for (const [name, data] of Object.entries(courses)) {
      if (data) await sink.put(name, [units, data.length / units], data);
    }
    this.#conditions.push(condition ?? ownStimulus);
    if (trial && this.#task) {
      await sink.put("target", [trial.target.length], trial.target);
      this.#scores.push(scoreTrial(outputs, trial, this.#task, kind));
      this.#expects.push(trial.expects);
    }
    this.#added++;
  }

  /** The fields beside those that went to the sink, once all trials are added. */
  fields(): Fields {
    const names = this.#task?.conditions ?? [...new Set(this.#conditions)];
    const trials = Array.from({ length: this.#added }, (_, i) => i);
    return {
      arrays: {
        trial: indexArray(trials),
        condition: indexArray(
          this.#conditions.map((name) => names.indexOf(name)),
        ),
        ...this.#scored(),
      },
      texts: { conditions: this.#conditions, condition_names: names },
    };
  }

  #scored(): Record<string, NumberArray> {
    if (this.#scores.length === 0) return {};
    const scores = this.#scores;
    const expects = this.#expects;
    return {
      correct_strict: flagArray(scores.map(({ strict }) => strict)),
      correct_paper: flagArray(scores.map(({ paper }) => paper)),
      output_error: rowArray(scores.map(({ outputError }) => outputError)),
      mean_output: rowArray(scores.map(({ meanOutput }) => meanOutput)),
      reach: rowArray(expects.map((e) => "reach" in e ? e.reach : NaN)),
      within: rowArray(expects.map((e) => "within" in e ? e.within : NaN)),
    };
  }
}

/** How excitatory and inhibitory currents are kept. */
export interface CurrentsApart {
  /** Synapses of the network as it runs, its perturbations included. */
  readonly filter: SynapticFilter;
  /** Integration steps between samples. */
  readonly every: number;
}

/** Gathers trials of a spiking network, with their spikes. */
export class SpikingGatherer {
  readonly #trials: TrialGatherer;
  readonly #spiking: SpikingNetwork;
  readonly #spikes: NonNullable<SpikingTrace["spikes"]>[] = [];
  readonly #rates: Float32Array[] = [];
  readonly #samplesPerStep: number;
  readonly #apart: CurrentsApart | undefined;

  /**
   * @param spiking the network that runs
   * @param sink takes stimuli, outputs and what is recorded
   * @param task that they are of; undefined for stimuli of your own
   * @param apart how excitatory and inhibitory currents are kept, if they are
   */
  constructor(
    spiking: SpikingNetwork,
    sink: CourseSink,
    task: Task | undefined,
    apart?: CurrentsApart,
  ) {
    this.#apart = apart;
    this.#spiking = spiking;
    this.#trials = new TrialGatherer(sink, task);
    this.#samplesPerStep = Math.round(spiking.stepMs / spiking.dt);
  }

  async add(run: SpikingRun): Promise<void> {
    const { outputs, spikes, spikeCounts, steps, ...recorded } = run.trace;
    const { voltages, currents, rates } = recorded;
    await this.#trials.add(
      run,
      outputs!,
      { kind: "spiking", samplesPerStep: this.#samplesPerStep },
      {
        voltages,
        currents,
        rates,
        ...this.#currentsOf(spikes!, steps, spikeCounts.length),
      },
      spikeCounts.length,
    );
    this.#spikes.push(spikes!);
    const ms = steps * this.#spiking.dt;
    this.#rates.push(Float32Array.from(spikeCounts, (n) => 1000 * n / ms));
  }

  /** Excitatory and inhibitory currents of a trial, from its spikes. */
  #currentsOf(
    spikes: NonNullable<SpikingTrace["spikes"]>,
    steps: number,
    units: number,
  ): Record<string, FloatArray> {
    if (!this.#apart) return {};
    const { dt } = this.#spiking;
    const { excitatory, inhibitory } = synapticCurrents(
      this.#apart.filter,
      {
        trials: 1,
        units,
        durationMs: steps * dt,
        trial: new Uint32Array(spikes.steps.length),
        unit: spikes.units,
        time: Float64Array.from(spikes.steps, (step) => step * dt),
        conditions: [ownStimulus],
      },
      0,
      this.#apart.every * dt,
    );
    return { excitatory_currents: excitatory, inhibitory_currents: inhibitory };
  }

  /** The fields, once all trials are added: every spike by trial, unit and time. */
  fields(): Fields {
    const { arrays, texts } = this.#trials.fields();
    const count = this.#spikes.reduce(
      (sum, { steps }) => sum + steps.length,
      0,
    );
    const trial = new Uint32Array(count);
    const unit = new Uint32Array(count);
    const time = new Float64Array(count);
    let at = 0;
    for (const [i, { steps, units }] of this.#spikes.entries()) {
      trial.fill(i, at, at + steps.length);
      unit.set(units, at);
      for (const step of steps) time[at++] = step * this.#spiking.dt;
    }
    const units = this.#rates[0]?.length ?? 0;
    const rates = new Float32Array(this.#rates.length * units);
    this.#rates.forEach((row, i) => rates.set(row, i * units));
    return {
      texts,
      arrays: {
        ...arrays,
        spike_trial: indexArray(trial),
        spike_unit: indexArray(unit),
        spike_time: { data: time, shape: [count] },
        firing_rate: { data: rates, shape: [this.#rates.length, units] },
      },
    };
  }
}

/** The fields of trials of a rate network: states `x` and rates `r` beside outputs. */
export class RateGatherer {
  readonly #trials: TrialGatherer;
  readonly #units: number;

  /**
   * @param network that runs
   * @param sink takes stimuli, outputs, states and rates
   * @param task that they are of; undefined for stimuli of your own
   */
  constructor(network: RateNetwork, sink: CourseSink, task: Task | undefined) {
    this.#units = unitCount(network);
    this.#trials = new TrialGatherer(sink, task);
  }

  async add(run: RateRun): Promise<void> {
    const { outputs, states, rates } = run.trace;
    const courses = { x: states, r: rates };
    await this.#trials.add(
      run,
      outputs,
      { kind: "rate" },
      courses,
      this.#units,
    );
  }

  fields(): Fields {
    return this.#trials.fields();
  }
}

/** Type, layer and decay time constant of every unit, and who is lesioned. */
export function unitFields(
  network: RateNetwork,
  { stepMs, lesioned }: {
    readonly stepMs: number;
    readonly lesioned: readonly number[];
  },
): Fields {
  const total = unitCount(network);
  const types = new Array<string>(total);
  for (const { type, units } of populationsOf(network)) {
    // Without Dale's principle a unit excites and inhibits.
    for (const unit of units) types[unit] = type === "units" ? "mixed" : type;
  }
  const layers = network.layers.flatMap(({ size }, l) =>
    new Array<number>(size).fill(l)
  );
  const taus = network.layers.flatMap((_, l) => [
    ...decayTimeConstants(network, l),
  ]);
  const without = new Set(lesioned);
  return {
    texts: { unit_type: types },
    arrays: {
      unit_layer: indexArray(layers),
      tau_decay_ms: rowArray(taus.map((steps) => steps * stepMs)),
      lesioned: flagArray(layers.map((_, unit) => without.has(unit))),
    },
  };
}

/** When a task shows something and when it expects an answer, ms. */
export function taskFields(task: Task, network: OutputKind["kind"]): Fields {
  const { strict, paper, paperSpiking } = task.windows;
  const ms = ({ from, to }: Window) => [from * task.stepMs, to * task.stepMs];
  return {
    texts: {
      channel_names: task.channels,
      stimulus_names: task.stimuli.map(({ name }) => name),
    },
    arrays: {
      stimulus_windows_ms: {
        data: Float64Array.from(task.stimuli.flatMap(ms)),
        shape: [task.stimuli.length, 2],
      },
      strict_window_ms: rowArray(ms(strict)),
      paper_window_ms: rowArray(ms(network === "rate" ? paper : paperSpiking)),
    },
  };
}

/** Steps, factors and what was fitted of a spiking network. */
export function mappingFields(
  { dt, stepMs, factor, calibration }: SpikingNetwork,
  every: number,
): Fields {
  const { units, readout } = calibration ?? {};
  return {
    texts: {},
    arrays: {
      dt_ms: numberArray(dt),
      sample_ms: numberArray(dt * every),
      step_ms: numberArray(stepMs),
      scaling_factor: typeof factor === "number"
        ? numberArray(factor)
        : rowArray(factor),
      ...(units && {
        calibration_bias: rowArray(units.bias),
        calibration_gain: rowArray(units.gain),
      }),
      ...(readout?.units && {
        calibration_readout: rowArray(readout.units),
      }),
    },
  };
}

/** Fields of several parts together. */
export function joined(parts: readonly Fields[]): Fields {
  return {
    arrays: Object.assign({}, ...parts.map(({ arrays }) => arrays)),
    texts: Object.assign({}, ...parts.map(({ texts }) => texts)),
  };
}
