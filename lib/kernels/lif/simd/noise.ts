// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Noise and stimulation of four steps. */
import {
  BLOCKS_OF_WORDS,
  storeRowOfIncrements,
  storeRowOfWords,
} from "../../normal/simd/increments";
import { counterPart } from "../../normal/simd/normal";
import {
  AMOUNT,
  CHOSEN,
  CHOSEN_LIST,
  COINS,
  FROM,
  STIMULATION_BYTES,
  TO,
} from "./layout";

/**
 * Noise of steps 4·block … 4·block + 3: per 4 units 4 steps of 4 numbers. Blocks come
 * in order, from 0 on.
 *
 * @param words room of the same size, which stays as it is from block to block
 */
export function fillNoise(
  out: usize,
  words: usize,
  padded: i32,
  block: u32,
  trial: u32,
  key: u32,
  amplitude: f32,
): void {
  const bytes = <usize>padded << 4;
  if (block % BLOCKS_OF_WORDS == 0) {
    const y0 = counterPart(i32x4.splat(block / BLOCKS_OF_WORDS));
    const z0 = counterPart(i32x4.splat(trial));
    const w0 = counterPart(i32x4.splat(key));
    const x = i32x4.add(counterPart(i32x4(0, 1, 2, 3)), i32x4.mul(y0, w0));
    storeRowOfWords(words, words + bytes, x, y0, z0, w0);
  }
  storeRowOfIncrements(out, out + bytes, words, block, amplitude);
}

/** Adds stimulation to the noise of steps 4·block … 4·block + 3. */
export function addStimulation(
  noise: usize,
  block: i32,
  count: i32,
  stimulation: usize,
): void {
  for (let s = 0; s < count; s++, stimulation += STIMULATION_BYTES) {
    const from = load<i32>(stimulation, FROM);
    const to = load<i32>(stimulation, TO);
    const amount = load<f32>(stimulation, AMOUNT);
    const chosen = load<usize>(stimulation, CHOSEN_LIST);
    const last = chosen + (load<usize>(stimulation, CHOSEN) << 2);
    const coins = load<usize>(stimulation, COINS);
    for (let k = 0; k < 4; k++) {
      const t = (block << 2) + k;
      if (t < from || t >= to || load<u8>(coins + (t - from)) == 0) continue;
      for (let p = chosen; p < last; p += 4) {
        const unit = load<usize>(p);
        const at = noise + ((unit >> 2) << 6) + (k << 4) + ((unit & 3) << 2);
        store<f32>(at, load<f32>(at) + amount);
      }
    }
  }
}
