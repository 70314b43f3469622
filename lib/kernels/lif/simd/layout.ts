// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Where things lie in memory; the launcher (../memory.ts) writes by the same
 * offsets. A network and a trial are records of 32-bit words.
 */

// Network.
@inline export const UNITS: usize = 0;
@inline export const PADDED: usize = 4;
@inline export const CHANNELS: usize = 8;
@inline export const STEPS_PER_COLUMN: usize = 12;
@inline export const REFRACTORY: usize = 16;
@inline export const REBASE: usize = 20;
@inline export const OUTPUTS_FROM_RATES: usize = 24;
@inline export const RATE: usize = 28;
@inline export const RESET: usize = 32;
@inline export const PEAK: usize = 36;
@inline export const SLOPE: usize = 40;
@inline export const SHARPNESS: usize = 44;
@inline export const THRESHOLD: usize = 48;
@inline export const COLUMN_SCALE: usize = 52;
@inline export const OUTPUT_SCALE: usize = 56;
@inline export const OFFSET: usize = 60;
@inline export const COLUMNS: usize = 64;
@inline export const DECAY: usize = 68;
@inline export const BIAS: usize = 72;
@inline export const INPUT_WEIGHTS: usize = 76;
@inline export const READOUT_JUMP: usize = 80;
@inline export const RATE_JUMP: usize = 84;
@inline export const READOUT: usize = 88;
@inline export const SCALE: usize = 92;
@inline export const INVERSE: usize = 96;
@inline export const DT_SCALE: usize = 100;
@inline export const STATE: usize = 104;
// Noise of four steps, and as much room for the words that it is made from.
@inline export const NOISE: usize = 108;
@inline export const LAST: usize = 112;
@inline export const RATES: usize = 116;
@inline export const RATE_RISES: usize = 120;
@inline export const FIRED: usize = 124;
// Adaptation current: of every four units two copies, as of the voltage.
@inline export const ADAPTATION: usize = 128;
@inline export const ADAPTATION_DECAY: usize = 132;
@inline export const ADAPTATION_JUMP: usize = 136;

// Trial.
@inline export const KEY: usize = 0;
@inline export const TRIAL: usize = 4;
@inline export const AMPLITUDE: usize = 8;
@inline export const STEPS: usize = 12;
@inline export const TRIAL_COLUMNS: usize = 16;
@inline export const INPUTS: usize = 20;
@inline export const INITIAL: usize = 24;
@inline export const STIMULATIONS: usize = 28;
@inline export const STIMULATION_LIST: usize = 32;
@inline export const OUTPUTS: usize = 36;
@inline export const SPIKES: usize = 40;
@inline export const COUNTS: usize = 44;
@inline export const EARLY: usize = 48;
@inline export const VOLTAGES_EVERY: usize = 52;
@inline export const VOLTAGES: usize = 56;
@inline export const CURRENTS_EVERY: usize = 60;
@inline export const CURRENTS: usize = 64;
@inline export const RATES_EVERY: usize = 68;
@inline export const RATE_SAMPLES: usize = 72;
@inline export const SPIKES_END: usize = 76;
@inline export const SPIKE_WORDS: usize = 80;
@inline export const FINITE: usize = 84;
// Changes of weights: 2 words each, the step and the address of the columns.
@inline export const CHANGES: usize = 88;
@inline export const CHANGE_LIST: usize = 92;
@inline export const CHANGE_BYTES: usize = 8;
// Noise of the whole trial, by blocks of four steps; 0 where it is drawn.
@inline export const TRIAL_NOISE: usize = 96;

// Stimulation: 6 words.
@inline export const STIMULATION_BYTES: usize = 24;
@inline export const FROM: usize = 0;
@inline export const TO: usize = 4;
@inline export const AMOUNT: usize = 8;
@inline export const CHOSEN: usize = 12;
@inline export const CHOSEN_LIST: usize = 16;
@inline export const COINS: usize = 20;

/**
 * State of four units: voltage, current and p twice each (what is read and what
 * is written change places), then h, the drive, dt/tm or 0 in the refractory
 * period, and the decay.
 */
@inline export const BLOCK: usize = 160;
@inline export const V: usize = 0;
@inline export const IPSC: usize = 32;
@inline export const P: usize = 64;
@inline export const H: usize = 96;
@inline export const DRIVE: usize = 112;
@inline export const K: usize = 128;
@inline export const D: usize = 144;
