// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** A trial from its first step to its last. */
import { columnChanges, setDrive } from "./drive";
import {
  ADAPTATION,
  AMPLITUDE,
  BLOCK,
  CHANGE_BYTES,
  CHANGE_LIST,
  CHANGES,
  COUNTS,
  CURRENTS,
  CURRENTS_EVERY,
  D,
  DECAY,
  DT_SCALE,
  EARLY,
  FINITE,
  FIRED,
  INITIAL,
  INVERSE,
  IPSC,
  KEY,
  LAST,
  NOISE,
  OFFSET,
  OUTPUT_SCALE,
  OUTPUTS,
  OUTPUTS_FROM_RATES,
  PADDED,
  PEAK,
  RATE_RISES,
  RATE_SAMPLES,
  RATES,
  RATES_EVERY,
  REBASE,
  REFRACTORY,
  SCALE,
  SPIKE_WORDS,
  SPIKES,
  STATE,
  STEPS,
  STEPS_PER_COLUMN,
  STIMULATION_LIST,
  STIMULATIONS,
  TRIAL,
  TRIAL_NOISE,
  UNITS,
  V,
  VOLTAGES,
  VOLTAGES_EVERY,
} from "./layout";
import { addStimulation, fillNoise } from "./noise";
import { DOUBLE, firstSum, secondSum, setModel, SINGLE } from "./passes";
import { stepRates } from "./rates";
import { allFinite, sampleState } from "./sample";
import { beginSpikes, rebase, release, setColumns, spikeEnd, spread, sumOfQ } from "./spikes";
import { stepOf, twoStepsOf } from "./steps";

/** Takes units, noise and counts to where a trial begins. */
export function begin(net: usize, trial: usize): void {
  const padded = load<usize>(net, PADDED);
  const initial = load<usize>(trial, INITIAL);
  const decay = load<usize>(net, DECAY);
  let block = load<usize>(net, STATE);
  beginSpikes(net, trial);
  for (let i: usize = 0; i < padded << 2; i += 16, block += BLOCK) {
    memory.fill(block, 0, BLOCK);
    v128.store(block, v128.load(initial + i), V);
    v128.store(block, v128.load(decay + i), D);
  }
  const last = load<usize>(net, LAST);
  memory.fill(last, 0, padded << 2);
  // Numbers that fill up the last four units are never released.
  for (let i = load<usize>(net, UNITS); i < padded; i++) store<i32>(last + (i << 2), -1);
  memory.fill(load<usize>(net, NOISE), 0, padded << 4);
  memory.fill(load<usize>(net, ADAPTATION), 0, padded << 3);
  memory.fill(load<usize>(net, RATES), 0, padded << 2);
  memory.fill(load<usize>(net, RATE_RISES), 0, padded << 2);
  memory.fill(load<usize>(trial, COUNTS), 0, padded << 2);
  memory.fill(load<usize>(trial, EARLY), 0, padded << 2);
  const fired = load<usize>(net, FIRED);
  memory.fill(fired, 0, load<usize>(net, REFRACTORY) + 1);
  // As if every unit had fired at step 0.
  store<u8>(fired, 1);
}

/** Draws the noise of a whole trial, for runs that share it. */
export function fillTrial(net: usize, trial: usize): void {
  const padded = load<i32>(net, PADDED);
  const key = load<u32>(trial, KEY);
  const number = load<u32>(trial, TRIAL);
  const amplitude = load<f32>(trial, AMPLITUDE);
  const last = load<i32>(trial, STEPS) >> 2;
  const words = load<usize>(net, NOISE);
  let at = load<usize>(trial, TRIAL_NOISE);
  for (let block = 0; block <= last; block++) {
    fillNoise(at, words, padded, block, number, key, amplitude);
    at += <usize>padded << 4;
  }
}

/** The first multiple of a number beyond a step; none of 0. */
@inline function multipleAfter(t: i32, every: i32): i32 {
  return every != 0 ? (t / every + 1) * every : i32.MAX_VALUE;
}

function sampleAfter(t: i32, voltages: i32, currents: i32, rates: i32): i32 {
  return min(
    multipleAfter(t, voltages),
    min(multipleAfter(t, currents), multipleAfter(t, rates)),
  );
}

