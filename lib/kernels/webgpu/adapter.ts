/**
 * Finding a GPU, and saying in words which one it is.
 */
import { BackendError } from "../../errors.ts";

/** Which adapter to take: the fast one, the other one, or any. */
export interface AdapterChoice {
  /** 0: the high-performance adapter; 1: the low-power one, where that is another. */
  readonly index?: number;
}

/** What is known of an adapter. */
export interface AdapterFacts {
  /** Name for people: "NVIDIA H100 PCIe", "llvmpipe (LLVM 15.0.6, 256 bits)". */
  readonly name: string;
  /** Whether it computes on the CPU: right for tests, slow for work. */
  readonly software: boolean;
}

/** Names of Vulkan and OpenGL implementations that compute on the CPU. */
const softwareNames =
  /llvmpipe|lavapipe|swiftshader|softpipe|software|basic render|warp\b|\bcpu\b/i;

/** What the names of an adapter say about it. */
export function adapterFacts(
  info: Pick<GPUAdapterInfo, "vendor" | "architecture" | "device"> & {
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  },
): AdapterFacts {
  const words = [info.description, info.vendor, info.architecture, info.device]
    .filter((word): word is string => !!word);
  return {
    name: info.description || words.join(" ") || "unnamed adapter",
    software: info.isFallbackAdapter === true ||
      words.some((word) => softwareNames.test(word)),
  };
}

/**
 * The adapter asked for, or null if the machine has none.
 *
 * WebGPU does not list adapters: it offers one for each power preference, so
 * two can be told apart at most.
 *
 * @throws {BackendError} for an index that the machine does not have
 */
export async function findAdapter(
  choice: AdapterChoice = {},
): Promise<GPUAdapter | null> {
  const index = choice.index ?? 0;
  const gpu = globalThis.navigator?.gpu;
  const fast = await gpu?.requestAdapter({
    powerPreference: "high-performance",
  }) ?? null;
  if (index === 0) return fast;
  const other = index === 1
    ? await gpu?.requestAdapter({ powerPreference: "low-power" }) ?? null
    : null;
  const same = fast && other &&
    adapterFacts(fast.info).name === adapterFacts(other.info).name;
  if (!other || same) {
    throw new BackendError(
      `Cannot use GPU ${index}: ${
        fast ? `the only one is 0, ${adapterFacts(fast.info).name}` : "none"
      }${fast ? "" : " was found"}`,
    );
  }
  return other;
}
