/** A trial from its first step to its last. */
import {
  AMPLITUDE,
  BIAS,
  BLOCK,
  CHANNELS,
  COLUMN_SCALE,
  COLUMNS,
  COUNTS,
  CURRENTS,
  CURRENTS_EVERY,
  D,
  DECAY,
  DRIVE,
  DT_SCALE,
  EARLY,
  FINITE,
  FIRED,
  H,
  INITIAL,
  INPUT_WEIGHTS,
  INPUTS,
  INVERSE,
  IPSC,
  K,
  KEY,
  LAST,
  NOISE,
  OFFSET,
  OUTPUT_SCALE,
  OUTPUTS,
  OUTPUTS_FROM_RATES,
  P,
  PADDED,
  PEAK,
  RATE,
  RATE_JUMP,
  RATE_RISES,
  RATE_SAMPLES,
  RATES,
  RATES_EVERY,
  READOUT,
  READOUT_JUMP,
  REBASE,
  REFRACTORY,
  RESET,
  SCALE,
  SHARPNESS,
  SLOPE,
  SPIKE_WORDS,
  SPIKES,
  SPIKES_END,
  STATE,
  STEPS,
  STEPS_PER_COLUMN,
  STIMULATION_LIST,
  STIMULATIONS,
  THRESHOLD,
  TRIAL,
  TRIAL_COLUMNS,
  UNITS,
  V,
  VOLTAGES,
  VOLTAGES_EVERY,
} from "./layout";
import { addStimulation, fillNoise } from "./noise";
import { firstSum, laneSum, secondSum, setModel } from "./passes";
import { allFinite, sampleState } from "./sample";
import { stepOf, twoStepsOf } from "./steps";

/** Spikes up to this step count as early. */
// @ts-ignore: decorator
@inline const EARLY_STEPS: i32 = 9;

// What of a trial changes from step to step, besides the arrays.
/** 0 or 16: which copies of voltages, currents and p are the present ones. */
let side: usize = 0;
/** Sum of q over all units, without its common decay. */
let sumOfQ: f32 = 0;
/** Where the next spike is written, and where the list must end. */
let spikeEnd: usize = 0;
let spikeLimit: usize = 0;

export function begin(net: usize, trial: usize): void {
  const padded = load<usize>(net, PADDED);
  const initial = load<usize>(trial, INITIAL);
  const decay = load<usize>(net, DECAY);
  let block = load<usize>(net, STATE);
  side = 0;
  sumOfQ = 0;
  spikeEnd = load<usize>(trial, SPIKES);
  spikeLimit = load<usize>(trial, SPIKES_END);
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
  memory.fill(load<usize>(net, RATES), 0, padded << 2);
  memory.fill(load<usize>(net, RATE_RISES), 0, padded << 2);
  memory.fill(load<usize>(trial, COUNTS), 0, padded << 2);
  memory.fill(load<usize>(trial, EARLY), 0, padded << 2);
  const fired = load<usize>(net, FIRED);
  memory.fill(fired, 0, load<usize>(net, REFRACTORY) + 1);
  // As if every unit had fired at step 0.
  store<u8>(fired, 1);
}

/** Lets units integrate whose refractory period ended with the step before. */
function release(net: usize, firedAt: i32): void {
  const count = load<usize>(net, PADDED) << 2;
  const last = load<usize>(net, LAST);
  const rate = f32x4.splat(load<f32>(net, RATE));
  const at = i32x4.splat(firedAt);
  let block = load<usize>(net, STATE);
  for (let i: usize = 0; i < count; i += 16, block += BLOCK) {
    const freed = i32x4.eq(v128.load(last + i), at);
    v128.store(block, v128.bitselect(rate, v128.load(block, K), freed), K);
  }
}

/** Constant input and stimulus of one column. */
function setDrive(net: usize, trial: usize, column: usize): void {
  const bytes = load<usize>(net, PADDED) << 2;
  const bias = load<usize>(net, BIAS);
  const weights = load<usize>(net, INPUT_WEIGHTS);
  const channels = load<usize>(net, CHANNELS);
  const stride = load<usize>(trial, TRIAL_COLUMNS) << 2;
  const inputs = load<usize>(trial, INPUTS) + (column << 2);
  let block = load<usize>(net, STATE);
  for (let i: usize = 0; i < bytes; i += 16, block += BLOCK) {
    let drive = v128.load(bias + i);
    for (let c: usize = 0; c < channels; c++) {
      const u = v128.load32_splat(inputs + c * stride);
      drive = f32x4.add(drive, f32x4.mul(v128.load(weights + c * bytes + i), u));
    }
    v128.store(block, drive, DRIVE);
  }
}

