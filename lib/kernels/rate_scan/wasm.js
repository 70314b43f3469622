// @ts-self-types="./wasm.d.ts"
// A file of its own because TypeScript cannot parse source imports yet.
import source rateScan from "./rate_scan.wasm";
export default rateScan;
