/** Which of two ways threads share a block by, as what they take changes. */
import assert from "node:assert/strict";
import { BlockSharing, type Sharing } from "../../lib/backend/block_sharing.ts";

/** Runs of each way, of so many, where a run takes what `time` says. */
function shared(
  sharing: BlockSharing,
  runs: number,
  time: (way: Sharing, run: number) => number,
): Record<Sharing, number> {
  const count = { units: 0, trials: 0, alone: 0 };
  for (let run = 0; run < runs; run++) {
    const way = sharing.next();
    count[way]++;
    sharing.took(way, time(way, run));
  }
  return count;
}

const near = { units: 2, trials: 3, alone: 4 };
const far = { units: 5, trials: 3, alone: 4 };
/** Others take the cores. */
const taken = { units: 12, trials: 6, alone: 4 };

Deno.test("threads share a block by what takes less", () => {
  const cases = [[near, "units"], [far, "trials"], [taken, "alone"]] as const;
  for (const [times, best] of cases) {
    const count = shared(new BlockSharing(), 1000, (way) => times[way]);
    assert.ok(count[best] > 930, JSON.stringify(count));
    // The other ways may have become the faster ones.
    for (const way of ["units", "trials", "alone"] as const) {
      assert.ok(count[way] >= 3 * 3, JSON.stringify(count));
    }
  }
});

Deno.test("threads change their way when another becomes faster", () => {
  const sharing = new BlockSharing();
  shared(sharing, 600, (way) => near[way]);
  // What is used has become slower: noticed within a few runs.
  const slow = shared(sharing, 20, (way) => far[way]);
  assert.ok(slow.units <= 8, JSON.stringify(slow));
  const busy = shared(sharing, 20, (way) => taken[way]);
  assert.ok(busy.alone >= 10, JSON.stringify(busy));
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
  assert.ok(count.units > 930, JSON.stringify(count));
});
