import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import {
  crc32c,
  maskedCrc32c,
  scalarsRecord,
  tfRecord,
  versionRecord,
} from "../../lib/formats/tfevents.ts";
import { logEvent } from "../../lib/records/log_event.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
import { TensorBoardLog } from "../../lib/records/tensorboard.ts";
import { factor, layerFactors, run } from "../dashboard/lines.ts";

const hex = (bytes: Uint8Array) => bytes.toHex();

Deno.test("crc32c() gives the sums of RFC 3720, B.4", () => {
  const cases: [Uint8Array, number][] = [
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, k) => k), 0x46dd794e],
    [Uint8Array.from({ length: 32 }, (_, k) => 31 - k), 0x113fdb5c],
    [new TextEncoder().encode("123456789"), 0xe3069283],
    [new Uint8Array(0), 0],
  ];
  for (const [bytes, sum] of cases) equal(crc32c(bytes), sum);
});

Deno.test("tfRecord() frames data with its length and masked sums", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
    const record = tfRecord(data);
    const view = new DataView(record.buffer);
    equal(view.getBigUint64(0, true), BigInt(data.length));
    equal(view.getUint32(8, true), maskedCrc32c(record.subarray(0, 8)));
    equal(hex(record.subarray(12, -4)), hex(new Uint8Array(data)));
    equal(view.getUint32(12 + data.length, true), maskedCrc32c(data));
  }));
});

Deno.test("versionRecord() begins as every event file does", () => {
  const record = versionRecord(0);
  equal(
    hex(record.subarray(12, -4)),
    "09" + "0000000000000000" + "1a0d" +
      new TextEncoder().encode("brain.Event:2").toHex(),
  );
  // Length 24, and its masked sum as TensorFlow writes it.
  equal(hex(record.subarray(0, 12)), "1800000000000000a37f4b22");
});

Deno.test("scalarsRecord() encodes time, step, tags and values", () => {
  const record = scalarsRecord(1.5, 300, { a: 0.5, bc: -1 });
  equal(
    hex(record.subarray(12, -4)),
    "09" + "000000000000f83f" + // wall_time 1.5
      "10" + "ac02" + // step 300
      "2a" + "15" + // summary of 21 bytes
      "0a08" + "0a0161" + "150000003f" + // a: 0.5
      "0a09" + "0a026263" + "15000080bf", // bc: -1
  );
  // A step of more than 32 bits.
  equal(
    hex(scalarsRecord(0, 2 ** 40, {}).subarray(21, -4)),
    "10" + "808080808020" + "2a00",
  );
  throws(() => scalarsRecord(0, -1, {}), RangeError);
  throws(() => scalarsRecord(0, 0.5, {}), RangeError);
});

/** What TensorBoard reads of a folder. */
function readByTensorBoard(folder: string): Record<string, [number, number][]> {
  const program = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
a = EventAccumulator(sys.argv[1]); a.Reload()
print(json.dumps({t: [[e.step, e.value] for e in a.Scalars(t)] for t in a.Tags()["scalars"]}))
`;
  return JSON.parse(execFileSync("python3", ["-c", program, folder], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }));
}

/** The log of a made-up run; its path. */
async function writeLog(folder: string): Promise<string> {
  let now = 5000;
  const path = join(folder, "events.out.tfevents.5.spikernn");
  const log = await TensorBoardLog.create(path, () => now);
  const last = [factor(45, 1, 1), layerFactors([45, 50], 2, 0.5, [45, 45])];
  for (const event of [...run(120), ...last]) {
    now += 10;
    await log.add(logEvent(event)!);
  }
  await log.close();
  return path;
}

Deno.test("TensorBoardLog writes a run's numbers, whole records at a time", async () => {
  await inFolder(async (folder) => {
    const path = await writeLog(folder);
    const bytes = await Deno.readFile(path);
    const view = new DataView(bytes.buffer);
    let records = 0;
    for (let at = 0; at < bytes.length; records++) {
      const length = Number(view.getBigUint64(at, true));
      const data = bytes.subarray(at + 12, at + 12 + length);
      equal(
        view.getUint32(at + 12 + length, true),
        maskedCrc32c(data),
      );
      at += length + 16;
    }
    // The version, 120 updates, evaluations after 2 and 102, a factor, and a
    // choice of layers' factors.
    equal(records, 1 + 120 + 2 + 1 + 1);
    const text = new TextDecoder("latin1").decode(bytes);
    equal(text.split("evaluation/noise_level").length - 1, 2);
    equal(text.split("evaluation/curriculum_stage").length - 1, 2);
    equal(text.match(/search_layers\/[a-z_]+\d?/g), [
      "search_layers/factor_1",
      "search_layers/factor_2",
      "search_layers/performance_paper",
      "search_layers/performance_strict",
      "search_layers/output_error",
    ]);
  });
});

testWith(
  "tensorboard",
  "TensorBoard reads what TensorBoardLog writes",
  async () => {
    await inFolder(async (folder) => {
      await writeLog(folder);
      const read = readByTensorBoard(folder);
      equal(read["training/loss"].length, 120);
      equal(read["search/factor"], [[1, 45]]);
      equal(read["search_layers/factor_2"], [[2, 50]]);
      equal(
        read["evaluation/performance_paper"].map(([step]) => step),
        [2, 102],
      );
    });
  },
);
