// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** What drives units from outside: constant input and stimulus. */
import {
  BIAS,
  BLOCK,
  CHANNELS,
  DRIVE,
  INPUT_WEIGHTS,
  INPUTS,
  PADDED,
  STATE,
  TRIAL_COLUMNS,
} from "./layout";

/** Constant input and stimulus of one column. */
export function setDrive(net: usize, trial: usize, column: usize): void {
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
export function columnChanges(net: usize, trial: usize, column: usize): bool {
  const channels = load<usize>(net, CHANNELS);
  const stride = load<usize>(trial, TRIAL_COLUMNS) << 2;
  const inputs = load<usize>(trial, INPUTS) + (column << 2);
  for (let c: usize = 0; c < channels; c++) {
    if (load<f32>(inputs + c * stride) != load<f32>(inputs + c * stride - 4)) return true;
  }
  return false;
}
