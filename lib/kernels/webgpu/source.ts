/** Kernels in WGSL as data, so that text and buffers cannot drift apart. */

/** A buffer that a kernel reads or writes. */
export interface Binding {
  readonly name: string;
  /** WGSL type: `array<f32>`, or a struct of the code for a uniform. */
  readonly type: string;
  readonly access: "read" | "read_write" | "uniform";
}

/** A kernel: its buffers and its code, whose entry is `main`. */
export interface KernelSource {
  readonly label: string;
  readonly bindings: readonly Binding[];
  readonly code: string;
}

/** The declarations of the bindings, numbered in order. */
export function declarations(bindings: readonly Binding[]): string {
  return bindings.map(({ name, type, access }, k) => {
    const space = access === "uniform" ? "uniform" : `storage, ${access}`;
    return `@group(0) @binding(${k}) var<${space}> ${name}: ${type};\n`;
  }).join("");
}

/**
 * A number as a WGSL float literal, exactly.
 *
 * @throws {RangeError} for one that is not finite in single precision: WGSL has
 *   no word for it, and a kernel that does not compile spoils its device
 */
export function literal(value: number): string {
  const rounded = Math.fround(value);
  if (!Number.isFinite(rounded)) {
    throw new RangeError(
      `Cannot write a kernel with the constant ${value}: ` +
        "a number that is finite in single precision is needed",
    );
  }
  const text = String(rounded);
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}
