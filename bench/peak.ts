/**
 * What this machine's WebAssembly can do at most, in float32: products and sums
 * of vectors of four, in registers alone. Kernels are measured by it, so that
 * figures of different machines can be compared.
 */

/** Chains side by side: as many as registers hold beside the two constants. */
const chains = 13;
/** Operations of a round: a product and a sum of four numbers in every chain. */
const perRound = chains * 4 * 2;

/** Numbers of WebAssembly's binary format. */
const code = {
  v128: 0x7b,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  multiply: [0xfd, 0xe6, 0x01],
  add: [0xfd, 0xe4, 0x01],
};

/** LEB128, which the format writes lengths in. */
function length(value: number): number[] {
  return value < 128 ? [value] : [value & 127 | 128, ...length(value >> 7)];
}

function section(id: number, bytes: readonly number[]): number[] {
  return [id, ...length(bytes.length), ...bytes];
}

/** A vector of four equal numbers. */
function constant(value: number): number[] {
  const bytes = new Uint8Array(new Float32Array(4).fill(value).buffer);
  return [0xfd, 0x0c, ...bytes];
}

/** A module with `peak(rounds)`: every chain a becomes a·x + y in every round. */
function peakModule(): Uint8Array<ArrayBuffer> {
  const chain = Array.from({ length: chains }, (_, k) => k + 1);
  const [x, y] = [chains + 1, chains + 2];
  const rounds = 0;
  const body = [
    ...[1, chains + 2, code.v128],
    ...[...constant(0.5), code.set, x, ...constant(1), code.set, y],
    // A loop without a result.
    ...[0x03, 0x40],
    ...chain.flatMap((a) => [
      ...[code.get, a, code.get, x, ...code.multiply],
      ...[code.get, y, ...code.add, code.set, a],
    ]),
    // rounds - 1, and again unless it is 0.
    ...[code.get, rounds, 0x41, 1, 0x6b, code.tee, rounds, 0x0d, 0, 0x0b],
    // All chains added up: what has no result would not be computed.
    ...[code.get, chain[0]],
    ...chain.slice(1).flatMap((a) => [code.get, a, ...code.add]),
    ...[0xfd, 0x1f, 0, 0x0b],
  ];
  const name = [...new TextEncoder().encode("peak")];
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    // One type, an integer to a number of single precision; one function of it.
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(7, [1, name.length, ...name, 0, 0]),
    ...section(10, [1, ...length(body.length), ...body]),
  );
}

/**
 * Operations a second, of one core.
 *
 * @param seconds how long to measure; the best of many short runs counts
 */
export function peakFlops(seconds = 0.5): number {
  const { exports } = new WebAssembly.Instance(
    new WebAssembly.Module(peakModule()),
  );
  const peak = exports.peak as (rounds: number) => number;
  const rounds = 200_000;
  let best = Infinity;
  const end = performance.now() + 1000 * seconds;
  // Some runs at least: the first ones are compiled in haste.
  for (let run = 0; run < 20 || performance.now() < end; run++) {
    const start = performance.now();
    peak(rounds);
    best = Math.min(best, performance.now() - start);
  }
  return rounds * perRound / (best / 1000);
}
