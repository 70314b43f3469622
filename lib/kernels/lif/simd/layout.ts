/**
 * Where things lie in memory; the launcher (../memory.ts) writes by the same
 * offsets. A network and a trial are records of 32-bit words.
 */

// Network.
// @ts-ignore: decorator
@inline export const UNITS: usize = 0;
// @ts-ignore: decorator
@inline export const PADDED: usize = 4;
// @ts-ignore: decorator
@inline export const CHANNELS: usize = 8;
// @ts-ignore: decorator
@inline export const STEPS_PER_COLUMN: usize = 12;
// @ts-ignore: decorator
@inline export const REFRACTORY: usize = 16;
// @ts-ignore: decorator
@inline export const REBASE: usize = 20;
// @ts-ignore: decorator
@inline export const OUTPUTS_FROM_RATES: usize = 24;
// @ts-ignore: decorator
@inline export const RATE: usize = 28;
// @ts-ignore: decorator
@inline export const RESET: usize = 32;
// @ts-ignore: decorator
@inline export const PEAK: usize = 36;
// @ts-ignore: decorator
@inline export const SLOPE: usize = 40;
// @ts-ignore: decorator
@inline export const SHARPNESS: usize = 44;
// @ts-ignore: decorator
@inline export const THRESHOLD: usize = 48;
// @ts-ignore: decorator
@inline export const COLUMN_SCALE: usize = 52;
// @ts-ignore: decorator
@inline export const OUTPUT_SCALE: usize = 56;
// @ts-ignore: decorator
@inline export const OFFSET: usize = 60;
// @ts-ignore: decorator
@inline export const COLUMNS: usize = 64;
// @ts-ignore: decorator
@inline export const DECAY: usize = 68;
// @ts-ignore: decorator
@inline export const BIAS: usize = 72;
// @ts-ignore: decorator
@inline export const INPUT_WEIGHTS: usize = 76;
// @ts-ignore: decorator
@inline export const READOUT_JUMP: usize = 80;
// @ts-ignore: decorator
@inline export const RATE_JUMP: usize = 84;
// @ts-ignore: decorator
@inline export const READOUT: usize = 88;
// @ts-ignore: decorator
@inline export const SCALE: usize = 92;
// @ts-ignore: decorator
@inline export const INVERSE: usize = 96;
// @ts-ignore: decorator
@inline export const DT_SCALE: usize = 100;
// @ts-ignore: decorator
@inline export const STATE: usize = 104;
// @ts-ignore: decorator
@inline export const NOISE: usize = 108;
// @ts-ignore: decorator
@inline export const LAST: usize = 112;
// @ts-ignore: decorator
@inline export const RATES: usize = 116;
// @ts-ignore: decorator
@inline export const RATE_RISES: usize = 120;
// @ts-ignore: decorator
@inline export const FIRED: usize = 124;

// Trial.
// @ts-ignore: decorator
@inline export const KEY: usize = 0;
// @ts-ignore: decorator
@inline export const TRIAL: usize = 4;
// @ts-ignore: decorator
@inline export const AMPLITUDE: usize = 8;
// @ts-ignore: decorator
@inline export const STEPS: usize = 12;
// @ts-ignore: decorator
@inline export const TRIAL_COLUMNS: usize = 16;
// @ts-ignore: decorator
@inline export const INPUTS: usize = 20;
// @ts-ignore: decorator
@inline export const INITIAL: usize = 24;
// @ts-ignore: decorator
@inline export const STIMULATIONS: usize = 28;
// @ts-ignore: decorator
@inline export const STIMULATION_LIST: usize = 32;
// @ts-ignore: decorator
@inline export const OUTPUTS: usize = 36;
// @ts-ignore: decorator
@inline export const SPIKES: usize = 40;
// @ts-ignore: decorator
@inline export const COUNTS: usize = 44;
// @ts-ignore: decorator
@inline export const EARLY: usize = 48;
// @ts-ignore: decorator
@inline export const VOLTAGES_EVERY: usize = 52;
// @ts-ignore: decorator
@inline export const VOLTAGES: usize = 56;
// @ts-ignore: decorator
@inline export const CURRENTS_EVERY: usize = 60;
// @ts-ignore: decorator
@inline export const CURRENTS: usize = 64;
// @ts-ignore: decorator
@inline export const RATES_EVERY: usize = 68;
// @ts-ignore: decorator
@inline export const RATE_SAMPLES: usize = 72;
// @ts-ignore: decorator
@inline export const SPIKES_END: usize = 76;
// @ts-ignore: decorator
@inline export const SPIKE_WORDS: usize = 80;
// @ts-ignore: decorator
@inline export const FINITE: usize = 84;

// Stimulation: 6 words.
// @ts-ignore: decorator
@inline export const STIMULATION_BYTES: usize = 24;
// @ts-ignore: decorator
@inline export const FROM: usize = 0;
// @ts-ignore: decorator
@inline export const TO: usize = 4;
// @ts-ignore: decorator
@inline export const AMOUNT: usize = 8;
// @ts-ignore: decorator
@inline export const CHOSEN: usize = 12;
// @ts-ignore: decorator
@inline export const CHOSEN_LIST: usize = 16;
// @ts-ignore: decorator
@inline export const COINS: usize = 20;

/**
 * State of four units: voltage, current and p twice each (what is read and what
 * is written change places), then h, the drive, dt/tm or 0 in the refractory
 * period, and the decay.
 */
// @ts-ignore: decorator
@inline export const BLOCK: usize = 160;
// @ts-ignore: decorator
@inline export const V: usize = 0;
// @ts-ignore: decorator
@inline export const IPSC: usize = 32;
// @ts-ignore: decorator
@inline export const P: usize = 64;
// @ts-ignore: decorator
@inline export const H: usize = 96;
// @ts-ignore: decorator
@inline export const DRIVE: usize = 112;
// @ts-ignore: decorator
@inline export const K: usize = 128;
// @ts-ignore: decorator
@inline export const D: usize = 144;
