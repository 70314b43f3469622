/** A link holds a network and what was done to it, and nothing that is not allowed. */
import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import type { Change, Units } from "../../site/lab/changes.ts";
import {
  fragmentOf,
  type Linked,
  linkedFrom,
  longest,
} from "../../site/lab/link.ts";
import {
  choicesOf,
  mostUnits,
  settingsFrom,
  usualSettings,
} from "../../site/lab/settings.ts";

const N = 200;

const units: fc.Arbitrary<Units> = fc.oneof(
  fc.constantFrom<Units>("E", "I", "all"),
  fc.uniqueArray(fc.nat(N - 1), { minLength: 1, maxLength: N })
    .map((list) => list.sort((a, b) => a - b)),
);
const span = fc.tuple(fc.nat(2000), fc.integer({ min: 1, max: 2000 }))
  .map(([from, length]) => [from, from + length] as const);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("lesion" as const), units }),
  fc.record({
    kind: fc.constant("scale" as const),
    from: units,
    to: units,
    amount: fc.integer({ min: 0, max: 40 }).map((n) => n / 8),
    span,
  }),
  fc.record({
    kind: fc.constant("stimulate" as const),
    units,
    way: fc.constantFrom("exc" as const, "inh" as const),
    span,
  }),
);
const linked: fc.Arbitrary<Linked> = fc.record({
  settings: fc.record({
    task: fc.constantFrom(...choicesOf("task")),
    N: fc.constant(N),
    P_inh: fc.integer({ min: 0, max: 20 }).map((n) => n / 20),
    act: fc.constantFrom("sigmoid" as const, "softplus" as const),
    decay_taus: fc.constantFrom([4, 20], [10]),
    preset: fc.constantFrom("robust" as const, "paper" as const),
    n_trials: fc.integer({ min: 1, max: 9999 }),
    seed: fc.nat(),
  }),
  mapped: fc.integer({ min: 1, max: 200 }),
  tuned: fc.boolean(),
  changes: fc.array(change, { maxLength: 3 }),
  hash: fc.constant("0123456789ab"),
});

/** The same as data of this realm's own kind. */
const plain = (one: Linked): Linked => JSON.parse(JSON.stringify(one));

Deno.test("a link gives back what it was made of", () => {
  fc.assert(
    fc.property(linked, (one) => {
      const fragment = fragmentOf(one);
      if (fragment.length <= 2 * longest) {
        equal(linkedFrom(fragment), plain(one));
      }
      // As it is pasted by programs that quote it.
      equal(linkedFrom(encodeURI(fragment)), linkedFrom(fragment));
    }),
    { numRuns: 200 },
  );
});

Deno.test("a link with every setting and a hundred units chosen by hand is short", () => {
  const chosen = Array.from({ length: N }, (_, unit) => unit)
    .filter((unit) => unit * unit % 7 < 3);
  ok(chosen.length > 80);
  const fragment = fragmentOf({
    settings: {
      ...{ task: "xor-original", N, P_inh: 0.35, act: "clipped_relu" },
      ...{ decay_taus: [10, 25], preset: "paper", n_trials: 4321 },
      seed: 4294967295,
    },
    ...{ mapped: 200, tuned: true, hash: "0123456789abcdef" },
    changes: [
      { kind: "lesion", units: chosen },
      { kind: "scale", from: "E", to: "I", amount: 0.5, span: [1500, 3000] },
    ],
  });
  ok(fragment.length + "https://spikernn.example.org/lab/".length <= longest);
});

Deno.test("no link is no link", () => {
  for (const text of ["", "#", "#panel"]) equal(linkedFrom(text), undefined);
  equal(linkedFrom("#task=xor")!.settings, { ...usualSettings, task: "xor" });
});

for (
  const [fragment, message] of [
    ["#task=chess", /"chess" for task: allowed are go-nogo/],
    [
      "#N=1000",
      /"1000" for N: allowed are whole numbers from 2 to 500 in a page; the command/,
    ],
    ["#N=1e9", /"1e9" for N/],
    ["#P_inh=2", /"2" for P_inh: allowed are numbers from 0 to 1/],
    ["#seed=-1", /"-1" for seed/],
    ["#constructor=1", /holds "constructor", which no link/],
    ["#task=xor&evil=1", /holds "evil"/],
    ["#task=%E0%A4%A", /percent signs stand for nothing/],
    ["#map=0", /map is "0"/],
    ["#hash=<b>", /hash is not/],
    ["#N=10&do=l(11)", /"l\(11\)" for a change of a network of 10 units/],
    ["#N=10&do=l(0-999999)", /for a change/],
    ["#do=s(E,I,-1)", /for a change/],
    ["#do=x(exc,I)", /for a change/],
    ["#do=x(exc,I,500,100)", /for a change/],
    ["#do=l(~!!!)", /for a change/],
    ["#do=alert(1)", /for a change/],
    [`#do=${new Array(9).fill("l(I)").join(";")}`, /9 changes: allowed are 8/],
    [`#task=${"x".repeat(2000)}`, /it has 2005 characters/],
  ] as const
) {
  Deno.test(`the link ${fragment.slice(0, 40)} is refused, and why`, () => {
    throws(() => linkedFrom(fragment), { name: "RangeError", message });
  });
}

Deno.test("settings are those of the command line, for fewer units", () => {
  equal(settingsFrom({}), usualSettings);
  equal(settingsFrom({ N: String(mostUnits) }).N, mostUnits);
  throws(() => settingsFrom({ N: "1" }), /2 to 500/);
});
