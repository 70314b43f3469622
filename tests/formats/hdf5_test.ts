/** HDF5 files in memory, by the library that reads them back. */
import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { ModelFileError } from "../../lib/errors.ts";
import {
  encodeHdf5,
  type Hdf5Group,
  readHdf5,
} from "../../lib/formats/hdf5.ts";

const big = Float64Array.from({ length: 100 * 2000 }, (_, i) => i % 977);

const content: Hdf5Group = {
  attributes: {
    kind: "tést",
    count: 3,
    names: ["a", "bö"],
    first: { refersTo: "/group/numbers" },
  },
  members: {
    group: {
      members: {
        numbers: {
          value: Float64Array.of(1, 2.5),
          attributes: { unit: "s", codes: Int32Array.of(1, -2) },
        },
        one: { value: Float64Array.of(7), shape: [] },
        none: { value: new Float64Array(0) },
        long: { value: BigInt64Array.of(2n ** 60n) },
        text: { value: "one" },
        texts: { value: ["", "längerer Text"] },
      },
    },
    big: { value: big, shape: [100, 2000] },
    empty: { members: {} },
  },
};

Deno.test("encodeHdf5() writes what readHdf5() reads, packed, with the same bytes at any time", async () => {
  const bytes = await encodeHdf5(content);
  await new Promise((done) => setTimeout(done, 1100));
  equal(await encodeHdf5(content), bytes, "files know no time");
  ok(bytes.length < big.byteLength / 2, "large arrays are packed");
  await readHdf5(bytes, (file) => {
    equal(file.names("/"), ["big", "empty", "group"]);
    equal(file.names("nowhere"), []);
    equal(["group", "big", "x", "x/y"].map(file.kind), [
      "group",
      "dataset",
      undefined,
      undefined,
    ]);
    equal(file.numbers("group/numbers"), Float64Array.of(1, 2.5));
    equal(file.numbers("group/one"), Float64Array.of(7));
    equal(file.shape("group/one"), []);
    equal(file.numbers("group/none").length, 0);
    equal(file.numbers("group/long"), BigInt64Array.of(2n ** 60n));
    equal(file.texts("group/text"), ["one"]);
    equal(file.texts("group/texts"), ["", "längerer Text"]);
    equal([file.isText("group/texts"), file.isText("big")], [true, false]);
    equal(file.shape("big"), [100, 2000]);
    equal(file.numbers("big"), big);
    equal(file.attribute("/", "kind"), "tést");
    equal(file.attribute("/", "count"), 3);
    equal(file.attribute("/", "names"), ["a", "bö"]);
    equal(file.attribute("group/numbers", "unit"), "s");
    equal(file.attribute("group/numbers", "nothing"), undefined);
    equal(file.attribute("nowhere", "unit"), undefined);
  });
});

Deno.test("encodeHdf5() refuses sizes that do not fit, and references to nothing", async () => {
  await rejects(
    encodeHdf5({
      members: { a: { value: Float32Array.of(1, 2), shape: [3] } },
    }),
    {
      name: "TypeError",
      message: "Cannot write /a of the HDF5 file: received 2 values for " +
        "shape (3)",
    },
  );
  await rejects(
    encodeHdf5({ members: {}, attributes: { to: { refersTo: "/x" } } }),
    { name: "TypeError", message: /\(to\) .* refers to \/x, which is not/ },
  );
  await rejects(
    encodeHdf5({ members: { a: { value: [1, 2] as never } } }),
    { name: "TypeError" },
  );
});

Deno.test("readHdf5() says what a file lacks, and is well after a damaged one", async () => {
  const bytes = await encodeHdf5(content);
  const wrong: [Uint8Array, string | undefined, RegExp][] = [
    [new Uint8Array(40), undefined, /does not begin as one/],
    [bytes.slice(0, 900), undefined, /it is damaged/],
    [bytes, "x", /no dataset x/],
    [bytes, "group", /no dataset group/],
    [bytes, "group/texts", /group\/texts holds no numbers/],
  ];
  for (const [file, path, message] of wrong) {
    await rejects(readHdf5(file, ({ numbers }) => numbers(path ?? "big")), {
      name: ModelFileError.prototype.constructor.name,
      message,
    });
  }
  await rejects(readHdf5(bytes, ({ texts }) => texts("big")), ModelFileError);
  equal(await readHdf5(bytes, ({ names }) => names("empty")), []);
});
