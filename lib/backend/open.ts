/** Opens a backend by name. */
import { BackendError } from "../errors.ts";
import { referenceSession } from "./rate_reference.ts";
import { simdSession } from "./rate_simd.ts";
import type { Backend, BackendName } from "./types.ts";

/** Which backend to open, and how. */
export interface OpenOptions {
  /**
   * `simd` (WebAssembly SIMD in float32; the default), `webgpu`, or `reference`
   * (plain TypeScript in float32, many times slower, the same bits as `simd`).
   */
  readonly name?: BackendName;
  /** How many workers share the trials of a call (1 unless told); results do not depend on it. */
  readonly workers?: number;
  /** Number of the GPU, for `webgpu`: 0, the fast one, unless told. */
  readonly gpu?: number;
}

/**
 * Opens a backend.
 *
 * @throws {RangeError} if the number of workers is not a whole number from 1
 * @throws {BackendError} if there is no backend of that name, or the machine
 *   lacks what it needs
 */
export async function openBackend(
  options: OpenOptions = {},
): Promise<Backend> {
  const { name = "simd", workers = 1, gpu } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(
      `Cannot open a backend: workers is ${workers}, allowed are whole numbers from 1`,
    );
  }
  switch (name) {
    case "simd":
      return openSimd();
    case "reference":
      return openReference();
    case "webgpu": {
      // Loaded when asked for: most runs need none of it.
      const { openWebGpuBackend } = await import("./webgpu.ts");
      return await openWebGpuBackend({ gpu });
    }
    default:
      throw new BackendError(
        `Cannot open backend "${name}": allowed are simd, webgpu and reference`,
      );
  }
}

function openSimd(): Backend {
  return {
    name: "simd",
    description: "simd",
    open: (network) => Promise.resolve(simdSession(network)),
    simulate: () =>
      Promise.reject(
        new BackendError('Cannot simulate spiking networks on "simd"'),
      ),
    close: () => {},
  };
}

function openReference(): Backend {
  return {
    name: "reference",
    description: "reference",
    open: (network) =>
      Promise.resolve(referenceSession(network, { precision: "float32" })),
    simulate: () =>
      Promise.reject(
        new BackendError('Cannot simulate spiking networks on "reference"'),
      ),
    close: () => {},
  };
}
