/** The compiled SIMD kernel that imports a memory, which threads can share. */
declare const rateScan: WebAssembly.Module;
export default rateScan;
