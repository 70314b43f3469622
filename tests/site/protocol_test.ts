/** Page and worker take from each other what fits, and name what does not. */
import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { readAsk, readTell } from "../../site/lab/protocol.ts";
import { usualSettings } from "../../site/lab/settings.ts";

const stimulus = { condition: "go", noise: 1, amplitude: 1, trial: 0 };

Deno.test("messages that fit are read as they are", () => {
  for (
    const ask of [
      { kind: "train", settings: usualSettings, gpu: false },
      { kind: "pause" },
      {
        kind: "play",
        number: 1,
        stimulus,
        changes: [{ kind: "lesion", units: "I" }],
      },
      { kind: "open", name: "a.mat", bytes: new Uint8Array(3) },
    ]
  ) equal(readAsk(ask), ask);
  const tell = { kind: "trained", update: 3, losses: Float32Array.of(1) };
  equal(readTell(tell), tell);
});

for (
  const [what, message] of [
    [undefined, /its kind is undefined, allowed are train, pause/],
    [{ kind: "toString" }, /its kind is "toString"/],
    [{ kind: "train", settings: { ...usualSettings, N: 1e6 } }, /"settings"/],
    [{ kind: "train", settings: {} }, /"settings"/],
    [{ kind: "map", trials: "20" }, /"map" of the page: its field "trials"/],
    [{ kind: "play", number: 1, stimulus: {}, changes: [] }, /"stimulus"/],
    [
      { kind: "play", number: 1, stimulus, changes: [{ kind: "x" }] },
      /"changes"/,
    ],
    [{ kind: "play", number: 1, stimulus, changes: [null] }, /"changes"/],
    [{ kind: "open", name: "a", bytes: [1] }, /"bytes"/],
  ] as const
) {
  Deno.test(`the page's message ${JSON.stringify(what)?.slice(0, 60)} is refused`, () => {
    throws(() => readAsk(what), { name: "TypeError", message });
  });
}

Deno.test("a message of the worker that does not fit is refused", () => {
  throws(
    () => readTell({ kind: "trained", update: 1, losses: [1] }),
    /"trained" of the worker: its field "losses"/,
  );
  throws(() => readTell({ kind: "train" }), /its kind is "train"/);
});
