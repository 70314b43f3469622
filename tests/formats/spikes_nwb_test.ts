/** Spikes of NWB files that other programs have written. */
import { deepStrictEqual as equal, rejects } from "node:assert/strict";
import type { Group } from "h5wasm";
import { loadHdf5 } from "../../lib/formats/hdf5_library.ts";
import { decodeSpikes } from "../../lib/formats/spikes/read.ts";

Deno.test("decodeSpikes() reads texts of one length in an NWB file, and no list as the conditions", async () => {
  const h5wasm = await loadHdf5();
  const { FS } = await h5wasm.ready;
  const made = (condition: (trials: Group) => void) => {
    const file = new h5wasm.File("/made.h5", "w");
    const units = file.create_group("units");
    const trials = file.create_group("intervals").create_group("trials");
    const put = (
      group: Group,
      name: string,
      data: Float64Array | Int32Array | Uint8Array,
    ) => group.create_dataset({ name, data });
    put(units, "id", Int32Array.of(0));
    put(units, "spike_times", Float64Array.of(0.5));
    put(units, "spike_times_index", Uint8Array.of(1));
    put(trials, "id", Int32Array.of(0, 1));
    put(trials, "start_time", Float64Array.of(0, 1));
    put(trials, "stop_time", Float64Array.of(1, 2));
    condition(trials);
    file.close();
    const bytes = FS.readFile("/made.h5") as unknown as Uint8Array;
    FS.unlink("/made.h5");
    return bytes;
  };
  const fixed = made((trials) =>
    trials.create_dataset({
      name: "condition",
      data: ["left", "right"],
      dtype: "A5",
    })
  );
  equal((await decodeSpikes(fixed)).conditions, ["left", "right"]);
  const list = made((trials) =>
    trials.create_dataset({
      name: "condition",
      data: Float64Array.of(1, 2, 3, 4),
      shape: [2, 2],
    })
  );
  await rejects(
    decodeSpikes(list),
    /its intervals\/trials\/condition is not one number or text a row/,
  );
});
