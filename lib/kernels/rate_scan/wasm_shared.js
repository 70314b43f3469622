// @ts-self-types="./wasm_shared.d.ts"
// A file of its own because TypeScript cannot parse source imports yet.
import source rateScan from "./rate_scan_shared.wasm";
export default rateScan;
