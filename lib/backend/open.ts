/** Picks a backend. */
import { BackendError } from "../errors.ts";
import type { Backend, BackendName } from "./types.ts";
import { referenceSession } from "./rate_reference.ts";
import { simdSession } from "./rate_simd.ts";

/**
 * Opens a backend.
 *
 * @param options `name`: `simd` (WebAssembly SIMD, float32; the default) or
 *   `reference` (plain TypeScript, float32, many times slower); `workers`: how
 *   many workers share the trials of a call, 1 unless told; results do not
 *   depend on it
 * @throws {BackendError} if the backend is not available
 */
// deno-lint-ignore require-await
export async function openBackend(
  options: { name?: BackendName; workers?: number } = {},
): Promise<Backend> {
  const { name = "simd", workers = 1 } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(
      `Cannot open a backend: workers is ${workers}, allowed are whole numbers from 1`,
    );
  }
  if (name !== "simd" && name !== "reference") {
    throw new BackendError(
      `Cannot open backend "${name}": allowed are simd and reference`,
    );
  }
  return {
    name,
    description: name,
    open: (network) =>
      Promise.resolve(
        name === "simd"
          ? simdSession(network)
          : referenceSession(network, { precision: "float32" }),
      ),
    simulate: () =>
      Promise.reject(
        new BackendError(`Cannot simulate spiking networks on "${name}"`),
      ),
    close: () => {},
  };
}
