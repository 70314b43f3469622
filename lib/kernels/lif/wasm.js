// @ts-self-types="./wasm.d.ts"
// A file of its own because TypeScript cannot parse source imports yet.
import source lif from "./lif.wasm";
export default lif;