/** Whether a column's inputs differ from the one before. */
function columnChanges(net: usize, trial: usize, column: usize): bool {
  const channels = load<usize>(net, CHANNELS);
  const stride = load<usize>(trial, TRIAL_COLUMNS) << 2;
  const inputs = load<usize>(trial, INPUTS) + (column << 2);
  for (let c: usize = 0; c < channels; c++) {
    if (load<f32>(inputs + c * stride) != load<f32>(inputs + c * stride - 4)) return true;
  }
  return false;
}

/** Takes h, hr and the sum of q to their present decay, from where it starts anew. */
function rebase(net: usize, scale: f32): void {
  const bytes = load<usize>(net, PADDED) << 2;
  const rises = load<usize>(net, RATE_RISES);
  const scales = f32x4.splat(scale);
  let block = load<usize>(net, STATE);
  for (let i: usize = 0; i < bytes; i += 16, block += BLOCK) {
    v128.store(block, f32x4.mul(v128.load(block, H), scales), H);
    v128.store(rises + i, f32x4.mul(v128.load(rises + i), scales));
  }
  sumOfQ *= scale;
}

/** A step of each unit's r. Returns the sum over units, weighted by the readout. */
function stepRates(net: usize, double: bool, dts: f32): f32 {
  const bytes = load<usize>(net, PADDED) << 2;
  const rates = load<usize>(net, RATES);
  const rises = load<usize>(net, RATE_RISES);
  const decay = load<usize>(net, DECAY);
  const readout = load<usize>(net, READOUT);
  const dt = f32x4.splat(dts);
  let sum = i32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    let r = f32x4.mul(v128.load(rates + i), v128.load(decay + i));
    if (double) r = f32x4.add(r, f32x4.mul(v128.load(rises + i), dt));
    v128.store(rates + i, r);
    sum = f32x4.add(sum, f32x4.mul(r, v128.load(readout + i)));
  }
  return laneSum(sum);
}

/** What the spikes of a step do. Returns what they add to the step's output. */
export function spread(
  net: usize,
  trial: usize,
  double: bool,
  rates: bool,
  t: i32,
  inverse: f32,
  sum: f32,
): f32 {
  const padded = load<usize>(net, PADDED);
  const state = load<usize>(net, STATE);
  const end = state + (padded >> 2) * BLOCK;
  const peaks = f32x4.splat(load<f32>(net, PEAK));
  const scale = f32x4.splat(load<f32>(net, COLUMN_SCALE) * inverse);
  const columns = load<usize>(net, COLUMNS);
  const last = load<usize>(net, LAST);
  const counts = load<usize>(trial, COUNTS);
  const early = load<usize>(trial, EARLY);
  const readoutJump = load<usize>(net, READOUT_JUMP);
  const rateJump = load<usize>(net, RATE_JUMP);
  const refractory = load<i32>(net, REFRACTORY);
  const reset = load<f32>(net, RESET);
  let unit: usize = 0;
  for (let block = state; block < end; block += BLOCK, unit += 4) {
    let mask = i32x4.bitmask(f32x4.ge(v128.load(block + side, V), peaks));
    while (mask != 0) {
      const lane: usize = ctz(mask) << 2;
      mask &= mask - 1;
      const j = (unit << 2) + lane;
      const own = block + lane;
      store<f32>(own + side, reset, V);
      store<i32>(last + j, t);
      if (refractory > 0) store<f32>(own, 0, K);
      store<u32>(counts + j, load<u32>(counts + j) + 1);
      if (t <= EARLY_STEPS) store<u32>(early + j, load<u32>(early + j) + 1);
      if (spikeEnd != spikeLimit) {
        store<u32>(spikeEnd, t);
        store<u32>(spikeEnd, j >> 2, 4);
        spikeEnd += 8;
      }
      let column = columns + j * padded;
      if (double) {
        for (let to = state; to < end; to += BLOCK, column += 16) {
          v128.store(to, f32x4.add(v128.load(to, H), f32x4.mul(v128.load(column), scale)), H);
        }
      } else {
        for (let to = state + side; to < end; to += BLOCK, column += 16) {
          v128.store(to, f32x4.add(v128.load(to, IPSC), f32x4.mul(v128.load(column), scale)), IPSC);
        }
      }
      const jump = load<f32>(readoutJump + j);
      const p = load<f32>(own + side, P);
      if (double) {
        store<f32>(own + side, p - jump, P);
        sumOfQ += jump * inverse;
      } else {
        store<f32>(own + side, p + jump, P);
        sum += jump;
      }
      if (rates) {
        const to = (double ? load<usize>(net, RATE_RISES) : load<usize>(net, RATES)) + j;
        const gain = load<f32>(rateJump + j);
        store<f32>(to, load<f32>(to) + (double ? gain * inverse : gain));
      }
    }
  }
  store<u8>(load<usize>(net, FIRED) + t % (refractory + 1), 1);
  return sum;
}

