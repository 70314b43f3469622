/**
 * Reference of the `normal` kernel: plain float32 arithmetic, bit for bit what
 * the SIMD functions compute. It lives with the streams, which draw from it.
 */
export { normalBlock, pcg4d } from "../../random/normal.ts";
