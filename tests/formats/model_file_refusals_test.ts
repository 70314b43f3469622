/** Model files and models that make no sense are refused, with the field. */
import assert from "node:assert/strict";
import {
  char,
  encodeMat,
  logical,
  type MatValue,
  numeric,
} from "../../lib/mat5/mod.ts";
import { decodeModel, encodeModel } from "../../lib/formats/model_file.ts";
import type { Model } from "../../lib/network/records.ts";
import { edited, fullModel, network } from "./samples.ts";

for (
  const field of [
    "w",
    "w_in",
    "w_out",
    "b_out",
    "taus",
    "taus_gaus",
    "activation",
  ]
) {
  Deno.test(`decodeModel() names the missing field ${field}`, () => {
    assert.throws(
      () => edited({ network: network([3]) }, (fields) => fields.delete(field)),
      {
        name: "ModelFileError",
        message: new RegExp(`field "${field}": received no such field`),
      },
    );
  });
}

for (
  const [variables, message] of [
    [{}, /received no variables, expected those of a network/],
    [{ J: numeric(1), B: numeric(2) }, /the variables J, B, .*command import/],
    [
      Object.fromEntries(
        Array.from({ length: 13 }, (_, k) => [`v${k}`, numeric(k)]),
      ),
      /v0, .*, v11, … \(13\), expected/,
    ],
  ] as const
) {
  Deno.test(`decodeModel() says what a file of no network holds: ${message.source}`, () => {
    assert.throws(() => decodeModel(encodeMat(variables)), {
      name: "ModelFileError",
      message,
    });
  });
}

const wrongFields: [string, MatValue, RegExp][] = [
  ["w", numeric(new Float64Array(6), [2, 3]), /"w": received 2x3.*square/],
  ["w", char("abc"), /"w": received 1x3 char, expected nxn weights/],
  ["w", numeric(new Float64Array(9).fill(NaN), [3, 3]), /NaN.*finite/],
  [
    "w_in",
    numeric(new Float64Array(4), [2, 2]),
    /received 2x2 double, expected 3xn/,
  ],
  [
    "w_out",
    numeric(new Float64Array(4)),
    /received 1x4 double, expected 3 readout/,
  ],
  ["b_out", numeric(new Float64Array(2)), /received 1x2 double, expected 1 /],
  ["b_out", numeric(Infinity), /Infinity.*finite/],
  [
    "inh",
    numeric(Float64Array.of(0, 0, 2), [3, 1]),
    /received 2, expected only 0 and 1/,
  ],
  ["inh", logical([1, 0, 0], [3, 1]), /the opposite of inh/],
  [
    "inh",
    logical([0, 1], [2, 1]),
    /received 2x1 logical, expected 3 unit types/,
  ],
  ["m", numeric(new Float64Array(9).fill(1), [3, 3]), /"m".*diagonal/],
  [
    "m",
    numeric(Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), [3, 3]),
    /"m": received 1 for unit 2/,
  ],
  ["som_m", numeric(new Float64Array(9).fill(0.5), [3, 3]), /received 0.5/],
  ["som_N", numeric(2), /"som_N": received 2, expected at most 1/],
  ["som_N", numeric(0.5), /"som_N": received 0.5/],
  ["N", numeric(4), /"N": received 4, expected 3/],
  ["taus", numeric(Float64Array.of(20, 4)), /"taus": received 20, 4/],
  ["taus", numeric(0), /"taus": received 0/],
  ["taus", numeric(Float64Array.of(1, 2, 3)), /"taus": received 1, 2, 3/],
  [
    "taus_gaus",
    numeric(new Float64Array(2), [2, 1]),
    /expected 3 decay parameters/,
  ],
  [
    "activation",
    char("relu"),
    /"relu".*one of sigmoid, clipped_relu, softplus/,
  ],
  ["activation", numeric(1), /"activation": received 1x1 double/],
  ["n_layers", numeric(1e9), /"n_layers": received 1000000000/],
];
for (const [field, value, message] of wrongFields) {
  Deno.test(`decodeModel() refuses ${field}: ${message.source}`, () => {
    assert.throws(
      () => edited(fullModel([3]), (fields) => fields.set(field, value)),
      { name: "ModelFileError", message },
    );
  });
}

Deno.test("encodeModel() refuses networks that are not finite or do not fit together", () => {
  const base = network([3]);
  const [layer] = base.layers;
  const withLayer = (part: Partial<typeof layer>): Model => ({
    network: { ...base, layers: [{ ...layer, ...part }] },
  });
  assert.throws(
    () => encodeModel(withLayer({ weights: new Float32Array(9).fill(NaN) })),
    RangeError,
  );
  assert.throws(
    () => encodeModel(withLayer({ weights: new Float32Array(8) })),
    TypeError,
  );
  assert.throws(
    () =>
      encodeModel({
        network: { ...base, readout: { ...base.readout, bias: NaN } },
      }),
    RangeError,
  );
  assert.throws(
    () => encodeModel({ network: { ...base, inputs: [] } }),
    TypeError,
  );
  const other = fullModel([3]);
  assert.throws(
    () => encodeModel({ ...other, initial: network([4]) }),
    TypeError,
  );
  assert.throws(
    () =>
      encodeModel({
        ...other,
        trial: { ...other.trial!, target: new Float64Array(9) },
      }),
    TypeError,
  );
});