/** Runs a trial; results go where its record says. */
export function runTrial(net: usize, trial: usize, model: i32, rise: i32): void {
  const padded = load<i32>(net, PADDED);
  const state = load<usize>(net, STATE);
  const end = state + (<usize>padded >> 2) * BLOCK;
  const noise = load<usize>(net, NOISE);
  const words = noise + (<usize>padded << 4);
  const fired = load<usize>(net, FIRED);
  const refractory = load<i32>(net, REFRACTORY);
  const perColumn = load<i32>(net, STEPS_PER_COLUMN);
  const rebaseInterval = load<i32>(net, REBASE);
  const scale = load<usize>(net, SCALE);
  const inverse = load<usize>(net, INVERSE);
  const dtScale = load<usize>(net, DT_SCALE);
  const fromRates = load<i32>(net, OUTPUTS_FROM_RATES) != 0;
  const outputScale = load<f32>(net, OUTPUT_SCALE);
  const offset = load<f32>(net, OFFSET);
  const key = load<u32>(trial, KEY);
  const number = load<u32>(trial, TRIAL);
  const amplitude = load<f32>(trial, AMPLITUDE);
  const steps = load<i32>(trial, STEPS);
  const stimulations = load<i32>(trial, STIMULATIONS);
  const stimulationList = load<usize>(trial, STIMULATION_LIST);
  const outputs = load<usize>(trial, OUTPUTS);
  const voltagesEvery = load<i32>(trial, VOLTAGES_EVERY);
  const currentsEvery = load<i32>(trial, CURRENTS_EVERY);
  const ratesEvery = load<i32>(trial, RATES_EVERY);
  // The next step after which something is recorded of the state.
  let nextSample = sampleAfter(0, voltagesEvery, currentsEvery, ratesEvery);
  const rates = ratesEvery != 0 || fromRates;
  const row = <usize>padded << 2;
  let voltageSample = load<usize>(trial, VOLTAGES);
  let currentSample = load<usize>(trial, CURRENTS);
  let rateSample = load<usize>(trial, RATE_SAMPLES);
  const peaks = f32x4.splat(load<f32>(net, PEAK));
  const never = f32x4.splat(Infinity);

  setModel(net);
  begin(net, trial);
  // 0 or 16: which copies of voltages, currents and p are the present ones.
  let side: usize = 0;
  let column: i32 = 0;
  let nextColumn = (perColumn + 1) >> 1;
  setDrive(net, trial, 0);

  let t: i32 = 1;
  let m: i32 = 1; // t modulo the rebase interval
  let filled: i32 = -1;
  const trialNoise = load<usize>(trial, TRIAL_NOISE);
  // Where the noise of the present four steps is.
  let fours = noise;
  let change = load<usize>(trial, CHANGE_LIST);
  const lastChange = change + load<usize>(trial, CHANGES) * CHANGE_BYTES;
  let nextChange = change < lastChange ? load<i32>(change) : i32.MAX_VALUE;
  while (t <= steps) {
    while (t >= nextChange) {
      setColumns(load<usize>(change, 4));
      change += CHANGE_BYTES;
      nextChange = change < lastChange ? load<i32>(change) : i32.MAX_VALUE;
    }
    if (m >= rebaseInterval) {
      m = 0;
      if (rise == DOUBLE) rebase(net, load<f32>(scale + (<usize>rebaseInterval << 2)));
    }
    if (t >> 2 != filled) {
      filled = t >> 2;
      if (trialNoise != 0) {
        const shared = trialNoise + (row << 2) * <usize>filled;
        // Others need it as it is: what is pushed gets a copy.
        if (stimulations == 0) fours = shared;
        else memory.copy(noise, shared, row << 2);
      } else if (amplitude != 0) {
        fillNoise(noise, words, padded, filled, number, key, amplitude);
      } else if (stimulations != 0) memory.fill(noise, 0, row << 2);
      if (stimulations != 0) addStimulation(noise, filled, stimulations, stimulationList);
    }
    if (t >= nextColumn) {
      column++;
      nextColumn = ((2 * column + 1) * perColumn + 1) >> 1;
      if (columnChanges(net, trial, column)) setDrive(net, trial, column);
    }
    const slot = t % (refractory + 1);
    if (load<u8>(fired + slot) != 0) {
      // The slot holds step t - refractory - 1, and step t from now on.
      store<u8>(fired + slot, 0);
      release(net, t - refractory - 1);
    }
    const at = fours + ((t & 3) << 4);
    const dts = load<f32>(dtScale + (m << 2));
    if (
      rise == DOUBLE && !rates && (t & 1) == 0 && t < steps && t + 1 < nextSample &&
      t + 1 < nextColumn && t + 1 < nextChange && load<u8>(fired + (t + 1) % (refractory + 1)) == 0
    ) {
      const dts2 = load<f32>(dtScale + (m << 2), 4);
      const spiked = twoStepsOf(model, state, end, side, at, dts, dts2);
      if ((spiked & 1) == 0) {
        side = 16 - side;
        const first = firstSum + sumOfQ * load<f32>(scale + (m << 2), 4);
        const second = secondSum + sumOfQ * load<f32>(scale + (m << 2), 8);
        if (outputs != 0) {
          store<f32>(outputs + ((t - 1) << 2), first * outputScale + offset);
          store<f32>(outputs + (t << 2), second * outputScale + offset);
        }
        if ((spiked & 2) != 0) {
          spread(net, trial, side, true, false, t + 1, load<f32>(inverse + (m << 2), 8), 0);
        }
        t += 2;
        m += 2;
        continue;
      }
    }
    const spiked = stepOf(model, rise, state, end, side, at, dts);
    let sum = firstSum;
    if (rates) {
      const weighted = stepRates(net, rise, dts);
      if (fromRates) sum = weighted;
    }
    if (rise == DOUBLE && !fromRates) sum += sumOfQ * load<f32>(scale + (m << 2), 4);
    if (voltagesEvery != 0 && t % voltagesEvery == 0) {
      sampleState(net, V, side, voltageSample, peaks);
      voltageSample += row;
    }
    if (spiked) {
      const at1 = rise == DOUBLE ? load<f32>(inverse + (m << 2), 4) : <f32>1;
      sum = spread(net, trial, side, rise != SINGLE, rates, t, at1, sum);
    }
    if (outputs != 0) store<f32>(outputs + ((t - 1) << 2), sum * outputScale + offset);
    if (currentsEvery != 0 && t % currentsEvery == 0) {
      sampleState(net, IPSC, side, currentSample, never);
      currentSample += row;
    }
    if (ratesEvery != 0 && t % ratesEvery == 0) {
      memory.copy(rateSample, load<usize>(net, RATES), row);
      rateSample += row;
    }
    if (t >= nextSample) {
      nextSample = sampleAfter(t, voltagesEvery, currentsEvery, ratesEvery);
    }
    t++;
    m++;
  }
  store<u32>(trial, u32((spikeEnd - load<usize>(trial, SPIKES)) >> 2), SPIKE_WORDS);
  store<u32>(trial, u32(allFinite(net, side) && sumOfQ - sumOfQ == 0), FINITE);
}
