/** Networks of other programs: read as they are meant, or refused by name. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  type ImportedArray,
  type ImportedArrays,
  importNetwork,
  type ImportOptions,
} from "../../lib/export/import.ts";
import { decodeNpz } from "../../lib/formats/npz.ts";
import {
  decayTimeConstants,
  effectiveWeights,
} from "../../lib/network/effective.ts";
import { evaluate } from "../../lib/simulate/evaluate_rate.ts";
import { getTask } from "../../lib/tasks/registry.ts";

const array = (data: readonly number[], ...shape: number[]): ImportedArray => ({
  data,
  shape,
});

/** Three units, the last one inhibitory. */
const three: ImportedArrays = {
  w: array([0, 1, -2, 3, 0, -4, 5, 6, 0], 3, 3),
  w_in: array([1, 2, 3], 3, 1),
  w_out: array([0.5, 0.25, -1], 1, 3),
  taus: array([4, 12, 20], 3),
};

Deno.test("importNetwork() takes a network that PyTorch trained, which does its task here", async () => {
  const path = fileURLToPath(
    new URL("../data/pytorch_go_nogo.npz", import.meta.url),
  );
  const arrays = decodeNpz(await Deno.readFile(path));
  const network = importNetwork(
    Object.fromEntries(arrays) as unknown as ImportedArrays,
  );
  assert.deepEqual(
    Float32Array.from(effectiveWeights(network, 0)),
    Float32Array.from(arrays.get("w")!.data as Float32Array, (w) => w + 0),
  );
  const taus = decayTimeConstants(network, 0);
  assert(
    taus.every((tau, i) => Math.abs(tau - arrays.get("taus")!.data[i]) < 1e-5),
  );
  const task = getTask("go-nogo");
  const score = await evaluate(network, task, { seed: 2, trials: 20 });
  assert.equal(score.strict.value, 1);
});

Deno.test("importNetwork() tells unit types by signs, by flags, and by magnitudes", () => {
  const types = (arrays: Partial<ImportedArrays>, options?: ImportOptions) => {
    const network = importNetwork({ ...three, ...arrays }, options);
    const [{ inhibitory }] = network.layers;
    return [[...inhibitory], [...effectiveWeights(network, 0)]];
  };
  const expected = [[0, 0, 1], [0, 1, -2, 3, 0, -4, 5, 6, 0]];
  assert.deepEqual(types({}), expected);
  assert.deepEqual(types({ inh: array([0, 0, 1], 3) }), expected);
  assert.deepEqual(types({ inh: array([1, 1, -1], 3, 1) }), expected);
  // All positive, with types: the types give the signs.
  const plus = { data: [0, 1, 2, 3, 0, 4, 5, 6, 0], shape: [3, 3] };
  assert.deepEqual(types({ w: plus, inh: array([0, 0, 1], 3) }), expected);
  // Magnitudes of 0 or less are absent synapses.
  const trained = { data: [-1, 1, 2, 3, -1, 4, 5, 6, -7], shape: [3, 3] };
  assert.deepEqual(
    types({ w: trained, inh: array([0, 0, 1], 3) }, { weights: "magnitudes" }),
    expected,
  );
  const mask = array([1, 1, 1, 0, 1, 1, 1, 1, 1], 3, 3);
  assert.deepEqual(types({ mask }), [[0, 0, 1], [0, 1, -2, 0, 0, -4, 5, 6, 0]]);
  const mixed = array([0, 1, -2, -3, 0, 4, 5, 6, 0], 3, 3);
  assert.deepEqual(types({ w: mixed }, { dale: false }), [
    [0, 0, 0],
    Array.from(mixed.data),
  ]);
});

Deno.test("importNetwork() takes decay time constants as one, as N, and as taus_gaus", () => {
  const taus = (arrays: Partial<ImportedArrays>, options?: ImportOptions) => {
    const network = importNetwork({ ...three, ...arrays }, options);
    return [
      network.taus,
      [...decayTimeConstants(network, 0)].map((tau) => Number(tau.toFixed(6))),
    ];
  };
  assert.deepEqual(taus({}), [[3.2, 20.8], [4, 12, 20]]);
  assert.deepEqual(taus({}, { bounds: [4, 20] }), [[4, 20], [4, 12, 20]]);
  assert.deepEqual(taus({ taus: array([10]) }), [[10], [10, 10, 10]]);
  assert.deepEqual(taus({ taus: array([7, 7, 7], 3) }), [[7], [7, 7, 7]]);
  assert.deepEqual(taus({ taus: array([1, 2, 3], 3) })[1], [1, 2, 3]);
  const gaus = array([0, 0, 0], 3);
  assert.deepEqual(
    taus({ taus: undefined, taus_gaus: gaus }, { bounds: [4, 20] }),
    [[4, 20], [12, 12, 12]],
  );
});

Deno.test("importNetwork() says what is wrong with arrays, by name", () => {
  const refused = (
    arrays: Partial<ImportedArrays>,
    expected: RegExp,
    options?: ImportOptions,
  ) =>
    assert.throws(
      () => importNetwork({ ...three, ...arrays }, options),
      expected,
    );
  refused({ w: undefined }, /there is no w; needed are/);
  refused({ w: array([1, 2, 3, 4, 5, 6], 2, 3) }, /w is 2×3, needed is N×N/);
  refused(
    { w_in: array([1, 2, 3, 4, 5, 6], 2, 3) },
    /w_in is 2×3, .*transpose it/,
  );
  refused({ w_in: array([1, 2, 3, 4], 4) }, /w_in is 4, needed is 3×channels/);
  refused({ w_out: array([1, 2], 1, 2) }, /w_out is 1×2, needed is 1×3/);
  refused({ b_out: array([1, 2], 2) }, /b_out is 2, needed is one number/);
  refused({ w_out: array([1, NaN, 2], 3) }, /w_out holds NaN at index 1/);
  refused({ mask: array([1, 1, 1], 3) }, /mask is 3, needed is 3×3/);
  refused({ mask: array(new Array(9).fill(2), 3, 3) }, /mask holds 2/);
  refused({ inh: array([0, 2, 1], 3) }, /inh holds 2, allowed are 0 and 1/);
  refused({ inh: array([0, 1], 2) }, /inh is 2, needed is 3/);
  refused(
    { inh: array([0, 1, 1], 3) },
    /inh says that unit 1 is inhibitory, but w\[0, 1\] = 1;/,
  );
  // Rows are presynaptic here.
  refused(
    { w: array([0, 3, 5, 1, 0, 6, -2, -4, 0], 3, 3) },
    /what leaves unit 0 has both signs, w\[1, 0\] = 1 and w\[2, 0\] = -2; .*transpose w/,
  );
  refused({}, /inh is needed/, { weights: "magnitudes" });
  refused({ taus: undefined }, /there is no taus/);
  refused({ taus: array([0.02, 0.05, 0.1], 3) }, /seconds or ms/);
  refused({ taus: array([4, 5], 2) }, /taus is 2, needed is one number or 3/);
  refused({ taus: array([4, 12, 30], 3) }, /allowed are 4 to 20/, {
    bounds: [4, 20],
  });
  refused({ taus_gaus: array([0, 0, 0], 3) }, /both taus and taus_gaus/);
  refused({}, /5 SST units among 1 inhibitory/, { sst: 5 });
});
