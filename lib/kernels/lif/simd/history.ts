// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * From a trial that has run to what the adjoint takes: filtered spikes, outputs,
 * loss, and histories of spikes, slopes and gradients by filtered spikes in one of
 * its lanes. A record of 32-bit words, written by ../tune_launch.ts; beside it the
 * records of the network, the trial and the adjoint.
 */
import { BY_RATES, INTERVALS, SLOPES, SPIKES as COUNTS } from "./adjoint";
import {
  BIAS,
  CHANNELS,
  CURRENTS,
  INPUT_WEIGHTS,
  INPUTS,
  PADDED,
  SPIKE_WORDS,
  SPIKES,
  TRIAL_COLUMNS,
  UNITS,
} from "./layout";

/** Integration steps of an interval, and intervals of a column of the stimulus. */
@inline const STEPS_PER_INTERVAL: usize = 0;
@inline const PER_COLUMN: usize = 4;
/** What an interval makes of r and s: D, B and E, a row each. */
@inline const CARRY: usize = 8;
/** What a spike is worth in r and in s, m steps later: m×2 rows. */
@inline const JUMPS: usize = 12;
/** Readout weights (float64) and 1 / factor (float32). */
@inline const READOUT: usize = 16;
@inline const INVERSE_FACTORS: usize = 20;
/** Weight in the loss, and target, of each interval. */
@inline const LOSS_WEIGHTS: usize = 24;
@inline const TARGETS: usize = 28;
/** Slopes of the transfer function: first input, 1 / step, last index, values. */
@inline const FIRST_INPUT: usize = 32;
@inline const INVERSE_STEP: usize = 36;
@inline const LAST_SLOPE: usize = 40;
@inline const SLOPE_TABLE: usize = 44;
/** The guide's rates, units×columns; its columns; its weight in the loss. */
@inline const GUIDE: usize = 48;
@inline const GUIDE_COLUMNS: usize = 52;
@inline const GUIDE_WEIGHT: usize = 56;
/** Room for r, s, the drive and the current of before, a row each. */
@inline const ROOM: usize = 60;
/** Results, float64: loss, gradient by the offset, gradients by the readout. */
@inline const RESULTS: usize = 64;
/** Offset of the output. */
@inline const OFFSET: usize = 68;

/** Empties the histories of all lanes. */
export function clearHistories(adjoint: usize): void {
  const bytes = load<usize>(adjoint) * load<usize>(adjoint, INTERVALS) * 16;
  memory.fill(load<usize>(adjoint, COUNTS), 0, bytes);
  memory.fill(load<usize>(adjoint, SLOPES), 0, bytes);
  memory.fill(load<usize>(adjoint, BY_RATES), 0, bytes);
}

/** The guide's weight over the sum of its squares; 0 for one that never fires. */
function guideScale(record: usize, units: i32, intervals: i32): f64 {
  const weight = <f64> load<f32>(record, GUIDE_WEIGHT);
  if (weight == 0) return 0;
  const numbers = units * load<i32>(record, GUIDE_COLUMNS);
  const rates = load<usize>(record, GUIDE);
  let square: f64 = 0;
  for (let at = 0; at < numbers; at++) {
    const rate = <f64> load<f32>(rates + (<usize> at << 2));
    square += rate * rate;
  }
  if (square == 0) return 0;
  return weight * <f64> numbers / (square * <f64> (units * intervals));
}

/** The drive of each unit from a column of the stimulus, and its bias. */
function driveFrom(net: usize, trial: usize, column: i32, to: usize): void {
  const row = load<usize>(net, PADDED) << 2;
  const columns = load<i32>(trial, TRIAL_COLUMNS);
  memory.copy(to, load<usize>(net, BIAS), row);
  let weights = load<usize>(net, INPUT_WEIGHTS);
  let inputs = load<usize>(trial, INPUTS) + (<usize> column << 2);
  for (let c = load<i32>(net, CHANNELS); c > 0; c--) {
    const input = v128.load32_splat(inputs);
    for (let i: usize = 0; i < row; i += 16) {
      v128.store(
        to + i,
        f32x4.add(
          v128.load(to + i),
          f32x4.mul(input, v128.load(weights + i)),
        ),
      );
    }
    weights += row;
    inputs += <usize> columns << 2;
  }
}

