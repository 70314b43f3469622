/** Picks a backend. */
import { BackendError } from "../errors.ts";
import type { Work } from "./calibrate.ts";
import type { Backend, BackendName } from "./types.ts";
import { referenceSession } from "./rate_reference.ts";
import { simdSession } from "./rate_simd.ts";

/** How a backend is opened. */
export interface OpenOptions {
  /**
   * `simd` (WebAssembly SIMD, float32; the default), `reference` (plain
   * TypeScript, float32, many times slower), `webgpu` (any GPU, or a software
   * driver), or `auto`: `webgpu` where a real GPU is faster at the work.
   */
  readonly name?: BackendName | "auto";
  /** How many workers share the trials of a call, 1 unless told; results do not depend on it. */
  readonly workers?: number;
  /** Which GPU; `off`: none. The fast one unless told. */
  readonly gpu?: number | "off";
  /** The work, for `auto`. */
  readonly work?: Work;
  /** File in which `auto` keeps its measurements, where it may. */
  readonly cache?: string;
  /**
   * Told once, in one sentence, when a GPU fails and `simd` goes on in its place;
   * without it such a failure is thrown.
   */
  readonly warn?: (message: string) => void;
}

/**
 * Opens a backend.
 *
 * @throws {BackendError} if the backend is not available
 */
export async function openBackend(
  options: OpenOptions = {},
): Promise<Backend> {
  const { workers = 1, warn } = options;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(
      `Cannot open a backend: workers is ${workers}, allowed are whole numbers from 1`,
    );
  }
  const name = options.name === "auto"
    ? (await (await import("./choose.ts")).chooseBackend(options)).name
    : options.name ?? "simd";
  if (name === "webgpu") {
    if (options.gpu === "off") {
      throw new BackendError(
        'Cannot open backend "webgpu": GPUs are switched off, allowed are simd and reference',
      );
    }
    const { openWebGpuBackend } = await import("./webgpu.ts");
    const { withFallback } = await import("./webgpu_fallback.ts");
    const backend = await openWebGpuBackend({ gpu: options.gpu });
    const open = () => openBackend({ name: "simd", workers });
    return warn ? withFallback(backend, { open, warn }) : backend;
  }
  if (name !== "simd" && name !== "reference") {
    throw new BackendError(
      `Cannot open backend "${name}": allowed are auto, simd, reference and webgpu`,
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