/** Runs a trial; results go where its record says. */
export function runTrial(net: usize, trial: usize, model: i32, double: bool): void {
  const padded = load<i32>(net, PADDED);
  const state = load<usize>(net, STATE);
  const end = state + (<usize>padded >> 2) * BLOCK;
  const noise = load<usize>(net, NOISE);
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
  const sampling = (voltagesEvery | currentsEvery | ratesEvery) != 0;
  const rates = ratesEvery != 0 || fromRates;
  const row = <usize>padded << 2;
  let voltageSample = load<usize>(trial, VOLTAGES);
  let currentSample = load<usize>(trial, CURRENTS);
  let rateSample = load<usize>(trial, RATE_SAMPLES);
  const peaks = f32x4.splat(load<f32>(net, PEAK));
  const never = f32x4.splat(Infinity);

  setModel(
    load<f32>(net, PEAK),
    load<f32>(net, SLOPE),
    load<f32>(net, SHARPNESS),
    load<f32>(net, THRESHOLD),
  );
  begin(net, trial);
  let column: i32 = 0;
  let nextColumn = (perColumn + 1) >> 1;
  setDrive(net, trial, 0);


  let t: i32 = 1;
  let m: i32 = 1; // t modulo the rebase interval
  let filled: i32 = -1;
  while (t <= steps) {
    if (m >= rebaseInterval) {
      m = 0;
      if (double) rebase(net, load<f32>(scale + (<usize>rebaseInterval << 2)));
    }
    if (t >> 2 != filled) {
      filled = t >> 2;
      if (amplitude != 0) fillNoise(noise, padded, filled, number, key, amplitude);
      else if (stimulations != 0) memory.fill(noise, 0, row << 2);
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
    const at = noise + ((t & 3) << 4);
    const dts = load<f32>(dtScale + (m << 2));
    if (
      double && !sampling && !rates && (t & 1) == 0 && t < steps &&
      t + 1 < nextColumn && load<u8>(fired + (t + 1) % (refractory + 1)) == 0
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
          spread(net, trial, true, false, t + 1, load<f32>(inverse + (m << 2), 8), 0);
        }
        t += 2;
        m += 2;
        continue;
      }
    }
    const spiked = stepOf(model, double, state, end, side, at, dts);
    let sum = firstSum;
    if (rates) {
      const weighted = stepRates(net, double, dts);
      if (fromRates) sum = weighted;
    }
    if (double && !fromRates) sum += sumOfQ * load<f32>(scale + (m << 2), 4);
    if (voltagesEvery != 0 && t % voltagesEvery == 0) {
      sampleState(net, V, side, voltageSample, peaks);
      voltageSample += row;
    }
    if (spiked) {
      const at1 = double ? load<f32>(inverse + (m << 2), 4) : <f32>1;
      sum = spread(net, trial, double, rates, t, at1, sum);
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
    t++;
    m++;
  }
  store<u32>(trial, u32((spikeEnd - load<usize>(trial, SPIKES)) >> 2), SPIKE_WORDS);
  store<u32>(trial, u32(allFinite(net, side) && sumOfQ - sumOfQ == 0), FINITE);
}
