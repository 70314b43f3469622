// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Damped linear least squares by conjugate gradients, four systems side by side
 * in the lanes of vectors; bit for bit ../reference.ts. The systems share their
 * synapses and differ in slopes, damping and right side.
 *
 * A vector has four numbers a unit, one a system: 32 bytes.
 */

let units: i32 = 0;
// Synapses by postsynaptic and by presynaptic unit: begins, units, weights.
let inBegins: usize = 0;
let inUnits: usize = 0;
let inWeights: usize = 0;
let outBegins: usize = 0;
let outUnits: usize = 0;
let outWeights: usize = 0;
let leak: usize = 0;
// Vectors.
let slopes: usize = 0;
let scale: usize = 0;
let step: usize = 0;
let residual: usize = 0;
let gradient: usize = 0;
let direction: usize = 0;
let image: usize = 0;
let scaled: usize = 0;
// Four numbers each: damping, size of the gradient, its scaled size.
let numbers: usize = 0;

/** Says where everything is; vectors and numbers follow one another. */
export function place(
  count: i32,
  incoming: usize,
  incomingUnits: usize,
  incomingWeights: usize,
  outgoing: usize,
  outgoingUnits: usize,
  outgoingWeights: usize,
  leaks: usize,
  vectors: usize,
): void {
  units = count;
  inBegins = incoming;
  inUnits = incomingUnits;
  inWeights = incomingWeights;
  outBegins = outgoing;
  outUnits = outgoingUnits;
  outWeights = outgoingWeights;
  leak = leaks;
  const bytes = <usize>count << 5;
  slopes = vectors;
  scale = slopes + bytes;
  step = scale + bytes;
  residual = step + bytes;
  gradient = residual + bytes;
  direction = gradient + bytes;
  image = direction + bytes;
  scaled = image + bytes;
  numbers = scaled + bytes;
}

/** One iteration of all four systems. */
export function iterate(): void {
  const bytes = <usize>units << 5;
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(scaled + i, f64x2.mul(v128.load(slopes + i), v128.load(direction + i)));
  }
  // The image of the direction, and its length.
  let imageA = f64x2.splat(0), imageB = f64x2.splat(0);
  let ownA = f64x2.splat(0), ownB = f64x2.splat(0);
  let k: usize = load<u32>(inBegins);
  for (let i: i32 = 0; i < units; i++) {
    const at = <usize>i << 5;
    const rate = v128.load64_splat(leak + (<usize>i << 3));
    const a = v128.load(direction + at), b = v128.load(direction + at, 16);
    let sumA = f64x2.mul(f64x2.neg(a), rate), sumB = f64x2.mul(f64x2.neg(b), rate);
    const end: usize = load<u32>(inBegins + (<usize>(i + 1) << 2));
    for (; k < end; k++) {
      const weight = v128.load64_splat(inWeights + (k << 3));
      const from = scaled + (<usize>load<u32>(inUnits + (k << 2)) << 5);
      sumA = f64x2.add(sumA, f64x2.mul(weight, v128.load(from)));
      sumB = f64x2.add(sumB, f64x2.mul(weight, v128.load(from, 16)));
    }
    v128.store(image + at, sumA);
    v128.store(image + at, sumB, 16);
    imageA = f64x2.add(imageA, f64x2.mul(sumA, sumA));
    imageB = f64x2.add(imageB, f64x2.mul(sumB, sumB));
    ownA = f64x2.add(ownA, f64x2.mul(a, a));
    ownB = f64x2.add(ownB, f64x2.mul(b, b));
  }
  const dampingA = v128.load(numbers), dampingB = v128.load(numbers, 16);
  const sizeA = v128.load(numbers, 64), sizeB = v128.load(numbers, 80);
  const lengthA = f64x2.div(sizeA, f64x2.add(imageA, f64x2.mul(dampingA, ownA)));
  const lengthB = f64x2.div(sizeB, f64x2.add(imageB, f64x2.mul(dampingB, ownB)));
  for (let i: usize = 0; i < bytes; i += 32) {
    v128.store(step + i, f64x2.add(v128.load(step + i), f64x2.mul(lengthA, v128.load(direction + i))));
    v128.store(step + i, f64x2.add(v128.load(step + i, 16), f64x2.mul(lengthB, v128.load(direction + i, 16))), 16);
    v128.store(residual + i, f64x2.sub(v128.load(residual + i), f64x2.mul(lengthA, v128.load(image + i))));
    v128.store(residual + i, f64x2.sub(v128.load(residual + i, 16), f64x2.mul(lengthB, v128.load(image + i, 16))), 16);
  }
  // The gradient of what is left, and its sizes.
  let nowA = f64x2.splat(0), nowB = f64x2.splat(0);
  let steepA = f64x2.splat(0), steepB = f64x2.splat(0);
  k = load<u32>(outBegins);
  for (let j: i32 = 0; j < units; j++) {
    const at = <usize>j << 5;
    let sumA = f64x2.splat(0), sumB = f64x2.splat(0);
    const end: usize = load<u32>(outBegins + (<usize>(j + 1) << 2));
    for (; k < end; k++) {
      const weight = v128.load64_splat(outWeights + (k << 3));
      const to = residual + (<usize>load<u32>(outUnits + (k << 2)) << 5);
      sumA = f64x2.add(sumA, f64x2.mul(weight, v128.load(to)));
      sumB = f64x2.add(sumB, f64x2.mul(weight, v128.load(to, 16)));
    }
    const rate = v128.load64_splat(leak + (<usize>j << 3));
    sumA = f64x2.sub(
      f64x2.mul(sumA, v128.load(slopes + at)),
      f64x2.mul(v128.load(residual + at), rate),
    );
    sumB = f64x2.sub(
      f64x2.mul(sumB, v128.load(slopes + at, 16)),
      f64x2.mul(v128.load(residual + at, 16), rate),
    );
    const valueA = f64x2.sub(sumA, f64x2.mul(dampingA, v128.load(step + at)));
    const valueB = f64x2.sub(sumB, f64x2.mul(dampingB, v128.load(step + at, 16)));
    v128.store(gradient + at, valueA);
    v128.store(gradient + at, valueB, 16);
    nowA = f64x2.add(nowA, f64x2.mul(f64x2.mul(v128.load(scale + at), valueA), valueA));
    nowB = f64x2.add(nowB, f64x2.mul(f64x2.mul(v128.load(scale + at, 16), valueB), valueB));
    steepA = f64x2.add(steepA, f64x2.mul(valueA, valueA));
    steepB = f64x2.add(steepB, f64x2.mul(valueB, valueB));
  }
  const turnA = f64x2.div(nowA, sizeA), turnB = f64x2.div(nowB, sizeB);
  v128.store(numbers, steepA, 32);
  v128.store(numbers, steepB, 48);
  v128.store(numbers, nowA, 64);
  v128.store(numbers, nowB, 80);
  for (let i: usize = 0; i < bytes; i += 32) {
    v128.store(direction + i, f64x2.add(
      f64x2.mul(v128.load(scale + i), v128.load(gradient + i)),
      f64x2.mul(turnA, v128.load(direction + i)),
    ));
    v128.store(direction + i, f64x2.add(
      f64x2.mul(v128.load(scale + i, 16), v128.load(gradient + i, 16)),
      f64x2.mul(turnB, v128.load(direction + i, 16)),
    ), 16);
  }
}
