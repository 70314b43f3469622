/** The compiled SIMD kernel; instances have memories of their own. */
declare const rateScan: WebAssembly.Module;
export default rateScan;
