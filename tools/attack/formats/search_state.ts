/** States of interrupted searches, beside their models. */
import { join } from "node:path";
import { readState, removeSaved } from "../../../lib/runs/search_state.ts";
import { search } from "../../../tests/formats/samples.ts";
import { EventKeeper } from "../../../lib/runs/reporter.ts";
import { recombined, textBytes, toJsonText, treeOf } from "../tree.ts";
import type { HostileFormat } from "./format.ts";

/** `*.search.json`. */
export const searchState: HostileFormat = {
  name: "search state (.search.json)",
  what: "fields, kinds, counts, numbers, nesting, encodings",
  prepare(folder) {
    const record = search();
    const { factors, scores } = record;
    const state = treeOf({
      fingerprint: "abc",
      seed: 1,
      tried: factors.map((factor, k) => ({ factor, score: scores[k] })),
      layers: [{ factors: [20, 30], score: scores[0] }],
    });
    return {
      make: (dice) => textBytes(toJsonText(recombined(state, dice)), dice),
      async read(bytes) {
        const model = join(folder, "model.mat");
        await Deno.writeFile(join(folder, "model.search.json"), bytes);
        // What is damaged counts as none: the search begins anew.
        await readState(model);
        await removeSaved(model, record, new EventKeeper([]));
      },
    };
  },
};
