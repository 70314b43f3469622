/** The search in the page: what is told, and when. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import {
  createNetwork,
  getTask,
  mappedNetwork,
  openBackend,
  randomStream,
} from "../../lib/entry/web.ts";
import type { Tell, Told } from "../../site/lab/protocol.ts";
import { readTell } from "../../site/lab/protocol.ts";
import { mapModel } from "../../site/lab/worker/mapping.ts";
import { firstStimulus, trialOf } from "../../site/lab/worker/playing.ts";

const task = getTask("go-nogo");
const network = createNetwork({ channels: 1, units: 12 }, randomStream(1));

Deno.test("mapModel() shows one trial of each factor, as soon as it is tried", async () => {
  const backend = await openBackend();
  const told: Tell[] = [];
  const { signal } = new AbortController();
  const parts = {
    backend,
    signal,
    tell: (message: Tell) => void told.push(readTell(message)),
  };
  const model = await mapModel({ network }, task, 4, parts);
  const kinds = told.map(({ kind }) => kind);
  equal(kinds.at(-1), "mapped");
  equal(new Set(kinds), new Set(["factor", "twin", "mapped"]));
  const tried = new Set<string>();
  for (const [k, message] of told.entries()) {
    if (message.kind !== "factor" || tried.has(`${message.factor}`)) continue;
    tried.add(`${message.factor}`);
    const next = told[k + 1] as Told<"twin">;
    equal([next.kind, next.factor], ["twin", `${message.factor}`]);
  }
  const twins = told.filter((message) => message.kind === "twin");
  equal(twins.map(({ factor }) => factor), [...tried]);
  // The rate network is always the same; what spikes is not.
  const [first] = twins;
  for (const { rates, inputs, output } of twins) {
    equal([rates, inputs, output], [first.rates, first.inputs, first.output]);
  }
  ok(twins.some(({ spikeTimes }) => spikeTimes.length > 0));
  ok(new Set(twins.map(({ spiking }) => spiking.join())).size > 1);
  // It is what the network that comes of it does.
  const twin = mappedNetwork(model);
  const shown = await trialOf(firstStimulus(task), [], {
    ...{ ...parts, model, task, twin },
  });
  const { spikeTimes, spiking } = twins.find(({ factor }) =>
    factor === `${model.search!.chosen}`
  )!;
  equal([spikeTimes, spiking], [shown.spikeTimes, shown.spiking]);
  backend.close();
});