/** Fills a lane of the adjoint's histories from a trial that has run. */
export function history(
  net: usize,
  trial: usize,
  adjoint: usize,
  lane: usize,
  record: usize,
): void {
  const units = load<i32>(net, UNITS);
  const row = load<usize>(net, PADDED) << 2;
  const intervals = load<i32>(adjoint, INTERVALS);
  const n = load<i32>(record, STEPS_PER_INTERVAL);
  const perColumn = load<i32>(record, PER_COLUMN);
  const columns = load<i32>(trial, TRIAL_COLUMNS);
  const decay = load<usize>(record, CARRY);
  const jumps = load<usize>(record, JUMPS);
  const readout = load<usize>(record, READOUT);
  const inverse = load<usize>(record, INVERSE_FACTORS);
  const weights = load<usize>(record, LOSS_WEIGHTS);
  const targets = load<usize>(record, TARGETS);
  const first = load<f32>(record, FIRST_INPUT);
  const inverseStep = load<f32>(record, INVERSE_STEP);
  const lastSlope = load<i32>(record, LAST_SLOPE);
  const table = load<usize>(record, SLOPE_TABLE);
  const guide = load<usize>(record, GUIDE);
  const guideColumns = load<i32>(record, GUIDE_COLUMNS);
  const offset = <f64> load<f32>(record, OFFSET);
  const scale = guideScale(record, units, intervals);
  const r = load<usize>(record, ROOM);
  const s = r + row;
  const drive = s + row;
  const before = drive + row;
  const results = load<usize>(record, RESULTS);
  const byReadout = results + 16;
  memory.fill(r, 0, row << 2);
  memory.fill(byReadout, 0, <usize> units << 3);
  let loss: f64 = 0;
  let byOffset: f64 = 0;
  let spike = load<usize>(trial, SPIKES);
  const lastSpike = spike + (load<usize>(trial, SPIKE_WORDS) << 2);
  let currents = load<usize>(trial, CURRENTS);
  let counts = load<usize>(adjoint, COUNTS) + (lane << 2);
  let slopes = load<usize>(adjoint, SLOPES) + (lane << 2);
  let byRates = load<usize>(adjoint, BY_RATES) + (lane << 2);
  let column = -1;
  for (let k = 0; k < intervals; k++) {
    for (let i: usize = 0; i < row; i += 16) {
      const rising = v128.load(s + i);
      v128.store(
        r + i,
        f32x4.add(
          f32x4.mul(v128.load(decay + i), v128.load(r + i)),
          f32x4.mul(v128.load(decay + row + i), rising),
        ),
      );
      v128.store(s + i, f32x4.mul(v128.load(decay + 2 * row + i), rising));
    }
    const end = (k + 1) * n;
    while (spike < lastSpike && load<i32>(spike) <= end) {
      const unit = load<usize>(spike, 4) << 2;
      const jump = jumps + 2 * row * <usize> (end - load<i32>(spike)) + unit;
      store<f32>(r + unit, load<f32>(r + unit) + load<f32>(jump));
      store<f32>(s + unit, load<f32>(s + unit) + load<f32>(jump + row));
      const count = counts + (unit << 2);
      store<f32>(count, load<f32>(count) + 1);
      spike += 8;
    }
    let output = offset;
    for (let i = 0; i < units; i++) {
      const at = <usize> i << 2;
      output += load<f64>(readout + 2 * at) * <f64> load<f32>(r + at);
    }
    const weight = <f64> load<f32>(weights + (<usize> k << 2));
    const error = output - <f64> load<f32>(targets + (<usize> k << 2));
    loss += weight * error * error;
    const byOutput = 2 * weight * error;
    byOffset += byOutput;
    const now = min(columns - 1, (2 * k + 1 + perColumn) / (2 * perColumn));
    if (now != column) driveFrom(net, trial, column = now, drive);
    const wanted = guide +
      (<usize> min(guideColumns - 1, (k + 1) / perColumn) << 2);
    for (let i = 0; i < units; i++) {
      const at = <usize> i << 2;
      const rate = <f64> load<f32>(r + at);
      let g = byOutput * load<f64>(readout + 2 * at);
      store<f64>(
        byReadout + 2 * at,
        load<f64>(byReadout + 2 * at) + byOutput * rate,
      );
      if (scale != 0) {
        const share = <f64> load<f32>(inverse + at);
        const aim = load<f32>(wanted + <usize> guideColumns * at);
        g += 2 * scale * share * (rate * share - <f64> aim);
      }
      store<f32>(byRates + (at << 2), <f32> g);
      const current = load<f32>(currents + at);
      const input = (load<f32>(before + at) + current) * 0.5 +
        load<f32>(drive + at);
      store<f32>(before + at, current);
      const place = (input - first) * inverseStep;
      let slope: f32;
      if (!(place > 0)) slope = load<f32>(table);
      else if (place >= <f32> lastSlope) {
        slope = load<f32>(table + (<usize> lastSlope << 2));
      } else {
        const whole = <i32> place;
        const low = table + (<usize> whole << 2);
        const a = load<f32>(low);
        slope = a + (place - <f32> whole) * (load<f32>(low, 4) - a);
      }
      store<f32>(slopes + (at << 2), slope);
    }
    currents += row;
    const next = <usize> units << 4;
    counts += next;
    slopes += next;
    byRates += next;
  }
  store<f64>(results, loss);
  store<f64>(results, byOffset, 8);
}
