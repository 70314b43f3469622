/** Checkpoints (safetensors): headers, descriptions and bytes that disagree. */
import { createNetwork } from "../../../lib/network/create.ts";
import { randomStream } from "../../../lib/random/stream.ts";
import { getTask } from "../../../lib/tasks/registry.ts";
import {
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../../lib/train/checkpoint.ts";
import { train } from "../../../lib/train/train.ts";
import type { Dice } from "../dice.ts";
import {
  type Node,
  recombined,
  textBytes,
  toJsonText,
  treeOf,
} from "../tree.ts";
import type { HostileFormat } from "./format.ts";

/** The last checkpoint of a short run. */
async function checkpointOf(units: number | number[]): Promise<Uint8Array> {
  const task = getTask("go-nogo", { T: 40, stim_on: 5, stim_dur: 5 });
  const start = createNetwork({ channels: 1, units }, randomStream(1));
  const options = { seed: 1, updates: 4, evalTrials: 2, checkpoints: true };
  let bytes: Uint8Array | undefined;
  for await (const event of train(start, task, options)) {
    if (event.kind !== "checkpoint") continue;
    const { name, timing } = task;
    bytes = encodeCheckpoint({
      state: event.state,
      seed: 1,
      settings: { N: 4 },
      task: { name, timing, fingerprint: "made up" },
    });
  }
  return bytes!;
}

/** A checkpoint taken apart. */
interface Parts {
  readonly tensors: Node;
  readonly metadata: Record<string, string>;
  readonly head: Node;
  readonly body: Uint8Array;
}

function taken(bytes: Uint8Array): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = Number(view.getBigUint64(0, true));
  const { __metadata__: metadata, ...tensors } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(8, 8 + length)),
  );
  return {
    tensors: treeOf(tensors),
    metadata,
    head: treeOf(JSON.parse(metadata.checkpoint)),
    body: bytes.subarray(8 + length),
  };
}

function make(dice: Dice, list: readonly Parts[]): Uint8Array {
  const { tensors, metadata, head, body } = dice.pick(list);
  const others = [tensors, head];
  const which = dice.below(4);
  const said = {
    ...metadata,
    checkpoint: toJsonText(
      which === 1 || which === 3 ? recombined(head, dice, others) : head,
    ),
  };
  const about = which === 2
    ? recombined(treeOf(said), dice, others)
    : treeOf(said);
  const places = which === 0 || which === 3
    ? recombined(tensors, dice, others)
    : tensors;
  const header: Node = {
    table: [
      ["__metadata__", about],
      ...("table" in places ? places.table : [["x", places] as [string, Node]]),
    ],
  };
  const text = toJsonText(header);
  const json = dice.once(4)
    ? textBytes(text, dice)
    : new TextEncoder().encode(text);
  const content = new Uint8Array(body);
  if (dice.once(4)) {
    // Numbers that no network has.
    const at = dice.below(content.length >> 2) * 4;
    const number = dice.pick([NaN, Infinity, -1, 1e38, 1e-45, 0]);
    new DataView(content.buffer).setFloat32(at, number, true);
  }
  const cut = dice.once(8)
    ? content.subarray(0, dice.below(content.length))
    : content;
  const claim = dice.once(16)
    ? dice.pick([0n, 1n, 2n ** 63n, 2n ** 64n - 1n, 100_000_000n, 2n ** 32n])
    : BigInt(json.length);
  const bytes = new Uint8Array(8 + json.length + cut.length);
  new DataView(bytes.buffer).setBigUint64(0, claim, true);
  bytes.set(json, 8);
  bytes.set(cut, 8 + json.length);
  return bytes;
}

/** Checkpoints of trainings. */
export const checkpoint: HostileFormat = {
  name: "checkpoint (.safetensors)",
  what: "header, description and bytes that disagree, in kinds and lengths",
  async prepare() {
    const list = (await Promise.all([4, [4, 3]].map(checkpointOf))).map(taken);
    return {
      make: (dice) => make(dice, list),
      read(bytes) {
        const read = decodeCheckpoint(bytes);
        // What was read can be written again.
        decodeCheckpoint(encodeCheckpoint(read));
      },
    };
  },
};
