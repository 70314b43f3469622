/** The compiled SIMD kernel; instances have memories of their own. */
declare const lif: WebAssembly.Module;
export default lif;
