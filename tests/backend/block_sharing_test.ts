/** Which of two ways threads share a block by, as what they take changes. */
import assert from "node:assert/strict";
import { BlockSharing, type Sharing } from "../../lib/backend/block_sharing.ts";

/** Runs of each way, of so many, where a run takes what `time` says. */
function shared(
  sharing: BlockSharing,
  runs: number,
  time: (way: Sharing, run: number) => number,
): Record<Sharing, number> {
  const count = { units: 0, trials: 0 };
  for (let run = 0; run < runs; run++) {
    const way = sharing.next();
    count[way]++;
    sharing.took(way, time(way, run));
  }
  return count;
}

const near = { units: 2, trials: 3 };
const far = { units: 4, trials: 3 };

Deno.test("threads share a block by what takes less", () => {
  for (const [times, best] of [[near, "units"], [far, "trials"]] as const) {
    const count = shared(new BlockSharing(), 1000, (way) => times[way]);
    assert.ok(count[best] > 950, JSON.stringify(count));
    // The other way may have become the faster one.
    const after = count.units + count.trials - count[best];
    assert.ok(after >= 6 * 3, JSON.stringify(count));
  }
});

Deno.test("threads change their way when another becomes faster", () => {
  const sharing = new BlockSharing();
  shared(sharing, 600, (way) => near[way]);
  // What is used has become slower: noticed within a few runs.
  const slow = shared(sharing, 20, (way) => far[way]);
  assert.ok(slow.units <= 8, JSON.stringify(slow));
  shared(sharing, 600, (way) => far[way]);
  // What is not used has become faster: noticed at the next attempt.
  const fast = shared(sharing, 600, (way) => near[way]);
  assert.ok(fast.units > 300, JSON.stringify(fast));
});

Deno.test("a run that was held up changes no way", () => {
  const sharing = new BlockSharing();
  shared(sharing, 40, (way) => near[way]);
  const held = (way: Sharing, run: number) =>
    run % 4 === 3 ? 50 * near[way] : near[way];
  const count = shared(sharing, 1000, held);
  assert.ok(count.units > 970, JSON.stringify(count));
});
