/** Achieved floating-point operations per second, beside the times of `deno bench`. */

/**
 * Times a function and prints a line: name, median time, GFLOP/s.
 *
 * @param flops operations of one call
 */
export async function reportFlops(
  name: string,
  flops: number,
  run: () => unknown,
): Promise<void> {
  const until = performance.now() + 600;
  const times: number[] = [];
  while (performance.now() < until) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  // The first half warms up the compiler.
  const later = times.slice(times.length >> 1).sort((a, b) => a - b);
  const median = later[later.length >> 1];
  console.log(
    `${name.padEnd(44)} ${median.toFixed(3).padStart(8)} ms ${
      (flops / median / 1e6).toFixed(1).padStart(6)
    } GFLOP/s`,
  );
}
