/** Compiles a kernel, and says what is wrong with it. */
import type { KernelSource } from "./source.ts";

/** A compiled kernel. */
export interface Kernel {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
  readonly bindings: KernelSource["bindings"];
}

const computeStage = 0x4;

const bufferTypes = {
  uniform: "uniform",
  read: "read-only-storage",
  read_write: "storage",
} as const;

/**
 * Compiles a kernel. It can be used at once; whether it is any good is known
 * later.
 *
 * @param code the source with the declarations of its bindings
 * @returns the kernel, and the fault that the device finds, if any
 */
export function compile(
  device: GPUDevice,
  { label, bindings }: KernelSource,
  code: string,
): { kernel: Kernel; fault: Promise<string | undefined> } {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label, code });
  const layout = device.createBindGroupLayout({
    label,
    entries: bindings.map(({ access }, binding) => ({
      binding,
      visibility: computeStage,
      buffer: { type: bufferTypes[access] },
    })),
  });
  const pipeline = device.createComputePipeline({
    label,
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    compute: { module, entryPoint: "main" },
  });
  return {
    kernel: { label, pipeline, layout, bindings },
    fault: faultOf(device.popErrorScope(), module),
  };
}

async function faultOf(
  scope: Promise<GPUError | null>,
  module: GPUShaderModule,
): Promise<string | undefined> {
  const [error, { messages }] = await Promise.all([
    scope,
    module.getCompilationInfo(),
  ]);
  const wrong = messages.filter(({ type }) => type === "error");
  if (!error && wrong.length === 0) return undefined;
  const where = wrong.map(({ lineNum, message }) =>
    `line ${lineNum}: ${message.trim()}`
  );
  return where.join("; ") || error?.message || "unknown error";
}
