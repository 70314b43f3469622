/** Run logs: lines that a reader of a shared folder may find there. */
import { join } from "node:path";
import { Feed } from "../../../lib/dashboard/feed.ts";
import { FollowedLog } from "../../../lib/records/follow_log.ts";
import type { LogLine } from "../../../lib/records/log_lines.ts";
import { recombined, textBytes, toJsonText, treeOf } from "../tree.ts";
import type { HostileFormat } from "./format.ts";

const score = {
  paper: 0.9,
  strict: 0.8,
  low: 0.7,
  high: 0.9,
  loss: null,
  outputError: 0.1,
};

const rates = {
  rows: 2,
  columns: 2,
  unitStride: 1,
  stepStride: 1,
  max: 1,
  bytes: "AAEC/w==",
};

/** Events without their `time`, which is added. */
const events = [
  { kind: "run", version: 1, name: "a" },
  {
    kind: "started",
    task: "xor",
    units: 20,
    update: 0,
    updates: 100,
    batch: 1,
    backend: "simd",
    seed: 1,
  },
  { kind: "trained", update: 1, loss: 1.5, gradientNorm: 0.1 },
  {
    kind: "evaluated",
    update: 1,
    noiseLevel: 1,
    score,
    example: {
      condition: "go",
      stride: 1,
      target: [0, 1],
      outputs: [0.1, 0.9],
      inputs: [[0, 1]],
      channels: ["pulse"],
      rates,
      layers: [rates],
    },
  },
  { kind: "stopped", reason: "limit", update: 100, seconds: 3, firstMet: 50 },
  {
    kind: "factor",
    factor: 50,
    done: 1,
    total: 5,
    score,
    raster: {
      condition: "go",
      duration: 1000,
      columns: 8,
      unitStride: 1,
      groups: [{ type: "E", rows: 2 }],
      bits: "qqo=",
    },
  },
  { kind: "factorFailed", factor: 20, done: 1, total: 5, error: "no" },
  { kind: "layerFactors", factors: [20, 30], done: 1, score, best: [20, 30] },
  { kind: "mapped", chosen: 50, plateau: [40, 50] },
  {
    kind: "calibrated",
    step: "readout",
    before: score,
    after: score,
    kept: true,
  },
  { kind: "saved", path: "models/a.mat" },
  { kind: "failed", error: "no" },
].map((event, k) => treeOf({ ...event, time: 1_767_323_045 + k }));

/** Logs of runs, as the live page follows them. */
export const runLog: HostileFormat = {
  name: "run log (run.jsonl)",
  what: "fields, kinds, order, counts, numbers, encodings, long lines",
  prepare: (folder) => ({
    make(dice) {
      const lines = Array.from({ length: 1 + dice.below(8) }, () => {
        const event = dice.pick(events);
        if (dice.once(3)) return toJsonText(event);
        if (dice.once(100)) return '"' + "a".repeat(1 << 20) + '"';
        return toJsonText(recombined(event, dice, events));
      });
      return textBytes(
        lines.join(dice.pick(["\n", "\n", "\r\n"])) + "\n",
        dice,
      );
    },
    async read(bytes) {
      const path = join(folder, "run.jsonl");
      await Deno.writeFile(path, bytes);
      const log = new FollowedLog(path);
      const lines: LogLine[] = [];
      for await (const some of log.added()) lines.push(...some);
      const feed = new Feed();
      const run = feed.addRun(log.name, path);
      for (const line of lines) feed.add(run, line);
      feed.end();
      JSON.stringify(feed.since(0));
    },
  }),
};
