// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Losses and their gradients by the outputs; bit for bit ../loss.ts. */

@inline export const L1: i32 = 0;
@inline export const L2: i32 = 1;

@inline function slopeOf(name: i32, error: f64, weight: f64, sum: f64, loss: f64): f64 {
  if (name == L1) return error > 0 ? weight : error < 0 ? -weight : weight * error;
  return sum > 0 ? weight * error / loss : 0;
}

/**
 * Losses of `trials` trials in `lanes` lanes, and the gradient of `scale` times
 * them. Row t of outputs, targets, weights and gradient is step t = 1 … steps - 1.
 * Of several threads each does the lanes of which it has read out the rates:
 * every `threads`-th vector of four from number `thread` on.
 *
 * @param weights 0: all are 1
 * @param losses float64, one a trial
 */
export function losses(
  name: i32,
  steps: i32,
  lanes: i32,
  trials: i32,
  outputs: usize,
  targets: usize,
  weights: usize,
  scale: f64,
  gradient: usize,
  losses: usize,
  thread: i32,
  threads: i32,
): void {
  const stride = <usize>lanes << 2;
  if (threads == 1) memory.fill(gradient, 0, stride * steps);
  else for (let c = thread; c < lanes >> 2; c += threads) {
    const end = gradient + stride * steps;
    for (let at = gradient + (<usize>c << 4); at < end; at += stride) {
      v128.store(at, i32x4(0, 0, 0, 0));
    }
  }
  for (let b = 0; b < trials; b++) {
    if ((b >> 2) % threads != thread) continue;
    const first = stride + (<usize>b << 2);
    const end = stride * steps;
    let sum: f64 = 0;
    for (let at = first; at < end; at += stride) {
      const error = <f64>load<f32>(outputs + at) - <f64>load<f32>(targets + at);
      const weight: f64 = weights == 0 ? 1 : load<f32>(weights + at);
      sum += name == L1 ? weight * abs(error) : weight * error * error;
    }
    const loss = name == L1 ? sum : sqrt(sum);
    store<f64>(losses + (<usize>b << 3), loss);
    for (let at = first; at < end; at += stride) {
      const error = <f64>load<f32>(outputs + at) - <f64>load<f32>(targets + at);
      const weight: f64 = weights == 0 ? 1 : load<f32>(weights + at);
      store<f32>(gradient + at, <f32>(slopeOf(name, error, weight, sum, loss) * scale));
    }
  }
}

/**
 * Adds the gradient by the bias to the number at `to`: steps descending, trials
 * ascending, in `parts` partial sums, 4, 2 or 1.
 */
export function biasGradient(steps: i32, lanes: i32, parts: i32, gradient: usize, to: usize): void {
  let p0: f32 = 0, p1: f32 = 0, p2: f32 = 0, p3: f32 = 0;
  let term = 0;
  for (let t = steps - 1; t >= 1; t--) {
    for (let b = 0; b < lanes; b++) {
      const d = load<f32>(gradient + (<usize>(t * lanes + b) << 2));
      const k = term++ & (parts - 1);
      if (k == 0) p0 += d;
      else if (k == 1) p1 += d;
      else if (k == 2) p2 += d;
      else p3 += d;
    }
  }
  store<f32>(to, load<f32>(to) + ((p0 + p1) + (p2 + p3)));
}
